//! JSON encoding of events: the event's type and its one or two tasks.

use super::buffer::JsonBuffer;
use super::buffer::line;
use super::scan::Span;
use super::tables::{CHANGED_EVENT, TASK_EVENT};
use super::task::{encoded, raw};
use super::text::text;
use super::write::Secrets;
use crate::bbs::events::{payload, truncate_name};
use crate::bbs::sse::Frame;
use crate::bbs::wire::{TaskChangedEvent, TaskCreatedEvent, TaskRemovedEvent, task_from_model};
use crate::model::{Skipped, TaskEvent};

/// Appends the event of a frame.
///
/// # Errors
/// Returns why the event is unusable, and leaves `out` unchanged.
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
        _ => return Err(Skipped::Unknown { event: truncate_name(name) }),
    };
    let malformed = |problem| Skipped::Malformed { event: truncate_name(name), problem };
    let payload = payload(frame).map_err(malformed)?;
    if payload.is_empty() {
        return Err(Skipped::Empty { event: truncate_name(name) });
    }
    let start = out.len();
    let written = put_event(out, name, |out| write(out, &payload));
    written.map_err(|problem| {
        out.truncate(start);
        malformed(problem)
    })
}

/// Returns the event as a line of JSON. Leaves out definitions that cannot be decoded.
pub fn event_line(event: &TaskEvent, secrets: Secrets) -> Vec<u8> {
    let wire_task = |task| Some(task_from_model(task));
    line(|out| match event {
        TaskEvent::Created(task) => {
            let event = TaskCreatedEvent { task: wire_task(task) };
            put_event(out, "task_created", |out| encoded(out, &event, &TASK_EVENT, secrets));
        }
        TaskEvent::Removed(task) => {
            let event = TaskRemovedEvent { task: wire_task(task) };
            put_event(out, "task_removed", |out| encoded(out, &event, &TASK_EVENT, secrets));
        }
        TaskEvent::Changed { before, after } => {
            let event = TaskChangedEvent { before: wire_task(before), after: wire_task(after) };
            put_event(out, "task_changed", |out| encoded(out, &event, &CHANGED_EVENT, secrets));
        }
    })
}

/// Appends an event whose data `write` appends.
fn put_event<T>(out: &mut JsonBuffer, name: &str, write: impl FnOnce(&mut JsonBuffer) -> T) -> T {
    out.put(br#"{"type":"#);
    text(out, name.as_bytes());
    out.put(br#","data":"#);
    let written = write(out);
    out.byte(b'}');
    written
}
