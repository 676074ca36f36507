//! Which rows are shown, and in what order.
//!
//! Holds row ids, not tasks; a frame asks for the few that it shows. What changed in the store is taken out and put
//! in again at its place; all rows are looked at only when the filter or the order changes.

mod filter;
mod filter_plan;
mod incremental;
mod order;
mod prefix_sort;
mod row_set;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::model::{Sort, TaskGuid, Timestamp};

use super::store::{Common, Entry, RowId, Store};
pub use filter::{Filter, Scope};
use filter_plan::FilterPlan;
pub use incremental::Work;
use incremental::{Filtering, Look, Sorting};
use order::Order;
use row_set::RowSet;

/// How often rows are looked at again when all that changes is their age.
const AGES_EVERY: Duration = Duration::from_secs(1);

/// What the selection stays on while rows come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Anchor {
    /// The top row, until the operator has moved.
    #[default]
    Top,
    /// The selected task.
    Task,
}

/// The filter, the order, the rows that result, and the selected one.
#[derive(Debug, Default)]
pub(super) struct Query {
    filter: Filter,
    /// The server's time, which ages are told by.
    now: Timestamp,
    /// When every row was looked at for its age.
    aged_at: Timestamp,
    order: Order,
    /// Every row of the scope, in order.
    ordered: Vec<RowId>,
    /// Those of them that the filter admits.
    rows: Vec<RowId>,
    due: Due,
    /// The rows as they were when they were told to hold still.
    held: Option<Vec<TaskGuid>>,
    selected: Option<TaskGuid>,
    selected_at: usize,
    anchor: Anchor,
    /// Rows that may go although their tasks did not change: the selection left them.
    left: Vec<RowId>,
    /// Frames since rows that are arriving were put in order.
    waited: u32,
    look: Option<Look>,
    limits: Limits,
}

/// How much is done between two frames.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// With more entries than this, a look at all of them is taken in slices.
    at_once: usize,
    /// The entries of a slice.
    slice: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // Up to here a look takes less than the 16 ms of a frame; a slice takes half of one.
        Self { at_once: 131_072, slice: 65_536 }
    }
}

/// Of fewer rows than one in so many entries each is looked at where it is, not all entries from end to end.
const FEW: usize = 8;

/// So many frames may pass before rows that are arriving are put in order: ten are drawn in a second.
const PATIENT: u32 = 5;

/// How much is to be looked at again, beside what changed in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Due {
    #[default]
    Nothing,
    /// The rows shown: the filter became narrower.
    Narrow,
    /// Every row of the scope.
    Filter,
    /// Every entry.
    All,
}

impl Query {
    /// What rows must be like.
    pub(super) fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Returns the current sort.
    pub(super) fn sort(&self) -> Sort {
        self.order.0
    }

    /// Whether the rows are held still.
    pub(super) fn paused(&self) -> bool {
        self.held.is_some()
    }

    /// The rows that are shown.
    pub(super) fn rows(&self) -> &[RowId] {
        &self.rows
    }

    /// How many rows the scope has, filtered out or not.
    pub(super) fn total(&self) -> usize {
        self.ordered.len()
    }

    /// The selected task.
    pub(super) fn selected(&self) -> Option<&TaskGuid> {
        self.selected.as_ref()
    }

    /// Where the selected row is among the rows.
    pub(super) fn selected_at(&self) -> usize {
        self.selected_at
    }

    /// Changes the filter.
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

