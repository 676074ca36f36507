//! The bytes that JSON is written on. Room that was once made stays made, so that a long list costs no clearing of memory.

use super::field::{Key, LONGEST_KEY};

/// Bytes that are copied together: a word.
pub(super) const LANE: usize = 8;

/// The least by which it grows.
const STEP: usize = 4 * 1024;

/// Bytes that are written one after the other.
#[derive(Debug, Default)]
pub struct JsonBuffer {
    /// What was written, and room that is as yet of no meaning.
    room: Vec<u8>,
    written: usize,
}

impl JsonBuffer {
    /// All that was written.
    pub fn as_bytes(&self) -> &[u8] {
        self.room.get(..self.written).unwrap_or_default()
    }

    /// All that was written, on its own.
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.room.truncate(self.written);
        self.room
    }

    /// How many bytes were written.
    pub fn len(&self) -> usize {
        self.written
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.written == 0
    }

    /// Takes back all but the first `length` bytes.
    pub fn truncate(&mut self, length: usize) {
        self.written = self.written.min(length);
    }

    /// Writes the bytes as they are.
    pub fn put(&mut self, bytes: &[u8]) {
        let Some((front, _)) = self.room(bytes.len()).split_at_mut_checked(bytes.len()) else { return };
        front.copy_from_slice(bytes);
        self.written += bytes.len();
    }

    pub(super) fn byte(&mut self, byte: u8) {
        if let Some(first) = self.room(1).first_mut() {
            *first = byte;
        }
        self.written += 1;
    }

    pub(super) fn key(&mut self, key: &Key) {
        if let Some(front) = self.room(LONGEST_KEY).first_chunk_mut() {
            *front = key.text;
        }
        self.written += key.length;
    }

    /// Writes the first `length` bytes as far as none of them is special, and says how many these are. `marks` sets bits
    /// in the bytes of a lane that are special, the lowest of them rightly. What follows may be copied too, and counts for
    /// nothing: no step is shorter than a lane.
    pub(super) fn run(&mut self, of: &[u8], length: usize, marks: impl Fn([u8; LANE]) -> u64) -> usize {
        let room = self.room(length + LANE);
        let plain = copy_run(of, length, room, marks);
        self.written += plain;
        plain
    }

    /// Puts what was written since `start`, parts with a comma before each, between brackets.
    pub(super) fn enclose(&mut self, start: usize, [open, close]: [u8; 2]) {
        if self.written == start {
            self.byte(open);
        } else if let Some(comma) = self.room.get_mut(start) {
            *comma = open;
        }
        self.byte(close);
    }

    /// At least so many bytes to write to.
    fn room(&mut self, length: usize) -> &mut [u8] {
        if self.room.len() - self.written < length {
            self.grow(length);
        }
        self.room.get_mut(self.written..).unwrap_or_default()
    }

    #[cold]
    fn grow(&mut self, length: usize) {
        let wanted = self.written + length + STEP;
        self.room.resize(wanted.max(2 * self.room.len()), 0);
    }
}

/// Returns what `write` appends to an empty buffer, followed by a line feed.
pub(in crate::bbs) fn line(write: impl FnOnce(&mut JsonBuffer)) -> Vec<u8> {
    let mut out = JsonBuffer::default();
    write(&mut out);
    out.put(b"\n");
    out.into_bytes()
}

/// Copies at least as much as is plain, and says how much that is.
fn copy_run(of: &[u8], length: usize, to: &mut [u8], marks: impl Fn([u8; LANE]) -> u64) -> usize {
    let mut at = 0;
    while at < length {
        let lane = of.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or_else(|| last_lane(of, at));
        let Some(room) = to.get_mut(at..).and_then(<[u8]>::first_chunk_mut) else { break };
        *room = lane;
        let found = marks(lane);
        if found != 0 {
            return length.min(at + found.trailing_zeros() as usize / 8);
        }
        at += LANE;
    }
    length
}

/// What is left of the bytes, and nothing special behind them.
#[cold]
fn last_lane(of: &[u8], at: usize) -> [u8; LANE] {
    let mut lane = [b' '; LANE];
    for (to, from) in lane.iter_mut().zip(of.get(at..).unwrap_or_default()) {
        *to = *from;
    }
    lane
}
