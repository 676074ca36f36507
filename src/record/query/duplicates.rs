//! Tells whether a life speaks for its task, or a later life in another run does.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rusqlite::params;

use super::RecordedLife;
use crate::model::Timestamp;
use crate::record::guid::StoredGuid;
use crate::record::{Recording, Result, Run, RunId};

/// The other runs that may have seen the tasks of a run.
pub(super) struct Duplicates<'a> {
    recording: &'a Recording,
    /// When each other run of the same target last wrote.
    others: HashMap<RunId, Vec<Timestamp>, RandomState>,
    /// The first position that is of no interest.
    until: i64,
}

impl<'a> Duplicates<'a> {
    pub(super) fn new(recording: &'a Recording, runs: &[Run], until: Option<i64>) -> Self {
        let others_of = |run: &Run| {
            let is_other = |other: &&Run| other.id != run.id && other.target == run.target;
            runs.iter().filter(is_other).map(|other| other.seen).collect::<Vec<_>>()
        };
        let others = runs.iter().map(|run| (run.id, others_of(run))).collect();
        Self { recording, others, until: until.unwrap_or(i64::MAX) }
    }

    /// Returns whether another run of the target was told of the task later than this run. A life has this position last.
    pub(super) fn has_later(&self, run: RunId, last: i64, life: &RecordedLife) -> Result<bool> {
        // Also after the task left: a list may have lacked it by mistake.
        let may_know = |seen: &Timestamp| *seen >= life.last_changed;
        if !self.others.get(&run).is_some_and(|others| others.iter().any(may_know)) {
            return Ok(false);
        }
        let mut query = self.recording.db.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM lives JOIN runs ON runs.id = lives.run WHERE guid = ?1 \
             AND created_at = ?2 AND last > ?3 AND first < ?4 AND run <> ?5 AND target = ?6)",
        )?;
        let task = &life.task;
        let created_at = task.created_at.as_nanos();
        let values = params![StoredGuid(&task.guid), created_at, last, self.until, run.0, &*life.target];
        Ok(query.query_row(values, |row| row.get(0))?)
    }
}
