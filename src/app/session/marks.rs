//! Marks tasks of a session, and freezes them for an action. The marks themselves are in the store.
//!
//! Only what the BBS holds can be marked, since marks are there to act on. A mark whose task ends stays until the next
//! question, which names it.

use std::ops::RangeInclusive;

use super::Session;
use crate::app::store::MarkedRows;
use crate::app::{Entry, RowId};
use crate::model::plan::ActionSet;
use crate::model::{TaskAction, TaskGuid, Timestamp};

/// A range that is being marked: from here to the cursor.
#[derive(Debug)]
pub(super) struct OpenRange {
    anchor: TaskGuid,
    /// The row of the anchor in the last frame.
    anchor_at: usize,
}

/// Tasks when an action on them was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct FrozenTasks {
    /// The tasks, those with hidden rows first.
    pub(in crate::app) set: ActionSet,
    /// How many of them have no row in the table.
    pub(in crate::app) hidden: usize,
    /// The guids of those that are no longer known.
    pub(in crate::app) lost: Vec<TaskGuid>,
}

impl Session {
    /// Marks the task that keys act on, or takes its mark off.
    pub(in crate::app) fn toggle_mark(&mut self) {
        let subject = self.subject().map(|entry| &entry.task.guid);
        if let Some(id) = subject.and_then(|guid| self.store.find(guid)) {
            self.store.toggle_mark(id);
        }
    }

    /// Returns whether a task is marked.
    pub(in crate::app) fn is_marked(&self, entry: &Entry) -> bool {
        self.store.find(&entry.task.guid).is_some_and(|id| self.store.is_marked(id))
    }

    /// Marks every row that the filter admits. Returns none while that is still being found out: the rows are those of
    /// the last filter until then.
    pub(in crate::app) fn mark_all_rows(&mut self) -> Option<MarkedRows> {
        // The filter may have changed since the last frame.
        self.query.refresh(&mut self.store, true);
        if self.query.work().is_some() {
            return None;
        }
        self.range = None;
        Some(self.store.mark_rows(self.query.rows()))
    }

    /// Removes all marks and the open range.
    pub(in crate::app) fn unmark_all(&mut self) {
        self.range = None;
        self.store.clear_marks();
    }

    /// Begins a range at the cursor.
    pub(in crate::app) fn begin_range(&mut self) {
        let anchor_at = self.query.selected_at();
        let anchor = self.query.selected().cloned();
        self.range = anchor.map(|anchor| OpenRange { anchor, anchor_at });
    }

    /// Marks the rows of the open range, and ends it. Returns none if no range is open.
    pub(in crate::app) fn mark_range(&mut self) -> Option<MarkedRows> {
        self.follow_anchor();
        let rows = self.range_rows()?;
        self.range = None;
        Some(self.store.mark_rows(self.query.rows().get(rows).unwrap_or_default()))
    }

    /// Ends the open range without marking its rows. Returns whether there was one.
    pub(in crate::app) fn drop_range(&mut self) -> bool {
        self.range.take().is_some()
    }

    /// Returns the rows of the open range.
    pub(in crate::app) fn range_rows(&self) -> Option<RangeInclusive<usize>> {
        let (anchor, cursor) = (self.range.as_ref()?.anchor_at, self.query.selected_at());
        Some(anchor.min(cursor)..=anchor.max(cursor))
    }

    /// Finds the row where the open range begins. Without that row, the range ends: nobody could see what is in it.
    pub(super) fn follow_anchor(&mut self) {
        let Some(range) = self.range.take() else { return };
        let at = self.row_of(&range.anchor);
        self.range = at.map(|anchor_at| OpenRange { anchor_at, ..range });
    }

    /// Freezes tasks for an action, each given by its guid and the time when it was created: first those whose rows are
    /// hidden, by guid, then the others as the table has them.
    pub(in crate::app) fn freeze_tasks(
        &self,
        action: TaskAction,
        tasks: &[(TaskGuid, Timestamp)],
    ) -> FrozenTasks {
        let row = |guid: &TaskGuid, created_at| {
            let id = self.store.find(guid)?;
            self.store.entry(id).filter(|entry| entry.task.created_at == created_at).map(|_| id)
        };
        let (mut known, mut lost) = (Vec::new(), Vec::new());
        for (guid, created_at) in tasks {
            match row(guid, *created_at) {
                Some(id) => known.push(id),
                None => lost.push(guid.clone()),
            }
        }
        let (shown, hidden) = self.query.part_shown(known);
        let entry = |id: RowId| self.store.entry(id);
        let mut entries: Vec<&Entry> = hidden.into_iter().filter_map(entry).collect();
        entries.sort_unstable_by(|one, other| one.task.guid.cmp(&other.task.guid));
        let hidden = entries.len();
        entries.extend(shown.into_iter().filter_map(entry));
        FrozenTasks { set: self.freeze(action, entries), hidden, lost }
    }
}
