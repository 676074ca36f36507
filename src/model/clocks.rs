//! The clocks of the server: after which time it acts on a task by itself. Each is a setting of the BBS, which no call
//! tells, so they are configured here too. Source: "Life of a task" of the API.

use std::time::Duration;

use super::{State, Task, Timestamp};

/// The time limits of a BBS, and what else it acts on by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// How long a task may be Pending before the server fails it.
    pub pending: Duration,
    /// How long the server keeps a Completed task that nobody resolves.
    pub completed: Duration,
    /// How long a task may be Resolving before the server returns it to Completed.
    pub resolving: Duration,
    /// The time between two sweeps. Only a sweep acts, so every deadline is late by up to this much.
    pub sweep: Duration,
    /// How many rejections a task survives; the next one fails it.
    pub rejections: u32,
}

impl Clocks {
    /// The server's defaults.
    pub const DEFAULT: Self = Self {
        pending: Duration::from_secs(30 * 60),
        completed: Duration::from_secs(2 * 60),
        resolving: Duration::from_secs(30),
        sweep: Duration::from_secs(30),
        rejections: 3,
    };

    /// Returns when the time limit of the task's state began, and the limit; none for a state without a limit.
    pub fn limit(&self, task: &Task) -> Option<(Timestamp, Duration)> {
        match task.state {
            State::Pending => Some((task.created_at, self.pending)),
            State::Completed => Some((completed_since(task), self.completed)),
            State::Resolving => Some((task.updated_at, self.resolving)),
            State::Running | State::Invalid | State::Other(_) => None,
        }
    }

    /// Returns when the limit of the task's state is reached; none for a state without a limit.
    pub fn deadline(&self, task: &Task) -> Option<Timestamp> {
        self.limit(task).map(|(since, limit)| since.plus(limit))
    }

    /// Returns whether a sweep should have acted on a task with this deadline. Two sweeps may have been slow.
    pub fn is_overdue(&self, deadline: Timestamp, now: Timestamp) -> bool {
        now.since(deadline) > 2 * self.sweep
    }

    /// Returns after which time a Pending task has waited suspiciously long.
    pub fn long_pending(&self) -> Duration {
        self.pending / 3
    }

    /// Returns after which time a Pending task is about to be failed.
    pub fn last_of_pending(&self) -> Duration {
        self.pending / 6 * 5
    }

    /// Returns after which time a Resolving task was probably abandoned.
    pub fn long_resolving(&self) -> Duration {
        self.resolving / 3 * 2
    }
}

impl Default for Clocks {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Returns the first completion, from which the sweep counts even if the task was Resolving in between.
fn completed_since(task: &Task) -> Timestamp {
    if task.first_completed_at.is_unset() { task.updated_at } else { task.first_completed_at }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_nanos(1_000_000_000_000);

    fn after(seconds: u64) -> Timestamp {
        START.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn each_state_has_its_own_clock() {
        let clocks = Clocks {
            pending: Duration::from_secs(100),
            completed: Duration::from_secs(20),
            resolving: Duration::from_secs(3),
            ..Clocks::DEFAULT
        };
        let task = |state| Task {
            created_at: START,
            updated_at: after(50),
            ..Task::blank("guid".into(), "cf-tasks".into(), state)
        };
        let completed_before = Task { first_completed_at: after(40), ..task(State::Completed) };
        for (task, deadline) in [
            (task(State::Pending), Some(after(100))),
            (task(State::Running), None),
            (task(State::Completed), Some(after(70))),
            (completed_before, Some(after(60))),
            (task(State::Resolving), Some(after(53))),
            (task(State::Other(9)), None),
        ] {
            assert_eq!(clocks.deadline(&task), deadline, "{:?}", task.state);
        }
    }

    #[test]
    fn a_deadline_is_overdue_after_two_sweeps() {
        let clocks = Clocks::DEFAULT;
        assert_eq!([0, 60, 61].map(|s| clocks.is_overdue(START, after(s))), [false, false, true]);
        assert!(!clocks.is_overdue(after(10), START), "it is not even reached");
    }
}
