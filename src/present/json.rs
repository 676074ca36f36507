//! Makes JSON safe for a terminal.

use std::borrow::Cow;
use std::fmt::Write;

use super::sanitise;

/// Escapes every character that a terminal would interpret or hide; the JSON stays equivalent. JSON itself escapes only
/// the first 32 control characters.
pub fn escape_for_terminal(lines: &[u8]) -> Cow<'_, [u8]> {
    if lines.iter().all(|byte| matches!(byte, b'\n' | b' '..=b'~')) {
        return Cow::Borrowed(lines);
    }
    let mut escaped = String::with_capacity(lines.len());
    for c in String::from_utf8_lossy(lines).chars() {
        if c == '\n' || !sanitise::is_invisible(c) {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    Cow::Owned(escaped.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_json_is_equivalent_and_has_no_control_characters() {
        let hostile = "a\u{7f}b\u{9b}2Jc\u{85}d\u{202e}e\u{200b}f\u{e0041}é日";
        let line = format!("\"{hostile}\"\n");
        let escaped = escape_for_terminal(line.as_bytes());
        assert_eq!(
            str::from_utf8(&escaped).unwrap(),
            "\"a\\u007fb\\u009b2Jc\\u0085d\\u202ee\\u200bf\\udb40\\udc41é日\"\n"
        );
        assert_eq!(serde_json::from_slice::<String>(&escaped).unwrap(), hostile);
        let plain = b"{\"a\":\"b c\"}\n{}\n";
        assert!(matches!(escape_for_terminal(plain), Cow::Borrowed(same) if same == plain));
    }
}