    /// Takes the server's time. Where the filter asks for ages, rows come and go with it. While it is at work time
    /// stands still: all rows are asked at one time, and no look is begun anew before it has ended.
    pub(super) fn pass_time(&mut self, now: Timestamp) {
        if self.look.is_some() {
            return;
        }
        self.now = now;
        let is_due = now < self.aged_at || now.since(self.aged_at) >= AGES_EVERY;
        if is_due && self.filter.terms.depends_on_time() {
            self.aged_at = now;
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

    /// Holds the rows still, or lets them go.
    pub(super) fn toggle_pause(&mut self, store: &Store) {
        let guids = || self.rows.iter().filter_map(|id| Some(store.entry(*id)?.task.guid.clone())).collect();
        self.held = if self.held.is_some() { None } else { Some(guids()) };
        self.due = Due::All;
    }

    /// Brings the rows up to date with the store, and keeps the selection on its guid. Until the rows are
    /// complete for the first time nobody has chosen the one that came first: it stays on the top one.
    ///
    /// Of very many rows it does a slice, and is [at work](Self::work) until all is done; the rows stay as they were.
    pub(super) fn refresh(&mut self, store: &mut Store, complete: bool) {
        match self.look.take() {
            Some(look) if self.due == Due::Nothing => return self.go_on(look, store, complete),
            Some(Look::Sorting(_)) => self.due = Due::All,
            Some(Look::Filtering(_)) => self.due = self.due.max(Due::Filter),
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
        let is_large = store.slots() > self.limits.at_once;
        let due = if is_large && changed.len() > self.limits.at_once { Due::All } else { due };
        if due != Due::All {
            self.replace(store, &changed);
        }
        if is_large && let Some(look) = self.look_at(store, due) {
            // What is shown meanwhile is what there is, and the cursor stays on its task.
            self.rows.retain(|id| store.entry(*id).is_some());
            self.settle(store, complete);
            return self.go_on(look, store, complete);
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

    /// The look that is due, to be taken in slices; none where little is to be looked at.
    fn look_at(&self, store: &Store, due: Due) -> Option<Look> {
        let filtering = |among| Some(Look::Filtering(Filtering::new(store.slots(), among)));
        match due {
            Due::All => {
                let unsorted = self.collect(store);
                Some(Look::Sorting(Sorting::new(self.order, unsorted, self.limits.slice)))
            }
            Due::Filter if self.filter.is_active() => filtering(None),
            Due::Narrow if self.rows.len() >= store.slots() / FEW => filtering(Some(RowSet::of(&self.rows))),
            Due::Filter | Due::Narrow | Due::Nothing => None,
        }
    }

    /// What takes longer than a frame and is not done yet; nothing of the store may change until it is.
    pub(super) fn work(&self) -> Option<Work> {
        self.look.as_ref().map(Look::work)
    }

    fn take_changed(&mut self, store: &mut Store) -> Vec<RowId> {
        let mut changed = store.take_changed();
        if !self.left.is_empty() {
            changed.append(&mut self.left);
            changed.sort_unstable();
            changed.dedup();
        }
        changed
    }

    fn go_on(&mut self, look: Look, store: &Store, complete: bool) {
        let slice = self.limits.slice;
        match look {
            Look::Sorting(mut sorting) => match sorting.step(store, slice) {
                None => self.look = Some(Look::Sorting(sorting)),
                Some(ordered) => {
                    self.ordered = ordered;
                    if self.filter.is_active() {
                        self.look = Some(Look::Filtering(Filtering::new(store.slots(), None)));
                    } else {
                        self.rows.clone_from(&self.ordered);
                        self.settle(store, complete);
                    }
                }
            },
            Look::Filtering(mut filtering) => {
                let plan = self.plan(store);
                let admitted = filtering.step(slice, |id| plan.admits(id));
                match admitted {
                    None => self.look = Some(Look::Filtering(filtering)),
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
        self.rows.extend(self.ordered.iter().copied().filter(|id| admitted.has(*id)));
    }

    /// What follows once the rows are as they should be.
    fn settle(&mut self, store: &Store, complete: bool) {
        if let Some(held) = &self.held {
            self.rows = held.iter().filter_map(|guid| store.find(guid)).collect();
        }
        if complete || self.anchor == Anchor::Task {
            self.follow_selection(store);
        } else {
            self.select_at(store, 0);
        }
    }

    /// Whether rows that are arriving can be put in order later: to do so for each frame would make the list that
    /// brings them wait. Each doubling shows, and a list that takes long shows twice a second.
    fn can_wait(&mut self, store: &Store) -> bool {
        let is_twice = store.slots() >= 2 * self.ordered.len();
        self.waited = if is_twice || self.due != Due::Nothing { 0 } else { (self.waited + 1) % PATIENT };
        self.waited != 0
    }

    /// Every row of the scope, in no order yet.
    fn collect(&self, store: &Store) -> Vec<RowId> {
        let (columns, scope) = (store.facets(), self.filter.scope);
        let is_in = |common: &Common| scope.has(common.ended, common.failed);
        let has: Vec<bool> = columns.commons().map(|common| common.is_some_and(is_in)).collect();
        let in_scope =
            |id: &RowId| columns.parts(*id).and_then(|(common, _)| has.get(common)).is_some_and(|has| *has);
        let selected =
            self.selected.as_ref().and_then(|guid| store.find(guid)).filter(|_| scope == Scope::Live);
        let rows = (0..store.slots()).filter_map(RowId::at);
        rows.filter(|id| in_scope(id) || selected == Some(*id)).collect()
    }

    /// Takes out the rows that changed, and puts them where they are now.
    fn replace(&mut self, store: &Store, changed: &[RowId]) {
        let dirty = RowSet::of(changed);
        self.ordered.retain(|id| !dirty.has(*id));
        if self.filter.is_active() {
            self.rows.retain(|id| !dirty.has(*id));
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
        if rows.len() < store.slots() / FEW {
            rows.retain(|id| plan.admits(*id));
        } else {
            let shown = RowSet::of(&rows);
            let admitted = plan.admitted(|id| shown.has(id));
            rows.retain(|id| admitted.has(*id));
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

    /// Goes to the row at `at`, or the last one before it: an operator's choice.
    pub(super) fn go_to(&mut self, store: &Store, at: usize) {
        self.anchor = Anchor::Task;
        self.select_at(store, at);
    }

    fn select_at(&mut self, store: &Store, at: usize) {
        let before = self.selected.as_ref().and_then(|guid| store.find(guid));
        self.selected_at = at.min(self.rows.len().saturating_sub(1));
        let id = self.rows.get(self.selected_at).copied();
        self.selected = id.and_then(|id| store.entry(id)).map(|entry| entry.task.guid.clone());
        // Only of what is gone does it matter whether it is selected; a key of a thousand must not look at every row.
        let is_gone = |id: &RowId| store.entry(*id).is_some_and(|entry| entry.end.is_some());
        if before != id {
            self.left.extend(before.filter(is_gone));
        }
    }
}

fn in_scope(filter: &Filter, selected: Option<&TaskGuid>, entry: &Entry) -> bool {
    // A selected task that ends stays until the selection leaves it: nothing moves under the cursor.
    let stays = || filter.scope == Scope::Live && selected == Some(&entry.task.guid);
    filter.scope.has(entry.end.is_some(), entry.task.failed) || stays()
}
