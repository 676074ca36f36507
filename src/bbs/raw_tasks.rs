//! Undecoded tasks of a list, which share the memory of the reply.
//!
//! Must not decode them: `list` finds their ranges, and `json_lines` encodes them.

use std::ops::Range;

use bytes::Bytes;

/// Undecoded tasks of a list, as ranges of the chunks that they arrived in.
#[derive(Debug, Default)]
pub struct RawTasks {
    /// Index of the first of these tasks in the list.
    pub first: usize,
    chunks: Vec<Bytes>,
    ranges: Vec<(usize, Range<usize>)>,
}

impl RawTasks {
    /// Removes all tasks and sets the index of the next one.
    pub fn reset(&mut self, first: usize) {
        self.first = first;
        self.chunks.clear();
        self.ranges.clear();
    }

    /// Returns whether there are no tasks.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Iterates over the tasks: a chunk and the task's range in it.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], Range<usize>)> {
        self.ranges.iter().filter_map(|(chunk, range)| Some((&**self.chunks.get(*chunk)?, range.clone())))
    }

    /// Adds a task. Shares `chunk` if the task lies within it; a task that was split over chunks is copied.
    pub(super) fn push(&mut self, chunk: &Bytes, task: &RawTask<'_>) {
        if !task.is_within(chunk) {
            self.chunks.push(Bytes::copy_from_slice(task.bytes()));
            self.ranges.push((self.chunks.len() - 1, 0..task.range.len()));
            return;
        }
        if !self.chunks.last().is_some_and(|last| same_memory(last, chunk)) {
            self.chunks.push(chunk.clone());
        }
        self.ranges.push((self.chunks.len() - 1, task.range.clone()));
    }
}

/// An undecoded task as a range of a buffer.
pub struct RawTask<'a> {
    /// The buffer; bytes after the task are included, so that the JSON encoder can read ahead.
    pub buffer: &'a [u8],
    /// The task's range in the buffer.
    pub range: Range<usize>,
}

impl RawTask<'_> {
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.range.clone()).unwrap_or_default()
    }

    /// Returns whether the task lies within `chunk`, rather than in a copy of a task split over chunks.
    pub(super) fn is_within(&self, chunk: &Bytes) -> bool {
        same_memory(self.buffer, chunk)
    }
}

/// Returns whether both slices are the same memory.
fn same_memory(a: &[u8], b: &[u8]) -> bool {
    std::ptr::eq(a, b)
}
