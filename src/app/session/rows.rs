//! Rows of the task table.

use super::Session;
use crate::app::{Entry, Scope};

impl Session {
    /// Returns the row at `at`.
    pub(in crate::app) fn row(&self, at: usize) -> Option<&Entry> {
        self.query.rows().get(at).and_then(|id| self.store.entry(*id))
    }

    /// Returns the selected task.
    pub(in crate::app) fn selected(&self) -> Option<&Entry> {
        self.query.selected().and_then(|guid| self.store.get(guid))
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
