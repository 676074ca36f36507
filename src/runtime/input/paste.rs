//! Collects a bracketed paste: all bytes up to `ESC [ 201 ~`.

const TERMINATOR: &[u8] = b"\x1b[201~";
/// The most bytes of a paste that are kept; the rest is dropped. A paste goes into a one-line prompt.
const MAX_LENGTH: usize = 64 * 1024;

/// An incomplete paste.
#[derive(Debug, Default)]
pub(super) struct Paste {
    text: Vec<u8>,
    /// How many bytes of the terminator were read.
    matched: usize,
}

impl Paste {
    /// Adds a byte. Returns whether it ends the paste.
    pub(super) fn push(&mut self, byte: u8) -> bool {
        if TERMINATOR.get(self.matched) == Some(&byte) {
            self.matched += 1;
            return self.matched == TERMINATOR.len();
        }
        // The matched bytes were text after all. ESC occurs in the terminator only once, so no shorter match is
        // possible.
        let text = TERMINATOR.get(..self.matched).unwrap_or_default();
        self.matched = usize::from(TERMINATOR.first() == Some(&byte));
        let text = text.iter().copied().chain((self.matched == 0).then_some(byte));
        let room = MAX_LENGTH.saturating_sub(self.text.len());
        self.text.extend(text.take(room));
        false
    }

    /// Returns the text. Replaces invalid UTF-8.
    pub(super) fn into_text(self) -> String {
        String::from_utf8_lossy(&self.text).into_owned()
    }
}
