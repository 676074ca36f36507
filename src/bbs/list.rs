//! The reply to "list tasks", decoded while it arrives: pure, at any split.
//!
//! A list of 100,000 tasks is 90 MB; held whole and then decoded it would take twice the memory, and nothing
//! could be told of its progress. Source: "Messages" of the API, `TasksResponse`.

use std::ops::Range;

use bytes::Bytes;
use prost::Message;
use prost::encoding::{WireType, decode_key, decode_varint};
use thiserror::Error;

use super::wire::{self, Interner};
use crate::model::{RawDefinition, Task};

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

/// Tasks of a list, undecoded, where they arrived.
#[derive(Debug, Default)]
pub struct RawTasks {
    /// How many there were before these.
    pub first: usize,
    parts: Vec<Bytes>,
    places: Vec<(usize, Range<usize>)>,
}

impl RawTasks {
    /// Makes it empty, to be filled with what follows so many tasks.
    pub fn start(&mut self, first: usize) {
        self.first = first;
        self.parts.clear();
        self.places.clear();
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Each by what it arrived in and its place there.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], Range<usize>)> {
        self.places.iter().filter_map(|(part, place)| Some((&**self.parts.get(*part)?, place.clone())))
    }

    /// Takes a task in: where it is, if that is within `part`; one that came in two parts is made one of its own.
    fn push(&mut self, part: &Bytes, task: &Placed<'_>) {
        if !task.is_within(part) {
            self.parts.push(Bytes::copy_from_slice(task.bytes()));
            self.places.push((self.parts.len() - 1, 0..task.place.len()));
            return;
        }
        if !self.parts.last().is_some_and(|last| is_the_same(last, part)) {
            self.parts.push(part.clone());
        }
        self.places.push((self.parts.len() - 1, task.place.clone()));
    }
}

/// A task, undecoded, and what it arrived in.
pub struct Placed<'a> {
    /// What follows it is there too.
    pub within: &'a [u8],
    /// Where it is.
    pub place: Range<usize>,
}

impl Placed<'_> {
    fn bytes(&self) -> &[u8] {
        self.within.get(self.place.clone()).unwrap_or_default()
    }

    /// Whether it arrived in this, and not in two parts.
    fn is_within(&self, part: &Bytes) -> bool {
        is_the_same(self.within, part)
    }
}

/// Whether they are the same bytes in memory.
fn is_the_same(one: &[u8], other: &[u8]) -> bool {
    std::ptr::eq(one, other)
}

/// The decoder: what arrived of a field that is not whole yet. What is whole is read where it arrived.
#[derive(Debug, Default)]
pub struct ListDecoder {
    partial: Vec<u8>,
    tasks: usize,
    interner: Interner,
}

impl ListDecoder {
    /// Takes the next bytes and appends the tasks that they complete. After an error the decoder is of no
    /// further use.
    pub fn push(&mut self, bytes: &[u8], tasks: &mut Vec<Task>) -> Result<(), ListProblem> {
        self.each(bytes, |task, interner| {
            tasks.push(wire::read_task(task.bytes(), interner)?);
            Ok(())
        })
    }

    /// As [`Self::push`], but the definitions stay in what they arrived in.
    pub fn push_lent(&mut self, bytes: &Bytes, tasks: &mut Vec<Task>) -> Result<(), ListProblem> {
        self.each(bytes, |task, interner| {
            let define = |definition: &[u8]| {
                if task.is_within(bytes) {
                    RawDefinition::lent(bytes.slice_ref(definition))
                } else {
                    RawDefinition::new(definition)
                }
            };
            tasks.push(wire::read_task_with(task.bytes(), interner, define)?);
            Ok(())
        })
    }

    /// As [`Self::push`], but leaves the tasks undecoded, in the bytes that they arrived in.
    pub fn push_raw(&mut self, bytes: &Bytes, raw: &mut RawTasks) -> Result<(), ListProblem> {
        self.each(bytes, |task, _| {
            raw.push(bytes, task);
            Ok(())
        })
    }

