//! Actions from the question to a verified outcome.
//!
//! An action is refused before it is asked about if the state forbids it. The question holds the guids and their steps,
//! which are checked again when it is answered. Each step is sent once and never again; then the task is looked up,
//! whatever the BBS replied.

use crate::clock::Now;
use crate::model::lifecycle::Step;
use crate::model::plan::{ActionSet, Found, Outcome, Plan, PlannedTask, Refusal, Reply, Sent};
use crate::model::recording::{Intent, WriteCall};
use crate::model::{Fault, FaultKind, RefusedType, RequestId, Task, TaskAction, TaskGuid, Timestamp};

use super::Session;
use super::pending::{Pending, Phase};
use super::recording::found_words;
use crate::app::bulk::Steps;
use crate::app::{Entry, Mark, Notices, SessionEffect, Severity};

impl Session {
    /// Freezes tasks with the steps that each takes now, or why it is refused.
    pub(in crate::app) fn freeze<'a>(
        &self,
        action: TaskAction,
        entries: impl IntoIterator<Item = &'a Entry>,
    ) -> ActionSet {
        let mut set = ActionSet::new(action);
        entries.into_iter().for_each(|entry| set.push(self.plan(action, entry)));
        set
    }

    /// Freezes a task with the steps that it takes now, or why it is refused.
    pub(in crate::app) fn plan(&self, action: TaskAction, entry: &Entry) -> PlannedTask {
        match self.actionable(&entry.task.guid) {
            Ok(task) => PlannedTask::frozen(task, action.plan(task.state)),
            Err(why) => PlannedTask::frozen(&entry.task, Err(why)),
        }
    }

    /// Returns the task as it is now, or why no action on it is possible, whatever its state.
    pub(in crate::app) fn actionable(&self, guid: &TaskGuid) -> Result<&Task, Refusal> {
        if let Some(why) = self.refuses_writes() {
            return Err(why);
        }
        if self.pending.get(guid).is_some_and(Pending::in_flight) {
            return Err(Refusal::InProgress);
        }
        match self.store.get(guid) {
            Some(entry) if entry.end.is_none() => Ok(&entry.task),
            Some(_) => Err(Refusal::Gone),
            None => Err(Refusal::NotListed),
        }
    }

    /// Sends the first step for a task if it still takes the steps that were confirmed.
    ///
    /// # Errors
    /// Why nothing is sent.
    pub(in crate::app) fn act(
        &mut self,
        action: TaskAction,
        planned: &PlannedTask,
        now: Now,
    ) -> Result<Option<SessionEffect>, Refusal> {
        let (plan, created_at) = self.confirm(action, planned)?;
        self.note_confirmed(&planned.guid, Intent::Act(action), 1, now);
        Ok(self.send(&planned.guid, action, created_at, plan.steps(), now))
    }

    /// Returns the steps that were confirmed for a task, and when it was created.
    pub(super) fn confirm(
        &self,
        action: TaskAction,
        planned: &PlannedTask,
    ) -> Result<(Plan, Timestamp), Refusal> {
        let task = self.actionable(&planned.guid)?;
        Ok((planned.confirm(action, task)?, task.created_at))
    }

    pub(super) fn send(
        &mut self,
        guid: &TaskGuid,
        action: TaskAction,
        created_at: Timestamp,
        steps: &'static [Step],
        now: Now,
    ) -> Option<SessionEffect> {
        let (step, left) = steps.split_first()?;
        let deletes = *step == Step::Delete;
        let phase = Phase::Sent(*step);
        let pending = Pending { action, phase, left, since: now, created_at, request: None, deletes };
        self.pending.set(guid.clone(), pending);
        Some(SessionEffect::Act { guid: guid.clone(), step: *step })
    }

    /// Takes the id of the request that a call was sent with.
    pub(super) fn requested(&mut self, guid: &TaskGuid, call: WriteCall, request: RequestId, now: Now) {
        self.note_sent(guid, call, request, now);
        let WriteCall::Step(step) = call else { return };
        if let Some(pending) = self.pending.get_mut(guid)
            && pending.phase == Phase::Sent(step)
        {
            pending.request = Some(request);
            self.recorder.timelines.sent(guid, step, request, now.wall);
        }
    }

    /// Takes the reply to one step: sends the next one, or looks the task up.
    pub(super) fn acted(
        &mut self,
        guid: TaskGuid,
        step: Step,
        result: Result<(), Fault>,
        notices: &mut Notices,
        now: Now,
    ) -> Vec<SessionEffect> {
        let Some(pending) = self.pending.get_mut(&guid) else { return Vec::new() };
        if pending.phase != Phase::Sent(step) {
            return Vec::new();
        }
        let (action, left, created_at) = (pending.action, pending.left, pending.created_at);
        let reply = Reply::of(result.as_ref().copied());
        self.note_answered(&guid, WriteCall::Step(step), result.as_ref().err(), now);
        let goes_on = self.run_of(&guid).is_none_or(|run| run.goes_on());
        if reply == Reply::Acknowledged && !left.is_empty() && goes_on {
            if self.wait_for_turn(&guid, Steps { created_at, left }, now) {
                return Vec::new();
            }
            return self.send(&guid, action, created_at, left, now).into_iter().collect();
        }
        let fault = result.err();
        if let Some(fault) = &fault {
            self.recorder.timelines.failed(&guid, step, &fault.to_string(), now.wall);
        }
        if let Some(fault) = fault.as_ref().filter(|_| self.run_of(&guid).is_none()) {
            let severity = if reply == Reply::Missing { Severity::Warn } else { Severity::Bad };
            notices.say(severity, self.about(explain(action, &guid, fault)), now);
        }
        self.look_up(guid, reply, fault, now)
    }

    /// Looks a task up after its last step.
    pub(super) fn look_up(
        &mut self,
        guid: TaskGuid,
        reply: Reply,
        fault: Option<Fault>,
        now: Now,
    ) -> Vec<SessionEffect> {
        if let Some(pending) = self.pending.get_mut(&guid) {
            if reply == Reply::Refused && std::mem::take(&mut pending.deletes) {
                self.store.disclaim_end(&guid, now.wall, &mut self.recorder);
            }
            pending.phase = Phase::Verifying { reply };
            pending.left = &[];
            pending.since = now;
        }
        if let Some(run) = self.run_of(&guid) {
            run.replied(guid.clone(), fault);
        }
        let mark = self.store.mark();
        vec![SessionEffect::Get { guid, mark }]
    }

    /// Records our own deletes as the way in which their tasks ended, whoever reported that they are gone.
    pub(super) fn claim_deletions(&mut self, now: Now) {
        for (guid, pending) in self.pending.deleting() {
            let Pending { created_at, request, .. } = *pending;
            self.store.claim_end(guid, created_at, request, now.wall, &mut self.recorder);
        }
    }

    /// Takes the task that was looked up after an action.
    pub(super) fn got(
        &mut self,
        guid: &TaskGuid,
        mark: Mark,
        result: Result<Option<Task>, Fault>,
        notices: &mut Notices,
        now: Now,
    ) {
        let found = result.as_ref().map(|task| task.as_ref().map_or(Found::Gone, Found::Task));
        let ended = match self.end_action(guid, found, now) {
            Some((action, outcome)) => {
                self.note_ended(guid, Intent::Act(action), outcome, &found_words(found), now);
                let is_recorded = self.record_outcome(guid, outcome, found);
                (!is_recorded).then(|| report(action, guid, outcome, found))
            }
            None => self.end_creation(guid, found, now),
        };
        if let Some((severity, text)) = ended {
            notices.say(severity, self.about(text), now);
        }
        if let Ok(task) = result {
            self.store.apply_got(mark, guid, task, now.wall, &mut self.recorder);
        }
    }

    /// Ends the action that waits for this look-up, if any. Returns it with its outcome.
    fn end_action(
        &mut self,
        guid: &TaskGuid,
        found: Result<Found<'_>, &Fault>,
        now: Now,
    ) -> Option<(TaskAction, Outcome)> {
        let pending = self.pending.get_mut(guid)?;
        let Phase::Verifying { reply } = pending.phase else { return None };
        let (action, created_at) = (pending.action, pending.created_at);
        let outcome = found.map_or(Outcome::Unknown, |found| action.judge(Sent { reply, created_at }, found));
        pending.phase = Phase::Ended(outcome);
        pending.since = now;
        // It is still there, so it was not deleted.
        pending.deletes &= !matches!(found, Ok(Found::Task(_)));
        Some((action, outcome))
    }
}

