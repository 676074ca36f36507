//! The outcome of an action on one task, as a line of JSON.

use serde::Serialize;

use crate::model::{TaskAction, TaskGuid};
use crate::present::sanitise;

/// The kind of outcome, as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Word {
    Cancelled,
    Resolved,
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
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    task_guid: String,
    #[serde(rename = "outcome")]
    word: Word,
    /// Empty if the outcome needs no explanation.
    reason: String,
}

impl Word {
    pub(super) const fn done(action: TaskAction) -> Self {
        match action {
            TaskAction::Cancel => Self::Cancelled,
            TaskAction::Resolve => Self::Resolved,
            TaskAction::Delete => Self::Deleted,
        }
    }
}

impl Outcome {
    pub(super) fn of(guid: &TaskGuid, word: Word, reason: &str) -> Self {
        // Parts of the reason may come from a server.
        let reason = sanitise::clean(reason).into_owned();
        Self { task_guid: guid.to_string(), word, reason }
    }

    /// Returns whether the outcome counts as a failure.
    pub(super) fn is_failure(&self) -> bool {
        matches!(self.word, Word::Failed | Word::Unknown)
    }
}
