//! Counts by state, domain and cell, kept by increments: no count walks the tasks.
//!
//! A task counts for the cell that it ran on last, as the table shows it: completion blanks the task's own. Failures
//! count for as long as they are kept, or those of a cell that is gone would go with their callbacks.

use std::collections::BTreeMap;

use super::Entry;
use crate::model::{CellId, Domain, State};

/// How many live tasks are in each state. Failed ones are counted in their state as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StateCounts {
    by_state: [usize; State::ALL.len()],
    /// In a state that this program does not know.
    pub other: usize,
    /// Of all these, how many are marked failed.
    pub failed: usize,
    /// How many that failed have left the BBS and are kept as ended.
    pub ended_failed: usize,
}

impl StateCounts {
    /// How many are in `state`; for a state without a count of its own, all such together.
    pub fn of(&self, state: State) -> usize {
        position(state).and_then(|at| self.by_state.get(at)).copied().unwrap_or(self.other)
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.by_state.iter().sum::<usize>() + self.other
    }

    /// All failures that are known, of live and of ended tasks.
    pub fn all_failed(&self) -> usize {
        self.failed + self.ended_failed
    }

    fn is_empty(&self) -> bool {
        self.total() == 0 && self.ended_failed == 0
    }

    fn add(&mut self, entry: &Entry) {
        let failed = usize::from(entry.task.failed);
        if entry.end.is_some() {
            self.ended_failed += failed;
        } else {
            *self.count_of(entry.task.state) += 1;
            self.failed += failed;
        }
    }

    fn remove(&mut self, entry: &Entry) {
        let failed = usize::from(entry.task.failed);
        if entry.end.is_some() {
            self.ended_failed -= failed;
        } else {
            *self.count_of(entry.task.state) -= 1;
            self.failed -= failed;
        }
    }

    fn count_of(&mut self, state: State) -> &mut usize {
        match position(state).and_then(|at| self.by_state.get_mut(at)) {
            Some(count) => count,
            None => &mut self.other,
        }
    }
}

fn position(state: State) -> Option<usize> {
    State::ALL.iter().position(|known| *known == state)
}

/// The counts of all tasks, and of each domain and cell that has a live one or a failure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    all: StateCounts,
    domains: BTreeMap<Domain, StateCounts>,
    cells: BTreeMap<CellId, StateCounts>,
}

impl Counts {
    /// All of them.
    pub fn all(&self) -> StateCounts {
        self.all
    }

    /// Each domain that has a live task or a failure, by name.
    pub fn domains(&self) -> &BTreeMap<Domain, StateCounts> {
        &self.domains
    }

    /// Each cell that a live task or a failure was on last, by name.
    pub fn cells(&self) -> &BTreeMap<CellId, StateCounts> {
        &self.cells
    }

    pub(super) fn add(&mut self, entry: &Entry) {
        if !counts(entry) {
            return;
        }
        self.all.add(entry);
        add_to(&mut self.domains, &entry.task.domain, entry);
        if let Some(cell) = &entry.last_cell {
            add_to(&mut self.cells, cell, entry);
        }
    }

    pub(super) fn remove(&mut self, entry: &Entry) {
        if !counts(entry) {
            return;
        }
        self.all.remove(entry);
        remove_from(&mut self.domains, &entry.task.domain, entry);
        if let Some(cell) = &entry.last_cell {
            remove_from(&mut self.cells, cell, entry);
        }
    }
}

fn counts(entry: &Entry) -> bool {
    entry.end.is_none() || entry.task.failed
}

fn add_to<K: Ord + Clone>(counts: &mut BTreeMap<K, StateCounts>, key: &K, entry: &Entry) {
    match counts.get_mut(key) {
        Some(count) => count.add(entry),
        None => counts.entry(key.clone()).or_default().add(entry),
    }
}

fn remove_from<K: Ord>(counts: &mut BTreeMap<K, StateCounts>, key: &K, entry: &Entry) {
    if let Some(count) = counts.get_mut(key) {
        count.remove(entry);
        if count.is_empty() {
            counts.remove(key);
        }
    }
}
