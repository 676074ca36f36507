//! How long a task waited for a cell and how long it ran, as far as that is known.
//!
//! The BBS does not store when a task started. `updated_at` of a Running task is its start, and the next state overwrites
//! it: whoever saw the task run remembers it. Source: "Life of a task" of the API.

use std::time::Duration;

use super::{Clocks, State, Task, Timestamp};

/// A task with what its own record does not say about its course.
#[derive(Debug, Clone, Copy)]
pub struct Life<'a> {
    /// The task, as last seen.
    pub task: &'a Task,
    /// When it started; unset before the start and if that is not known. See [`started_at`].
    pub started_at: Timestamp,
    /// Whether the BBS no longer holds it.
    pub ended: bool,
    /// The clocks of its BBS.
    pub clocks: &'a Clocks,
}

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// It has not begun, or its begin or end is not known.
    Unknown,
    /// It began then and lasts.
    Since(Timestamp),
    /// It is over.
    Took(Duration),
}

/// Returns when `task` started; unset if it has not, or if that is not known. `seen` is the start that an earlier version
/// of the task told. A rejected task waits again, so its earlier start no longer counts.
pub fn started_at(task: &Task, seen: Timestamp) -> Timestamp {
    match task.state {
        State::Running => task.updated_at,
        State::Pending => Timestamp::UNSET,
        // A start before the creation is that of another life of the guid.
        _ if seen < task.created_at => Timestamp::UNSET,
        _ => seen,
    }
}

/// Returns how long a task waited from its creation to its start; none if it has not started, or if that is not known.
pub fn waited(task: &Task, started_at: Timestamp) -> Option<Duration> {
    (!started_at.is_unset()).then(|| started_at.since(task.created_at))
}

/// Returns how long a task ran from its start to its completion; none if it has not completed, or if that is not known.
pub fn ran(task: &Task, started_at: Timestamp) -> Option<Duration> {
    let has_completed = matches!(task.state, State::Completed | State::Resolving);
    let is_known = has_completed && !started_at.is_unset() && !task.first_completed_at.is_unset();
    is_known.then(|| task.first_completed_at.since(started_at))
}

impl Life<'_> {
    /// Returns when the BBS acts on the task by itself, at its next sweep; none if it no longer holds it or sets no limit.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.clocks.deadline(self.task).filter(|_| !self.ended)
    }

    /// Returns how long the task waited from its creation to its start.
    pub fn waited(&self) -> Span {
        let Self { task, started_at, ended, .. } = *self;
        match waited(task, started_at) {
            Some(waited) => Span::Took(waited),
            None if task.state == State::Pending && !ended => Span::Since(task.created_at),
            None => Span::Unknown,
        }
    }

    /// Returns how long the task ran from its start to its completion.
    pub fn ran(&self) -> Span {
        let Self { task, started_at, ended, .. } = *self;
        match ran(task, started_at) {
            Some(ran) => Span::Took(ran),
            None if task.state == State::Running && !ended && !started_at.is_unset() => {
                Span::Since(started_at)
            }
            None => Span::Unknown,
        }
    }
}

impl Span {
    /// Returns a number that sorts spans: those that last come first, and the longest first among these and among the
    /// others. Does not depend on the time, so the order changes only when a task does.
    pub fn longest_first(self) -> Option<u64> {
        match self {
            Self::Unknown => None,
            Self::Since(at) => Some(at.to_sortable() >> 1),
            Self::Took(span) => {
                let nanos = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX).min(u64::MAX >> 2);
                Some(u64::MAX / 2 + 1 + ((u64::MAX >> 2) - nanos))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATED: Timestamp = Timestamp::from_nanos(1_000_000_000_000);

    fn after(seconds: u64) -> Timestamp {
        CREATED.plus(Duration::from_secs(seconds))
    }

    fn task(state: State, updated: u64, completed: Option<u64>) -> Task {
        Task {
            created_at: CREATED,
            updated_at: after(updated),
            first_completed_at: completed.map_or(Timestamp::UNSET, after),
            ..Task::blank("guid".into(), "cf-tasks".into(), state)
        }
    }

    fn took(seconds: u64) -> Span {
        Span::Took(Duration::from_secs(seconds))
    }

    #[test]
    fn a_task_waits_until_it_starts_and_runs_until_it_completes() {
        let spans = |task: &Task, seen, ended| {
            let life = Life { task, started_at: started_at(task, seen), ended, clocks: &Clocks::DEFAULT };
            (life.waited(), life.ran())
        };
        let unseen = Timestamp::UNSET;
        let pending = task(State::Pending, 0, None);
        assert_eq!(spans(&pending, unseen, false), (Span::Since(CREATED), Span::Unknown));
        assert_eq!(spans(&pending, after(3), false), (Span::Since(CREATED), Span::Unknown), "rejected");
        assert_eq!(spans(&pending, unseen, true), (Span::Unknown, Span::Unknown));
        let running = task(State::Running, 5, None);
        assert_eq!(spans(&running, unseen, false), (took(5), Span::Since(after(5))));
        assert_eq!(spans(&running, unseen, true), (took(5), Span::Unknown), "its end was not seen");
        let completed = task(State::Completed, 65, Some(65));
        assert_eq!(spans(&completed, after(5), false), (took(5), took(60)));
        assert_eq!(
            spans(&completed, unseen, false),
            (Span::Unknown, Span::Unknown),
            "its start was not seen"
        );
        let resolving = task(State::Resolving, 70, Some(65));
        assert_eq!(spans(&resolving, after(5), true), (took(5), took(60)));
    }

    #[test]
    fn the_start_of_an_earlier_life_does_not_count() {
        let earlier = Timestamp::from_nanos(CREATED.as_nanos() - 1);
        assert_eq!(started_at(&task(State::Completed, 65, Some(65)), earlier), Timestamp::UNSET);
    }

    #[test]
    fn spans_that_last_come_first_and_long_ones_before_short_ones() {
        let spans = [Span::Since(after(1)), Span::Since(after(2)), took(9_000_000_000), took(2), took(1)];
        let numbers: Vec<_> = spans.into_iter().map(Span::longest_first).collect();
        assert!(numbers.is_sorted() && numbers.iter().all(Option::is_some), "{numbers:?}");
        assert!(took(0).longest_first() < Some(u64::MAX), "a missing one is last");
        assert_eq!(Span::Unknown.longest_first(), None);
    }
}
