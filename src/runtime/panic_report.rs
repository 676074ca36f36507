//! What is said of a panic: where it was, and its message, fit for a terminal and a log.
//!
//! A message may quote what a tenant wrote. So it has no control characters and no credentials of URLs, and the text that was
//! sliced is left out.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::panic::PanicHookInfo;

use crate::model::secret::masked;
use crate::present::sanitise;

/// What stands before the sliced text in the message of a slice out of bounds or within a character.
const BEFORE_SLICED_TEXT: &str = " of `";
/// The longest message, in cells.
const MAX_WIDTH: usize = 500;

/// Returns the place and the message of a panic, on one line.
pub(super) fn describe(panic: &PanicHookInfo<'_>) -> String {
    let mut text = "panicked".to_owned();
    if let Some(place) = panic.location() {
        // Writing to a String cannot fail.
        let _ = write!(text, " at {place}");
    }
    let payload = panic.payload();
    let message = payload.downcast_ref::<&str>().copied();
    let message = message.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    if let Some(message) = message {
        let _ = write!(text, ": {}", safe(message));
    }
    text
}

/// Returns a message without what it quotes of a sliced text, without credentials and control characters.
fn safe(message: &str) -> String {
    let (message, end) = match message.split_once(BEFORE_SLICED_TEXT) {
        Some((before, _)) => (before, " of a text"),
        None => (message, ""),
    };
    let message: Cow<'_, str> = masked(message);
    [&sanitise::cut(&message, MAX_WIDTH), end].concat()
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;
    use crate::present::sanitise::corpus;

    #[test]
    fn the_sliced_text_is_left_out() {
        let text = "é password=hunter2 \u{1b}[2J".to_owned();
        let payload = catch_unwind(|| text.split_at(1).0.len()).unwrap_err();
        let message = payload.downcast_ref::<String>().map_or("", String::as_str);
        assert!(!safe(message).contains("hunter2"), "{message}");
        assert_eq!(
            safe("end byte index 1 is not a char boundary; it is inside 'é' (bytes 0..2) of `é pw=hunter2`"),
            "end byte index 1 is not a char boundary; it is inside 'é' (bytes 0..2) of a text"
        );
        assert_eq!(
            safe("range end index 9 out of range for slice of length 3"),
            "range end index 9 out of range for slice of length 3"
        );
    }

    #[test]
    fn credentials_are_masked() {
        let said =
            safe("called `Result::unwrap()` on an `Err` value: https://user:hunter2@blobs.example/x?sig=abc");
        assert_eq!(
            said,
            "called `Result::unwrap()` on an `Err` value: https://••••••@blobs.example/x?••••••"
        );
    }

    #[test]
    fn no_text_of_the_corpus_is_a_control() {
        for (name, text) in corpus::hostile() {
            let said = safe(&format!("called `Option::unwrap()`: {text}"));
            assert_eq!(said.chars().find(|c| sanitise::is_invisible(*c)), None, "{name}: {said:?}");
            assert!(sanitise::width(&said) <= MAX_WIDTH, "{name}");
        }
    }
}
