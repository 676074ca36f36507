//! Streaming decoder for the reply to "list tasks". Accepts chunks split at any byte and does no I/O.
//!
//! A list of 100,000 tasks is 90 MB; buffering it before decoding would double the memory and hide the progress. Source:
//! "Messages" of the API, `TasksResponse`.

use bytes::Bytes;
use prost::Message;
use prost::encoding::{WireType, decode_key, decode_varint};
use thiserror::Error;

pub use super::raw_tasks::{RawTask, RawTasks};
use super::wire::{self, Interner};
use crate::model::{RawDefinition, Task};

/// The largest accepted field, and so the largest task, in bytes.
const MAX_FIELD_BYTES: usize = 64 * 1024 * 1024;

/// A field header is a key and a length: two varints of at most ten bytes each.
const MAX_HEADER_BYTES: usize = 20;

const ERROR: u32 = 1;
const TASKS: u32 = 2;

/// Why a list failed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ListProblem {
    /// The reply contains an error from the server.
    #[error("{}", wire::text(&.0.message))]
    Refused(wire::Error),
    /// The reply is not a `TasksResponse`, or is truncated.
    #[error("{what}, after {tasks} complete tasks")]
    Malformed {
        /// What is wrong.
        what: String,
        /// How many tasks were decoded before.
        tasks: usize,
    },
}

/// Decoder state. Complete fields are decoded in place; only an incomplete one is buffered.
#[derive(Debug, Default)]
pub struct ListDecoder {
    partial: Vec<u8>,
    tasks: usize,
    interner: Interner,
}

impl ListDecoder {
    /// Decodes the next bytes and appends the tasks that they complete.
    ///
    /// # Errors
    /// Fails if the server sent an error or the bytes are malformed. The decoder must not be used after that.
    pub fn push(&mut self, bytes: &[u8], tasks: &mut Vec<Task>) -> Result<(), ListProblem> {
        self.for_each_task(bytes, |task, interner| {
            tasks.push(wire::read_task(task.bytes(), interner)?);
            Ok(())
        })
    }

    /// Like [`Self::push`], but the definitions share the memory of `bytes` instead of copying it.
    pub fn push_shared(&mut self, bytes: &Bytes, tasks: &mut Vec<Task>) -> Result<(), ListProblem> {
        self.for_each_task(bytes, |task, interner| {
            let define = |definition: &[u8]| {
                if task.is_within(bytes) {
                    RawDefinition::shared(bytes.slice_ref(definition))
                } else {
                    RawDefinition::new(definition)
                }
            };
            tasks.push(wire::read_task_with(task.bytes(), interner, define)?);
            Ok(())
        })
    }

    /// Like [`Self::push`], but does not decode the tasks; they share the memory of `bytes`.
    pub fn push_raw(&mut self, bytes: &Bytes, raw: &mut RawTasks) -> Result<(), ListProblem> {
        self.for_each_task(bytes, |task, _| {
            raw.push(bytes, task);
            Ok(())
        })
    }

