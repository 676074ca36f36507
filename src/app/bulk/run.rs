//! A run: the confirmed tasks of one question, acted on one call after the other, no faster than the target allows.
//!
//! Pure: decides which call is next and when, and keeps the outcomes. The session sends the calls and looks the tasks up.
//! One write is in flight at a time. The look-up of a task may overlap the next write.

use std::collections::HashMap;
use std::time::Duration;

use foldhash::fast::RandomState;

use super::outcomes::{Ending, Outcomes, TaskOutcome};
use crate::clock::Now;
use crate::model::lifecycle::Step;
use crate::model::plan::{ActionSet, PlannedTask, Refusal};
use crate::model::{Fault, TaskGuid, Timestamp};

/// After this many calls in a row without an answer, a run stops by itself.
const MAX_UNANSWERED: usize = 3;

/// A run.
#[derive(Debug)]
pub struct BulkRun {
    set: ActionSet,
    /// The index of the next task of the set that is not refused; its length if there is none.
    next: usize,
    slot: Slot,
    /// The tasks that are being looked up, with the fault of their last call.
    looked_up: HashMap<TaskGuid, Option<Fault>, RandomState>,
    outcomes: Outcomes,
    /// How many tasks were confirmed.
    total: usize,
    interval: Duration,
    /// When the next write may be sent.
    next_at: Duration,
    unanswered: usize,
    stop: Option<Stop>,
    /// Whether the operator was told that it is over.
    is_reported: bool,
}

/// What the one write at a time is for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Slot {
    Free,
    /// A step was sent for this task.
    InFlight(TaskGuid),
    /// These steps of a task wait for their time.
    Between(TaskGuid, Steps),
}

/// The steps of a task that are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct Steps {
    /// When the task was created that they are meant for.
    pub(in crate::app) created_at: Timestamp,
    /// The steps.
    pub(in crate::app) left: &'static [Step],
}

/// Why a run ends before its last task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The operator stopped it.
    Asked,
    /// The BBS did not answer several calls in a row.
    Unanswered,
}

/// What a run does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Next {
    /// Send the first step for this task, if it still takes the steps that were confirmed.
    Begin(PlannedTask),
    /// Send the next step for this task.
    Continue(TaskGuid, Steps),
}

impl BulkRun {
    /// Returns a run over the tasks of a set that are not refused. Writes are at least `interval` apart.
    pub(in crate::app) fn new(set: ActionSet, interval: Duration, now: Now) -> Self {
        let mut outcomes = Outcomes::new(set.action());
        for (task, why) in set.tasks().iter().filter_map(|task| Some((task, task.refusal()?))) {
            let (guid, reason) = (task.guid.clone(), why.to_string());
            outcomes.add(TaskOutcome { guid, ending: Ending::Refused, reason });
        }
        Self {
            total: set.actionable(),
            next: next_allowed(&set, 0),
            set,
            slot: Slot::Free,
            looked_up: HashMap::default(),
            outcomes,
            interval,
            next_at: now.mono,
            unanswered: 0,
            stop: None,
            is_reported: false,
        }
    }

    /// Returns the tasks as they were when the question was asked.
    pub fn set(&self) -> &ActionSet {
        &self.set
    }

    /// Returns the outcomes so far.
    pub fn outcomes(&self) -> &Outcomes {
        &self.outcomes
    }

    /// Returns how many tasks were confirmed.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Returns how many of them have an outcome.
    pub fn finished(&self) -> usize {
        self.outcomes.all().len() - self.outcomes.count(Ending::Refused)
    }

    /// Returns why the run stops before its last task, if it does.
    pub fn stop_reason(&self) -> Option<Stop> {
        self.stop
    }

    /// Returns whether every task has an outcome.
    pub fn is_over(&self) -> bool {
        self.finished() == self.total
    }

    /// Returns the time from one write to the next.
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// Returns when the next call is due. None while a write is in flight, and when there are no more.
    pub(in crate::app) fn due(&self) -> Option<Duration> {
        let has_more = match self.slot {
            Slot::Free => self.next < self.set.tasks().len(),
            Slot::Between(..) => true,
            Slot::InFlight(_) => false,
        };
        (has_more && self.stop.is_none()).then_some(self.next_at)
    }

