//! The cell's side of a task's life: start, complete, reject. An operator's client calls none of them.

use bytes::Bytes;

use super::{Machine, bytes, end, state};
use crate::bbs::wire;
use crate::model::lifecycle::{self, CellStep};
use crate::model::{State, Timestamp};
use crate::sim::refusal;

/// Reasons longer than this are cut by the server.
const REASON_LIMIT: usize = 1024;
const TRUNCATED: &[u8] = b"(truncated)";

impl Machine {
    /// A cell starts the task; whether it should, which it should not when it runs it already.
    pub fn start(
        &mut self,
        guid: impl AsRef<[u8]>,
        cell: impl AsRef<[u8]>,
        now: Timestamp,
    ) -> Result<bool, wire::Error> {
        let cell = bytes(cell);
        let task = self.find(guid.as_ref())?;
        if state(task) == State::Running && task.cell_id == cell {
            return Ok(false);
        }
        let start = |from| lifecycle::check_cell(CellStep::Start, from);
        self.step(guid.as_ref(), start, now, |task| task.cell_id = cell)?;
        Ok(true)
    }

    /// The cell that runs the task reports its end: its result, or why it failed.
    pub fn complete(
        &mut self,
        guid: impl AsRef<[u8]>,
        cell: impl AsRef<[u8]>,
        outcome: Result<&[u8], &[u8]>,
        now: Timestamp,
    ) -> Result<(), wire::Error> {
        let task = self.find(guid.as_ref())?;
        if state(task) == State::Running && task.cell_id != cell.as_ref() {
            return Err(refusal::different_cell(&task.cell_id, cell.as_ref()));
        }
        let failed = outcome.is_err();
        let (result, reason) = match outcome {
            Ok(result) => (bytes(result), Bytes::new()),
            Err(reason) => (Bytes::new(), cut(reason)),
        };
        let complete = |from| lifecycle::check_cell(CellStep::Complete, from);
        self.step(guid.as_ref(), complete, now, |task| end(task, now, failed, result, reason))?;
        self.call_back(guid.as_ref(), now);
        Ok(())
    }

    /// A cell turns the task down; one time too often and it has failed.
    pub fn reject(
        &mut self,
        guid: impl AsRef<[u8]>,
        reason: impl AsRef<[u8]>,
        now: Timestamp,
    ) -> Result<(), wire::Error> {
        let reason = cut(reason.as_ref());
        let kept = reason.clone();
        let reject = |from| lifecycle::check_cell(CellStep::Reject, from);
        self.step(guid.as_ref(), reject, now, |task| {
            task.cell_id = Bytes::new();
            task.rejection_count = task.rejection_count.saturating_add(1);
            task.rejection_reason = kept;
        })?;
        if self.find(guid.as_ref())?.rejection_count > self.limits.rejections {
            self.fail(guid.as_ref(), reason, now);
        }
        Ok(())
    }
}

fn cut(reason: &[u8]) -> Bytes {
    if reason.len() <= REASON_LIMIT {
        return bytes(reason);
    }
    let kept = reason.iter().take(REASON_LIMIT - TRUNCATED.len());
    kept.chain(TRUNCATED).copied().collect()
}
