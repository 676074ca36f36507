//! How the action on one task ended, as commands print it and the dashboard saves it: one line of JSON a task.

use serde::{Serialize, Serializer};

use super::TaskAction;
use crate::model::TaskGuid;

/// The kind of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// The task was cancelled.
    Cancelled,
    /// The task was resolved.
    Resolved,
    /// The task was deleted.
    Deleted,
    /// Nothing was sent, and nothing failed.
    Skipped,
    /// The action would be sent.
    Planned,
    /// The action was not carried out.
    Failed,
    /// The action may have been carried out.
    Unknown,
}

/// The outcome of one task, and its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    #[serde(serialize_with = "as_text")]
    task_guid: TaskGuid,
    #[serde(rename = "outcome")]
    word: Word,
    reason: String,
}

impl Word {
    /// Returns the word for an action that is done.
    pub const fn done(action: TaskAction) -> Self {
        match action {
            TaskAction::Cancel => Self::Cancelled,
            TaskAction::Resolve => Self::Resolved,
            TaskAction::Delete => Self::Deleted,
        }
    }
}

impl Report {
    /// Returns the report of one task. The reason is empty if the outcome needs no explanation.
    pub fn new(task_guid: TaskGuid, word: Word, reason: String) -> Self {
        Self { task_guid, word, reason }
    }

    /// Returns whether the outcome counts as a failure.
    pub const fn is_failure(&self) -> bool {
        matches!(self.word, Word::Failed | Word::Unknown)
    }
}

fn as_text<S: Serializer>(guid: &TaskGuid, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(guid.as_str())
}
