//! Iterates over the fields of an encoded message without decoding it, for the few fields of a definition that are needed
//! of every task.
//!
//! Must not fail: iteration ends at the first byte that cannot be read. Decodes keys and lengths itself, because prost's
//! functions check more and build errors, which doubled the time of a list.

use prost::encoding::{WireType, decode_varint};

const VARINT: u64 = WireType::Varint as u64;
const SIXTY_FOUR_BIT: u64 = WireType::SixtyFourBit as u64;
const LENGTH_DELIMITED: u64 = WireType::LengthDelimited as u64;
const THIRTY_TWO_BIT: u64 = WireType::ThirtyTwoBit as u64;

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A number, as it is on the wire.
    Varint(u64),
    /// A text, bytes, or an encoded message.
    Bytes(&'a [u8]),
}

/// The fields of a message, by number. Skips those of fixed length, which no message of the BBS needs.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = (u32, Value<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (key, rest) = split_varint(self.0)?;
            let number = u32::try_from(key >> 3).ok().filter(|number| *number > 0)?;
            let length = match key & 7 {
                VARINT => {
                    let (value, rest) = split_varint(rest)?;
                    self.0 = rest;
                    return Some((number, Value::Varint(value)));
                }
                LENGTH_DELIMITED => {
                    let (length, rest) = split_varint(rest)?;
                    let (value, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
                    self.0 = rest;
                    return Some((number, Value::Bytes(value)));
                }
                SIXTY_FOUR_BIT => 8,
                THIRTY_TWO_BIT => 4,
                _ => return None,
            };
            self.0 = rest.get(length..)?;
        }
    }
}

/// Iterates over the length-delimited fields of a message.
#[inline]
pub(super) fn texts(message: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    Fields(message).filter_map(|(number, value)| match value {
        Value::Bytes(bytes) => Some((number, bytes)),
        Value::Varint(_) => None,
    })
}

/// Splits off a varint.
#[inline]
fn split_varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    match bytes {
        // The end of every message. Prost's error would allocate.
        [] => None,
        [only @ 0..0x80, rest @ ..] => Some((u64::from(*only), rest)),
        [low, high @ 0..0x80, rest @ ..] => Some((u64::from(*low & 0x7f) | u64::from(*high) << 7, rest)),
        _ => {
            let mut rest = bytes;
            let value = decode_varint(&mut rest).ok()?;
            Some((value, rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_up_to_the_first_bad_byte() {
        let mut message = Vec::new();
        prost::encoding::uint64::encode(1, &300, &mut message);
        prost::encoding::fixed32::encode(2, &7, &mut message);
        prost::encoding::fixed64::encode(3, &7, &mut message);
        prost::encoding::string::encode(27, &"x".repeat(200), &mut message);
        prost::encoding::uint64::encode(4, &u64::MAX, &mut message);
        let text = "x".repeat(200);
        let expected =
            [(1, Value::Varint(300)), (27, Value::Bytes(text.as_bytes())), (4, Value::Varint(u64::MAX))];
        assert_eq!(Fields(&message).collect::<Vec<_>>(), expected);
        assert_eq!(texts(&message).collect::<Vec<_>>(), [(27, text.as_bytes())]);
        // A group and a field without a number end the message; so do a text and a number that are cut.
        let ends = [[&[0x0b][..], &message].concat(), [&[0x02, 0x00][..], &message].concat()];
        for end in ends.iter().map(Vec::as_slice).chain([&[0x0a, 0x05, b'a'][..], &[0xff]]) {
            assert_eq!(Fields(&[&message, end].concat()).collect::<Vec<_>>(), expected);
        }
    }
}
