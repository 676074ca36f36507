//! An event of the stream: its name, and the whole task or tasks it is about.

use bytes::Bytes;
use prost::{DecodeError, Message};

use super::object::{Object, object};
use super::task::task;
use crate::bbs::events::{payload, short};
use crate::bbs::sse::Frame;
use crate::bbs::wire::{Task, TaskChangedEvent, TaskCreatedEvent, TaskRemovedEvent};
use crate::model::Skipped;

/// The tasks of an event, by their keys.
type Parts = Vec<(&'static str, Option<Task>)>;

/// Writes the frame's event, or says why it is passed over; `out` is untouched then.
pub fn event(out: &mut Vec<u8>, frame: &Frame) -> Result<(), Skipped> {
    let name = frame.event.as_deref().unwrap_or_default();
    let read: fn(Bytes) -> Result<Parts, DecodeError> = match name {
        "task_created" => |payload| Ok(vec![("task", TaskCreatedEvent::decode(payload)?.task)]),
        "task_removed" => |payload| Ok(vec![("task", TaskRemovedEvent::decode(payload)?.task)]),
        "task_changed" => |payload| {
            let TaskChangedEvent { before, after } = TaskChangedEvent::decode(payload)?;
            Ok(vec![("before", before), ("after", after)])
        },
        _ => return Err(Skipped::Unknown { event: short(name) }),
    };
    let malformed = |problem| Skipped::Malformed { event: short(name), problem };
    let payload = payload(frame).map_err(malformed)?;
    if payload.is_empty() {
        return Err(Skipped::Empty { event: short(name) });
    }
    let parts = read(payload).map_err(|error| malformed(error.to_string()))?;
    object(out, |event| {
        event.text("type", name.as_bytes());
        event.object("data", |data| tasks(data, &parts));
    });
    Ok(())
}

fn tasks(data: &mut Object<'_>, parts: &Parts) {
    for (key, part) in parts {
        if let Some(part) = part {
            task(data.key(key), part);
        }
    }
}
