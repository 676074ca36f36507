//! Actions in flight and just ended, by task.

use std::collections::HashMap;
use std::time::Duration;

use crate::clock::Now;
use crate::model::lifecycle::Step;
use crate::model::plan::{Outcome, Reply};
use crate::model::{RequestId, Task, TaskAction, TaskGuid, Timestamp};

/// How far an action has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// A step was sent.
    Sent(Step),
    /// A step was acknowledged, and the next one waits for its time.
    Waiting,
    /// The task is being looked up after the last step.
    Verifying {
        /// How the BBS replied to that step.
        reply: Reply,
    },
    /// The action has ended.
    Ended(Outcome),
}

/// An action on one task, from the confirmation to some seconds after its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What is done.
    pub action: TaskAction,
    /// How far it has come.
    pub phase: Phase,
    /// The steps that are left after the one that was sent.
    pub left: &'static [Step],
    /// Since when it is in this phase.
    pub since: Now,
    /// When the task was created that it is meant for: a guid may be used again.
    pub(super) created_at: Timestamp,
    /// The id of the request that was sent last, once it is known. The BBS logs it.
    pub request: Option<RequestId>,
    /// Whether a delete was sent that the BBS has not refused: if the task goes now, we deleted it.
    pub(super) deletes: bool,
}

impl Pending {
    /// Returns whether an answer is still awaited.
    pub const fn in_flight(&self) -> bool {
        matches!(self.phase, Phase::Sent(_) | Phase::Waiting | Phase::Verifying { .. })
    }
}

/// How long a row shows the outcome of its action.
const SHOWN: Duration = Duration::from_secs(6);

/// Actions in flight and just ended, by task.
#[derive(Debug, Default)]
pub(in crate::app) struct PendingActions(HashMap<TaskGuid, Pending>);

impl PendingActions {
    /// Returns the action on this task.
    pub(in crate::app) fn get(&self, guid: &TaskGuid) -> Option<&Pending> {
        self.0.get(guid)
    }

    /// Returns the tasks that we are deleting, or have deleted just now.
    pub(super) fn deleting(&self) -> impl Iterator<Item = (&TaskGuid, &Pending)> {
        self.0.iter().filter(|(_, pending)| pending.deletes)
    }

    /// Returns whether we are deleting this task, or have deleted it just now.
    pub(super) fn is_deleting(&self, task: &Task) -> bool {
        self.get(&task.guid).is_some_and(|pending| pending.deletes && pending.created_at == task.created_at)
    }

    /// Returns the actions that await an answer.
    pub(in crate::app) fn in_flight(&self) -> impl Iterator<Item = (&TaskGuid, &Pending)> {
        self.0.iter().filter(|(_, pending)| pending.in_flight())
    }

    pub(super) fn get_mut(&mut self, guid: &TaskGuid) -> Option<&mut Pending> {
        self.0.get_mut(guid)
    }

    pub(super) fn set(&mut self, guid: TaskGuid, pending: Pending) {
        self.0.insert(guid, pending);
    }

    /// Forgets actions that ended long enough ago.
    pub(super) fn tidy(&mut self, now: Now) {
        self.0.retain(|_, pending| pending.in_flight() || now.mono < pending.since.mono + SHOWN);
    }
}
