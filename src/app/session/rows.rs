//! Rows of the task table.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::Session;
use crate::app::{Entry, Scope};
use crate::model::TaskGuid;

impl Session {
    /// Returns the row at `at`.
    pub(in crate::app) fn row(&self, at: usize) -> Option<&Entry> {
        self.query.rows().get(at).and_then(|id| self.store.entry(*id))
    }

    /// Returns the selected task.
    pub(in crate::app) fn selected(&self) -> Option<&Entry> {
        self.query.selected().and_then(|guid| self.store.get(guid))
    }

    /// Returns the guids of all marked tasks: first as the table has them, then those without a row, by guid.
    pub(in crate::app) fn marked_guids(&self) -> Vec<TaskGuid> {
        let rows = self.query.rows().iter().copied().filter(|id| self.store.is_marked(*id));
        let mut guids: Vec<_> =
            rows.filter_map(|id| self.store.entry(id)).map(|entry| entry.task.guid.clone()).collect();
        if guids.len() == self.store.mark_count() {
            return guids;
        }
        let shown: HashSet<_, RandomState> = guids.iter().cloned().collect();
        let hidden = self.store.marked().map(|(guid, _)| guid).filter(|guid| !shown.contains(guid));
        let mut hidden: Vec<_> = hidden.collect();
        hidden.sort_unstable();
        guids.append(&mut hidden);
        guids
    }

    /// Returns how many tasks a view has, filtered out or not.
    pub(in crate::app) fn count_of(&self, scope: Scope) -> usize {
        let held = self.store.counts();
        match scope {
            Scope::Live => held.total(),
            Scope::LiveAndEnded => held.total() + self.store.ended_count(),
            Scope::Failed => held.all_failed(),
            Scope::Ended => self.store.ended_count(),
        }
    }
}
