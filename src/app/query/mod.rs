//! Filters and sorts the rows of the task table.
//!
//! Holds row ids, not tasks; a frame looks up the few that it shows. Changed rows are removed and inserted again at
//! their new position. Only a new filter or order causes a pass over all rows.

mod filter;
mod filter_plan;
mod incremental;
mod order;
mod prefix_sort;
mod row_set;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::model::{Sort, SortRule, TaskGuid, Timestamp};

use super::groups::GroupKey;
use super::store::{Common, Entry, RowId, Store};
pub use filter::{Filter, Scope};
use filter_plan::FilterPlan;
pub use incremental::Work;
use incremental::{Filtering, Job, Sorting};
use order::Order;
use row_set::RowSet;

/// How often rows are filtered again when only their ages change.
const AGE_REFRESH: Duration = Duration::from_secs(1);

/// What the selection follows while rows come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Anchor {
    /// The top row, until the user moves.
    #[default]
    Top,
    /// Returns the guid of the selected task.
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
    /// Rows that the selection has left. They may disappear although their tasks did not change.
    deselected: Vec<RowId>,
    /// Frames since arriving rows were last sorted in.
    frames_deferred: u32,
    job: Option<Job>,
    limits: Limits,
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

/// If fewer than one entry in this many is shown, look the rows up one by one instead of scanning all entries.
const SPARSE_RATIO: usize = 8;

