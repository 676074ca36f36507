//! The fields that a task gets when it completes.
//!
//! Source: "Life of a task" of the API.

use bytes::Bytes;

use super::bytes;
use crate::bbs::wire::{Error, Task};
use crate::model::{State, Timestamp};
use crate::sim::database;

/// Length in bytes from which the server truncates reasons, and to which it truncates them.
pub(in crate::sim) const REASON_LIMIT: usize = 1024;
const TRUNCATED: &[u8] = b"(truncated)";

/// The result or failure of a task, as the server stores it.
pub(super) struct Completion {
    failed: bool,
    result: Bytes,
    failure_reason: Bytes,
}

impl Completion {
    /// Creates a completion with a result or a failure reason, which is truncated.
    pub(super) fn new(outcome: Result<&[u8], &[u8]>) -> Self {
        match outcome {
            Ok(result) => Self { failed: false, result: bytes(result), failure_reason: Bytes::new() },
            Err(reason) => Self { failed: true, result: Bytes::new(), failure_reason: truncate(reason) },
        }
    }

    /// Returns the database's error if it cannot store the text.
    pub(super) fn check(&self) -> Result<(), Error> {
        database::check_text(&self.result)?;
        database::check_text(&self.failure_reason)
    }

    /// Completes the task. Leaves `cell_id` to the caller, because the sweep keeps it and calls clear it.
    pub(super) fn apply(self, task: &mut Task, now: Timestamp) {
        task.state = State::Completed.number();
        task.updated_at = now.as_nanos();
        task.first_completed_at = now.as_nanos();
        task.failed = self.failed;
        task.result = self.result;
        task.failure_reason = self.failure_reason;
    }
}

/// Truncates a reason as the server does: by bytes, so possibly inside a character.
pub(super) fn truncate(reason: &[u8]) -> Bytes {
    if reason.len() < REASON_LIMIT {
        return bytes(reason);
    }
    let kept = reason.iter().take(REASON_LIMIT - TRUNCATED.len());
    kept.chain(TRUNCATED).copied().collect()
}
