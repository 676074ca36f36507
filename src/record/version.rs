//! One stored version of a task: the columns of `changes` that differ from version to version.

use rusqlite::{Connection, Row};

use super::Result;
use super::texts::Texts;
use crate::model::recording::bounded;
use crate::model::{State, Task};

/// The columns of a version, in the order of [`Version`]'s fields.
pub(super) const VERSION_COLUMNS: &str = "changes.state, changes.cell, changes.updated_at, \
     changes.first_completed_at, changes.failed, changes.failure_reason, changes.result, \
     changes.rejection_count, changes.rejection_reason";

/// A version of a task, with its texts as ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) state: State,
    pub(super) cell: Option<i64>,
    pub(super) updated_at: i64,
    pub(super) first_completed_at: i64,
    pub(super) failed: bool,
    pub(super) failure_reason: Option<i64>,
    pub(super) result: Option<i64>,
    pub(super) rejection_count: i32,
    pub(super) rejection_reason: Option<i64>,
}

impl Version {
    /// Interns the texts of a task at this time (nanoseconds), without credentials.
    pub(super) fn of(db: &Connection, texts: &mut Texts, task: &Task, now: i64) -> Result<Self> {
        let cell = task.cell.as_ref().map_or("", |cell| cell.as_str());
        Ok(Self {
            state: task.state,
            cell: texts.id(db, cell, now)?,
            updated_at: task.updated_at.as_nanos(),
            first_completed_at: task.first_completed_at.as_nanos(),
            failed: task.failed,
            failure_reason: texts.id(db, &bounded(&task.failure_reason), now)?,
            result: texts.id(db, &bounded(&task.result), now)?,
            rejection_count: task.rejection_count,
            rejection_reason: texts.id(db, &bounded(&task.rejection_reason), now)?,
        })
    }

    /// Reads the columns of a version, the first of which is `first`.
    pub(super) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            state: State::from_number(row.get(first)?),
            cell: row.get(first + 1)?,
            updated_at: row.get(first + 2)?,
            first_completed_at: row.get(first + 3)?,
            failed: row.get(first + 4)?,
            failure_reason: row.get(first + 5)?,
            result: row.get(first + 6)?,
            rejection_count: row.get(first + 7)?,
            rejection_reason: row.get(first + 8)?,
        })
    }
}
