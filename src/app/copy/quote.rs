//! Quotes tenants' text for a line that is pasted into a shell.

use std::borrow::Cow;
use std::fmt::Write;

use crate::present::sanitise::is_invisible;

/// Returns the text as one word of a POSIX shell; none if no quotes make it safe to paste: a shell's line editor takes
/// control characters for keys, within quotes too.
pub(super) fn posix_quoted(text: &str) -> Option<Cow<'_, str>> {
    if text.chars().any(is_invisible) {
        return None;
    }
    let is_plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | ',' | '@' | '%' | '+')
    };
    if !text.is_empty() && text.chars().all(is_plain) {
        return Some(Cow::Borrowed(text));
    }
    Some(Cow::Owned(format!("'{}'", text.replace('\'', r"'\''"))))
}

/// Returns the text as one segment of a URL's path. No character of it is left that a shell knows.
pub(super) fn path_segment(text: &str) -> String {
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => segment.push(char::from(byte)),
            // Also a dot: `..` would be another path.
            _ => drop(write!(segment, "%{byte:02X}")),
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_read_more() {
        let cases = [
            ("0f3c-a_b.c:1", Some("0f3c-a_b.c:1")),
            ("", Some("''")),
            ("a b", Some("'a b'")),
            ("a;rm -rf /", Some("'a;rm -rf /'")),
            ("$(id)`id`", Some("'$(id)`id`'")),
            ("it's", Some(r"'it'\''s'")),
            ("~root", Some("'~root'")),
            ("日本", Some("'日本'")),
            ("a\nid", None),
            ("a\u{3}id\r", None),
            ("a\u{1b}[200~", None),
            ("a\u{202e}b", None),
        ];
        for (text, expected) in cases {
            assert_eq!(posix_quoted(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_segment_stays_one_segment() {
        let cases = [
            ("1f2e-33", "1f2e-33"),
            ("../../v2/info", "%2E%2E%2F%2E%2E%2Fv2%2Finfo"),
            ("a?b#c d'$(id)", "a%3Fb%23c%20d%27%24%28id%29"),
            ("日\n", "%E6%97%A5%0A"),
        ];
        for (text, expected) in cases {
            assert_eq!(path_segment(text), expected);
        }
    }
}
