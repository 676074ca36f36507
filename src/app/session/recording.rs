//! Records what the operator does in a session: what was confirmed, sent and answered, and how it ended.

use super::Session;
use crate::clock::Now;
use crate::model::plan::{Found, Outcome, Reply};
use crate::model::recording::{ActionEntry, Intent, Progress, Recorded, WriteCall};
use crate::model::{Fault, ReadSummary, RequestId, TaskGuid};

impl Session {
    /// Reads summaries of definitions with `read`.
    pub(super) fn read_summaries_with(&mut self, read: ReadSummary) {
        self.store.read_summaries_with(read);
        self.recorder.entries.read_summaries_with(read);
    }

    /// Returns whether tasks that were there before the recording are still to be recorded.
    pub(in crate::app) const fn lists_for_recording(&self) -> bool {
        self.recorder.entries.has_rows_left()
    }

    /// Records that the operator confirmed an action, in a question about so many tasks.
    pub(super) fn note_confirmed(&mut self, guid: &TaskGuid, intent: Intent, tasks: usize, now: Now) {
        let tasks = u32::try_from(tasks).unwrap_or(u32::MAX);
        self.note(guid, intent, Progress::Confirmed { tasks }, now);
    }

    /// Records that a request is sent.
    pub(super) fn note_sent(&mut self, guid: &TaskGuid, call: WriteCall, request: RequestId, now: Now) {
        self.note_call(guid, call, Progress::Sent { call, request }, now);
    }

    /// Records how a request was answered.
    pub(super) fn note_answered(
        &mut self,
        guid: &TaskGuid,
        call: WriteCall,
        fault: Option<&Fault>,
        now: Now,
    ) {
        let reply = Reply::of(fault.map_or(Ok(()), Err));
        let message = fault.map(ToString::to_string).unwrap_or_default().into();
        self.note_call(guid, call, Progress::Answered { call, reply, message }, now);
    }

    /// Records how an action ended, and what was found afterwards.
    pub(super) fn note_ended(
        &mut self,
        guid: &TaskGuid,
        intent: Intent,
        outcome: Outcome,
        found: &str,
        now: Now,
    ) {
        self.note(guid, intent, Progress::Ended { outcome, found: found.into() }, now);
    }

    fn note_call(&mut self, guid: &TaskGuid, call: WriteCall, progress: Progress, now: Now) {
        let intent = match (call, self.pending.get(guid)) {
            (WriteCall::Desire, _) => Intent::Desire,
            (WriteCall::Step(_), Some(pending)) => Intent::Act(pending.action),
            // Nobody waits for it any more.
            (WriteCall::Step(_), None) => return,
        };
        self.note(guid, intent, progress, now);
    }

    fn note(&mut self, guid: &TaskGuid, intent: Intent, progress: Progress, now: Now) {
        let entry = ActionEntry { guid: guid.clone(), intent, progress };
        self.recorder.entries.push(now.wall, Recorded::Action(entry));
    }
}

/// Returns what a look-up found, in words.
pub(super) fn found_words(found: Result<Found<'_>, &Fault>) -> String {
    match found {
        Ok(Found::Task(task)) => format!("the task is {}", task.state),
        Ok(Found::Gone) => "the task is gone".to_owned(),
        Err(fault) => fault.to_string(),
    }
}