    /// Returns the next call if it is due. The caller answers with [`Self::sent`] or [`Self::skipped`].
    pub(in crate::app) fn next(&mut self, now: Now) -> Option<Next> {
        self.due().filter(|due| *due <= now.mono)?;
        if let Slot::Between(guid, steps) = &self.slot {
            return Some(Next::Continue(guid.clone(), *steps));
        }
        self.take_next().map(Next::Begin)
    }

    fn take_next(&mut self) -> Option<PlannedTask> {
        let task = self.set.tasks().get(self.next).cloned();
        self.next = next_allowed(&self.set, self.next + 1);
        task
    }

    /// Records that a step was sent for a task.
    pub(in crate::app) fn sent(&mut self, guid: TaskGuid, now: Now) {
        self.slot = Slot::InFlight(guid);
        self.next_at = now.mono + self.interval;
    }

    /// Records that nothing was sent for a task, because it has changed.
    pub(in crate::app) fn skipped(&mut self, guid: TaskGuid, why: Refusal) {
        self.outcomes.add(TaskOutcome { guid, ending: Ending::Skipped, reason: why.to_string() });
    }

    /// Returns whether the action on a task is this run's, and not over.
    pub(in crate::app) fn awaits(&self, guid: &TaskGuid) -> bool {
        let is_in_slot = match &self.slot {
            Slot::Free => false,
            Slot::InFlight(current) | Slot::Between(current, _) => current == guid,
        };
        is_in_slot || self.looked_up.contains_key(guid)
    }

    /// Returns whether the task in flight may go on with its next step.
    pub(in crate::app) const fn goes_on(&self) -> bool {
        self.stop.is_none()
    }

    /// Records that a step was acknowledged and another one follows.
    pub(in crate::app) fn step_done(&mut self, guid: TaskGuid, steps: Steps) {
        self.unanswered = 0;
        self.slot = Slot::Between(guid, steps);
    }

    /// Records that the last step was answered, or was not, and that the task is being looked up.
    pub(in crate::app) fn replied(&mut self, guid: TaskGuid, fault: Option<Fault>) {
        self.unanswered = match &fault {
            Some(fault) if fault.is_unanswered() => self.unanswered + 1,
            _ => 0,
        };
        self.looked_up.insert(guid, fault);
        self.slot = Slot::Free;
        if self.unanswered >= MAX_UNANSWERED {
            self.stop.get_or_insert(Stop::Unanswered);
        }
    }

    /// Returns the fault of the last call for a task that is being looked up.
    pub(in crate::app) fn fault_of(&self, guid: &TaskGuid) -> Option<&Fault> {
        self.looked_up.get(guid)?.as_ref()
    }

    /// Records the outcome of a task that was looked up.
    pub(in crate::app) fn ended(&mut self, outcome: TaskOutcome) {
        if self.looked_up.remove(&outcome.guid).is_some() {
            self.outcomes.add(outcome);
        }
    }

    /// Stops the run after the call in flight. Returns the task that waits for its next step, if there is one: the caller
    /// looks it up.
    pub(in crate::app) fn stop(&mut self) -> Option<TaskGuid> {
        self.stop.get_or_insert(Stop::Asked);
        match std::mem::replace(&mut self.slot, Slot::Free) {
            Slot::Between(guid, _) => {
                self.looked_up.insert(guid.clone(), None);
                Some(guid)
            }
            slot => {
                self.slot = slot;
                None
            }
        }
    }

    /// Records the tasks that a stopped run no longer reaches, once every other task has its outcome. Returns whether that
    /// ended the run, or the last outcome did; true only once.
    pub(in crate::app) fn finish(&mut self) -> bool {
        let is_idle = self.slot == Slot::Free && self.looked_up.is_empty();
        if let Some(stop) = self.stop.filter(|_| is_idle) {
            while let Some(PlannedTask { guid, .. }) = self.take_next() {
                self.outcomes.add(TaskOutcome { guid, ending: Ending::NotSent, reason: stop.reason() });
            }
        }
        self.is_over() && !std::mem::replace(&mut self.is_reported, true)
    }
}

/// Returns the index of the first task from `from` on that is not refused.
fn next_allowed(set: &ActionSet, from: usize) -> usize {
    let left = set.tasks().iter().skip(from);
    from + left.take_while(|task| task.refusal().is_some()).count()
}

impl Stop {
    fn reason(self) -> String {
        match self {
            Self::Asked => "The run was stopped".to_owned(),
            Self::Unanswered => {
                format!("The run stopped after {MAX_UNANSWERED} calls in a row without an answer")
            }
        }
    }
}
