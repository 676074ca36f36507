//! Tasks that are being created: each is sent once, then looked up, whatever the BBS replied.
//!
//! A guid can be used only once, so a task that is found under a guid that was made for it is ours, even if the reply got
//! lost.

use std::collections::HashMap;

use crate::clock::Now;
use crate::model::plan::{Found, Outcome, Refusal, Reply};
use crate::model::recording::{Intent, WriteCall};
use crate::model::{Fault, FaultKind, NewTask, RefusedType, TaskGuid};

use super::Session;
use super::recording::found_words;
use crate::app::edit::Draft;
use crate::app::{Notices, SessionEffect, Severity};

/// The tasks that are being created, by guid.
#[derive(Debug, Default)]
pub(in crate::app) struct Creations(HashMap<TaskGuid, Creation>);

/// How far the creation of a task has come.
#[derive(Debug)]
struct Creation {
    /// Whether the guid was made for this task.
    is_fresh: bool,
    /// How the BBS replied, once it has.
    reply: Option<Reply>,
    /// Its text, to be kept if it is not created.
    draft: Draft,
}

impl Creations {
    /// Returns the tasks that are being created.
    pub(in crate::app) fn guids(&self) -> impl ExactSizeIterator<Item = &TaskGuid> {
        self.0.keys()
    }
}

impl Session {
    /// Sends a new task.
    ///
    /// # Errors
    /// Why nothing is sent, with the draft.
    pub(in crate::app) fn desire(
        &mut self,
        task: NewTask,
        is_fresh: bool,
        draft: Draft,
        now: Now,
    ) -> Result<SessionEffect, (Refusal, Draft)> {
        if let Err(why) = self.may_create(&task.guid) {
            return Err((why, draft));
        }
        // The next new task is another one.
        self.draft = None;
        self.note_confirmed(&task.guid, Intent::Desire, 1, now);
        self.creations.0.insert(task.guid.clone(), Creation { is_fresh, reply: None, draft });
        Ok(SessionEffect::Desire(task))
    }

    fn may_create(&self, guid: &TaskGuid) -> Result<(), Refusal> {
        if let Some(why) = self.refuses_writes() {
            return Err(why);
        }
        if self.creations.0.contains_key(guid) {
            return Err(Refusal::InProgress);
        }
        if self.store.get(guid).is_some_and(|entry| entry.end.is_none()) {
            return Err(Refusal::Replaced);
        }
        Ok(())
    }

    /// Takes the text of a task that was not created back as a draft, unless another was written meanwhile.
    fn give_back(&mut self, draft: Draft) {
        self.draft.get_or_insert(draft);
    }

    /// Takes the reply to a new task: looks the task up, unless the BBS refused it.
    pub(super) fn desired(
        &mut self,
        guid: TaskGuid,
        result: &Result<(), Fault>,
        notices: &mut Notices,
        now: Now,
    ) -> Vec<SessionEffect> {
        let Some(creation) = self.creations.0.get_mut(&guid) else { return Vec::new() };
        let reply = Reply::of(result.as_ref().copied());
        creation.reply = Some(reply);
        self.note_answered(&guid, WriteCall::Desire, result.as_ref().err(), now);
        if let Err(fault) = result {
            let severity = if reply == Reply::Missing { Severity::Warn } else { Severity::Bad };
            notices.say(severity, self.about(explain(&guid, fault)), now);
        }
        if reply == Reply::Refused {
            if let Some(creation) = self.creations.0.remove(&guid) {
                self.give_back(creation.draft);
            }
            self.note_ended(&guid, Intent::Desire, Outcome::NotDone, "nothing was created", now);
            return Vec::new();
        }
        let mark = self.store.mark();
        vec![SessionEffect::Get { guid, mark }]
    }

    /// Ends the creation that waits for this look-up, if any. Returns what to tell the operator.
    pub(super) fn end_creation(
        &mut self,
        guid: &TaskGuid,
        found: Result<Found<'_>, &Fault>,
        now: Now,
    ) -> Option<(Severity, String)> {
        let reply = self.creations.0.get(guid)?.reply?;
        let Creation { is_fresh, draft, .. } = self.creations.0.remove(guid)?;
        let is_done = match (reply, found) {
            (Reply::Acknowledged, _) => true,
            (_, Ok(Found::Task(_))) => is_fresh,
            (_, Ok(Found::Gone) | Err(_)) => false,
        };
        if !is_done {
            self.give_back(draft);
        }
        let outcome = if is_done { Outcome::Done } else { Outcome::Unknown };
        self.note_ended(guid, Intent::Desire, outcome, &found_words(found), now);
        Some(report(guid, reply, is_fresh, found))
    }
}

/// Says how a creation ended.
fn report(
    guid: &TaskGuid,
    reply: Reply,
    is_fresh: bool,
    found: Result<Found<'_>, &Fault>,
) -> (Severity, String) {
    match (reply, found) {
        (Reply::Acknowledged, Ok(Found::Task(task))) => {
            (Severity::Good, format!("{guid} was created: {}.", task.state))
        }
        (Reply::Acknowledged, Ok(Found::Gone)) => {
            (Severity::Warn, format!("{guid} was created and is already gone."))
        }
        (Reply::Acknowledged, Err(fault)) => {
            (Severity::Warn, format!("{guid} was created, but could not be looked up: {fault}"))
        }
        (_, Ok(Found::Task(task))) if is_fresh => {
            let text =
                format!("{guid} was created: {}. The BBS did not reply, but it has the task.", task.state);
            (Severity::Good, text)
        }
        (_, Ok(Found::Task(_))) => {
            let text = format!(
                "Could not confirm that {guid} was created: the BBS did not reply. It has a task with this guid \
                 now, which may be another client's."
            );
            (Severity::Bad, text)
        }
        (_, Ok(Found::Gone)) => {
            (Severity::Bad, not_confirmed(guid, "the BBS did not reply, and has no such task"))
        }
        (_, Err(fault)) => (Severity::Bad, not_confirmed(guid, &fault.to_string())),
    }
}

fn not_confirmed(guid: &TaskGuid, why: &str) -> String {
    format!(
        "Could not confirm that {guid} was created: {why}. You can send it again with the same guid: the BBS \
         accepts a guid only once."
    )
}

/// Returns the server's message and what it means for the operator.
fn explain(guid: &TaskGuid, fault: &Fault) -> String {
    let meaning = match &fault.kind {
        FaultKind::Refused { kind: RefusedType::RESOURCE_EXISTS, .. } => {
            "another task has this guid; nothing was created, and your text is kept"
        }
        _ if fault.outcome_unknown() => "the outcome is unknown; looking up the task, sending nothing again",
        _ => "nothing was created, and your text is kept",
    };
    format!("Create {guid}: {fault} - {meaning}.")
}
