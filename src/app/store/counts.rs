//! Counts of tasks by state.
//!
//! A task counts for the cell that it ran on last, as in the table: completion clears the task's own cell. Failures count
//! as long as they are kept; otherwise a cell's failures would disappear with their callbacks.

use super::facets::Attributes;
use crate::model::State;

/// The number of live tasks in each state. Failed tasks are also counted in their state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StateCounts {
    by_state: [usize; State::ALL.len()],
    /// Tasks in an unknown state.
    pub other: usize,
    /// Failed ones among all of these.
    pub failed: usize,
    /// Failed tasks that the BBS no longer holds.
    pub ended_failed: usize,
}

impl StateCounts {
    /// Returns the number of tasks in `state`; for an unknown state, the number in all unknown states.
    pub fn of(&self, state: State) -> usize {
        position(state).and_then(|at| self.by_state.get(at)).copied().unwrap_or(self.other)
    }

    /// Returns the number of live tasks.
    pub fn total(&self) -> usize {
        self.by_state.iter().sum::<usize>() + self.other
    }

    /// All failures that are known, of live and of ended tasks.
    pub fn all_failed(&self) -> usize {
        self.failed + self.ended_failed
    }

    pub(super) fn is_empty(&self) -> bool {
        self.total() == 0 && self.ended_failed == 0
    }

    pub(super) fn add(&mut self, attributes: &Attributes) {
        let failed = usize::from(attributes.failed);
        if attributes.has_ended() {
            self.ended_failed += failed;
        } else {
            *self.count_of(attributes.state) += 1;
            self.failed += failed;
        }
    }

    pub(super) fn remove(&mut self, attributes: &Attributes) {
        let failed = usize::from(attributes.failed);
        if attributes.has_ended() {
            self.ended_failed -= failed;
        } else {
            *self.count_of(attributes.state) -= 1;
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
