//! What the store holds of a task.

use super::Mark;
use crate::model::{Cause, CellId, Clocks, Ended, Life, Returned, Task, Timestamp, started_at};

/// A task that the BBS holds or held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its newest known version.
    pub task: Task,
    /// The cell it last ran on. Completion blanks the cell in the task itself.
    pub last_cell: Option<CellId>,
    /// When it started (the server's time); unset if that is not known. The task itself tells it only while it runs.
    pub started_at: Timestamp,
    /// How and when it left the BBS; none while the BBS holds it. Boxed, since most tasks have none.
    pub end: Option<Box<Ended>>,
    /// Whether it has ended and still stands among the tasks that the BBS holds.
    pub(super) lingers: bool,
    /// Whether the server returned it from Resolving to Completed.
    pub(super) returned: Returned,
    pub(super) touched: Mark,
    pub(super) listed: Mark,
}

impl Entry {
    /// Returns the task's course on a BBS with these clocks.
    pub fn life<'a>(&'a self, clocks: &'a Clocks) -> Life<'a> {
        Life { task: &self.task, started_at: self.started_at, ended: self.end.is_some(), clocks }
    }

    /// Returns why the task ended; none while the BBS holds it.
    pub fn cause(&self) -> Option<Cause> {
        self.end.as_ref().map(|end| end.cause(&self.task))
    }

    /// Returns whether the task has ended and still stands among the tasks that the BBS holds.
    pub const fn lingers(&self) -> bool {
        self.lingers
    }

    pub(super) fn new(task: Task, known: Known, end: Option<Ended>, touched: Mark, listed: Mark) -> Self {
        let started_at = started_at(&task, known.started_at);
        let last_cell = task.cell.clone().or(known.cell);
        Self {
            task,
            last_cell,
            started_at,
            end: end.map(Box::new),
            lingers: false,
            returned: Returned::Never,
            touched,
            listed,
        }
    }

    /// Returns what this version tells of a later one of the same task; nothing if the guid was used again.
    pub(super) fn known_of(&self, later: &Task) -> Known {
        if self.task.created_at != later.created_at {
            return Known::default();
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_fits_in_272_bytes() {
        assert!(size_of::<Entry>() <= 272, "{}", size_of::<Entry>());
    }
}
