//! Actions on tasks: the steps that an action takes from a task's state, or why it is refused, and how it ended.
//!
//! Pure, and shared by the dashboard and the commands. Sends nothing: whoever acts sends each step once and looks the
//! task up afterwards. Source: "Life of a task" of the API.

mod action_set;
mod refusal;
mod report;
#[cfg(test)]
mod tests;

use super::lifecycle::Step;
use super::{Fault, State, Task, Timestamp};

pub use action_set::{ActionSet, Frozen, PlannedTask};
pub use refusal::Refusal;
pub use report::{Report, Word};

/// The failure reason that the BBS gives a cancelled task. Source: "Life of a task" of the API.
pub const CANCELLED: &str = "task was cancelled";

/// What an operator does to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskAction {
    /// Ends the task.
    Cancel,
    /// Claims the deletion of a completed task.
    Resolve,
    /// Deletes the task, claiming its deletion first if nobody has.
    Delete,
}

impl TaskAction {
    /// All actions, in the order of a task's life.
    pub const ALL: [Self; 3] = [Self::Cancel, Self::Resolve, Self::Delete];

    /// The infinitive, as in "cancel 3 tasks".
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Resolve => "resolve",
            Self::Delete => "delete",
        }
    }

    /// The infinitive at the start of a sentence, as in "Cancel task X?".
    pub const fn title(self) -> &'static str {
        match self {
            Self::Cancel => "Cancel",
            Self::Resolve => "Resolve",
            Self::Delete => "Delete",
        }
    }

    /// The participle while the action is in flight.
    pub const fn doing(self) -> &'static str {
        match self {
            Self::Cancel => "cancelling",
            Self::Resolve => "resolving",
            Self::Delete => "deleting",
        }
    }

    /// The participle once the action is done.
    pub const fn done(self) -> &'static str {
        match self {
            Self::Cancel => "cancelled",
            Self::Resolve => "resolved",
            Self::Delete => "deleted",
        }
    }

    /// Returns the steps from `state`, or why the action is refused before anything is sent. A task that is already
    /// Resolving is not claimed again.
    pub const fn plan(self, state: State) -> Result<Plan, Refusal> {
        match (self, state) {
            (Self::Cancel, State::Pending | State::Running) => Ok(Plan(&[Step::Cancel])),
            (Self::Resolve, State::Completed) => Ok(Plan(&[Step::Resolving])),
            (Self::Delete, State::Completed) => Ok(Plan(&[Step::Resolving, Step::Delete])),
            (Self::Delete, State::Resolving) => Ok(Plan(&[Step::Delete])),
            (Self::Cancel, State::Completed) => Err(Refusal::AlreadyCompleted),
            (Self::Cancel | Self::Resolve, State::Resolving) => Err(Refusal::AlreadyClaimed),
            (Self::Resolve | Self::Delete, State::Pending | State::Running) => {
                Err(Refusal::NotCompleted(state))
            }
            (_, State::Invalid | State::Other(_)) => Err(Refusal::UnknownState(state)),
        }
    }

    /// Judges the action by the task that was found after its last step. A step that the BBS refused did nothing. If
    /// the BBS did not reply, only what nobody else does counts as done.
    pub fn judge(self, sent: Sent, found: Found<'_>) -> Outcome {
        let is_another = |task: &Task| task.created_at != sent.created_at;
        match (self, found) {
            (Self::Delete, Found::Gone) => Outcome::Done,
            (Self::Delete, Found::Task(task)) if is_another(task) => Outcome::Done,
            (Self::Cancel | Self::Resolve, Found::Gone) => sent.reply.if_shown(),
            (_, Found::Task(task)) if is_another(task) => sent.reply.if_shown(),
            (Self::Cancel, Found::Task(task)) if has_ended(task) => {
                if sent.reply == Reply::Missing && &*task.failure_reason == CANCELLED {
                    Outcome::Done
                } else {
                    sent.reply.if_shown()
                }
            }
            (Self::Resolve, Found::Task(task)) if task.state == State::Resolving => sent.reply.if_shown(),
            (_, Found::Task(_)) => sent.reply.if_not_shown(),
        }
    }
}

const fn has_ended(task: &Task) -> bool {
    matches!(task.state, State::Completed | State::Resolving)
}

/// The steps of one action, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan(&'static [Step]);

impl Plan {
    /// Returns the steps, in order.
    pub const fn steps(self) -> &'static [Step] {
        self.0
    }
}

/// The last step of an action, as far as its outcome depends on it.
#[derive(Debug, Clone, Copy)]
pub struct Sent {
    /// How the BBS replied to the step.
    pub reply: Reply,
    /// When the task was created that the step was meant for: a guid may be used again.
    pub created_at: Timestamp,
}

/// How the BBS replied to a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// It acknowledged the step.
    Acknowledged,
    /// It refused the step, or never received it: nothing was changed.
    Refused,
    /// It did not reply: the step may have been done, or may still be.
    Missing,
}

impl Reply {
    /// Returns what the result of a call says about its step.
    pub const fn of(result: Result<(), &Fault>) -> Self {
        match result {
            Ok(()) => Self::Acknowledged,
            Err(fault) if fault.outcome_unknown() => Self::Missing,
            Err(_) => Self::Refused,
        }
    }

    /// The task is as the action wants it, but others may have done that.
    const fn if_shown(self) -> Outcome {
        match self {
            Self::Acknowledged => Outcome::Done,
            Self::Refused => Outcome::NotDone,
            Self::Missing => Outcome::Unknown,
        }
    }

    /// The task is not as the action wants it.
    const fn if_not_shown(self) -> Outcome {
        match self {
            Self::Acknowledged | Self::Refused => Outcome::NotDone,
            Self::Missing => Outcome::Unknown,
        }
    }
}

/// What the BBS had under the guid after the last step.
#[derive(Debug, Clone, Copy)]
pub enum Found<'a> {
    /// No task.
    Gone,
    /// This task.
    Task(&'a Task),
}

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The task is as the action wanted it.
    Done,
    /// The BBS refused the action, or acknowledged it but the task does not show it.
    NotDone,
    /// The BBS did not reply, and the task does not tell.
    Unknown,
}
