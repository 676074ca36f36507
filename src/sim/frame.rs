//! Encodes an event as one chunk of the event stream.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost::Message as _;

use super::machine::Event;
use crate::bbs::wire::{TaskChangedEvent, TaskCreatedEvent, TaskRemovedEvent};

/// An event, encoded once for all subscriptions. Each subscription numbers its own chunks.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    name: &'static str,
    data: Arc<str>,
}

/// Encodes the event's name and payload.
pub(super) fn encode(event: &Event) -> Frame {
    let (name, payload) = match event {
        Event::Created(task) => {
            ("task_created", TaskCreatedEvent { task: Some(task.clone()) }.encode_to_vec())
        }
        Event::Changed(tasks) => {
            let (before, after) = (**tasks).clone();
            ("task_changed", TaskChangedEvent { before: Some(before), after: Some(after) }.encode_to_vec())
        }
        Event::Removed(task) => {
            ("task_removed", TaskRemovedEvent { task: Some(task.clone()) }.encode_to_vec())
        }
    };
    Frame { name, data: STANDARD.encode(payload).into() }
}

/// Returns a removal without its task.
pub(super) fn empty_removal() -> Frame {
    Frame { name: "task_removed", data: "".into() }
}

impl Frame {
    /// Returns the chunk, with the empty chunk extension that the BBS sends.
    pub(super) fn chunk(&self, number: u64) -> Vec<u8> {
        let body = format!("id: {number}\nevent: {}\ndata: {}\n\n", self.name, self.data);
        format!("{:x};\r\n{body}\r\n", body.len()).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bbs::wire::Task;

    #[test]
    fn a_chunk_has_the_recorded_form() {
        let chunk = encode(&Event::Removed(Task::default())).chunk(7);
        assert_eq!(
            String::from_utf8(chunk).unwrap(),
            "26;\r\nid: 7\nevent: task_removed\ndata: CgA=\n\n\r\n"
        );
    }
}
