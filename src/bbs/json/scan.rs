//! Scanner for the fields of a protobuf message, without decoding or copying them.
//!
//! It supports only what servers really send, which keeps it fast. For anything else (a group, a length beyond the end) it
//! returns [`Unsupported`], and the caller falls back to prost.

use std::ops::Range;

use prost::encoding::decode_varint;

/// The bytes are not a message, or not in the form that servers send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unsupported;

/// A message or string as a range of a larger buffer. Bytes after the range are accessible, so that a string can be
/// copied in whole words up to its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'a> {
    buffer: &'a [u8],
    start: usize,
    end: usize,
}

/// An undecoded value, by wire type.
#[derive(Debug, Clone, Copy)]
pub(super) enum WireValue<'a> {
    Varint(u64),
    Bytes(Span<'a>),
    /// A fixed-size value; no known field has one.
    Fixed,
}

impl<'a> Span<'a> {
    /// Creates a span of the whole buffer.
    pub(super) fn all(buffer: &'a [u8]) -> Self {
        Self { buffer, start: 0, end: buffer.len() }
    }

    /// Creates a span of a range; an empty one if the range is out of bounds.
    pub(super) fn new(buffer: &'a [u8], range: Range<usize>) -> Self {
        let range = if buffer.get(range.clone()).is_some() { range } else { 0..0 };
        Self { buffer, start: range.start, end: range.end }
    }

    /// Returns the bytes of the span.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Returns the bytes of the span and all that follow.
    pub(super) fn with_trailing_bytes(&self) -> &'a [u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    pub(super) const fn len(&self) -> usize {
        self.end - self.start
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Removes the first field and returns its number and value.
    #[expect(clippy::inline_always, reason = "returning through memory would stall each field")]
    #[inline(always)]
    pub(super) fn next_field(&mut self) -> Result<(u32, WireValue<'a>), Unsupported> {
        let (key, at) = varint_at(self.buffer, self.start)?;
        let (value, end) = match key & 7 {
            0 => {
                let (number, end) = varint_at(self.buffer, at)?;
                (WireValue::Varint(number), end)
            }
            1 => (WireValue::Fixed, at + 8),
            2 => {
                let (length, start) = varint_at(self.buffer, at)?;
                let length = usize::try_from(length).map_err(|_| Unsupported)?;
                let end = start.checked_add(length).ok_or(Unsupported)?;
                (WireValue::Bytes(Span { buffer: self.buffer, start, end }), end)
            }
            5 => (WireValue::Fixed, at + 4),
            _ => return Err(Unsupported),
        };
        let number = u32::try_from(key).map_err(|_| Unsupported)? >> 3;
        if number == 0 || end > self.end {
            return Err(Unsupported);
        }
        self.start = end;
        Ok((number, value))
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

/// Decodes the varint at `at` and returns it with the position after it. Optimized for one and two bytes.
#[inline]
fn varint_at(buffer: &[u8], at: usize) -> Result<(u64, usize), Unsupported> {
    match buffer.get(at..) {
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
