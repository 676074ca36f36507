//! Counts of tasks by state.
//!
//! A task counts for the cell that it ran on last, as the table shows it: completion blanks the task's own. Failures
//! count for as long as they are kept, or those of a cell that is gone would go with their callbacks.

use super::facets::Common;
use crate::model::State;

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

    pub(super) fn is_empty(&self) -> bool {
        self.total() == 0 && self.ended_failed == 0
    }

    pub(super) fn add(&mut self, common: &Common) {
        let failed = usize::from(common.failed);
        if common.ended {
            self.ended_failed += failed;
        } else {
            *self.count_of(common.state) += 1;
            self.failed += failed;
        }
    }

    pub(super) fn remove(&mut self, common: &Common) {
        let failed = usize::from(common.failed);
        if common.ended {
            self.ended_failed -= failed;
        } else {
            *self.count_of(common.state) -= 1;
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
