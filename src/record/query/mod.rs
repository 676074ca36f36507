//! Answers the questions of scripts: which tasks lived, and what happened to one of them.
//!
//! Gives out model types, a life at a time, so that a day's recording is read in little memory. Must not print or format.
//!
//! A task that several runs of a target saw has a life in each. It is one task here: the life that was told last speaks
//! for it.

mod course;
mod duplicates;
mod lives;
mod plan;
mod rows;
#[cfg(test)]
mod tests;
pub mod words;

use std::sync::Arc;

pub use course::{Act, Course};

use crate::filter::{Filter, Subject};
use crate::model::recording::Limits;
use crate::model::{CellId, Ended, StuckSet, Task, Timestamp};

/// Which lives to read. Reads them in the order of their last changes.
#[derive(Debug, Clone, Copy)]
pub struct LifeQuery<'a> {
    /// The filter that they pass.
    pub filter: &'a Filter,
    /// The target that they were seen on; none for every target.
    pub target: Option<&'a str>,
    /// They last changed at this time or later.
    pub since: Option<Timestamp>,
    /// They were first seen before this time.
    pub until: Option<Timestamp>,
    /// What time it is, for the ages in the filter.
    pub now: Timestamp,
}

/// A task, as it was last seen.
#[derive(Debug, Clone)]
pub struct RecordedLife {
    /// The target that it was seen on.
    pub target: Arc<str>,
    /// Its last version, without its definition.
    pub task: Task,
    /// The limits in its definition, if they are known.
    pub limits: Option<Limits>,
    /// The cell that runs it, or the last one that did.
    pub cell: Option<CellId>,
    /// When it started; unset if that was not seen.
    pub started_at: Timestamp,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// When its last change was learnt.
    pub last_changed: Timestamp,
    /// How long its run watched it, if it did not leave.
    pub watched_until: Timestamp,
    /// How and when it left; none if the BBS held it when it was last seen.
    pub end: Option<Ended>,
}

impl RecordedLife {
    /// Returns what a filter is applied to.
    pub fn subject(&self, now: Timestamp) -> Subject<'_> {
        Subject {
            task: &self.task,
            cell: self.cell.as_ref(),
            cause: self.end.map(|end| end.cause(&self.task)),
            stuck: StuckSet::NONE,
            now,
        }
    }

    /// Returns when the task failed, by the server's clock as far as it told that; none if it did not fail.
    pub fn failed_at(&self) -> Option<Timestamp> {
        let Task { failed, first_completed_at, updated_at, .. } = self.task;
        let times = [first_completed_at, updated_at, self.last_changed];
        times.into_iter().find(|at| !at.is_unset()).filter(|_| failed)
    }
}
