//! From a capital key to a verified outcome.
//!
//! Refused before it is asked if the state forbids it; asked in a dialog that holds the guid; checked again on
//! yes; each call sent once and never again; then looked up with a get, whatever was answered.

use crate::clock::Now;
use crate::model::lifecycle::Step;
use crate::model::{Fault, FaultKind, RefusedType, State, Task, TaskGuid};

use super::confirmation::{Answer, Confirmation};
use super::pending::{Dialog, Pending, Phase, Plan, Verb};
use super::{App, Effect, Mark, Overlay, Severity};

impl App {
    /// Asks whether `verb` is to be done to the task of the open detail, else to the selected one, or says why we would not ask.
    pub(super) fn ask(&mut self, verb: Verb, now: Now) {
        let Some(entry) = self.subject() else {
            return self.notices.say(Severity::Info, "No task is selected.", now);
        };
        let guid = entry.task.guid.clone();
        let asked_in = entry.task.state;
        match self.plan(verb, &guid) {
            Ok(plan) => {
                let confirmation = Confirmation::default();
                self.overlay = Overlay::Confirm(Dialog { guid, verb, plan, asked_in, confirmation });
            }
            Err(why) => {
                let text = format!("{} refused for {guid}: {why}.", verb.name());
                self.notices.say(Severity::Warn, text, now);
            }
        }
    }

    /// The calls that `verb` takes on a task as it is now, or why we would not send them.
    fn plan(&self, verb: Verb, guid: &TaskGuid) -> Result<Plan, String> {
        if self.target.read_only {
            return Err("this target is opened read-only".into());
        }
        if self.pending.get(guid).is_some_and(Pending::in_flight) {
            return Err("an action on it is under way".into());
        }
        match self.store.get(guid) {
            Some(entry) if entry.end.is_none() => {
                verb.plan(&entry.task).map_err(|refusal| refusal.0.to_owned())
            }
            Some(_) => Err("the BBS no longer has it".to_owned()),
            None => Err("it is no longer known".into()),
        }
    }

    /// Takes the dialog's answer.
    pub(super) fn answer(&mut self, dialog: &Dialog, answer: Answer, now: Now) -> Vec<Effect> {
        self.overlay = Overlay::None;
        if answer == Answer::No {
            return Vec::new();
        }
        let Dialog { guid, verb, plan, .. } = dialog;
        match self.plan(*verb, guid) {
            Ok(current) if current == *plan => self.send(guid, *verb, plan.steps(), now),
            Ok(_) => {
                let text = format!("{guid} changed while you were asked; nothing was sent. Ask again.");
                self.notices.say(Severity::Warn, text, now);
                Vec::new()
            }
            Err(why) => {
                let text = format!("Nothing was sent for {guid}: {why}.");
                self.notices.say(Severity::Warn, text, now);
                Vec::new()
            }
        }
    }

    fn send(&mut self, guid: &TaskGuid, verb: Verb, steps: &'static [Step], now: Now) -> Vec<Effect> {
        let Some((step, left)) = steps.split_first() else { return Vec::new() };
        let deletes = *step == Step::Delete;
        let pending = Pending { verb, phase: Phase::Sent(*step), left, since: now, deletes };
        self.pending.set(guid.clone(), pending);
        vec![Effect::Act { guid: guid.clone(), step: *step }]
    }

    /// Takes the answer to one call.
    pub(super) fn acted(
        &mut self,
        guid: TaskGuid,
        step: Step,
        result: Result<(), Fault>,
        now: Now,
    ) -> Vec<Effect> {
        let Some(pending) = self.pending.get(&guid) else { return Vec::new() };
        if pending.phase != Phase::Sent(step) {
            return Vec::new();
        }
        let (verb, left) = (pending.verb, pending.left);
        match result {
            Ok(()) if !left.is_empty() => self.send(&guid, verb, left, now),
            Ok(()) => self.verify(guid, verb, false, now),
            Err(fault) => {
                let unknown = fault.outcome_unknown();
                if let Some(pending) = self.pending.get_mut(&guid) {
                    pending.deletes &= unknown;
                }
                let severity = if unknown { Severity::Warn } else { Severity::Bad };
                self.notices.say(severity, explain(verb, &guid, &fault), now);
                self.verify(guid, verb, unknown, now)
            }
        }
    }