/// Says how an action ended.
fn report(
    action: TaskAction,
    guid: &TaskGuid,
    outcome: Outcome,
    found: Result<Found<'_>, &Fault>,
) -> (Severity, String) {
    let done = action.done();
    match (outcome, found) {
        (Outcome::Done, _) => (Severity::Good, format!("{guid} is {done}.")),
        (Outcome::NotDone, found) => {
            (Severity::Bad, format!("{guid} is not {done}: it is {}.", state_of(found.ok())))
        }
        (Outcome::Unknown, Err(fault)) => {
            let text = format!(
                "Could not confirm that {guid} was {done}: {fault}. The next list will show its state"
            );
            (Severity::Bad, text)
        }
        (Outcome::Unknown, Ok(found)) => {
            let text = format!(
                "Could not confirm that {guid} was {done}: the BBS did not reply, and the task is {} now",
                state_of(Some(found))
            );
            (Severity::Bad, text)
        }
    }
}

fn state_of(found: Option<Found<'_>>) -> String {
    match found {
        Some(Found::Task(task)) => task.state.to_string(),
        Some(Found::Gone) | None => "gone".to_owned(),
    }
}

/// Returns the server's message and what it means for the operator.
fn explain(action: TaskAction, guid: &TaskGuid, fault: &Fault) -> String {
    let meaning = match &fault.kind {
        FaultKind::Refused { kind: RefusedType::INVALID_STATE_TRANSITION, .. } => {
            "its state changed before the request arrived"
        }
        FaultKind::Refused { kind: RefusedType::RESOURCE_NOT_FOUND, .. } => "it is gone already",
        _ if fault.outcome_unknown() => "the outcome is unknown; looking up the task, sending nothing again",
        _ => "nothing was changed",
    };
    format!("{} {guid}: {fault} - {meaning}.", action.title())
}
