//! Items of the event stream.

use super::{Task, TaskGuid};

/// An event about one task. Two events about the same task can arrive in the wrong order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskEvent {
    /// The task was created.
    Created(Task),
    /// The task's state changed.
    Changed {
        /// The task before the change.
        before: Box<Task>,
        /// The task after the change.
        after: Box<Task>,
    },
    /// The task was deleted; contains its last known state.
    Removed(Task),
}

impl TaskEvent {
    /// Returns the guid of the task.
    pub fn guid(&self) -> &TaskGuid {
        &self.task().guid
    }

    /// Returns the task after the event, or its last known state if it was deleted.
    pub fn task(&self) -> &Task {
        match self {
            Self::Created(task) | Self::Removed(task) => task,
            Self::Changed { after, .. } => after,
        }
    }

    /// Consumes the event and returns what [`task`](Self::task) does.
    pub fn into_task(self) -> Task {
        match self {
            Self::Created(task) | Self::Removed(task) => task,
            Self::Changed { after, .. } => *after,
        }
    }
}

/// An unusable event. The stream continues, and the next list contains the missed change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Skipped {
    /// A known event with an empty payload; servers sometimes send such a `task_removed`.
    Empty {
        /// Name of the event.
        event: String,
    },
    /// An unknown event, from a newer release.
    Unknown {
        /// Name of the event.
        event: String,
    },
    /// A payload that is not a base64-encoded protobuf event.
    Malformed {
        /// Name of the event.
        event: String,
        /// What is wrong with the payload.
        problem: String,
    },
}

/// One item of the event stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamItem {
    /// A decoded event.
    Event(TaskEvent),
    /// An event that could not be used.
    Skipped(Skipped),
}
