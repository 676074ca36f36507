//! An event of the stream: its name, and the whole task or tasks it is about.

use super::buffer::JsonBuffer;
use super::buffer::line;
use super::scan::Span;
use super::tables::{CHANGED_EVENT, TASK_EVENT};
use super::task::{encoded, raw};
use super::text::text;
use super::write::Secrets;
use crate::bbs::events::{payload, short};
use crate::bbs::sse::Frame;
use crate::bbs::wire::{TaskChangedEvent, TaskCreatedEvent, TaskRemovedEvent, task_from_model};
use crate::model::{Skipped, TaskEvent};

/// Writes the frame's event, or says why it is passed over; `out` is untouched then.
pub fn event(out: &mut JsonBuffer, frame: &Frame) -> Result<(), Skipped> {
    let name = frame.event.as_deref().unwrap_or_default();
    let write: fn(&mut JsonBuffer, &[u8]) -> Result<(), String> = match name {
        "task_created" => {
            |out, payload| raw::<TaskCreatedEvent>(out, &Span::all(payload), &TASK_EVENT, Secrets::Shown)
        }
        "task_removed" => {
            |out, payload| raw::<TaskRemovedEvent>(out, &Span::all(payload), &TASK_EVENT, Secrets::Shown)
        }
        "task_changed" => {
            |out, payload| raw::<TaskChangedEvent>(out, &Span::all(payload), &CHANGED_EVENT, Secrets::Shown)
        }
        _ => return Err(Skipped::Unknown { event: short(name) }),
    };
    let malformed = |problem| Skipped::Malformed { event: short(name), problem };
    let payload = payload(frame).map_err(malformed)?;
    if payload.is_empty() {
        return Err(Skipped::Empty { event: short(name) });
    }
    let start = out.len();
    let written = put(out, name, |out| write(out, &payload));
    written.map_err(|problem| {
        out.truncate(start);
        malformed(problem)
    })
}

/// The event as a line, in the same form. Of a task whose definition cannot be decoded only its own fields are there.
pub fn event_line(of: &TaskEvent, secrets: Secrets) -> Vec<u8> {
    let part = |of| Some(task_from_model(of));
    line(|out| match of {
        TaskEvent::Created(task) => {
            let event = TaskCreatedEvent { task: part(task) };
            put(out, "task_created", |out| encoded(out, &event, &TASK_EVENT, secrets));
        }
        TaskEvent::Removed(task) => {
            let event = TaskRemovedEvent { task: part(task) };
            put(out, "task_removed", |out| encoded(out, &event, &TASK_EVENT, secrets));
        }
        TaskEvent::Changed { before, after } => {
            let event = TaskChangedEvent { before: part(before), after: part(after) };
            put(out, "task_changed", |out| encoded(out, &event, &CHANGED_EVENT, secrets));
        }
    })
}

/// Writes an event of this name, with the data that `write` writes.
fn put<T>(out: &mut JsonBuffer, name: &str, write: impl FnOnce(&mut JsonBuffer) -> T) -> T {
    out.put(br#"{"type":"#);
    text(out, name.as_bytes());
    out.put(br#","data":"#);
    let written = write(out);
    out.byte(b'}');
    written
}
