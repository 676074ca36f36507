//! Filters and sorts the rows of the task table.
//!
//! Holds row ids, not tasks; a frame looks up the few that it shows. Changed rows are removed and inserted again at
//! their new position. Only a new filter or order causes a pass over all rows.

mod filter;
mod filter_plan;
mod incremental;
mod order;
mod passes;
mod prefix_sort;
mod row_set;
mod selection;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::model::{Sort, SortRule, TaskGuid, Timestamp};

use super::groups::GroupKey;
use super::store::{RowId, Store};
pub use filter::{Filter, Scope};
use incremental::Job;
pub use incremental::Work;
use order::Order;

/// How often rows are filtered again when only their ages change.
const AGE_REFRESH: Duration = Duration::from_secs(1);

/// What the selection follows while rows come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Anchor {
    /// The top row, until the user moves.
    #[default]
    Top,
    /// The selected task, once the user has chosen one.
    Task,
}

/// The filter, the order, the resulting rows, and the selection.
#[derive(Debug, Default)]
pub(super) struct Query {
    filter: Filter,
    /// The server's time, from which ages are computed.
    now: Timestamp,
    /// When all rows were last filtered by age.
    ages_checked_at: Timestamp,
    order: Order,
    /// Every row of the scope, in order.
    ordered: Vec<RowId>,
    /// The rows of `ordered` that the filter admits.
    rows: Vec<RowId>,
    due: Due,
    /// The rows at the time of the pause.
    frozen: Option<Vec<TaskGuid>>,
    selected: Option<TaskGuid>,
    selected_at: usize,
    anchor: Anchor,
    /// The ended tasks among the rows of a view that mixes them with held ones.
    ended: EndedRows,
    /// Rows that the selection has left. They may disappear although their tasks did not change.
    deselected: Vec<RowId>,
    /// Frames since arriving rows were last sorted in.
    frames_deferred: u32,
    job: Option<Job>,
    limits: Limits,
}

/// How many ended tasks stand among the held ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EndedRows {
    /// The rows that the filter admits.
    pub shown: usize,
    /// All of them.
    pub all: usize,
}

/// How much work is done between two frames.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// A pass over more entries than this is done in slices.
    max_at_once: usize,
    /// Entries per slice.
    slice: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // A pass over this many entries takes less than a frame (16 ms); a slice takes half a frame.
        Self { max_at_once: 131_072, slice: 65_536 }
    }
}

/// How many times longer a row takes to sort by a slow rule.
const SLOWNESS: usize = 8;

impl Limits {
    /// Returns the limits of a sort.
    const fn for_sort(self, order: Order) -> Self {
        if !order.is_slow() {
            return self;
        }
        let slice = if self.slice < SLOWNESS { 1 } else { self.slice / SLOWNESS };
        Self { max_at_once: self.max_at_once / SLOWNESS, slice }
    }
}

/// Which rows must be processed again, besides those that changed in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Due {
    #[default]
    Nothing,
    /// The rows shown, because the filter became narrower.
    Narrow,
    /// Every row of the scope, because the filter changed.
    Filter,
    /// Every entry, because the scope or the order changed.
    All,
}

impl Query {
    /// Returns the filter.
    pub(super) fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Returns the server's time, as of the last frame.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns the current sort.
    pub(super) fn sort(&self) -> Sort {
        self.order.0
    }

    /// Returns whether the rows are paused.
    pub(super) fn paused(&self) -> bool {
        self.frozen.is_some()
    }

    /// Returns the rows that the filter admits, in order.
    pub(super) fn rows(&self) -> &[RowId] {
        &self.rows
    }

    /// Returns how many of the rows, and of those in the scope, are ended tasks among held ones.
    pub(super) fn ended(&self) -> EndedRows {
        self.ended
    }

    /// Returns the number of rows in the scope, including those filtered out.
    pub(super) fn total(&self) -> usize {
        self.ordered.len()
    }

    /// Returns the guid of the selected task.
    pub(super) fn selected(&self) -> Option<&TaskGuid> {
        self.selected.as_ref()
    }

    /// Returns the index of the selected row.
    pub(super) fn selected_at(&self) -> usize {
        self.selected_at
    }

