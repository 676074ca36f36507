//! Passes over the rows: collects, sorts and filters them, at once or in slices, and moves single rows.
//!
//! The query decides which pass is due; nothing here changes the filter or the order.

use super::super::store::{Attributes, Entry, RowId, Store};
use super::filter::{Filter, Scope};
use super::filter_plan::FilterPlan;
use super::incremental::{Filtering, Job, Sorting};
use super::row_set::RowSet;
use super::{Due, EndedRows, Query};
use crate::model::TaskGuid;

/// If fewer than one entry in this many is shown, look the rows up one by one instead of scanning all entries.
const SPARSE_RATIO: usize = 8;

/// Arriving rows are sorted in at least once in this many frames. Ten frames are drawn per second.
const MAX_DEFERRED_FRAMES: u32 = 5;

impl Query {
    /// Returns the incremental job for what is due; none if little is due.
    pub(super) fn job_for(&self, store: &Store, due: Due) -> Option<Job> {
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

    pub(super) fn advance(&mut self, job: Job, store: &Store, complete: bool) {
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

    /// Returns whether sorting in arriving rows can wait: doing it for every frame would delay the list that brings
    /// them. Rows appear whenever their number doubles, and otherwise twice a second.
    pub(super) fn can_wait(&mut self, store: &Store) -> bool {
        let is_twice = store.slots() >= 2 * self.ordered.len();
        self.frames_deferred = if is_twice || self.due != Due::Nothing {
            0
        } else {
            (self.frames_deferred + 1) % MAX_DEFERRED_FRAMES
        };
        self.frames_deferred != 0
    }

    /// Returns every row of the scope, unsorted.
    pub(super) fn collect(&self, store: &Store) -> Vec<RowId> {
        let (facets, scope) = (store.facets(), self.filter.scope);
        let is_in = |attributes: &Attributes| scope.includes(attributes.has_ended(), attributes.failed);
        let included: Vec<bool> =
            facets.attributes().map(|attributes| attributes.is_some_and(is_in)).collect();
        let in_scope = |id: &RowId| {
            facets.indexes(*id).and_then(|of| included.get(of.attributes)).is_some_and(|included| *included)
        };
        let stays = self.staying(store);
        let rows = (0..store.slots()).filter_map(RowId::at);
        rows.filter(|id| in_scope(id) || stays.contains(*id)).collect()
    }

    /// Returns the ended tasks that stay among the held ones: those that linger, and the selected one.
    fn staying(&self, store: &Store) -> RowSet {
        if self.filter.scope != Scope::Live {
            return RowSet::default();
        }
        let selected = self.selected.as_ref().and_then(|guid| store.find(guid));
        let has_ended = |id: &RowId| store.entry(*id).is_some_and(|entry| entry.end.is_some());
        store.lingering().chain(selected.filter(has_ended)).collect()
    }

    /// Counts the ended tasks among the rows, and all that the filter may hide.
    pub(super) fn count_ended(&self, store: &Store) -> EndedRows {
        let all = match self.filter.scope {
            Scope::Live => self.staying(store).len(),
            Scope::LiveAndEnded => store.ended_count(),
            Scope::Failed | Scope::Ended => 0,
        };
        let shown = match all {
            0 => 0,
            all if !self.filter.is_active() && self.frozen.is_none() => all,
            _ => {
                let facets = store.facets();
                let ended: Vec<bool> =
                    facets.attributes().map(|of| of.is_some_and(Attributes::has_ended)).collect();
                let has_ended = |id: &&RowId| {
                    facets.indexes(**id).and_then(|of| ended.get(of.attributes)).is_some_and(|ended| *ended)
                };
                self.rows.iter().filter(has_ended).count()
            }
        };
        EndedRows { shown, all }
    }

    /// Moves the rows that changed to their new positions.
    pub(super) fn replace(&mut self, store: &Store, changed: &[RowId]) {
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

    pub(super) fn narrow(&mut self, store: &Store) {
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

    pub(super) fn filter_all(&mut self, store: &Store) {
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
}

pub(super) fn in_scope(filter: &Filter, selected: Option<&TaskGuid>, entry: &Entry) -> bool {
    // A selected task that ends stays until the selection leaves it, so that no row moves under the cursor.
    let stays = || filter.scope == Scope::Live && (entry.lingers() || selected == Some(&entry.task.guid));
    filter.scope.includes(entry.end.is_some(), entry.task.failed) || stays()
}
