//! Strings, escaped as Go's `encoding/json` escapes them.

use std::io::Write as _;

/// Bytes that are looked at together: as many as the processor compares at once.
const LANE: usize = 16;

/// Writes the string. Each byte that is not part of UTF-8 is one `\ufffd`; what HTML and JavaScript take for
/// their own is escaped.
pub fn text(out: &mut Vec<u8>, of: &[u8]) {
    out.push(b'"');
    let mut rest = of;
    while let Some((plain, special)) = rest.split_at_checked(plain_length(rest)) {
        out.extend_from_slice(plain);
        let Some((first, after)) = special.split_first() else { break };
        rest = if first.is_ascii() {
            escape(out, char::from(*first));
            after
        } else {
            // A character of several bytes has no ASCII among them, so that the run holds whole characters.
            let end = special.iter().position(u8::is_ascii).unwrap_or(special.len());
            let (run, after) = special.split_at_checked(end).unwrap_or((special, &[]));
            not_ascii(out, run);
            after
        };
    }
    out.push(b'"');
}

/// How many bytes at the front stand for themselves. A long list is nearly all of these.
fn plain_length(of: &[u8]) -> usize {
    let (lanes, _) = of.as_chunks::<LANE>();
    let is_plain = |lane: &&[u8; LANE]| !lane.iter().fold(false, |found, byte| found | is_special(*byte));
    let skipped = LANE * lanes.iter().take_while(is_plain).count();
    let rest = of.iter().skip(skipped);
    skipped + rest.take_while(|byte| !is_special(**byte)).count()
}

#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches, a lane is looked at in a few instructions"
)]
const fn is_special(byte: u8) -> bool {
    (byte < b' ')
        | (byte >= 0x80)
        | (byte == b'"')
        | (byte == b'\\')
        | (byte == b'<')
        | (byte == b'>')
        | (byte == b'&')
}

fn not_ascii(out: &mut Vec<u8>, run: &[u8]) {
    for chunk in run.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\u{2028}' | '\u{2029}' => escape(out, c),
                _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        for _ in chunk.invalid() {
            out.extend_from_slice(br"\ufffd");
        }
    }
}

fn escape(out: &mut Vec<u8>, special: char) {
    let short = match special {
        '"' => br#"\""#,
        '\\' => br"\\",
        '\n' => br"\n",
        '\r' => br"\r",
        '\t' => br"\t",
        '\u{8}' => br"\b",
        '\u{c}' => br"\f",
        _ => {
            // A Vec takes every byte.
            let _ = write!(out, r"\u{:04x}", u32::from(special));
            return;
        }
    };
    out.extend_from_slice(short);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(of: &[u8]) -> String {
        let mut out = Vec::new();
        text(&mut out, of);
        String::from_utf8(out).unwrap()
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