    /// Changes the filter, and schedules the work that follows.
    pub(super) fn set_filter(&mut self, change: impl FnOnce(&mut Filter)) {
        let before = self.filter.clone();
        change(&mut self.filter);
        let due = match () {
            () if self.filter == before => Due::Nothing,
            () if self.filter.scope != before.scope => Due::All,
            () if self.filter.is_narrower_than(&before) => Due::Narrow,
            () => Due::Filter,
        };
        self.due = self.due.max(due);
    }

    /// Sets the server's time, which changes the rows if the filter compares ages. While a job is in progress time
    /// stands still: all rows are filtered at the same time, and the job is not restarted before it ends.
    pub(super) fn pass_time(&mut self, now: Timestamp) {
        if self.job.is_some() {
            return;
        }
        self.now = now;
        let is_due = now < self.ages_checked_at || now.since(self.ages_checked_at) >= AGE_REFRESH;
        if is_due && self.filter.terms.depends_on_time() {
            self.ages_checked_at = now;
            self.due = self.due.max(Due::Filter);
        }
    }

    /// Changes the sort.
    pub(super) fn sort_by(&mut self, sort: Sort) {
        if self.order.0 != sort {
            self.order = Order(sort);
            self.due = Due::All;
        }
    }

    /// The zones of cells became known: a sort or a filter by them is outdated.
    pub(super) fn zones_changed(&mut self) {
        if matches!(self.order.0.rule, SortRule::Shared(_)) {
            self.due = Due::All;
        }
        if self.filter.groups.get(GroupKey::Zone).is_some() {
            self.due = self.due.max(Due::Filter);
        }
    }

    /// Pauses the rows, or resumes.
    pub(super) fn toggle_pause(&mut self, store: &Store) {
        let guids = || self.rows.iter().filter_map(|id| Some(store.entry(*id)?.task.guid.clone())).collect();
        self.frozen = if self.frozen.is_some() { None } else { Some(guids()) };
        self.due = Due::All;
    }

    /// Updates the rows from the store, and keeps the selection on its guid. Until the first list is `complete` the
    /// selection stays on the top row, since the user has not chosen it.
    ///
    /// With very many rows this does one slice, and [`Self::work`] reports progress until all is done. Until then the
    /// rows stay as they were.
    pub(super) fn refresh(&mut self, store: &mut Store, complete: bool) {
        match self.job.take() {
            Some(job) if self.due == Due::Nothing => return self.advance(job, store, complete),
            Some(Job::Sorting(_)) => self.due = Due::All,
            Some(Job::Filtering(_)) => self.due = self.due.max(Due::Filter),
            None => {}
        }
        if !complete && self.can_wait(store) {
            return;
        }
        let changed = self.take_changed(store);
        let due = std::mem::take(&mut self.due);
        if changed.is_empty() && due == Due::Nothing {
            return;
        }
        let sort_limits = self.limits.for_sort(self.order);
        let is_large = store.slots() > self.limits.max_at_once;
        let due = if changed.len() > sort_limits.max_at_once { Due::All } else { due };
        let is_large = is_large || (due == Due::All && store.slots() > sort_limits.max_at_once);
        if due != Due::All {
            self.replace(store, &changed);
        }
        if is_large && let Some(job) = self.job_for(store, due) {
            // Show only rows that exist meanwhile, and keep the cursor on its task.
            self.rows.retain(|id| store.entry(*id).is_some());
            self.settle(store, complete);
            return self.advance(job, store, complete);
        }
        match due {
            Due::All => {
                self.ordered = self.collect(store);
                self.order.sort(store, &mut self.ordered);
                self.filter_all(store);
            }
            Due::Filter => self.filter_all(store),
            Due::Narrow => self.narrow(store),
            Due::Nothing => {}
        }
        self.settle(store, complete);
    }

    /// Returns the progress of the job, if any. The store must not change until it is done.
    pub(super) fn work(&self) -> Option<Work> {
        self.job.as_ref().map(Job::work)
    }

    /// Gives up the job in progress, since messages are no longer held back for it. It starts again with the next frame.
    pub(super) fn put_off(&mut self) {
        if self.job.take().is_some() {
            self.due = Due::All;
        }
    }

    fn take_changed(&mut self, store: &mut Store) -> Vec<RowId> {
        let mut changed = store.take_changed();
        if !self.deselected.is_empty() {
            changed.append(&mut self.deselected);
            changed.sort_unstable();
            changed.dedup();
        }
        changed
    }
}
