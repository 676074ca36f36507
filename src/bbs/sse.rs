//! Server-sent events, decoded as the bytes arrive: pure, at any split, and bounded.
//!
//! Knows nothing of tasks; `events` reads what a frame means. Ids and retry times are passed over: the server
//! has no replay, so there is nothing to resume from. Source: "The event stream" of the API, and "Interpreting
//! an event stream" of the HTML standard.

use std::collections::VecDeque;

use thiserror::Error;

/// The largest event that is read. A task is refused by the server long before it is as large as this.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;

/// One event, as it stood between two empty lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// The event's name, if it was named.
    pub event: Option<String>,
    /// Its data lines, joined by line feeds; none if it had no such line.
    pub data: Option<Vec<u8>>,
}

/// An event that is larger than what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an event of more than {limit} bytes")]
pub struct TooLong {
    /// The most that is read.
    pub limit: usize,
}

/// The decoder: what arrived of an event that is not whole yet.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    line: Vec<u8>,
    frame: Frame,
    frame_bytes: usize,
    /// The last byte was a carriage return, so a line feed that follows ends no further line.
    after_return: bool,
    /// No line has ended yet, so a byte order mark may stand in front.
    first_line: bool,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::with_limit(MOST_BYTES)
    }
}

impl Decoder {
    /// A decoder that reads events of up to `limit` bytes.
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

    /// Takes the next bytes and appends the events that they complete to `frames`. After an error the decoder
    /// is of no further use; the events in front of the error have been appended.
    pub fn push(&mut self, bytes: &[u8], frames: &mut VecDeque<Frame>) -> Result<(), TooLong> {
        let mut rest = bytes;
        if let (true, Some((b'\n', after))) = (self.after_return, rest.split_first()) {
            rest = after;
        }
        self.after_return &= bytes.is_empty();
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            let (line, ending) = rest.split_at(end);
            self.take_line(line, frames)?;
            rest = match ending {
                [b'\r', b'\n', after @ ..] | [_, after @ ..] => after,
                [] => &[],
            };
            self.after_return = ending == b"\r";
        }
        self.check(rest.len())?;
        self.line.extend_from_slice(rest);
        Ok(())
    }

    fn check(&self, more: usize) -> Result<(), TooLong> {
        if self.frame_bytes + self.line.len() + more > self.limit {
            return Err(TooLong { limit: self.limit });
        }
        Ok(())
    }

    fn take_line(&mut self, end: &[u8], frames: &mut VecDeque<Frame>) -> Result<(), TooLong> {
        self.check(end.len())?;
        let mut begun = std::mem::take(&mut self.line);
        if begun.is_empty() {
            self.read_line(end, frames);
        } else {
            begun.extend_from_slice(end);
            self.read_line(&begun, frames);
            begun.clear();
        }
        self.line = begun;
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
            b"data" => self.take_data(value),
            _ => {}
        }
    }

    fn take_data(&mut self, value: &[u8]) {
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

/// A line's field name and value; a comment's name is empty.
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
