//! Decodes frames of the event stream into task events. Does no I/O.
//!
//! An unusable event must not end the stream; it becomes [`Skipped`]: servers send `task_removed` with an empty payload,
//! and newer releases may send unknown events. Source: "The event stream" of the API.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use prost::Message;

use super::sse::Frame;
use super::wire::{Interner, LazyChangedEvent, LazyTask, LazyTaskEvent, task_to_model};
use crate::model::{Skipped, StreamItem, Task, TaskEvent};

/// How many characters of an unknown event's name are kept; known names have 12.
const MAX_NAME_CHARS: usize = 64;

/// Decodes a frame. `interner` holds the names seen on the stream so far.
pub fn decode(frame: &Frame, interner: &mut Interner) -> StreamItem {
    let event = frame.event.as_deref().unwrap_or_default();
    let decode_payload: fn(Bytes, &mut Interner) -> Result<TaskEvent, String> = match event {
        "task_created" => |payload, interner| single_task(payload, interner).map(TaskEvent::Created),
        "task_removed" => |payload, interner| single_task(payload, interner).map(TaskEvent::Removed),
        "task_changed" => changed,
        _ => return StreamItem::Skipped(Skipped::Unknown { event: truncate_name(event) }),
    };
    match payload(frame) {
        Ok(payload) if payload.is_empty() => {
            StreamItem::Skipped(Skipped::Empty { event: truncate_name(event) })
        }
        Ok(payload) => decode_payload(payload, interner)
            .map_or_else(|problem| malformed(event, problem), StreamItem::Event),
        Err(problem) => malformed(event, problem),
    }
}

fn malformed(event: &str, problem: String) -> StreamItem {
    StreamItem::Skipped(Skipped::Malformed { event: truncate_name(event), problem })
}

pub(super) fn truncate_name(event: &str) -> String {
    event.chars().take(MAX_NAME_CHARS).collect()
}

pub(super) fn payload(frame: &Frame) -> Result<Bytes, String> {
    let text = frame.data.as_deref().unwrap_or_default();
    STANDARD.decode(text.trim_ascii()).map(Bytes::from).map_err(|error| format!("invalid base64: {error}"))
}

fn single_task(payload: Bytes, interner: &mut Interner) -> Result<Task, String> {
    let event = LazyTaskEvent::decode(payload).map_err(|error| error.to_string())?;
    require_task(event.task, "task", interner)
}

fn changed(payload: Bytes, interner: &mut Interner) -> Result<TaskEvent, String> {
    let event = LazyChangedEvent::decode(payload).map_err(|error| error.to_string())?;
    let before = Box::new(require_task(event.before, "before", interner)?);
    let after = Box::new(require_task(event.after, "after", interner)?);
    if before.guid != after.guid {
        return Err("before and after have different guids".to_owned());
    }
    Ok(TaskEvent::Changed { before, after })
}

fn require_task(task: Option<LazyTask>, part: &str, interner: &mut Interner) -> Result<Task, String> {
    match task {
        Some(task) if !task.task_guid.is_empty() => Ok(task_to_model(&task, interner)),
        Some(_) => Err(format!("{part} has no task_guid")),
        None => Err(format!("{part} is missing")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(event: &str, payload: &[u8]) -> Frame {
        Frame { event: Some(event.to_owned()), data: Some(STANDARD.encode(payload).into_bytes()) }
    }

    fn task(guid: &'static str) -> LazyTask {
        LazyTask { task_guid: guid.into(), domain: "cf-tasks".into(), state: 2, ..LazyTask::default() }
    }

    fn skipped(frame: &Frame) -> Skipped {
        match decode(frame, &mut Interner::default()) {
            StreamItem::Skipped(skipped) => skipped,
            StreamItem::Event(event) => panic!("{event:?}"),
        }
    }

    #[test]
    fn decodes_the_three_event_types() {
        let single = LazyTaskEvent { task: Some(task("a")) }.encode_to_vec();
        let double = LazyChangedEvent { before: Some(task("a")), after: Some(task("a")) }.encode_to_vec();
        let interner = &mut Interner::default();
        for (event, payload) in
            [("task_created", &single), ("task_removed", &single), ("task_changed", &double)]
        {
            let StreamItem::Event(decoded) = decode(&frame(event, payload), interner) else {
                panic!("{event} was skipped");
            };
            assert_eq!(decoded.guid().as_str(), "a");
            assert_eq!(decoded.task().domain.as_str(), "cf-tasks");
        }
    }

    #[test]
    fn skips_an_empty_payload() {
        let empty = Skipped::Empty { event: "task_removed".to_owned() };
        assert_eq!(skipped(&frame("task_removed", b"")), empty);
        assert_eq!(skipped(&Frame { event: Some("task_removed".to_owned()), data: None }), empty);
    }

    #[test]
    fn skips_an_unknown_event_and_truncates_its_name() {
        let name = "x".repeat(10_000);
        assert_eq!(skipped(&frame(&name, b"")), Skipped::Unknown { event: "x".repeat(MAX_NAME_CHARS) });
        assert_eq!(skipped(&Frame::default()), Skipped::Unknown { event: String::new() });
    }

    #[test]
    fn skips_a_malformed_event_with_the_reason() {
        let half = LazyChangedEvent { before: Some(task("a")), after: None }.encode_to_vec();
        let other = LazyChangedEvent { before: Some(task("a")), after: Some(task("b")) }.encode_to_vec();
        let nameless = LazyTaskEvent { task: Some(task("")) }.encode_to_vec();
        let not_base64 = Frame { event: Some("task_created".to_owned()), data: Some(b"%%%".to_vec()) };
        for (frame, why) in [
            (not_base64, "invalid base64"),
            (frame("task_created", &[0xFF; 9]), "decode"),
            (frame("task_changed", &half), "after is missing"),
            (frame("task_changed", &other), "different guids"),
            (frame("task_created", &nameless), "no task_guid"),
        ] {
            let Skipped::Malformed { problem, .. } = skipped(&frame) else { panic!("not malformed: {why}") };
            assert!(problem.contains(why), "{problem}");
        }
    }
}