/// Arriving rows are sorted in at least once in this many frames. Ten frames are drawn per second.
const MAX_DEFERRED_FRAMES: u32 = 5;

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

    /// Returns the incremental job for what is due; none if little is due.
    fn job_for(&self, store: &Store, due: Due) -> Option<Job> {
        let filtering = |among| Some(Job::Filtering(Filtering::new(store.slots(), among)));
        match due {
            Due::All => {
                let unsorted = self.collect(store);
                let slice = self.limits.for_sort(self.order).slice;
                Some(Job::Sorting(Sorting::new(self.order, unsorted, slice)))
            }
            Due::Filter if self.filter.is_active() => filtering(None),
            Due::Narrow if self.rows.len() >= store.slots() / SPARSE_RATIO => {
                filtering(Some(self.rows.iter().copied().collect()))
            }
            Due::Filter | Due::Narrow | Due::Nothing => None,
        }
    }

    /// Returns the progress of the job, if any. The store must not change until it is done.
    pub(super) fn work(&self) -> Option<Work> {
        self.job.as_ref().map(Job::work)
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

    fn advance(&mut self, job: Job, store: &Store, complete: bool) {
        let slice = self.limits.slice;
        match job {
            Job::Sorting(mut sorting) => match sorting.step(store, self.limits.for_sort(self.order).slice) {
                None => self.job = Some(Job::Sorting(sorting)),
                Some(ordered) => {
                    self.ordered = ordered;
                    if self.filter.is_active() {
                        self.job = Some(Job::Filtering(Filtering::new(store.slots(), None)));
                    } else {
                        self.rows.clone_from(&self.ordered);
                        self.settle(store, complete);
                    }
                }
            },
            Job::Filtering(mut filtering) => {
                let plan = self.plan(store);
                let admitted = filtering.step(slice, |id| plan.admits(id));
                match admitted {
                    None => self.job = Some(Job::Filtering(filtering)),
                    Some(admitted) => {
                        self.take_admitted(&admitted);
                        self.settle(store, complete);
                    }
                }
            }
        }
    }

    fn take_admitted(&mut self, admitted: &RowSet) {
        self.rows.clear();
        self.rows.extend(self.ordered.iter().copied().filter(|id| admitted.contains(*id)));
    }

    /// Restores the pause and the selection after the rows were updated.
    fn settle(&mut self, store: &Store, complete: bool) {
        if let Some(frozen) = &self.frozen {
            self.rows = frozen.iter().filter_map(|guid| store.find(guid)).collect();
        }
        if complete || self.anchor == Anchor::Task {
            self.follow_selection(store);
        } else {
            self.select_at(store, 0);
        }
    }

    /// Returns whether sorting in arriving rows can wait: doing it for every frame would delay the list that brings
    /// them. Rows appear whenever their number doubles, and otherwise twice a second.
    fn can_wait(&mut self, store: &Store) -> bool {
        let is_twice = store.slots() >= 2 * self.ordered.len();
        self.frames_deferred = if is_twice || self.due != Due::Nothing {
            0
        } else {
            (self.frames_deferred + 1) % MAX_DEFERRED_FRAMES
        };
        self.frames_deferred != 0
    }

    /// Returns every row of the scope, unsorted.
    fn collect(&self, store: &Store) -> Vec<RowId> {
        let (facets, scope) = (store.facets(), self.filter.scope);
        let is_in = |common: &Common| scope.includes(common.ended, common.failed);
        let included: Vec<bool> = facets.commons().map(|common| common.is_some_and(is_in)).collect();
        let in_scope = |id: &RowId| {
            facets.indexes(*id).and_then(|of| included.get(of.common)).is_some_and(|included| *included)
        };
        let selected =
            self.selected.as_ref().and_then(|guid| store.find(guid)).filter(|_| scope == Scope::Live);
        let rows = (0..store.slots()).filter_map(RowId::at);
        rows.filter(|id| in_scope(id) || selected == Some(*id)).collect()
    }

    /// Moves the rows that changed to their new positions.
    fn replace(&mut self, store: &Store, changed: &[RowId]) {
        let dirty: RowSet = changed.iter().copied().collect();
        self.ordered.retain(|id| !dirty.contains(*id));
        if self.filter.is_active() {
            self.rows.retain(|id| !dirty.contains(*id));
        }
        let is_in_scope = |entry: &Entry| in_scope(&self.filter, self.selected.as_ref(), entry);
        let mut fresh: Vec<_> =
            changed.iter().copied().filter(|id| store.entry(*id).is_some_and(is_in_scope)).collect();
        self.order.sort(store, &mut fresh);
        self.order.merge(store, &mut self.ordered, &fresh);
        if self.filter.is_active() {
            let plan = self.plan(store);
            fresh.retain(|id| plan.admits(*id));
            self.order.merge(store, &mut self.rows, &fresh);
        } else {
            self.rows.clone_from(&self.ordered);
        }
    }

    fn narrow(&mut self, store: &Store) {
        let mut rows = std::mem::take(&mut self.rows);
        let plan = self.plan(store);
        if rows.len() < store.slots() / SPARSE_RATIO {
            rows.retain(|id| plan.admits(*id));
        } else {
            let shown: RowSet = rows.iter().copied().collect();
            let admitted = plan.admitted(|id| shown.contains(id));
            rows.retain(|id| admitted.contains(*id));
        }
        self.rows = rows;
    }

    fn filter_all(&mut self, store: &Store) {
        if !self.filter.is_active() {
            self.rows.clone_from(&self.ordered);
            return;
        }
        let admitted = self.plan(store).admitted(|_| true);
        self.take_admitted(&admitted);
    }

    fn plan<'a>(&'a self, store: &'a Store) -> FilterPlan<'a> {
        FilterPlan::new(&self.filter, self.now, store)
    }

    fn follow_selection(&mut self, store: &Store) {
        let id = self.selected.as_ref().and_then(|guid| store.find(guid));
        match id.and_then(|id| self.rows.iter().position(|row| *row == id)) {
            Some(at) => self.selected_at = at,
            None => self.select_at(store, self.selected_at),
        }
    }

    /// Selects the row at `at`, or the last row, because the user chose it.
    pub(super) fn go_to(&mut self, store: &Store, at: usize) {
        self.anchor = Anchor::Task;
        self.select_at(store, at);
    }

    /// Selects a task because the user chose it. Returns whether it is among the rows; if it is not yet, it is selected
    /// once it is.
    pub(super) fn select(&mut self, store: &Store, guid: &TaskGuid) -> bool {
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

fn in_scope(filter: &Filter, selected: Option<&TaskGuid>, entry: &Entry) -> bool {
    // A selected task that ends stays until the selection leaves it, so that no row moves under the cursor.
    let stays = || filter.scope == Scope::Live && selected == Some(&entry.task.guid);
    filter.scope.includes(entry.end.is_some(), entry.task.failed) || stays()
}
