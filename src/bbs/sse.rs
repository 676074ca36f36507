//! Streaming decoder for server-sent events. Accepts chunks split at any byte, uses bounded memory and does no I/O.
//!
//! Must not know about tasks; `events` interprets the frames. Ignores ids and retry times: the server has no replay, so
//! there is nothing to resume from. Source: "The event stream" of the API, and "Interpreting
//! an event stream" of the HTML standard.

use std::collections::VecDeque;

use thiserror::Error;

use crate::model::ReplyLimit;

/// The largest accepted event, in bytes. The server's limits on a task are far smaller.
pub const MAX_EVENT_BYTES: usize = 16 * 1024 * 1024;

/// One event: the fields between two empty lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// Name of the event, if it has one.
    pub event: Option<String>,
    /// Data lines joined by line feeds; `None` if there were none.
    pub data: Option<Vec<u8>>,
}

/// An event exceeds the size limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an event is larger than {}", ReplyLimit::bytes(*limit as u64))]
pub struct TooLarge {
    /// The limit in bytes.
    pub limit: usize,
}

/// Decoder state: the event that is still incomplete.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    line: Vec<u8>,
    frame: Frame,
    frame_bytes: usize,
    /// The last byte was a carriage return; a following line feed belongs to the same line ending.
    after_return: bool,
    /// No line has ended yet, so a byte order mark may come first.
    first_line: bool,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::with_limit(MAX_EVENT_BYTES)
    }
}

impl Decoder {
    /// Creates a decoder for events of up to `limit` bytes.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            frame: Frame::default(),
            frame_bytes: 0,
            after_return: false,
            first_line: true,
        }
    }

    /// Decodes the next bytes and appends the events that they complete to `frames`.
    ///
    /// # Errors
    /// Fails if an event exceeds the limit. Events before it are appended; the decoder must not be used after that.
    pub fn push(&mut self, bytes: &[u8], frames: &mut VecDeque<Frame>) -> Result<(), TooLarge> {
        let mut rest = bytes;
        if let (true, Some((b'\n', after))) = (self.after_return, rest.split_first()) {
            rest = after;
        }
        self.after_return &= bytes.is_empty();
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            let (line, ending) = rest.split_at(end);
            self.end_line(line, frames)?;
            rest = match ending {
                [b'\r', b'\n', after @ ..] | [_, after @ ..] => after,
                [] => &[],
            };
            self.after_return = ending == b"\r";
        }
        self.check_size(rest.len())?;
        self.line.extend_from_slice(rest);
        Ok(())
    }

    fn check_size(&self, more: usize) -> Result<(), TooLarge> {
        if self.frame_bytes + self.line.len() + more > self.limit {
            return Err(TooLarge { limit: self.limit });
        }
        Ok(())
    }

    fn end_line(&mut self, end: &[u8], frames: &mut VecDeque<Frame>) -> Result<(), TooLarge> {
        self.check_size(end.len())?;
        let mut line = std::mem::take(&mut self.line);
        if line.is_empty() {
            self.read_line(end, frames);
        } else {
            line.extend_from_slice(end);
            self.read_line(&line, frames);
            line.clear();
        }
        self.line = line;
        Ok(())
    }

    fn read_line(&mut self, line: &[u8], frames: &mut VecDeque<Frame>) {
        let line = match (self.first_line, line) {
            (true, [0xEF, 0xBB, 0xBF, line @ ..]) => line,
            _ => line,
        };
        self.first_line = false;
        if line.is_empty() {
            self.frame_bytes = 0;
            let frame = std::mem::take(&mut self.frame);
            if frame != Frame::default() {
                frames.push_back(frame);
            }
            return;
        }
        let (name, value) = field(line);
        match name {
            b"event" => {
                self.frame_bytes += value.len();
                self.frame.event = Some(String::from_utf8_lossy(value).into_owned());
            }
            b"data" => self.add_data(value),
            _ => {}
        }
    }

    fn add_data(&mut self, value: &[u8]) {
        self.frame_bytes += value.len() + 1;
        match &mut self.frame.data {
            Some(data) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
            none => *none = Some(value.to_vec()),
        }
    }
}

/// Splits a line into field name and value. A comment has an empty name.
fn field(line: &[u8]) -> (&[u8], &[u8]) {
    match line.iter().position(|byte| *byte == b':') {
        None => (line, &[]),
        Some(colon) => {
            let (name, value) = line.split_at(colon);
            (name, value.strip_prefix(b": ").or(value.strip_prefix(b":")).unwrap_or(value))
        }
    }
}

#[cfg(test)]
#[path = "sse_tests.rs"]
mod tests;
