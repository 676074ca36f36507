//! Keeps the selection on its task while rows come, go and move.

use super::super::store::{RowId, Store};
use super::row_set::RowSet;
use super::{Anchor, Query};
use crate::model::TaskGuid;

impl Query {
    /// Restores the pause and the selection after the rows were updated.
    pub(super) fn settle(&mut self, store: &Store, complete: bool) {
        if let Some(frozen) = &self.frozen {
            self.rows = frozen.iter().filter_map(|guid| store.find(guid)).collect();
        }
        if complete || self.anchor == Anchor::Task {
            self.follow_selection(store);
        } else {
            self.select_at(store, 0);
        }
        self.ended = self.count_ended(store);
    }

    fn follow_selection(&mut self, store: &Store) {
        let id = self.selected.as_ref().and_then(|guid| store.find(guid));
        match id.and_then(|id| self.rows.iter().position(|row| *row == id)) {
            Some(at) => self.selected_at = at,
            None => self.select_at(store, self.selected_at),
        }
    }

    /// Returns the guid of the selected task if the user chose it.
    pub(in crate::app) fn chosen(&self) -> Option<&TaskGuid> {
        self.selected.as_ref().filter(|_| self.anchor == Anchor::Task)
    }

    /// Selects the row at `at`, or the last row, because the user chose it.
    pub(in crate::app) fn go_to(&mut self, store: &Store, at: usize) {
        self.anchor = Anchor::Task;
        self.select_at(store, at);
    }

    /// Selects a task because the user chose it. Returns whether it is among the rows; if it is not yet, it is selected
    /// once it is.
    pub(in crate::app) fn select(&mut self, store: &Store, guid: &TaskGuid) -> bool {
        let id = store.find(guid);
        let at = id.and_then(|id| self.rows.iter().position(|row| *row == id));
        if let Some(at) = at {
            self.go_to(store, at);
        } else {
            self.anchor = Anchor::Task;
            self.selected = Some(guid.clone());
        }
        at.is_some()
    }

    /// Forgets the selection if its task has ended. Only one that ended while it was selected stays among the held tasks.
    pub(in crate::app) fn deselect_ended(&mut self, store: &Store) {
        let entry = self.selected.as_ref().and_then(|guid| store.get(guid));
        if entry.is_some_and(|entry| entry.end.is_some()) {
            self.selected = None;
        }
    }

    /// Splits rows into those that are shown, in their order, and the others.
    pub(in crate::app) fn part_shown(&self, ids: Vec<RowId>) -> (Vec<RowId>, Vec<RowId>) {
        let wanted: RowSet = ids.iter().copied().collect();
        let shown: Vec<_> = self.rows.iter().copied().filter(|id| wanted.contains(*id)).collect();
        let visible: RowSet = shown.iter().copied().collect();
        let hidden = ids.into_iter().filter(|id| !visible.contains(*id)).collect();
        (shown, hidden)
    }

    fn select_at(&mut self, store: &Store, at: usize) {
        let before = self.selected.as_ref().and_then(|guid| store.find(guid));
        self.selected_at = at.min(self.rows.len().saturating_sub(1));
        let id = self.rows.get(self.selected_at).copied();
        self.selected = id.and_then(|id| store.entry(id)).map(|entry| entry.task.guid.clone());
        // Only an ended task depends on being selected. Skip the others, so that moving by many rows stays cheap.
        let is_gone = |id: &RowId| store.entry(*id).is_some_and(|entry| entry.end.is_some());
        if before != id {
            self.deselected.extend(before.filter(is_gone));
        }
    }
}
