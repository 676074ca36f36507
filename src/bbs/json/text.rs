//! JSON strings, escaped like Go's `encoding/json`.

use super::buffer::{JsonBuffer, WORD_BYTES};
use super::scan::Span;

/// Appends a string. Each invalid UTF-8 byte becomes `\ufffd`; characters that are special in HTML and JavaScript are
/// escaped.
pub fn text(out: &mut JsonBuffer, bytes: &[u8]) {
    text_span(out, &Span::all(bytes));
}

/// Like [`text`], but faster: it can read past the end of the span.
pub(super) fn text_span(out: &mut JsonBuffer, span: &Span<'_>) {
    out.byte(b'"');
    let (mut rest, mut length) = (span.with_trailing_bytes(), span.len());
    loop {
        let plain = out.put_plain(rest, length, special_bits);
        if plain == length {
            break;
        }
        let written = plain + put_special(out, rest.get(plain..length).unwrap_or_default());
        rest = rest.get(written..).unwrap_or_default();
        length -= written;
    }
    out.byte(b'"');
}

/// Appends the special character, or run of non-ASCII characters, at the start. Returns its length in bytes.
fn put_special(out: &mut JsonBuffer, bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(first) if first.is_ascii() => {
            escape(out, char::from(*first));
            1
        }
        _ => {
            // Multi-byte characters contain no ASCII bytes, so the run ends at a character boundary.
            let length = bytes.iter().position(u8::is_ascii).unwrap_or(bytes.len());
            put_non_ascii(out, bytes.get(..length).unwrap_or_default());
            length
        }
    }
}

/// Finds the special bytes of a word for [`JsonBuffer::put_plain`].
const fn special_bits(word: [u8; WORD_BYTES]) -> u64 {
    find_special_bytes(u64::from_le_bytes(word))
}

/// Sets the highest bit of each special byte, for all eight bytes at once. Bits above the lowest one may be wrong, because
/// the subtractions borrow from the next byte.
const fn find_special_bytes(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const fn zero_bytes(word: u64) -> u64 {
        word.wrapping_sub(ONES) & !word
    }
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    let quote_or_ampersand = zero_bytes((word | (ONES * 0x04)) ^ (ONES * b'&' as u64));
    let less_or_greater = zero_bytes((word | (ONES * 0x02)) ^ (ONES * b'>' as u64));
    let backslash = zero_bytes(word ^ (ONES * b'\\' as u64));
    let not_ascii = word;
    (control | quote_or_ampersand | less_or_greater | backslash | not_ascii) & (ONES * 0x80)
}

fn put_non_ascii(out: &mut JsonBuffer, run: &[u8]) {
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

    fn written(bytes: &[u8]) -> String {
        let mut out = JsonBuffer::default();
        text(&mut out, bytes);
        String::from_utf8(out.into_bytes()).unwrap()
    }

    #[test]
    fn escapes_like_go() {
        for (input, expected) in [
            ("", r#""""#),
            (r#"a"b\c/d"#, r#""a\"b\\c/d""#),
            ("\n\r\t\u{8}\u{c}", r#""\n\r\t\b\f""#),
            ("\0\u{1}\u{1b}\u{1f}\u{7f}", "\"\\u0000\\u0001\\u001b\\u001f\u{7f}\""),
            ("<b>&amp;</b>", r#""\u003cb\u003e\u0026amp;\u003c/b\u003e""#),
            ("\u{2028}é✓\u{2029}", r#""\u2028é✓\u2029""#),
            ("\u{fffd}", "\"\u{fffd}\""),
        ] {
            assert_eq!(written(input.as_bytes()), expected);
        }
    }

    #[test]
    fn replaces_each_invalid_byte() {
        assert_eq!(written(b"a\xffb"), r#""a\ufffdb""#);
        // An incomplete character of three bytes: Go replaces each byte.
        assert_eq!(written(b"\xe2\x82"), r#""\ufffd\ufffd""#);
        assert_eq!(written(b"\xed\xa0\x80<"), r#""\ufffd\ufffd\ufffd\u003c""#);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn round_trips(input in any::<String>()) {
            prop_assert_eq!(serde_json::from_str::<String>(&written(input.as_bytes())).unwrap(), input);
        }

        #[test]
        fn any_bytes_become_a_valid_string_on_one_line(bytes in any::<Vec<u8>>()) {
            let line = written(&bytes);
            prop_assert!(serde_json::from_str::<String>(&line).is_ok());
            prop_assert!(line.bytes().all(|byte| byte >= b' '));
        }
    }
}
