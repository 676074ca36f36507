//! Which rows are shown, and in what order.
//!
//! Holds row ids, not tasks; a frame asks for the few that it shows. Every order ends with the guid, so that no
//! two refreshes differ by chance.

use std::cmp::Ordering;

use crate::model::{CellId, Domain, TaskFilter, TaskGuid};

use super::store::{Entry, RowId, Store};

/// Which tasks are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Those that the BBS holds.
    #[default]
    Live,
    /// Those that failed, held or ended.
    Failed,
    /// Those that ended while we watched.
    Ended,
}

/// What a row must be like.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Which tasks.
    pub scope: Scope,
    /// Only of this domain.
    pub domain: Option<Domain>,
    /// Only of this cell, or last on it.
    pub cell: Option<CellId>,
    /// Words that must all occur; smart case.
    pub text: String,
}

impl Filter {
    /// Whether it hides anything of its scope.
    pub fn is_active(&self) -> bool {
        self.domain.is_some() || self.cell.is_some() || !self.text.trim().is_empty()
    }

    /// What of it the server can apply.
    pub fn for_list(&self) -> TaskFilter {
        TaskFilter { domain: self.domain.clone(), cell: self.cell.clone() }
    }
}

/// What the rows are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortKey {
    /// The guid.
    Guid,
    /// The domain.
    Domain,
    /// The state, in the order of a task's life, failed ones first.
    State,
    /// The cell.
    Cell,
    /// When it was desired, the newest first.
    #[default]
    Age,
    /// When its state changed, the newest first.
    InState,
    /// The reason.
    Reason,
}

impl SortKey {
    /// In the order in which `s` goes through them: that of the columns.
    pub const ALL: [Self; 7] =
        [Self::Guid, Self::Domain, Self::State, Self::Cell, Self::Age, Self::InState, Self::Reason];

    fn next(self) -> Self {
        let at = Self::ALL.iter().position(|key| *key == self).unwrap_or(0);
        Self::ALL.iter().cycle().nth(at + 1).copied().unwrap_or(self)
    }

    fn order(self, a: &Entry, b: &Entry) -> Ordering {
        let (x, y) = (&a.task, &b.task);
        match self {
            Self::Guid => Ordering::Equal,
            Self::Domain => x.domain.cmp(&y.domain),
            Self::State => (x.state, !x.failed).cmp(&(y.state, !y.failed)),
            // Rows without a cell or a reason come last, whatever the others are.
            Self::Cell => none_last(a.last_cell.as_ref(), b.last_cell.as_ref()),
            Self::Age => y.created_at.cmp(&x.created_at),
            Self::InState => y.updated_at.cmp(&x.updated_at),
            Self::Reason => none_last(non_empty(x.reason()), non_empty(y.reason())),
        }
    }
}

