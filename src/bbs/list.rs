//! The reply to "list tasks", decoded while it arrives: pure, at any split.
//!
//! A list of 100,000 tasks is 90 MB; held whole and then decoded it would take twice the memory, and nothing
//! could be told of its progress. Source: "Messages" of the API, `TasksResponse`.

use bytes::{Buf, Bytes, BytesMut};
use prost::Message;
use prost::encoding::{WireType, decode_key, decode_varint};
use thiserror::Error;

use super::wire::{self, LazyTask, Names, task_to_model};
use crate::model::Task;

/// The largest task that is read.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A key and a length are two varints, ten bytes each at most.
const LONGEST_HEAD: usize = 20;

const ERROR: u32 = 1;
const TASKS: u32 = 2;

/// Why a list ended before its end.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ListProblem {
    /// The server's own error, inside the reply.
    #[error("{}", wire::text(&.0.message))]
    Refused(wire::Error),
    /// Not a `TasksResponse`, or not a whole one.
    #[error("{what}, after {tasks} whole tasks")]
    Malformed {
        /// What is wrong with it.
        what: String,
        /// How many tasks were read before.
        tasks: usize,
    },
}

/// The decoder: what arrived of a field that is not whole yet.
#[derive(Debug, Default)]
pub struct ListDecoder {
    arrived: BytesMut,
    tasks: usize,
    names: Names,
}

impl ListDecoder {
    /// Takes the next bytes and gives the tasks that they complete. After an error the decoder is of no
    /// further use.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Task>, ListProblem> {
        self.arrived.extend_from_slice(bytes);
        let mut tasks = Vec::new();
        while let Some(task) = self.next_task()? {
            let task: LazyTask = self.decode(task)?;
            tasks.push(task_to_model(&task, &mut self.names));
        }
        Ok(tasks)
    }

    /// As [`Self::push`], but gives each task to `take` as it came, one after the other.
    pub fn push_wire(&mut self, bytes: &[u8], mut take: impl FnMut(&wire::Task)) -> Result<(), ListProblem> {
        self.arrived.extend_from_slice(bytes);
        while let Some(task) = self.next_task()? {
            take(&self.decode(task)?);
        }
        Ok(())
    }

    /// As [`Self::push_wire`], but only the tasks that `admits` lets through; the others are not decoded whole.
    pub fn push_admitted(
        &mut self,
        bytes: &[u8],
        admits: impl Fn(&Task) -> bool,
        mut take: impl FnMut(&wire::Task),
    ) -> Result<(), ListProblem> {
        self.arrived.extend_from_slice(bytes);
        while let Some(bytes) = self.next_task()? {
            let task: LazyTask = self.decode(bytes.clone())?;
            if admits(&task_to_model(&task, &mut self.names)) {
                take(&wire::Task::decode(bytes).map_err(|error| self.malformed(error.to_string()))?);
            }
        }
        Ok(())
    }

    /// Whether the reply may end here.
    pub fn finish(&self) -> Result<(), ListProblem> {
        if self.arrived.is_empty() {
            return Ok(());
        }
        Err(self.malformed(format!("cut short, {} bytes into a field", self.arrived.len())))
    }

    /// How many tasks were read.
    pub fn tasks(&self) -> usize {
        self.tasks
    }

    fn malformed(&self, what: String) -> ListProblem {
        ListProblem::Malformed { what, tasks: self.tasks }
    }

    fn refused(&self, error: Bytes) -> ListProblem {
        match wire::Error::decode(error) {
            Ok(error) => ListProblem::Refused(error),
            Err(error) => self.malformed(format!("an error that cannot be read: {error}")),
        }
    }

    fn decode<T: Message + Default>(&mut self, bytes: Bytes) -> Result<T, ListProblem> {
        let task = T::decode(bytes).map_err(|error| self.malformed(error.to_string()))?;
        self.tasks += 1;
        Ok(task)
    }

    /// The next task, undecoded, if all of it has arrived.
    fn next_task(&mut self) -> Result<Option<Bytes>, ListProblem> {
        while let Some(field) = self.next_field()? {
            match field {
                Field::Error(error) => return Err(self.refused(error)),
                Field::Task(task) => return Ok(Some(task)),
                Field::Other => {}
            }
        }
        Ok(None)
    }

    /// The next field, if all of it has arrived.
    fn next_field(&mut self) -> Result<Option<Field>, ListProblem> {
        let head = match read_head(&self.arrived) {
            Ok(Some(head)) => head,
            // A varint longer than any is no varint that is still on its way.
            Ok(None) if self.arrived.len() < LONGEST_HEAD => return Ok(None),
            Ok(None) => return Err(self.malformed("a field without an end".to_owned())),
            Err(what) => return Err(self.malformed(what)),
        };
        if head.value > MOST_BYTES {
            return Err(self.malformed(format!("a field of {} bytes", head.value)));
        }
        if self.arrived.len() < head.length + head.value {
            return Ok(None);
        }
        self.arrived.advance(head.length);
        let value = self.arrived.split_to(head.value).freeze();
        Ok(Some(match (head.number, head.wire_type) {
            (ERROR, WireType::LengthDelimited) => Field::Error(value),
            (TASKS, WireType::LengthDelimited) => Field::Task(value),
            _ => Field::Other,
        }))
    }
}

/// One field of the reply. Those of a newer release are passed over.
enum Field {
    Error(Bytes),
    Task(Bytes),
    Other,
}

/// Where a field's value lies.
struct Head {
    number: u32,
    wire_type: WireType,
    /// Bytes in front of the value.
    length: usize,
    /// Bytes of the value.
    value: usize,
}

/// The head of the field at the front; none if not all of it has arrived.
fn read_head(arrived: &[u8]) -> Result<Option<Head>, String> {
    let mut rest = arrived;
    if !has_varint(rest) {
        return Ok(None);
    }
    let (number, wire_type) = decode_key(&mut rest).map_err(|error| error.to_string())?;
    let value = match wire_type {
        WireType::LengthDelimited | WireType::Varint if !has_varint(rest) => return Ok(None),
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
        WireType::StartGroup | WireType::EndGroup => return Err("a group, which no BBS sends".to_owned()),
    };
    Ok(Some(Head { number, wire_type, length: arrived.len() - rest.len(), value }))
}

/// Whether a whole varint stands at the front.
fn has_varint(bytes: &[u8]) -> bool {
    bytes.iter().take(10).any(|byte| *byte < 0x80)
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
