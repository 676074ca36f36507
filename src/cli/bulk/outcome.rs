//! The outcome for one task, as a line of JSON.

use serde::Serialize;

use crate::model::{TaskAction, TaskGuid};
use crate::present::sanitise;

/// The outcome in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Word {
    Cancelled,
    Resolved,
    Deleted,
    /// Nothing was sent, and nothing is wrong.
    Skipped,
    /// It would be acted on.
    Planned,
    /// It was not done.
    Failed,
    /// It may have been done.
    Unknown,
}

/// The outcome of one task, and its reason.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    task_guid: String,
    #[serde(rename = "outcome")]
    word: Word,
    /// Empty where the word says it all.
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
        // Part of it may be a server's words.
        let reason = sanitise::clean(reason).into_owned();
        Self { task_guid: guid.to_string(), word, reason }
    }

    /// Whether somebody must look.
    pub(super) fn is_failure(&self) -> bool {
        matches!(self.word, Word::Failed | Word::Unknown)
    }
}
