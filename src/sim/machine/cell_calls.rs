//! The calls of cells: start, complete, reject. An operator's client must not send them.
//!
//! Source: "Life of a task" of the API.

use super::completion::{Completion, truncate};
use super::{Machine, bytes, state};
use crate::bbs::wire;
use crate::model::lifecycle::{self, CellStep};
use crate::model::{State, Timestamp};
use crate::sim::{database, errors, validation};

impl Machine {
    /// Starts a task on a cell. Returns whether the cell should run it: false if it already does.
    ///
    /// # Errors
    /// Returns the BBS's error if a value is missing, the task is unknown, or its state does not allow the step.
    pub fn start(
        &mut self,
        guid: impl AsRef<[u8]>,
        cell: impl AsRef<[u8]>,
        now: Timestamp,
    ) -> Result<bool, wire::Error> {
        let (guid, cell) = (guid.as_ref(), bytes(cell));
        validation::check_cell_call(guid, "cell_id", &cell)?;
        let task = self.find(guid)?;
        if state(task) == State::Running && task.cell_id == cell {
            return Ok(false);
        }
        let to = check_step(CellStep::Start, task)?;
        database::check_text(&cell)?;
        self.enter(guid, to, now, |task| task.cell_id = cell);
        Ok(true)
    }

    /// Completes a task with its result or its failure reason, as reported by the cell that runs it.
    ///
    /// # Errors
    /// Returns the BBS's error if a value is missing, the task is unknown or runs on another cell, its state does not
    /// allow the step, or the database cannot store the text.
    pub fn complete(
        &mut self,
        guid: impl AsRef<[u8]>,
        cell: impl AsRef<[u8]>,
        outcome: Result<&[u8], &[u8]>,
        now: Timestamp,
    ) -> Result<(), wire::Error> {
        let (guid, cell) = (guid.as_ref(), cell.as_ref());
        validation::check_cell_call(guid, "cell_id", cell)?;
        let task = self.find(guid)?;
        if state(task) == State::Running && task.cell_id != cell {
            return Err(errors::different_cell(&task.cell_id, cell));
        }
        check_step(CellStep::Complete, task)?;
        self.finish(guid, Completion::new(outcome), now)
    }

    /// Rejects a task. It becomes Pending again, or fails once it was rejected more often than the limit.
    ///
    /// # Errors
    /// Returns the BBS's error if a value is missing, the task is unknown or has ended, or the database cannot store the
    /// reason.
    pub fn reject(
        &mut self,
        guid: impl AsRef<[u8]>,
        reason: impl AsRef<[u8]>,
        now: Timestamp,
    ) -> Result<(), wire::Error> {
        let (guid, reason) = (guid.as_ref(), reason.as_ref());
        // The server's error names this field, although the request calls it `rejection_reason`.
        validation::check_cell_call(guid, "failure_reason", reason)?;
        if self.find(guid)?.rejection_count < self.limits.rejections {
            return self.return_to_pending(guid, reason, now);
        }
        // The server fails the task even if it cannot record the rejection, and sends only the event of the failure.
        let _ = self.without_events(|machine| machine.return_to_pending(guid, reason, now));
        self.fail(guid, reason, now)
    }

    /// Records a rejection and returns the task to Pending. Keeps `cell_id`: a list by that cell still has the task.
    fn return_to_pending(&mut self, guid: &[u8], reason: &[u8], now: Timestamp) -> Result<(), wire::Error> {
        let to = lifecycle::reject(state(self.find(guid)?)).ok_or_else(errors::bad_request)?;
        let reason = truncate(reason);
        database::check_text(&reason)?;
        self.enter(guid, to, now, |task| {
            task.rejection_count = task.rejection_count.saturating_add(1);
            task.rejection_reason = reason;
        });
        Ok(())
    }
}

fn check_step(step: CellStep, task: &wire::Task) -> Result<State, wire::Error> {
    lifecycle::check_cell(step, state(task)).map_err(|forbidden| errors::invalid_transition(&forbidden))
}
