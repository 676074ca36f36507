//! Strings, escaped as Go's `encoding/json` escapes them.

use super::buffer::{JsonBuffer, LANE};
use super::scan::Span;

/// Writes the string. Each byte that is not part of UTF-8 is one `\ufffd`; what HTML and JavaScript take for
/// their own is escaped.
pub fn text(out: &mut JsonBuffer, of: &[u8]) {
    span(out, &Span::all(of));
}

/// As [`text`].
pub(super) fn span(out: &mut JsonBuffer, of: &Span<'_>) {
    out.byte(b'"');
    let (mut rest, mut length) = (of.and_more(), of.len());
    loop {
        let plain = out.run(rest, length, marks);
        if plain == length {
            break;
        }
        let written = plain + special(out, rest.get(plain..length).unwrap_or_default());
        rest = rest.get(written..).unwrap_or_default();
        length -= written;
    }
    out.byte(b'"');
}

/// Writes what is special at the front, and says how many bytes it is.
fn special(out: &mut JsonBuffer, of: &[u8]) -> usize {
    match of.first() {
        Some(first) if first.is_ascii() => {
            escape(out, char::from(*first));
            1
        }
        _ => {
            // A character of several bytes has no ASCII among them, so that the run holds whole characters.
            let length = of.iter().position(u8::is_ascii).unwrap_or(of.len());
            not_ascii(out, of.get(..length).unwrap_or_default());
            length
        }
    }
}

/// Finds the bytes of a lane that are special, as [`JsonBuffer::run`] wants them.
const fn marks(lane: [u8; LANE]) -> u64 {
    special_bytes(u64::from_le_bytes(lane))
}

/// The highest bit of each byte that is special, all eight looked at in one go. Above the lowest of them others may be set
/// that are not: a difference borrows from the next byte.
const fn special_bytes(word: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const fn zero(word: u64) -> u64 {
        word.wrapping_sub(EACH) & !word
    }
    let control = word.wrapping_sub(EACH * 0x20) & !word;
    let quote_or_ampersand = zero((word | (EACH * 0x04)) ^ (EACH * b'&' as u64));
    let less_or_greater = zero((word | (EACH * 0x02)) ^ (EACH * b'>' as u64));
    let backslash = zero(word ^ (EACH * b'\\' as u64));
    let not_ascii = word;
    (control | quote_or_ampersand | less_or_greater | backslash | not_ascii) & (EACH * 0x80)
}

fn not_ascii(out: &mut JsonBuffer, run: &[u8]) {
    for chunk in run.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\u{2028}' | '\u{2029}' => escape(out, c),
                _ => out.put(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        for _ in chunk.invalid() {
            out.put(br"\ufffd");
        }
    }
}

fn escape(out: &mut JsonBuffer, special: char) {
    let short = match special {
        '"' => br#"\""#,
        '\\' => br"\\",
        '\n' => br"\n",
        '\r' => br"\r",
        '\t' => br"\t",
        '\u{8}' => br"\b",
        '\u{c}' => br"\f",
        _ => {
            let digit = |at: u32| {
                char::from_digit((u32::from(special) >> at) & 0xf, 16).map_or(b'0', |digit| digit as u8)
            };
            out.put(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
            return;
        }
    };
    out.put(short);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(of: &[u8]) -> String {
        let mut out = JsonBuffer::default();
        text(&mut out, of);
        String::from_utf8(out.into_bytes()).unwrap()
    }

    #[test]
    fn escapes_are_those_of_go() {
        for (of, is) in [
            ("", r#""""#),
            (r#"a"b\c/d"#, r#""a\"b\\c/d""#),
            ("\n\r\t\u{8}\u{c}", r#""\n\r\t\b\f""#),
            ("\0\u{1}\u{1b}\u{1f}\u{7f}", "\"\\u0000\\u0001\\u001b\\u001f\u{7f}\""),
            ("<b>&amp;</b>", r#""\u003cb\u003e\u0026amp;\u003c/b\u003e""#),
            ("\u{2028}é✓\u{2029}", r#""\u2028é✓\u2029""#),
            ("\u{fffd}", "\"\u{fffd}\""),
        ] {
            assert_eq!(written(of.as_bytes()), is);
        }
    }

    #[test]
    fn every_stray_byte_is_replaced_by_itself() {
        assert_eq!(written(b"a\xffb"), r#""a\ufffdb""#);
        // Two bytes of a character of three: Go takes them one by one.
        assert_eq!(written(b"\xe2\x82"), r#""\ufffd\ufffd""#);
        assert_eq!(written(b"\xed\xa0\x80<"), r#""\ufffd\ufffd\ufffd\u003c""#);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_read_back(of in any::<String>()) {
            prop_assert_eq!(serde_json::from_str::<String>(&written(of.as_bytes())).unwrap(), of);
        }

        #[test]
        fn any_bytes_are_a_string_on_one_line(of in any::<Vec<u8>>()) {
            let line = written(&of);
            prop_assert!(serde_json::from_str::<String>(&line).is_ok());
            prop_assert!(line.bytes().all(|byte| byte >= b' '));
        }
    }
}
