//! An event of the stream: its name, and the whole task or tasks it is about.

use bytes::Bytes;
use prost::{DecodeError, Message};

use super::lines::line;
use super::object::{Object, object};
use super::task;
use super::writer::{Secrets, Writer};
use crate::bbs::events::{payload, short};
use crate::bbs::sse::Frame;
use crate::bbs::wire::{Task, TaskChangedEvent, TaskCreatedEvent, TaskRemovedEvent, task_from_model};
use crate::model::{Skipped, TaskEvent};

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
    Writer::on(out, Secrets::Shown, |out| write(out, name, &parts));
    Ok(())
}

/// The event as a line, in the same form. Of a task whose definition cannot be decoded only its own fields are there.
pub fn event_line(of: &TaskEvent, secrets: Secrets) -> Vec<u8> {
    let part = |task| Some(task_from_model(task));
    let (name, parts) = match of {
        TaskEvent::Created(task) => ("task_created", vec![("task", part(task))]),
        TaskEvent::Removed(task) => ("task_removed", vec![("task", part(task))]),
        TaskEvent::Changed { before, after } => {
            ("task_changed", vec![("before", part(before)), ("after", part(after))])
        }
    };
    line(|out| Writer::on(out, secrets, |out| write(out, name, &parts)))
}

fn write(out: &mut Writer, name: &str, parts: &Parts) {
    object(out, |event| {
        event.text("type", name.as_bytes());
        event.object("data", |data| tasks(data, parts));
    });
}

fn tasks(data: &mut Object<'_>, parts: &Parts) {
    for (key, part) in parts {
        if let Some(part) = part {
            task::write(data.key(key), part);
        }
    }
}
