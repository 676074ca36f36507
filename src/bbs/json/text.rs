//! Strings, escaped as Go's `encoding/json` escapes them.

use std::io::Write as _;

/// Writes the string. Each byte that is not part of UTF-8 is one `\ufffd`; what HTML and JavaScript take for
/// their own is escaped.
pub fn text(out: &mut Vec<u8>, of: &[u8]) {
    out.push(b'"');
    for chunk in of.utf8_chunks() {
        valid(out, chunk.valid());
        for _ in chunk.invalid() {
            out.extend_from_slice(br"\ufffd");
        }
    }
    out.push(b'"');
}

fn valid(out: &mut Vec<u8>, mut rest: &str) {
    while let Some((plain, special)) = rest.find(is_special).and_then(|at| rest.split_at_checked(at)) {
        out.extend_from_slice(plain.as_bytes());
        let mut chars = special.chars();
        if let Some(special) = chars.next() {
            escape(out, special);
        }
        rest = chars.as_str();
    }
    out.extend_from_slice(rest.as_bytes());
}

fn is_special(c: char) -> bool {
    matches!(c, '\0'..='\x1f' | '"' | '\\' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
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
