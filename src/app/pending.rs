//! Actions: refused before they are asked, asked with the guid in the question, sent once, and followed to what
//! they did.

use std::collections::HashMap;
use std::time::Duration;

use crate::clock::Now;
use crate::model::lifecycle::Step;
use crate::model::{State, Task, TaskAction, TaskGuid};

use super::confirmation::Confirmation;

/// What an operator does to a task by one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// End it.
    Cancel,
    /// Claim its deletion.
    Resolve,
    /// Delete it.
    Delete,
}

impl From<TaskAction> for Verb {
    fn from(action: TaskAction) -> Self {
        match action {
            TaskAction::Cancel => Self::Cancel,
            TaskAction::Resolve => Self::Resolve,
            TaskAction::Delete => Self::Delete,
        }
    }
}

impl Verb {
    /// As in "… task X?".
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cancel => "Cancel",
            Self::Resolve => "Resolve",
            Self::Delete => "Delete",
        }
    }

    /// What the row says while it is under way.
    pub const fn doing(self) -> &'static str {
        match self {
            Self::Cancel => "cancelling",
            Self::Resolve => "resolving",
            Self::Delete => "deleting",
        }
    }

    /// What the row says once it is done.
    pub const fn done(self) -> &'static str {
        match self {
            Self::Cancel => "cancelled",
            Self::Resolve => "resolved",
            Self::Delete => "deleted",
        }
    }

    /// The calls that it takes from this state, or why we would not ask.
    pub fn plan(self, task: &Task) -> Result<Plan, Refusal> {
        match (self, task.state) {
            (Self::Cancel, State::Pending | State::Running) => Ok(Plan(&[Step::Cancel])),
            (Self::Resolve, State::Completed) => Ok(Plan(&[Step::Resolving])),
            (Self::Delete, State::Completed) => Ok(Plan(&[Step::Resolving, Step::Delete])),
            (Self::Delete, State::Resolving) => Ok(Plan(&[Step::Delete])),
            (Self::Cancel, State::Completed) => Err(Refusal("it has completed already; D deletes it")),
            (Self::Cancel, State::Resolving) => {
                Err(Refusal("it has completed, and somebody has claimed its deletion; D deletes it"))
            }
            (Self::Resolve, State::Resolving) => {
                Err(Refusal("somebody has claimed its deletion already; D deletes it"))
            }
            (Self::Resolve | Self::Delete, State::Pending | State::Running) => {
                Err(Refusal("it has not completed; C cancels it"))
            }
            (_, State::Invalid | State::Other(_)) => {
                Err(Refusal("it is in a state that this version of taskdeck does not know"))
            }
        }
    }
}

/// The calls of one verb, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan(&'static [Step]);

impl Plan {
    /// The calls, in order.
    pub const fn steps(self) -> &'static [Step] {
        self.0
    }
}

/// Why we would not ask: the second half of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal(pub &'static str);

/// The question, bound to its task: nothing that moves on the screen changes whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialog {
    /// The task.
    pub guid: TaskGuid,
    /// What would be done to it.
    pub verb: Verb,
    /// The calls that it would take.
    pub plan: Plan,
    /// The state in which it was asked.
    pub asked_in: State,
    /// The answer so far.
    pub confirmation: Confirmation,
}

/// How far an action has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// A call was sent.
    Sent(Step),
    /// The outcome is being looked up with a get.
    Verifying {
        /// Whether a call was left without an answer.
        unknown: bool,
    },
    /// It did what was asked.
    Done,
    /// It did not.
    Failed,
    /// Whether it did could not be looked up.
    Unknown,
}

/// An action, from its yes to some seconds after its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What is done.
    pub verb: Verb,
    /// How far it has come.
    pub phase: Phase,
    /// The calls that are left after the one that was sent.
    pub left: &'static [Step],
    /// Since when it is in this phase.
    pub since: Now,
    /// Whether a delete was sent that the BBS has not refused: if the task goes now, it goes by us.
    pub(super) deletes: bool,
}

impl Pending {
    /// Whether an answer is still awaited.
    pub const fn in_flight(&self) -> bool {
        matches!(self.phase, Phase::Sent(_) | Phase::Verifying { .. })
    }
}

/// How long the row of an ended action says so.
const SHOWN: Duration = Duration::from_secs(6);

/// The actions under way and just ended, by task.
#[derive(Debug, Default)]
pub(super) struct PendingActions(HashMap<TaskGuid, Pending>);

impl PendingActions {
    /// The action on this task.
    pub(super) fn get(&self, guid: &TaskGuid) -> Option<&Pending> {
        self.0.get(guid)
    }

    /// The tasks that we are deleting, or have deleted just now.
    pub(super) fn deleting(&self) -> impl Iterator<Item = &TaskGuid> {
        self.0.iter().filter(|(_, pending)| pending.deletes).map(|(guid, _)| guid)
    }

    /// Whether we are deleting this task, or have deleted it just now.
    pub(super) fn is_deleting(&self, guid: &TaskGuid) -> bool {
        self.get(guid).is_some_and(|pending| pending.deletes)
    }

    /// Those that await an answer.
    pub(super) fn in_flight(&self) -> impl Iterator<Item = (&TaskGuid, &Pending)> {
        self.0.iter().filter(|(_, pending)| pending.in_flight())
    }

    pub(super) fn get_mut(&mut self, guid: &TaskGuid) -> Option<&mut Pending> {
        self.0.get_mut(guid)
    }

    pub(super) fn set(&mut self, guid: TaskGuid, pending: Pending) {
        self.0.insert(guid, pending);
    }

    /// Forgets what ended long enough ago.
    pub(super) fn tidy(&mut self, now: Now) {
        self.0.retain(|_, pending| pending.in_flight() || now.mono < pending.since.mono + SHOWN);
    }
}
