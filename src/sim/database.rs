//! Checks text as the server's database does: it must be UTF-8 without a NUL.
//!
//! Covers a task's own fields only: the database stores task definitions as encoded bytes. Source: "Life of a task" of
//! the API.

use super::errors;
use crate::bbs::wire::Error;

/// Returns the database's error if it cannot store the text. The error names the first invalid character.
pub(super) fn check_text(text: &[u8]) -> Result<(), Error> {
    let valid = match std::str::from_utf8(text) {
        Ok(_) => text.len(),
        Err(error) => error.valid_up_to(),
    };
    let nul = text.iter().position(|byte| *byte == 0).unwrap_or(usize::MAX);
    let rest = text.get(valid.min(nul)..).unwrap_or_default();
    match rest.first() {
        None => Ok(()),
        Some(first) => Err(errors::not_utf8(rest.get(..char_length(*first)).unwrap_or(rest))),
    }
}

/// Returns the length in bytes of a UTF-8 character that starts with this byte.
const fn char_length(first: u8) -> usize {
    match first {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bbs::wire;

    #[test]
    fn the_error_names_the_bytes_of_the_first_invalid_character() {
        let cases: [(&[u8], Option<&str>); 9] = [
            (b"", None),
            ("é\u{fffd}".as_bytes(), None),
            (b"a\0b", Some("0x00")),
            (b"\xc3(truncated)", Some("0xc3 0x28")),
            (b"\xe2(truncated)", Some("0xe2 0x28 0x74")),
            (b"\xf0\x9f(truncated)", Some("0xf0 0x9f 0x28 0x74")),
            (b"ends early \xe2\x82", Some("0xe2 0x82")),
            (b"\xff\0", Some("0xff")),
            (b"\0\xff", Some("0x00")),
        ];
        for (text, bytes) in cases {
            let result = check_text(text).map_err(|error| (error.r#type, wire::text(&error.message)));
            let expected = bytes.map_or(Ok(()), |bytes| {
                let prefix = "ERROR: invalid byte sequence for encoding \"UTF8\":";
                Err((0, format!("{prefix} {bytes} (SQLSTATE 22021)")))
            });
            assert_eq!(result, expected, "{text:?}");
        }
    }
}
