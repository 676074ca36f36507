//! How a task ends: what it leaves, or why it failed.

use bytes::Bytes;

use super::bytes;
use crate::bbs::wire::{Error, Task};
use crate::model::{State, Timestamp};
use crate::sim::database;

/// Reasons as long as this are cut by the server, to this length.
pub(in crate::sim) const REASON_LIMIT: usize = 1024;
const TRUNCATED: &[u8] = b"(truncated)";

/// The end of a task, as the server stores it.
pub(super) struct Ending {
    failed: bool,
    result: Bytes,
    failure_reason: Bytes,
}

impl Ending {
    /// The end that a cell reports: its result, or why it failed.
    pub(super) fn of(outcome: Result<&[u8], &[u8]>) -> Self {
        match outcome {
            Ok(result) => Self { failed: false, result: bytes(result), failure_reason: Bytes::new() },
            Err(reason) => Self { failed: true, result: Bytes::new(), failure_reason: cut(reason) },
        }
    }

    /// Whether the database takes it.
    pub(super) fn check(&self) -> Result<(), Error> {
        database::check(&self.result)?;
        database::check(&self.failure_reason)
    }

    /// Completes the task. Whether its cell is cleared is not the same for every end.
    pub(super) fn put_on(self, task: &mut Task, now: Timestamp) {
        task.state = State::Completed.number();
        task.updated_at = now.as_nanos();
        task.first_completed_at = now.as_nanos();
        task.failed = self.failed;
        task.result = self.result;
        task.failure_reason = self.failure_reason;
    }
}

/// The reason as it is stored. The cut may fall inside a character.
pub(super) fn cut(reason: &[u8]) -> Bytes {
    if reason.len() < REASON_LIMIT {
        return bytes(reason);
    }
    let kept = reason.iter().take(REASON_LIMIT - TRUNCATED.len());
    kept.chain(TRUNCATED).copied().collect()
}
