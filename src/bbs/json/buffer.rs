//! Output buffer for JSON. It keeps its initialized memory when truncated, so that reusing it costs no clearing.

use super::field::{Key, MAX_KEY_BYTES};

/// How many bytes are scanned and copied at once: one word.
pub(super) const WORD_BYTES: usize = 8;

/// Minimum growth of the buffer in bytes.
const MIN_GROWTH: usize = 4 * 1024;

/// A byte buffer that is written sequentially.
#[derive(Debug, Default)]
pub struct JsonBuffer {
    /// The written bytes, followed by initialized spare capacity.
    bytes: Vec<u8>,
    written: usize,
}

impl JsonBuffer {
    /// Returns the written bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.written).unwrap_or_default()
    }

    /// Converts the buffer into the written bytes.
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.bytes.truncate(self.written);
        self.bytes
    }

    /// Returns how many bytes were written.
    pub fn len(&self) -> usize {
        self.written
    }

    /// Returns whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.written == 0
    }

    /// Discards all but the first `length` bytes.
    pub fn truncate(&mut self, length: usize) {
        self.written = self.written.min(length);
    }

    /// Appends bytes unchanged.
    pub fn put(&mut self, bytes: &[u8]) {
        let Some((front, _)) = self.spare(bytes.len()).split_at_mut_checked(bytes.len()) else { return };
        front.copy_from_slice(bytes);
        self.written += bytes.len();
    }

    pub(super) fn byte(&mut self, byte: u8) {
        if let Some(first) = self.spare(1).first_mut() {
            *first = byte;
        }
        self.written += 1;
    }

    pub(super) fn key(&mut self, key: &Key) {
        if let Some(front) = self.spare(MAX_KEY_BYTES).first_chunk_mut() {
            *front = key.text;
        }
        self.written += key.length;
    }

    /// Appends the first `length` bytes of `source` up to the first special byte, and returns how many were appended.
    /// `special_bits` sets bits in the special bytes of a word; only the lowest set bit must be exact. Copies whole words,
    /// so bytes after `length` may be copied into the spare capacity.
    pub(super) fn put_plain(
        &mut self,
        source: &[u8],
        length: usize,
        special_bits: impl Fn([u8; WORD_BYTES]) -> u64,
    ) -> usize {
        let spare = self.spare(length + WORD_BYTES);
        let plain = copy_plain(source, length, spare, special_bits);
        self.written += plain;
        plain
    }

    /// Wraps what was written since `start` in brackets. Each element there starts with a comma; the first comma becomes the
    /// opening bracket.
    pub(super) fn enclose(&mut self, start: usize, [open, close]: [u8; 2]) {
        if self.written == start {
            self.byte(open);
        } else if let Some(comma) = self.bytes.get_mut(start) {
            *comma = open;
        }
        self.byte(close);
    }

    /// Returns the spare capacity, at least `length` bytes.
    fn spare(&mut self, length: usize) -> &mut [u8] {
        if self.bytes.len() - self.written < length {
            self.grow(length);
        }
        self.bytes.get_mut(self.written..).unwrap_or_default()
    }

    #[cold]
    fn grow(&mut self, length: usize) {
        let wanted = self.written + length + MIN_GROWTH;
        self.bytes.resize(wanted.max(2 * self.bytes.len()), 0);
    }
}

/// Returns what `write` appends to an empty buffer, followed by a line feed.
pub(in crate::bbs) fn line(write: impl FnOnce(&mut JsonBuffer)) -> Vec<u8> {
    let mut out = JsonBuffer::default();
    write(&mut out);
    out.put(b"\n");
    out.into_bytes()
}

/// Copies words from `source` to `target` up to the first special byte, and returns its position.
fn copy_plain(
    source: &[u8],
    length: usize,
    target: &mut [u8],
    special_bits: impl Fn([u8; WORD_BYTES]) -> u64,
) -> usize {
    let mut at = 0;
    while at < length {
        let word =
            source.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or_else(|| last_word(source, at));
        let Some(chunk) = target.get_mut(at..).and_then(<[u8]>::first_chunk_mut) else { break };
        *chunk = word;
        let special = special_bits(word);
        if special != 0 {
            return length.min(at + special.trailing_zeros() as usize / 8);
        }
        at += WORD_BYTES;
    }
    length
}

/// Returns the remaining bytes, padded with spaces, which are not special.
#[cold]
fn last_word(source: &[u8], at: usize) -> [u8; WORD_BYTES] {
    let mut word = [b' '; WORD_BYTES];
    for (to, from) in word.iter_mut().zip(source.get(at..).unwrap_or_default()) {
        *to = *from;
    }
    word
}
