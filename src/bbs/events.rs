//! What a frame of the event stream says of a task. Pure; never an error.
//!
//! An event that says nothing we can use is [`Skipped`], and the stream goes on: servers send `task_removed`
//! with an empty payload, and newer ones may send events that we do not know. Source: "The event stream" of
//! the API.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use prost::Message;

use super::sse::Frame;
use super::wire::{Interner, LazyChangedEvent, LazyTask, LazyTaskEvent, task_to_model};
use crate::model::{Skipped, StreamItem, Task, TaskEvent};

/// How much of an event's name is kept, in characters; ours are a dozen.
const LONGEST_NAME: usize = 64;

/// What the frame says; `interner` are those that the stream has met.
pub fn read(frame: &Frame, interner: &mut Interner) -> StreamItem {
    let event = frame.event.as_deref().unwrap_or_default();
    let read: fn(Bytes, &mut Interner) -> Result<TaskEvent, String> = match event {
        "task_created" => |payload, interner| the_task(payload, interner).map(TaskEvent::Created),
        "task_removed" => |payload, interner| the_task(payload, interner).map(TaskEvent::Removed),
        "task_changed" => changed,
        _ => return StreamItem::Skipped(Skipped::Unknown { event: short(event) }),
    };
    match payload(frame) {
        Ok(payload) if payload.is_empty() => StreamItem::Skipped(Skipped::Empty { event: short(event) }),
        Ok(payload) => {
            read(payload, interner).map_or_else(|problem| malformed(event, problem), StreamItem::Event)
        }
        Err(problem) => malformed(event, problem),
    }
}

fn malformed(event: &str, problem: String) -> StreamItem {
    StreamItem::Skipped(Skipped::Malformed { event: short(event), problem })
}

pub(super) fn short(event: &str) -> String {
    event.chars().take(LONGEST_NAME).collect()
}

pub(super) fn payload(frame: &Frame) -> Result<Bytes, String> {
    let text = frame.data.as_deref().unwrap_or_default();
    STANDARD.decode(text.trim_ascii()).map(Bytes::from).map_err(|error| format!("not base64: {error}"))
}

fn the_task(payload: Bytes, interner: &mut Interner) -> Result<Task, String> {
    let event = LazyTaskEvent::decode(payload).map_err(|error| error.to_string())?;
    known(event.task, "task", interner)
}

fn changed(payload: Bytes, interner: &mut Interner) -> Result<TaskEvent, String> {
    let event = LazyChangedEvent::decode(payload).map_err(|error| error.to_string())?;
    let before = Box::new(known(event.before, "before", interner)?);
    let after = Box::new(known(event.after, "after", interner)?);
    if before.guid != after.guid {
        return Err("before and after are not the same task".to_owned());
    }
    Ok(TaskEvent::Changed { before, after })
}

fn known(task: Option<LazyTask>, part: &str, interner: &mut Interner) -> Result<Task, String> {
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
        match read(frame, &mut Interner::default()) {
            StreamItem::Skipped(skipped) => skipped,
            StreamItem::Event(event) => panic!("{event:?}"),
        }
    }

    #[test]
    fn the_three_events_are_told() {
        let single = LazyTaskEvent { task: Some(task("a")) }.encode_to_vec();
        let double = LazyChangedEvent { before: Some(task("a")), after: Some(task("a")) }.encode_to_vec();
        let interner = &mut Interner::default();
        for (event, payload) in
            [("task_created", &single), ("task_removed", &single), ("task_changed", &double)]
        {
            let StreamItem::Event(told) = read(&frame(event, payload), interner) else {
                panic!("{event} was skipped");
            };
            assert_eq!(told.guid().as_str(), "a");
            assert_eq!(told.task().domain.as_str(), "cf-tasks");
        }
    }

    #[test]
    fn an_empty_payload_is_passed_over() {
        let empty = Skipped::Empty { event: "task_removed".to_owned() };
        assert_eq!(skipped(&frame("task_removed", b"")), empty);
        assert_eq!(skipped(&Frame { event: Some("task_removed".to_owned()), data: None }), empty);
    }

    #[test]
    fn an_unknown_name_is_passed_over_and_kept_short() {
        let name = "x".repeat(10_000);
        assert_eq!(skipped(&frame(&name, b"")), Skipped::Unknown { event: "x".repeat(LONGEST_NAME) });
        assert_eq!(skipped(&Frame::default()), Skipped::Unknown { event: String::new() });
    }

    #[test]
    fn what_is_malformed_is_passed_over_saying_why() {
        let half = LazyChangedEvent { before: Some(task("a")), after: None }.encode_to_vec();
        let other = LazyChangedEvent { before: Some(task("a")), after: Some(task("b")) }.encode_to_vec();
        let nameless = LazyTaskEvent { task: Some(task("")) }.encode_to_vec();
        let not_base64 = Frame { event: Some("task_created".to_owned()), data: Some(b"%%%".to_vec()) };
        for (frame, why) in [
            (not_base64, "not base64"),
            (frame("task_created", &[0xFF; 9]), "decode"),
            (frame("task_changed", &half), "after is missing"),
            (frame("task_changed", &other), "not the same task"),
            (frame("task_created", &nameless), "no task_guid"),
        ] {
            let Skipped::Malformed { problem, .. } = skipped(&frame) else { panic!("not malformed: {why}") };
            assert!(problem.contains(why), "{problem}");
        }
    }
}
