//! Drives the run of a session: sends its calls when they are due, and takes in what they did.

use std::time::Duration;

use super::Session;
use super::pending::Phase;
use crate::app::bulk::{BulkRun, Ending, Next, Steps, Stop, TaskOutcome};
use crate::app::{Notices, SessionEffect, Severity};
use crate::clock::Now;
use crate::model::plan::{ActionSet, Found, Outcome, Reply, TaskAction};
use crate::model::recording::Intent;
use crate::model::{Fault, TaskGuid};
use crate::present::format;

impl Session {
    /// Begins a run over the tasks of a confirmed set.
    pub(in crate::app) fn begin_run(&mut self, set: ActionSet, now: Now) {
        let confirmed = set.actionable();
        for task in set.tasks() {
            self.store.unmark(&task.guid);
            if task.refusal().is_none() {
                self.note_confirmed(&task.guid, Intent::Act(set.action()), confirmed, now);
            }
        }
        let interval = self.target.writes_per_second.interval();
        self.run = Some(Box::new(BulkRun::new(set, interval, now)));
    }

    /// Returns the run, if it is not over.
    pub(in crate::app) fn active_run(&self) -> Option<&BulkRun> {
        self.run.as_deref().filter(|run| !run.is_over())
    }

    /// Returns when the run has something to send.
    pub(in crate::app) fn run_due(&self) -> Option<Duration> {
        self.run.as_ref()?.due()
    }

    /// Stops the run after the call in flight.
    pub(in crate::app) fn stop_run(&mut self, now: Now) -> Vec<SessionEffect> {
        let waiting = self.run.as_deref_mut().and_then(BulkRun::stop);
        let Some(guid) = waiting else { return Vec::new() };
        self.look_up(guid, Reply::Acknowledged, None, now)
    }

    /// Sends the call that is due, and reports the end of the run.
    pub(super) fn advance_run(&mut self, notices: &mut Notices, now: Now) -> Vec<SessionEffect> {
        let effects = self.send_due(now).into_iter().collect();
        if let Some(run) = &mut self.run
            && run.finish()
        {
            let (severity, text) = summary(run);
            notices.say(severity, self.about(text), now);
        }
        effects
    }

    fn send_due(&mut self, now: Now) -> Option<SessionEffect> {
        loop {
            let (guid, steps) = match self.run.as_mut()?.next(now)? {
                Next::Begin(task) => {
                    let confirmed = self.confirm(self.run.as_ref()?.set().action(), &task);
                    let steps = confirmed.map(|(plan, created_at)| Steps { created_at, left: plan.steps() });
                    (task.guid, steps)
                }
                Next::Continue(guid, steps) => (guid, Ok(steps)),
            };
            match steps {
                Ok(Steps { created_at, left }) => {
                    let run = self.run.as_mut()?;
                    let action = run.set().action();
                    run.sent(guid.clone(), now);
                    return self.send(&guid, action, created_at, left, now);
                }
                Err(why) => {
                    let run = self.run.as_mut()?;
                    let intent = Intent::Act(run.set().action());
                    run.skipped(guid.clone(), why);
                    self.note_ended(
                        &guid,
                        intent,
                        Outcome::NotDone,
                        &format!("nothing was sent: {why}"),
                        now,
                    );
                }
            }
        }
    }

    /// Returns the run if the action on this task is one of its calls.
    pub(super) fn run_of(&mut self, guid: &TaskGuid) -> Option<&mut BulkRun> {
        self.run.as_deref_mut().filter(|run| run.awaits(guid))
    }

    /// Lets the next step of a task wait for its time. Returns whether the task is of a run: others do not wait.
    pub(super) fn wait_for_turn(&mut self, guid: &TaskGuid, steps: Steps, now: Now) -> bool {
        let Some(run) = self.run_of(guid) else { return false };
        run.step_done(guid.clone(), steps);
        if let Some(pending) = self.pending.get_mut(guid) {
            pending.phase = Phase::Waiting;
            pending.since = now;
        }
        true
    }

    /// Records the outcome of a task of a run. Returns whether it is one.
    pub(super) fn record_outcome(
        &mut self,
        guid: &TaskGuid,
        outcome: Outcome,
        found: Result<Found<'_>, &Fault>,
    ) -> bool {
        let Some(run) = self.run_of(guid) else { return false };
        let reason = reason(run, guid, outcome, found);
        let ending = match outcome {
            Outcome::Done => Ending::Done,
            Outcome::NotDone => Ending::Failed,
            Outcome::Unknown => Ending::Unknown,
        };
        run.ended(TaskOutcome { guid: guid.clone(), ending, reason });
        true
    }
}

/// Explains an outcome; empty if there is nothing to explain.
fn reason(run: &BulkRun, guid: &TaskGuid, outcome: Outcome, found: Result<Found<'_>, &Fault>) -> String {
    let now = match found {
        Ok(Found::Task(task)) => format!("the task is {} now", task.state),
        Ok(Found::Gone) => "the task is gone now".to_owned(),
        Err(look_up) => format!("could not look the task up: {look_up}"),
    };
    match (run.fault_of(guid), outcome) {
        (Some(fault), _) => {
            let request = fault.request.map(|id| format!(" (request {id})")).unwrap_or_default();
            format!("{}; {now}{request}", fault.kind)
        }
        (None, Outcome::Done) => String::new(),
        (None, _) if run.stop_reason() == Some(Stop::Asked) => {
            format!("The run was stopped before the last step; {now}")
        }
        (None, _) => format!("The BBS acknowledged it, but {now}"),
    }
}

/// Says how a run ended.
fn summary(run: &BulkRun) -> (Severity, String) {
    let (action, outcomes) = (run.set().action(), run.outcomes());
    let done = outcomes.count(Ending::Done);
    let (bad, others) =
        (outcomes.count(Ending::Failed) + outcomes.count(Ending::Unknown), run.total() - done);
    let severity = match () {
        () if bad > 0 => Severity::Bad,
        () if others > 0 => Severity::Warn,
        () => Severity::Good,
    };
    let rest = outcomes
        .counts()
        .filter(|(ending, count)| *count > 0 && !matches!(ending, Ending::Done | Ending::Refused));
    let rest: Vec<_> =
        rest.map(|(ending, count)| format!("{} {}", format::len(count), ending.word(action))).collect();
    let rest = if rest.is_empty() { String::new() } else { format!(" ({})", rest.join(", ")) };
    let text = format!(
        "{} {} of {}{rest}. :outcomes lists them",
        done_title(action),
        format::len(done),
        format::counted(run.total(), "task"),
    );
    (severity, text)
}

const fn done_title(action: TaskAction) -> &'static str {
    match action {
        TaskAction::Cancel => "Cancelled",
        TaskAction::Resolve => "Resolved",
        TaskAction::Delete => "Deleted",
    }
}
