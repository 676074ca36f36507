//! Reads the lives that a question asks for.

use rusqlite::params_from_iter;

use super::duplicates::Duplicates;
use super::plan::{Plan, before};
use super::rows::{Rows, columns};
use super::{LifeQuery, RecordedLife};
use crate::record::{RecordFault, Recording, RunId};

impl Recording {
    /// Gives every life that a question asks for to `each`, the one that changed last at the end, until it returns an
    /// error. Reads from the file as it was at the start.
    ///
    /// # Errors
    /// The error of `each`, or a fault of the file.
    pub fn for_each_life<E: From<RecordFault>>(
        &self,
        query: &LifeQuery<'_>,
        mut each: impl FnMut(&RecordedLife) -> Result<(), E>,
    ) -> Result<(), E> {
        let fault = |error: rusqlite::Error| E::from(error.into());
        // Everything is read from one state of the file.
        let _transaction = self.db.unchecked_transaction().map_err(fault)?;
        let runs = self.runs()?;
        let asked: Vec<RunId> = runs
            .iter()
            .filter(|run| query.target.is_none_or(|target| run.target == target))
            .map(|run| run.id)
            .collect();
        if asked.is_empty() {
            return Ok(());
        }
        let duplicates = Duplicates::new(self, &runs, query.until.map(before));
        let mut rows = Rows::new(self, &runs);
        let plan = Plan::new(query, &asked);
        let mut select = self.db.prepare(&plan.sql(&columns())).map_err(fault)?;
        let mut found = select.query(params_from_iter(&plan.values)).map_err(fault)?;
        while let Some(row) = found.next().map_err(fault)? {
            let row = rows.read(row)?;
            let is_asked = query.filter.admits(&row.life.subject(query.now));
            if is_asked && !duplicates.has_later(row.run, row.last, &row.life)? {
                each(&row.life)?;
            }
        }
        Ok(())
    }
}