    /// What has ended by our own delete says so, whoever told that it is gone.
    pub(super) fn claim_deletions(&mut self, now: Now) {
        for guid in self.pending.deleting() {
            self.store.claim_end(guid, now.wall, &mut self.event_log);
        }
    }

    fn verify(&mut self, guid: TaskGuid, verb: Verb, unknown: bool, now: Now) -> Vec<Effect> {
        let mark = self.store.mark();
        let (phase, left) = (Phase::Verifying { unknown }, &[]);
        let deletes = self.pending.is_deleting(&guid);
        self.pending.set(guid.clone(), Pending { verb, phase, left, since: now, deletes });
        vec![Effect::Get { guid, mark }]
    }

    /// Takes the look at a task that follows an action.
    pub(super) fn got(
        &mut self,
        guid: &TaskGuid,
        mark: Mark,
        result: Result<Option<Task>, Fault>,
        now: Now,
    ) -> Vec<Effect> {
        let seen = result.as_ref().ok().map(|task| task.as_ref().map(|task| (task.state, task.failed)));
        let fault = result.as_ref().err().map(ToString::to_string);
        if let Ok(task) = result {
            self.store.apply_got(mark, guid, task, now.wall, &mut self.event_log);
        }
        let Some(pending) = self.pending.get_mut(guid) else { return Vec::new() };
        if !matches!(pending.phase, Phase::Verifying { .. }) {
            return Vec::new();
        }
        let verb = pending.verb;
        let done = seen.map(|seen| is_done(verb, seen));
        pending.phase = match done {
            Some(true) => Phase::Done,
            Some(false) => Phase::Failed,
            None => Phase::Unknown,
        };
        pending.since = now;
        // It is still there, so it was not deleted.
        pending.deletes &= done != Some(false);
        match (done, fault) {
            (Some(true), _) => {
                self.notices.say(Severity::Good, format!("{guid} is {}.", verb.done()), now);
            }
            (Some(false), _) => {
                let state = seen.flatten().map_or("gone".to_owned(), |(state, _)| state.to_string());
                let text = format!("{guid} is not {}: it is {state}.", verb.done());
                self.notices.say(Severity::Bad, text, now);
            }
            (None, fault) => {
                let why = fault.unwrap_or_default();
                let text =
                    format!("Whether {guid} is {} is unknown: {why}; the next list shows it.", verb.done());
                self.notices.say(Severity::Bad, text, now);
            }
        }
        Vec::new()
    }
}

/// Whether a task seen so (none: not there) is what `verb` leads to. A task with a callback may be further on.
fn is_done(verb: Verb, seen: Option<(State, bool)>) -> bool {
    match (verb, seen) {
        (_, None) | (Verb::Cancel, Some((State::Completed | State::Resolving, _))) => true,
        (Verb::Resolve, Some((state, _))) => state == State::Resolving,
        (Verb::Cancel | Verb::Delete, Some(_)) => false,
    }
}

/// The server's words, and ours.
fn explain(verb: Verb, guid: &TaskGuid, fault: &Fault) -> String {
    let ours = match &fault.kind {
        FaultKind::Refused { kind: RefusedType::INVALID_STATE_TRANSITION, .. } => {
            "its state changed before the request arrived"
        }
        FaultKind::Refused { kind: RefusedType::RESOURCE_NOT_FOUND, .. } => "it is gone already",
        _ if fault.outcome_unknown() => "the outcome is unknown; looking at the task, sending nothing again",
        _ => "nothing was changed",
    };
    format!("{} {guid}: {fault} - {ours}.", verb.name())
}