    /// Like [`Self::push`], but passes each undecoded task that `admits` accepts to `take`. An error of `take` says what
    /// is wrong with the task.
    pub fn push_filtered(
        &mut self,
        bytes: &[u8],
        admits: impl Fn(&Task) -> bool,
        mut take: impl FnMut(&RawTask<'_>) -> Result<(), String>,
    ) -> Result<(), ListProblem> {
        self.for_each_task(bytes, |task, interner| {
            if admits(&wire::read_task(task.bytes(), interner)?) { take(task) } else { Ok(()) }
        })
    }

    /// Checks that the reply is complete.
    ///
    /// # Errors
    /// Fails if the bytes ended within a field.
    pub fn finish(&self) -> Result<(), ListProblem> {
        if self.partial.is_empty() {
            return Ok(());
        }
        Err(self.malformed(format!("truncated {} bytes into a field", self.partial.len())))
    }

    /// Returns how many tasks were decoded.
    pub fn tasks(&self) -> usize {
        self.tasks
    }

    fn malformed(&self, what: String) -> ListProblem {
        ListProblem::Malformed { what, tasks: self.tasks }
    }

    fn refused(&self, error: &[u8]) -> ListProblem {
        match wire::Error::decode(Bytes::copy_from_slice(error)) {
            Ok(error) => ListProblem::Refused(error),
            Err(error) => self.malformed(format!("could not decode the server's error: {error}")),
        }
    }

    /// Calls `take` for each task that `bytes` completes.
    fn for_each_task(
        &mut self,
        bytes: &[u8],
        mut take: impl FnMut(&RawTask<'_>, &mut Interner) -> Result<(), String>,
    ) -> Result<(), ListProblem> {
        let mut rest = self.complete_partial(bytes, &mut take)?;
        while let Some((field, after)) = next_field(rest).map_err(|what| self.malformed(what))? {
            self.read_field(&field, bytes, after, &mut take)?;
            rest = after;
        }
        self.partial.extend_from_slice(rest);
        Ok(())
    }

    /// Completes the buffered field, if any, and returns the rest of `bytes`.
    fn complete_partial<'a>(
        &mut self,
        mut bytes: &'a [u8],
        take: &mut impl FnMut(&RawTask<'_>, &mut Interner) -> Result<(), String>,
    ) -> Result<&'a [u8], ListProblem> {
        while !self.partial.is_empty() && !bytes.is_empty() {
            let missing = missing_bytes(&self.partial).map_err(|what| self.malformed(what))?;
            let (more, after) = bytes.split_at_checked(missing).unwrap_or((bytes, &[]));
            self.partial.extend_from_slice(more);
            bytes = after;
            let partial = std::mem::take(&mut self.partial);
            match next_field(&partial).map_err(|what| self.malformed(what))? {
                Some((field, after)) => self.read_field(&field, &partial, after, take)?,
                None => self.partial = partial,
            }
        }
        Ok(bytes)
    }

    /// Handles a field of `buffer` that is followed by `after`.
    fn read_field(
        &mut self,
        field: &Field<'_>,
        buffer: &[u8],
        after: &[u8],
        take: &mut impl FnMut(&RawTask<'_>, &mut Interner) -> Result<(), String>,
    ) -> Result<(), ListProblem> {
        match field {
            Field::Error(error) => Err(self.refused(error)),
            Field::Task(task) => {
                let end = buffer.len() - after.len();
                let task = RawTask { buffer, range: end - task.len()..end };
                take(&task, &mut self.interner).map_err(|what| self.malformed(what))?;
                self.tasks += 1;
                Ok(())
            }
            Field::Other => Ok(()),
        }
    }
}

/// One field of the reply. Unknown fields, of newer releases, are skipped.
enum Field<'a> {
    Error(&'a [u8]),
    Task(&'a [u8]),
    Other,
}

/// Splits off the first field, if it is complete.
fn next_field(arrived: &[u8]) -> Result<Option<(Field<'_>, &[u8])>, String> {
    let Some(header) = checked_header(arrived)? else { return Ok(None) };
    let Some((_, rest)) = arrived.split_at_checked(header.length) else { return Ok(None) };
    let Some((value, after)) = rest.split_at_checked(header.value) else { return Ok(None) };
    let field = match (header.number, header.wire_type) {
        (ERROR, WireType::LengthDelimited) => Field::Error(value),
        (TASKS, WireType::LengthDelimited) => Field::Task(value),
        // Skipping it would lose tasks without a word.
        (ERROR | TASKS, other) => return Err(format!("field {} is no message: {other:?}", header.number)),
        _ => Field::Other,
    };
    Ok(Some((field, after)))
}

/// Returns how many more bytes the first field needs, as far as is known: at least one.
fn missing_bytes(partial: &[u8]) -> Result<usize, String> {
    let header = checked_header(partial)?;
    Ok(header.map_or(1, |header| (header.length + header.value).saturating_sub(partial.len()).max(1)))
}

/// Returns the header of the first field, or `None` if it is incomplete. Fails if the field is too large.
fn checked_header(arrived: &[u8]) -> Result<Option<FieldHeader>, String> {
    match parse_header(arrived)? {
        Some(header) if header.value > MAX_FIELD_BYTES => {
            Err(format!("a field of {} bytes exceeds the limit of {MAX_FIELD_BYTES}", header.value))
        }
        // More bytes than any header has: the varint is not just incomplete.
        None if arrived.len() >= MAX_HEADER_BYTES => Err("unterminated varint".to_owned()),
        header => Ok(header),
    }
}

/// The header of a field.
struct FieldHeader {
    number: u32,
    wire_type: WireType,
    /// Length of the header in bytes.
    length: usize,
    /// Length of the value in bytes, without a varint's, which counts as header.
    value: usize,
}

/// Parses the header of the first field, or returns `None` if it is incomplete.
fn parse_header(arrived: &[u8]) -> Result<Option<FieldHeader>, String> {
    let mut rest = arrived;
    if !starts_with_varint(rest) {
        return Ok(None);
    }
    let (number, wire_type) = decode_key(&mut rest).map_err(|error| error.to_string())?;
    let value = match wire_type {
        WireType::LengthDelimited | WireType::Varint if !starts_with_varint(rest) => return Ok(None),
        WireType::LengthDelimited => {
            let length = decode_varint(&mut rest).map_err(|error| error.to_string())?;
            usize::try_from(length).unwrap_or(usize::MAX)
        }
        WireType::Varint => {
            decode_varint(&mut rest).map_err(|error| error.to_string())?;
            0
        }
        WireType::SixtyFourBit => 8,
        WireType::ThirtyTwoBit => 4,
        WireType::StartGroup | WireType::EndGroup => return Err("unsupported wire type: group".to_owned()),
    };
    Ok(Some(FieldHeader { number, wire_type, length: arrived.len() - rest.len(), value }))
}

/// Returns whether the bytes start with a complete varint.
fn starts_with_varint(bytes: &[u8]) -> bool {
    bytes.iter().take(10).any(|byte| *byte < 0x80)
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
