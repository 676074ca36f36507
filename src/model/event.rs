//! What the event stream says.

use super::{Task, TaskGuid};

/// One change of one task. Two of one task can arrive in the wrong order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskEvent {
    /// It was desired.
    Created(Task),
    /// Its state changed.
    Changed {
        /// The whole task as it was.
        before: Box<Task>,
        /// The whole task as it is.
        after: Box<Task>,
    },
    /// It was deleted; its last state.
    Removed(Task),
}

impl TaskEvent {
    /// The task that it is about.
    pub fn guid(&self) -> &TaskGuid {
        &self.task().guid
    }

    /// The task as the event leaves it.
    pub fn task(&self) -> &Task {
        match self {
            Self::Created(task) | Self::Removed(task) => task,
            Self::Changed { after, .. } => after,
        }
    }
}

/// An event that says nothing we can use. The stream goes on; the next list heals what it would have said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Skipped {
    /// A known event whose payload is empty: servers send `task_removed` so at times.
    Empty {
        /// The event's name.
        event: String,
    },
    /// An event of a release newer than this program.
    Unknown {
        /// The event's name.
        event: String,
    },
    /// A payload that is not base64 of the protobuf event.
    Malformed {
        /// The event's name.
        event: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// One item of the event stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamItem {
    /// A change of a task.
    Event(TaskEvent),
    /// Something to count and pass over.
    Skipped(Skipped),
}
