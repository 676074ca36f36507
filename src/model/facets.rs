//! What filters and sort rules read of a task without reading the whole task. Many tasks share one of these, so both
//! look once at each instead of at every task.

use super::{Cause, State};

/// What many tasks have in common.
#[derive(Debug, Clone, Copy)]
pub struct Shared<'a> {
    /// The domain.
    pub domain: &'a str,
    /// The cell that runs the task, or the last one that did; empty if there is none.
    pub cell: &'a str,
    /// The availability zone of that cell; empty if it is not known.
    pub zone: &'a str,
    /// The state.
    pub state: State,
    /// Whether the task failed.
    pub failed: bool,
    /// Why the task ended; none while the BBS holds it.
    pub cause: Option<Cause>,
}

impl Shared<'_> {
    /// Returns whether the BBS no longer holds the task.
    pub const fn has_ended(&self) -> bool {
        self.cause.is_some()
    }
}

/// The texts of a task. Most tasks have none, and many of the others have the same.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    /// The reason that is shown: see [`super::Task::reason`].
    pub reason: &'a str,
    /// The failure reason.
    pub failure: &'a str,
    /// The rejection reason.
    pub rejection: &'a str,
    /// The result.
    pub result: &'a str,
}