fn non_empty(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn none_last<T: Ord>(a: Option<T>, b: Option<T>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// Words of a text filter. A word in lower case matches any case; one with a capital matches as it is.
#[derive(Debug, Clone, Default)]
struct Words(Vec<(String, bool)>);

impl Words {
    fn parse(text: &str) -> Self {
        let exact = |word: &str| word.chars().any(char::is_uppercase);
        Self(text.split_whitespace().map(|word| (word.to_owned(), exact(word))).collect())
    }

    fn admit(&self, entry: &Entry) -> bool {
        let task = &entry.task;
        let cell = entry.last_cell.as_ref().map_or("", CellId::as_str);
        let state = task.state.name().unwrap_or_default();
        let failed = if task.failed { "failed" } else { "" };
        let fields = [task.guid.as_str(), task.domain.as_str(), state, cell, task.reason(), failed];
        self.0.iter().all(|(word, exact)| fields.iter().any(|field| contains(field, word, *exact)))
    }
}

fn contains(text: &str, word: &str, exact: bool) -> bool {
    if exact || text.is_empty() {
        return text.contains(word);
    }
    if text.is_ascii() {
        let (text, word) = (text.as_bytes(), word.as_bytes());
        return text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    }
    text.to_lowercase().contains(word)
}

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
    words: Words,
    sort: SortKey,
    reversed: bool,
    rows: Vec<RowId>,
    total: usize,
    stale: bool,
    paused: bool,
    selected: Option<TaskGuid>,
    selected_at: usize,
    anchor: Anchor,
}

impl Query {
    /// What rows must be like.
    pub(super) fn filter(&self) -> &Filter {
        &self.filter
    }

    /// What they are ordered by, and whether the other way round.
    pub(super) fn sort(&self) -> (SortKey, bool) {
        (self.sort, self.reversed)
    }

    /// Whether the rows are held still.
    pub(super) fn paused(&self) -> bool {
        self.paused
    }

    /// The rows that are shown.
    pub(super) fn rows(&self) -> &[RowId] {
        &self.rows
    }

    /// How many rows the scope has, filtered out or not.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// The selected task.
    pub(super) fn selected(&self) -> Option<&TaskGuid> {
        self.selected.as_ref()
    }

    /// Where the selected row is among the rows.
    pub(super) fn selected_at(&self) -> usize {
        self.selected_at
    }

    /// The store has changed: the rows must be looked at again.
    pub(super) fn invalidate(&mut self) {
        self.stale = true;
    }

    /// Changes the filter.
    pub(super) fn set_filter(&mut self, change: impl FnOnce(&mut Filter)) {
        change(&mut self.filter);
        self.words = Words::parse(&self.filter.text);
        self.stale = true;
    }

    /// Sorts by the next column.
    pub(super) fn sort_by_next(&mut self) {
        self.sort = self.sort.next();
        self.reversed = false;
        self.stale = true;
    }

    /// Sorts the other way round.
    pub(super) fn reverse_sort(&mut self) {
        self.reversed = !self.reversed;
        self.stale = true;
    }

    /// Holds the rows still, or lets them go.
    pub(super) fn toggle_pause(&mut self) {
        self.paused = !self.paused;
        self.stale = true;
    }

    /// Brings the rows up to date with the store, and keeps the selection on its guid. Until the rows are
    /// complete for the first time nobody has chosen the one that came first: it stays on the top one.
    pub(super) fn refresh(&mut self, store: &Store, complete: bool) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        if self.paused && !self.rows.is_empty() {
            self.rows.retain(|id| store.entry(*id).is_some());
        } else {
            self.collect(store);
        }
        if complete || self.anchor == Anchor::Task {
            self.follow_selection(store);
        } else {
            self.select_at(store, 0);
        }
    }

    fn collect(&mut self, store: &Store) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        let mut total = 0;
        for (id, entry) in store.entries().filter(|(_, entry)| self.in_scope(entry)) {
            total += 1;
            if self.admits(entry) {
                rows.push(id);
            }
        }
        self.total = total;
        rows.sort_unstable_by(|a, b| match (store.entry(*a), store.entry(*b)) {
            (Some(a), Some(b)) => self.order(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        });
        self.rows = rows;
    }

    fn in_scope(&self, entry: &Entry) -> bool {
        match self.filter.scope {
            // A selected task that ends stays until the selection leaves it: nothing moves under the cursor.
            Scope::Live => entry.end.is_none() || self.selected.as_ref() == Some(&entry.task.guid),
            Scope::Failed => entry.task.failed,
            Scope::Ended => entry.end.is_some(),
        }
    }

    fn admits(&self, entry: &Entry) -> bool {
        let Filter { domain, cell, .. } = &self.filter;
        domain.as_ref().is_none_or(|domain| *domain == entry.task.domain)
            && cell.as_ref().is_none_or(|cell| self.cell_of(entry) == Some(cell))
            && self.words.admit(entry)
    }

    /// Of a live task only the cell it is on counts, as it does for the server; of an ended or failed one the last.
    fn cell_of<'a>(&self, entry: &'a Entry) -> Option<&'a CellId> {
        match self.filter.scope {
            Scope::Live if entry.end.is_none() => entry.task.cell.as_ref(),
            _ => entry.last_cell.as_ref(),
        }
    }

    fn order(&self, a: &Entry, b: &Entry) -> Ordering {
        let order = self.sort.order(a, b);
        let order = if self.reversed { order.reverse() } else { order };
        order.then_with(|| a.task.guid.cmp(&b.task.guid))
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
        let was_ended = |guid: &TaskGuid| store.get(guid).is_none_or(|entry| entry.end.is_some());
        let leaves_ended = self.selected.as_ref().is_some_and(was_ended);
        self.selected_at = at.min(self.rows.len().saturating_sub(1));
        let entry = self.rows.get(self.selected_at).and_then(|id| store.entry(*id));
        self.selected = entry.map(|entry| entry.task.guid.clone());
        self.stale |= leaves_ended && self.filter.scope == Scope::Live;
    }
}
