//! A task that does not exist yet, and the faults of the text that it is written in.

use super::{Domain, RawDefinition, TaskGuid};

/// A task to desire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// Identity of the task; must not be in use.
    pub guid: TaskGuid,
    /// Domain that the task will belong to.
    pub domain: Domain,
    /// Encoded definition.
    pub definition: RawDefinition,
}

/// Something in the text of a task that must be corrected before the task can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentFault {
    /// The line, counted from 1; none if it concerns the text as a whole.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

/// A line of the text of a task.
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentLine {
    /// The line with its secrets in clear text.
    pub clear: String,
    /// The line with its secrets masked.
    pub masked: String,
}
