//! Text as the server's database takes it: UTF-8 without a NUL. Anything else it refuses, and the change with it.
//!
//! Task definitions are stored encoded, so this is about a task's own fields. Source: "Life of a task" of the API.

use super::refusal;
use crate::bbs::wire::Error;

/// Refuses text that the database cannot store, naming the first character that it cannot.
pub(super) fn check(text: &[u8]) -> Result<(), Error> {
    let valid = match std::str::from_utf8(text) {
        Ok(_) => text.len(),
        Err(error) => error.valid_up_to(),
    };
    let nul = text.iter().position(|byte| *byte == 0).unwrap_or(usize::MAX);
    let rest = text.get(valid.min(nul)..).unwrap_or_default();
    match rest.first() {
        None => Ok(()),
        Some(first) => Err(refusal::not_utf8(rest.get(..length(*first)).unwrap_or(rest))),
    }
}

/// How many bytes a character has that begins with this one.
const fn length(first: u8) -> usize {
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
    fn the_first_character_that_is_none_is_named_by_its_bytes() {
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
        for (text, named) in cases {
            let said = check(text).map_err(|error| (error.r#type, wire::text(&error.message)));
            let wanted = named.map_or(Ok(()), |bytes| {
                let words = "ERROR: invalid byte sequence for encoding \"UTF8\":";
                Err((0, format!("{words} {bytes} (SQLSTATE 22021)")))
            });
            assert_eq!(said, wanted, "{text:?}");
        }
    }
}
