//! Why an action is not sent.

use std::fmt;

use super::TaskAction;
use crate::model::State;

/// Why an action is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The task has ended: there is nothing to cancel.
    AlreadyCompleted,
    /// A client has claimed the task's deletion.
    AlreadyClaimed,
    /// The task is still pending or running.
    NotCompleted(State),
    /// The state belongs to a newer server.
    UnknownState(State),
    /// The BBS has no task with this guid, or no longer has it.
    Gone,
    /// The last list did not include the task: the BBS may have it or not.
    NotListed,
    /// The task was deleted, and its guid used again, since it was chosen.
    Replaced,
    /// The task would take other steps than those that were confirmed.
    Changed,
    /// An earlier action on the task has not ended.
    InProgress,
    /// The target is opened read-only.
    ReadOnly,
    /// The target is read-only, but can be opened for writes for a time.
    Locked,
    /// The tasks are those of a recording.
    Replay,
}

impl Refusal {
    /// Returns the action that makes the refused one possible, or serves its purpose.
    pub const fn remedy(self) -> Option<TaskAction> {
        match self {
            Self::AlreadyCompleted | Self::AlreadyClaimed => Some(TaskAction::Delete),
            Self::NotCompleted(_) => Some(TaskAction::Cancel),
            Self::UnknownState(_)
            | Self::Gone
            | Self::NotListed
            | Self::Replaced
            | Self::Changed
            | Self::InProgress
            | Self::ReadOnly
            | Self::Locked
            | Self::Replay => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyCompleted => f.write_str("Task has already completed"),
            Self::AlreadyClaimed => {
                f.write_str("Task is Resolving: a client has already claimed its deletion")
            }
            Self::NotCompleted(state) => write!(f, "Task is still {state}. Cancel it first"),
            Self::UnknownState(state) => {
                write!(f, "Task is in a state that this version does not know ({state})")
            }
            Self::Gone => f.write_str("There is no such task"),
            Self::NotListed => f.write_str("Task is no longer known: the last list did not include it"),
            Self::Replaced => f.write_str("A new task has this guid now"),
            Self::Changed => f.write_str("Task changed while the question was open. Try again"),
            Self::InProgress => f.write_str("Another action on this task is still in progress"),
            Self::ReadOnly => f.write_str("The target is opened read-only"),
            Self::Locked => f.write_str("The target is read-only"),
            Self::Replay => f.write_str("This is a replay. Actions are disabled"),
        }
    }
}
