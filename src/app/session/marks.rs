//! The marked tasks of a session, and the range that is being marked.
//!
//! Marks are guids with the time when the task was created: a task that comes back in another row keeps its mark, and a new
//! task under an old guid has none. Only what the BBS holds can be marked, since marks are there to act on. A mark whose task
//! ends stays until the next question, which names it.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use foldhash::fast::RandomState;

use super::Session;
use crate::app::{Entry, RowId};
use crate::model::plan::ActionSet;
use crate::model::{Task, TaskAction, TaskGuid, Timestamp};

/// The marked tasks of a session.
#[derive(Debug, Default)]
pub(in crate::app) struct Marks {
    marked: HashMap<TaskGuid, Timestamp, RandomState>,
    range: Option<OpenRange>,
}

/// A range that is being marked: from here to the cursor.
#[derive(Debug)]
struct OpenRange {
    anchor: TaskGuid,
    /// The row of the anchor in the last frame.
    anchor_at: usize,
}

/// What a mark of many rows did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::app) struct MarkedRows {
    /// The rows that are marked now.
    pub(in crate::app) marked: usize,
    /// The rows that have no mark, because the BBS no longer holds their tasks.
    pub(in crate::app) ended: usize,
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

impl Marks {
    /// Returns how many tasks are marked.
    pub(in crate::app) fn len(&self) -> usize {
        self.marked.len()
    }

    /// Returns whether a task is marked.
    pub(in crate::app) fn has(&self, task: &Task) -> bool {
        self.marked.get(&task.guid) == Some(&task.created_at)
    }

    /// Returns the marked guids, each with the time when its task was created, in no particular order.
    pub(in crate::app) fn iter(&self) -> impl Iterator<Item = (&TaskGuid, Timestamp)> {
        self.marked.iter().map(|(guid, created_at)| (guid, *created_at))
    }

    /// Removes the mark of this guid.
    pub(in crate::app) fn remove(&mut self, guid: &TaskGuid) {
        self.marked.remove(guid);
    }

    /// Removes all marks and the open range.
    pub(in crate::app) fn clear(&mut self) {
        *self = Self::default();
    }

    fn add(&mut self, task: &Task) {
        self.marked.insert(task.guid.clone(), task.created_at);
    }
}

impl Session {
    /// Marks the task that keys act on, or takes its mark off.
    pub(in crate::app) fn toggle_mark(&mut self) {
        let Some(task) = self.subject().map(|entry| &entry.task) else { return };
        let (guid, created_at, is_marked) = (task.guid.clone(), task.created_at, self.marks.has(task));
        if is_marked {
            self.marks.remove(&guid);
        } else {
            self.marks.marked.insert(guid, created_at);
        }
    }

    /// Marks every row that the filter admits. Returns none while that is still being found out: the rows are those of
    /// the last filter until then.
    pub(in crate::app) fn mark_all_rows(&mut self) -> Option<MarkedRows> {
        // The filter may have changed since the last frame.
        self.query.refresh(&mut self.store, true);
        if self.query.work().is_some() {
            return None;
        }
        self.marks.range = None;
        let Self { store, query, marks, .. } = self;
        let rows = query.rows();
        marks.marked.reserve(rows.len().saturating_sub(marks.len()));
        Some(mark(marks, rows.iter().filter_map(|id: &RowId| store.entry(*id))))
    }

    /// Begins a range at the cursor.
    pub(in crate::app) fn begin_range(&mut self) {
        let anchor_at = self.query.selected_at();
        let anchor = self.query.selected().cloned();
        self.marks.range = anchor.map(|anchor| OpenRange { anchor, anchor_at });
    }

    /// Marks the rows of the open range, and ends it. Returns none if no range is open.
    pub(in crate::app) fn mark_range(&mut self) -> Option<MarkedRows> {
        self.follow_anchor();
        let rows = self.range_rows()?;
        self.marks.range = None;
        let Self { store, query, marks, .. } = self;
        let ids = query.rows().get(rows).unwrap_or_default();
        Some(mark(marks, ids.iter().filter_map(|id| store.entry(*id))))
    }

    /// Ends the open range without marking its rows. Returns whether there was one.
    pub(in crate::app) fn drop_range(&mut self) -> bool {
        self.marks.range.take().is_some()
    }

    /// Returns the rows of the open range.
    pub(in crate::app) fn range_rows(&self) -> Option<RangeInclusive<usize>> {
        let (anchor, cursor) = (self.marks.range.as_ref()?.anchor_at, self.query.selected_at());
        Some(anchor.min(cursor)..=anchor.max(cursor))
    }

    /// Freezes tasks for an action, each given by its guid and the time when it was created: first those whose rows are
    /// hidden, by guid, then the others as the table has them.
    pub(in crate::app) fn freeze_tasks(
        &self,
        action: TaskAction,
        tasks: &[(TaskGuid, Timestamp)],
    ) -> FrozenTasks {
        let entries = tasks.iter().map(|(guid, created_at)| (guid, self.entry_of(guid, *created_at)));
        let (known, lost): (Vec<_>, Vec<_>) = entries.partition(|(_, entry)| entry.is_some());
        let mut wanted: HashMap<&TaskGuid, &Entry, RandomState> =
            known.into_iter().filter_map(|(guid, entry)| Some((guid, entry?))).collect();
        let rows = self.query.rows().iter().filter_map(|id| self.store.entry(*id));
        let shown: Vec<_> = rows.filter_map(|entry| wanted.remove(&entry.task.guid)).collect();
        let mut entries: Vec<_> = wanted.into_values().collect();
        entries.sort_unstable_by(|one, other| one.task.guid.cmp(&other.task.guid));
        let hidden = entries.len();
        entries.extend(shown);
        let lost = lost.into_iter().map(|(guid, _)| guid.clone()).collect();
        FrozenTasks { set: self.freeze(action, entries), hidden, lost }
    }

    fn entry_of(&self, guid: &TaskGuid, created_at: Timestamp) -> Option<&Entry> {
        self.store.get(guid).filter(|entry| entry.task.created_at == created_at)
    }

    /// Finds the row where the open range begins. Without that row, the range ends: nobody could see what is in it.
    pub(super) fn follow_anchor(&mut self) {
        let Some(range) = self.marks.range.take() else { return };
        let at = self.row_of(&range.anchor);
        self.marks.range = at.map(|anchor_at| OpenRange { anchor_at, ..range });
    }
}

fn mark<'a>(marks: &mut Marks, entries: impl Iterator<Item = &'a Entry>) -> MarkedRows {
    let mut done = MarkedRows::default();
    for entry in entries {
        if entry.end.is_some() {
            done.ended += 1;
        } else {
            marks.add(&entry.task);
            done.marked += 1;
        }
    }
    done
}
