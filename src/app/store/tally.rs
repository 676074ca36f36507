//! Counts by state, domain and cell, kept by increments: no count walks the tasks.

use std::collections::BTreeMap;

use crate::model::{CellId, Domain, State, Task};

/// How many tasks are in each state. Failed ones are counted in their state as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StateCounts {
    by_state: [usize; State::ALL.len()],
    /// In a state that this program does not know.
    pub other: usize,
    /// Of all these, how many are marked failed.
    pub failed: usize,
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

    fn add(&mut self, task: &Task) {
        *self.count_of(task.state) += 1;
        self.failed += usize::from(task.failed);
    }

    fn remove(&mut self, task: &Task) {
        *self.count_of(task.state) -= 1;
        self.failed -= usize::from(task.failed);
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

/// The counts of all live tasks, and of each domain and cell that has one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    all: StateCounts,
    domains: BTreeMap<Domain, StateCounts>,
    cells: BTreeMap<CellId, StateCounts>,
}

impl Tally {
    /// All live tasks.
    pub fn all(&self) -> StateCounts {
        self.all
    }

    /// Each domain that has a live task, by name.
    pub fn domains(&self) -> &BTreeMap<Domain, StateCounts> {
        &self.domains
    }

    /// Each cell that a live task has, by name. Most run there; a Pending one was rejected there while it ran, and one that
    /// the BBS failed because its cell was gone still has it.
    pub fn cells(&self) -> &BTreeMap<CellId, StateCounts> {
        &self.cells
    }

    pub(super) fn add(&mut self, task: &Task) {
        self.all.add(task);
        add_to(&mut self.domains, &task.domain, task);
        if let Some(cell) = &task.cell {
            add_to(&mut self.cells, cell, task);
        }
    }

    pub(super) fn remove(&mut self, task: &Task) {
        self.all.remove(task);
        remove_from(&mut self.domains, &task.domain, task);
        if let Some(cell) = &task.cell {
            remove_from(&mut self.cells, cell, task);
        }
    }
}

fn add_to<K: Ord + Clone>(counts: &mut BTreeMap<K, StateCounts>, key: &K, task: &Task) {
    match counts.get_mut(key) {
        Some(count) => count.add(task),
        None => counts.entry(key.clone()).or_default().add(task),
    }
}

fn remove_from<K: Ord>(counts: &mut BTreeMap<K, StateCounts>, key: &K, task: &Task) {
    if let Some(count) = counts.get_mut(key) {
        count.remove(task);
        if count.total() == 0 {
            counts.remove(key);
        }
    }
}
