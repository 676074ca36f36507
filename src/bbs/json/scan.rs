//! The fields of a message one after the other, without making anything of them.
//!
//! Fast because it is narrow: of what a server may send but none does (a group, a length beyond the end) it only says
//! that it is there. Whoever asks has prost look at such bytes.

use std::ops::Range;

use prost::encoding::decode_varint;

/// The bytes are no message, or not one as servers write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unsupported;

/// A message, or a text, among the bytes that it came with. What follows it can be looked at, though it means nothing:
/// so a text is read in steps of many bytes to its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'a> {
    whole: &'a [u8],
    start: usize,
    end: usize,
}

/// The value of a field, by its wire type.
#[derive(Debug, Clone, Copy)]
pub(super) enum WireValue<'a> {
    Varint(u64),
    Bytes(Span<'a>),
    /// Of a fixed length: no field of ours is.
    Fixed,
}

impl<'a> Span<'a> {
    /// All of these bytes.
    pub(super) fn all(whole: &'a [u8]) -> Self {
        Self { whole, start: 0, end: whole.len() }
    }

    /// Those at this place; none, if there is no such place.
    pub(super) fn within(whole: &'a [u8], place: Range<usize>) -> Self {
        let place = if whole.get(place.clone()).is_some() { place } else { 0..0 };
        Self { whole, start: place.start, end: place.end }
    }

    /// Its own bytes.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.whole.get(self.start..self.end).unwrap_or_default()
    }

    /// Its own bytes and those that follow.
    pub(super) fn and_more(&self) -> &'a [u8] {
        self.whole.get(self.start..).unwrap_or_default()
    }

    pub(super) const fn len(&self) -> usize {
        self.end - self.start
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Takes the field at the front: its number, and its value.
    #[expect(clippy::inline_always, reason = "handed over in memory, each field would be waited for")]
    #[inline(always)]
    pub(super) fn take(&mut self) -> Result<(u32, WireValue<'a>), Unsupported> {
        let (key, at) = varint_at(self.whole, self.start)?;
        let (sent, end) = match key & 7 {
            0 => {
                let (number, end) = varint_at(self.whole, at)?;
                (WireValue::Varint(number), end)
            }
            1 => (WireValue::Fixed, at + 8),
            2 => {
                let (length, start) = varint_at(self.whole, at)?;
                let length = usize::try_from(length).map_err(|_| Unsupported)?;
                let end = start.checked_add(length).ok_or(Unsupported)?;
                (WireValue::Bytes(Span { whole: self.whole, start, end }), end)
            }
            5 => (WireValue::Fixed, at + 4),
            _ => return Err(Unsupported),
        };
        let number = u32::try_from(key).map_err(|_| Unsupported)? >> 3;
        if number == 0 || end > self.end {
            return Err(Unsupported);
        }
        self.start = end;
        Ok((number, sent))
    }
}

impl<'a> WireValue<'a> {
    pub(super) const fn varint(&self) -> Result<u64, Unsupported> {
        if let Self::Varint(number) = self { Ok(*number) } else { Err(Unsupported) }
    }

    pub(super) const fn bytes(&self) -> Result<&Span<'a>, Unsupported> {
        if let Self::Bytes(bytes) = self { Ok(bytes) } else { Err(Unsupported) }
    }
}

/// The number at this place, and the place behind it. Nearly all are short.
#[inline]
fn varint_at(of: &[u8], at: usize) -> Result<(u64, usize), Unsupported> {
    match of.get(at..) {
        Some([first, ..]) if *first < 0x80 => Ok((u64::from(*first), at + 1)),
        Some([first, second, ..]) if *second < 0x80 => {
            Ok((u64::from(*first & 0x7f) | (u64::from(*second) << 7), at + 2))
        }
        rest => long_varint(rest.unwrap_or_default()).map(|(number, length)| (number, at + length)),
    }
}

#[inline(never)]
fn long_varint(bytes: &[u8]) -> Result<(u64, usize), Unsupported> {
    let mut rest = bytes;
    let number = decode_varint(&mut rest).map_err(|_| Unsupported)?;
    Ok((number, bytes.len() - rest.len()))
}
