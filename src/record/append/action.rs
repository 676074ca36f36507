//! Appends the steps of our own actions.

use rusqlite::ToSql;

use super::Batch;
use crate::model::Timestamp;
use crate::model::recording::{ActionEntry, Progress, bounded};
use crate::record::Result;
use crate::record::codes::{Code, Stage};
use crate::record::guid::StoredGuid;

impl Batch<'_> {
    pub(super) fn write_action(&mut self, at: Timestamp, entry: &ActionEntry) -> Result<()> {
        const INSERT: &str = "INSERT INTO action_entries (id, run, guid, intent, stage, tasks, call, request, reply, \
             outcome, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        let ActionEntry { guid, intent, progress } = entry;
        let row = ActionRow::of(progress);
        let run = self.run.0;
        let ActionRow { stage, tasks, call, request, reply, outcome, message } = &row;
        let values: [&dyn ToSql; 10] = [
            &run,
            &StoredGuid(guid),
            &intent.code(),
            &stage.code(),
            tasks,
            call,
            request,
            reply,
            outcome,
            message,
        ];
        self.insert(at, INSERT, &values)?;
        Ok(())
    }
}

/// The columns of an action that depend on how far it is.
struct ActionRow {
    stage: Stage,
    tasks: Option<u32>,
    call: Option<i64>,
    request: Option<String>,
    reply: Option<i64>,
    outcome: Option<i64>,
    message: Option<String>,
}

impl ActionRow {
    fn of(progress: &Progress) -> Self {
        let none = Self {
            stage: Stage::Confirmed,
            tasks: None,
            call: None,
            request: None,
            reply: None,
            outcome: None,
            message: None,
        };
        match progress {
            Progress::Confirmed { tasks } => Self { tasks: Some(*tasks), ..none },
            Progress::Sent { call, request } => Self {
                stage: Stage::Sent,
                call: Some(call.code()),
                request: Some(request.to_string()),
                ..none
            },
            Progress::Answered { call, reply, message } => Self {
                stage: Stage::Answered,
                call: Some(call.code()),
                reply: Some(reply.code()),
                message: Some(bounded(message).to_string()),
                ..none
            },
            Progress::Ended { outcome, found } => Self {
                stage: Stage::Ended,
                outcome: Some(outcome.code()),
                message: Some(bounded(found).to_string()),
                ..none
            },
        }
    }
}