    /// As [`Self::push`], but gives each task that `admits` lets through to `take`, undecoded, whose error is what is
    /// wrong with it.
    pub fn push_admitted(
        &mut self,
        bytes: &[u8],
        admits: impl Fn(&Task) -> bool,
        mut take: impl FnMut(&Placed<'_>) -> Result<(), String>,
    ) -> Result<(), ListProblem> {
        self.each(
            bytes,
            |task, interner| {
                if admits(&wire::read_task(task.bytes(), interner)?) { take(task) } else { Ok(()) }
            },
        )
    }

    /// Whether the reply may end here.
    pub fn finish(&self) -> Result<(), ListProblem> {
        if self.partial.is_empty() {
            return Ok(());
        }
        Err(self.malformed(format!("cut short, {} bytes into a field", self.partial.len())))
    }

    /// How many tasks were read.
    pub fn tasks(&self) -> usize {
        self.tasks
    }

    fn malformed(&self, what: String) -> ListProblem {
        ListProblem::Malformed { what, tasks: self.tasks }
    }

    fn refused(&self, error: &[u8]) -> ListProblem {
        match wire::Error::decode(Bytes::copy_from_slice(error)) {
            Ok(error) => ListProblem::Refused(error),
            Err(error) => self.malformed(format!("an error that cannot be read: {error}")),
        }
    }

    /// Gives `take` the bytes of each task that `bytes` complete.
    fn each(
        &mut self,
        bytes: &[u8],
        mut take: impl FnMut(&Placed<'_>, &mut Interner) -> Result<(), String>,
    ) -> Result<(), ListProblem> {
        let mut rest = self.complete(bytes, &mut take)?;
        while let Some((field, after)) = next_field(rest).map_err(|what| self.malformed(what))? {
            self.take(&field, bytes, after, &mut take)?;
            rest = after;
        }
        self.partial.extend_from_slice(rest);
        Ok(())
    }

    /// Completes the field that has begun to arrive, and gives what of `bytes` is left then.
    fn complete<'a>(
        &mut self,
        mut bytes: &'a [u8],
        take: &mut impl FnMut(&Placed<'_>, &mut Interner) -> Result<(), String>,
    ) -> Result<&'a [u8], ListProblem> {
        while !self.partial.is_empty() && !bytes.is_empty() {
            let missing = missing(&self.partial).map_err(|what| self.malformed(what))?;
            let (more, after) = bytes.split_at_checked(missing).unwrap_or((bytes, &[]));
            self.partial.extend_from_slice(more);
            bytes = after;
            let partial = std::mem::take(&mut self.partial);
            match next_field(&partial).map_err(|what| self.malformed(what))? {
                Some((field, after)) => self.take(&field, &partial, after, take)?,
                None => self.partial = partial,
            }
        }
        Ok(bytes)
    }

    /// Takes the field that is within these bytes and before those.
    fn take(
        &mut self,
        field: &Field<'_>,
        within: &[u8],
        after: &[u8],
        take: &mut impl FnMut(&Placed<'_>, &mut Interner) -> Result<(), String>,
    ) -> Result<(), ListProblem> {
        match field {
            Field::Error(error) => Err(self.refused(error)),
            Field::Task(task) => {
                let end = within.len() - after.len();
                let task = Placed { within, place: end - task.len()..end };
                take(&task, &mut self.interner).map_err(|what| self.malformed(what))?;
                self.tasks += 1;
                Ok(())
            }
            Field::Other => Ok(()),
        }
    }
}

/// One field of the reply. Those of a newer release are passed over.
enum Field<'a> {
    Error(&'a [u8]),
    Task(&'a [u8]),
    Other,
}

/// The field at the front and what follows it, if all of it has arrived.
fn next_field(arrived: &[u8]) -> Result<Option<(Field<'_>, &[u8])>, String> {
    let Some(head) = whole_head(arrived)? else { return Ok(None) };
    let Some((_, rest)) = arrived.split_at_checked(head.length) else { return Ok(None) };
    let Some((value, after)) = rest.split_at_checked(head.value) else { return Ok(None) };
    let field = match (head.number, head.wire_type) {
        (ERROR, WireType::LengthDelimited) => Field::Error(value),
        (TASKS, WireType::LengthDelimited) => Field::Task(value),
        _ => Field::Other,
    };
    Ok(Some((field, after)))
}

/// How many bytes are missing of the field at the front, as far as can be told: at least one.
fn missing(partial: &[u8]) -> Result<usize, String> {
    let head = whole_head(partial)?;
    Ok(head.map_or(1, |head| (head.length + head.value).saturating_sub(partial.len()).max(1)))
}

/// The head of the field at the front, if it has arrived and is one that is read.
fn whole_head(arrived: &[u8]) -> Result<Option<Head>, String> {
    match read_head(arrived)? {
        Some(head) if head.value > MOST_BYTES => Err(format!("a field of {} bytes", head.value)),
        // A varint longer than any is no varint that is still on its way.
        None if arrived.len() >= LONGEST_HEAD => Err("a field without an end".to_owned()),
        head => Ok(head),
    }
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
