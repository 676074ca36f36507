//! The cell's side of a task's life: start, complete, reject. An operator's client calls none of them.

use super::ending::{Ending, cut};
use super::{Machine, bytes, state};
use crate::bbs::wire;
use crate::model::lifecycle::{self, CellStep};
use crate::model::{State, Timestamp};
use crate::sim::{database, refusal, validation};

impl Machine {
    /// A cell starts the task; whether it should, which it should not when it runs it already.
    pub fn start(
        &mut self,
        guid: impl AsRef<[u8]>,
        cell: impl AsRef<[u8]>,
        now: Timestamp,
    ) -> Result<bool, wire::Error> {
        let (guid, cell) = (guid.as_ref(), bytes(cell));
        validation::check_report(guid, "cell_id", &cell)?;
        let task = self.find(guid)?;
        if state(task) == State::Running && task.cell_id == cell {
            return Ok(false);
        }
        let to = allowed(CellStep::Start, task)?;
        database::check(&cell)?;
        self.enter(guid, to, now, |task| task.cell_id = cell);
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
        let (guid, cell) = (guid.as_ref(), cell.as_ref());
        validation::check_report(guid, "cell_id", cell)?;
        let task = self.find(guid)?;
        if state(task) == State::Running && task.cell_id != cell {
            return Err(refusal::different_cell(&task.cell_id, cell));
        }
        allowed(CellStep::Complete, task)?;
        self.end(guid, Ending::of(outcome), now)
    }

    /// A cell turns the task down; one time too often and it has failed.
    pub fn reject(
        &mut self,
        guid: impl AsRef<[u8]>,
        reason: impl AsRef<[u8]>,
        now: Timestamp,
    ) -> Result<(), wire::Error> {
        let (guid, reason) = (guid.as_ref(), reason.as_ref());
        // The server's own name of the field.
        validation::check_report(guid, "failure_reason", reason)?;
        if self.find(guid)?.rejection_count < self.limits.rejections {
            return self.turn_down(guid, reason, now);
        }
        // The server fails the task whatever came of the rejection, and tells of the failure alone.
        let _ = self.in_silence(|machine| machine.turn_down(guid, reason, now));
        self.fail(guid, reason, now)
    }

    /// Back to Pending. The cell that had it is not cleared: a list by that cell still has the task.
    fn turn_down(&mut self, guid: &[u8], reason: &[u8], now: Timestamp) -> Result<(), wire::Error> {
        let to = lifecycle::reject(state(self.find(guid)?)).ok_or_else(refusal::bad_request)?;
        let reason = cut(reason);
        database::check(&reason)?;
        self.enter(guid, to, now, |task| {
            task.rejection_count = task.rejection_count.saturating_add(1);
            task.rejection_reason = reason;
        });
        Ok(())
    }
}

fn allowed(step: CellStep, task: &wire::Task) -> Result<State, wire::Error> {
    lifecycle::check_cell(step, state(task)).map_err(|no| refusal::transition(&no))
}
