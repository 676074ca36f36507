//! What the store holds of a task.

use super::Mark;
use crate::model::{CellId, End, Life, Task, Timestamp, started_at};

/// A task that the BBS holds or held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its newest known version.
    pub task: Task,
    /// The cell it last ran on. Completion blanks the cell in the task itself.
    pub last_cell: Option<CellId>,
    /// When it started (the server's time); unset if that is not known. The task itself tells it only while it runs.
    pub started_at: Timestamp,
    /// How and when (our wall time) it left the BBS; `None` while the BBS holds it.
    pub end: Option<(End, Timestamp)>,
    pub(super) touched: Mark,
    pub(super) listed: Mark,
}

impl Entry {
    /// Returns the task's course, for its spans of time.
    pub fn life(&self) -> Life<'_> {
        Life { task: &self.task, started_at: self.started_at, ended: self.end.is_some() }
    }

    pub(super) fn new(
        task: Task,
        known: Known,
        end: Option<(End, Timestamp)>,
        touched: Mark,
        listed: Mark,
    ) -> Self {
        let started_at = started_at(&task, known.started_at);
        let last_cell = task.cell.clone().or(known.cell);
        Self { task, last_cell, started_at, end, touched, listed }
    }

    pub(super) fn known(&self) -> Known {
        Known { cell: self.last_cell.clone(), started_at: self.started_at }
    }
}

/// What earlier versions of a task told and later ones no longer do.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) cell: Option<CellId>,
    pub(super) started_at: Timestamp,
}

impl Known {
    pub(super) fn of(task: &Task) -> Self {
        Self { cell: task.cell.clone(), started_at: started_at(task, Timestamp::UNSET) }
    }
}
