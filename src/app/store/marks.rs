//! The marked tasks: one bit a row, so that marking 100,000 rows and drawing a row read no entry.
//!
//! A mark belongs to a task, not to its row. The store reports every task that leaves a row or comes to one: a marked task
//! that it drops is remembered by guid and time of creation, and marked again when it comes back.

use std::collections::HashMap;

use fixedbitset::FixedBitSet;
use foldhash::fast::RandomState;

use super::{Attributes, Entry, RowId, Store};
use crate::model::{TaskGuid, Timestamp};

/// The marks of a store.
#[derive(Debug, Default)]
pub(super) struct Marks {
    rows: FixedBitSet,
    /// How many rows are marked.
    count: usize,
    /// The marked tasks that the store does not hold, with the times when they were created.
    absent: HashMap<TaskGuid, Timestamp, RandomState>,
}

/// What a mark of many rows did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::app) struct MarkedRows {
    /// The rows that are marked now.
    pub(in crate::app) marked: usize,
    /// The rows that have no mark, because the BBS no longer holds their tasks.
    pub(in crate::app) ended: usize,
}

impl Marks {
    fn insert(&mut self, id: RowId) {
        self.rows.grow(id.index() + 1);
        self.count += usize::from(!self.rows.put(id.index()));
    }

    /// Removes the mark of a row. Returns whether it had one.
    fn remove(&mut self, id: RowId) -> bool {
        let was_marked = self.rows.contains(id.index());
        if was_marked {
            self.rows.remove(id.index());
            self.count -= 1;
        }
        was_marked
    }

    /// A task leaves its row.
    pub(super) fn left(&mut self, id: RowId, entry: &Entry) {
        if self.remove(id) {
            self.absent.insert(entry.task.guid.clone(), entry.task.created_at);
        }
    }

    /// A task comes to a row.
    pub(super) fn came(&mut self, id: RowId, entry: &Entry) {
        if !self.absent.is_empty() && self.absent.get(&entry.task.guid) == Some(&entry.task.created_at) {
            self.absent.remove(&entry.task.guid);
            self.insert(id);
        }
    }
}

impl Store {
    /// Returns how many tasks are marked, known or not.
    pub fn mark_count(&self) -> usize {
        self.marks.count + self.marks.absent.len()
    }

    /// Returns whether the task of a row is marked.
    pub fn is_marked(&self, id: RowId) -> bool {
        self.marks.rows.contains(id.index())
    }

    /// Marks the task of a row, or takes its mark off.
    pub(in crate::app) fn toggle_mark(&mut self, id: RowId) {
        if !self.marks.remove(id) {
            self.marks.insert(id);
        }
    }

    /// Marks the tasks of rows, except for those that the BBS no longer holds.
    pub(in crate::app) fn mark_rows(&mut self, ids: &[RowId]) -> MarkedRows {
        let ended: Vec<bool> =
            self.facets.attributes().map(|attributes| attributes.is_none_or(Attributes::has_ended)).collect();
        let has_ended = |id: &RowId| {
            let attributes = self.facets.indexes(*id).map(|indexes| indexes.attributes);
            attributes.and_then(|at| ended.get(at)).is_none_or(|ended| *ended)
        };
        let mut done = MarkedRows::default();
        for id in ids {
            if has_ended(id) {
                done.ended += 1;
            } else {
                self.marks.insert(*id);
                done.marked += 1;
            }
        }
        done
    }

    /// Removes the mark of this guid.
    pub(in crate::app) fn unmark(&mut self, guid: &TaskGuid) {
        if let Some(id) = self.find(guid) {
            self.marks.remove(id);
        }
        self.marks.absent.remove(guid);
    }

    /// Removes all marks.
    pub(in crate::app) fn clear_marks(&mut self) {
        self.marks = Marks::default();
    }

    /// Returns the marked tasks, each with the time when it was created.
    pub(in crate::app) fn marked(&self) -> impl Iterator<Item = (TaskGuid, Timestamp)> {
        let known = self.marks.rows.ones().filter_map(|at| self.entry(RowId::at(at)?));
        let known = known.map(|entry| (entry.task.guid.clone(), entry.task.created_at));
        known.chain(self.marks.absent.iter().map(|(guid, created_at)| (guid.clone(), *created_at)))
    }
}
