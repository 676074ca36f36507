//! Stuck work: tasks that do not proceed, and that the server is going to end.

use super::{Clocks, State, Task, Timestamp};

/// A way in which a task is stuck. The one that ends it first comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stuck {
    /// It runs on a cell that is not present: the next sweep fails it.
    Cell,
    /// It is Pending, and one more rejection fails it.
    Rejections,
    /// It completed, and its completion callback did not succeed in time.
    Callback,
    /// It completed, and a client claimed it for deletion and did not delete it in time.
    Claim,
    /// It has been Pending for long.
    Pending,
}

impl Stuck {
    /// Every kind, the most urgent first.
    pub const ALL: [Self; 5] = [Self::Cell, Self::Rejections, Self::Callback, Self::Claim, Self::Pending];

    /// Returns the word for it in filters.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cell => "cell",
            Self::Rejections => "rejections",
            Self::Callback => "callback",
            Self::Claim => "claim",
            Self::Pending => "pending",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The ways in which one task is stuck; usually none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StuckSet(u8);

impl StuckSet {
    /// The task is not stuck, as far as that is known.
    pub const NONE: Self = Self(0);

    /// Adds a kind if the task is stuck in this way.
    #[must_use]
    pub const fn with(self, kind: Stuck, is_so: bool) -> Self {
        if is_so { Self(self.0 | kind.bit()) } else { self }
    }

    /// Returns whether the task is stuck in this way.
    pub const fn contains(self, kind: Stuck) -> bool {
        self.0 & kind.bit() != 0
    }

    /// Iterates over the kinds, the most urgent first.
    pub fn iter(self) -> impl Iterator<Item = Stuck> {
        Stuck::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }
}

/// Whether the server returned a task from Resolving to Completed, because nobody deleted it in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Returned {
    /// It did not, as far as that was seen.
    #[default]
    Never,
    /// The completion callback did not succeed.
    Uncalled,
    /// The client that had claimed the task did not delete it.
    Unclaimed,
}

impl Returned {
    /// Returns what a newer version of a task says. `has_callback` is asked if the task was returned now.
    #[must_use]
    pub fn then(self, before: &Task, after: &Task, has_callback: impl FnOnce() -> bool) -> Self {
        match (before.state, after.state) {
            // Another life of the guid.
            _ if before.created_at != after.created_at => Self::Never,
            (State::Resolving, State::Completed) => Self::now(has_callback()),
            // It was Completed in between: the server does not claim a claimed task.
            (State::Resolving, State::Resolving) if before.updated_at < after.updated_at => {
                Self::now(has_callback())
            }
            _ => self,
        }
    }

    const fn now(has_callback: bool) -> Self {
        if has_callback { Self::Uncalled } else { Self::Unclaimed }
    }

    /// Returns the way in which a returned task is stuck.
    pub const fn stuck(self) -> Option<Stuck> {
        match self {
            Self::Never => None,
            Self::Uncalled => Some(Stuck::Callback),
            Self::Unclaimed => Some(Stuck::Claim),
        }
    }
}

impl Clocks {
    /// Returns whether one more rejection fails the task.
    pub fn has_used_up_rejections(&self, task: &Task) -> bool {
        let rejections = u32::try_from(task.rejection_count).unwrap_or_default();
        task.state == State::Pending && rejections > 0 && rejections >= self.rejections
    }

    /// Returns the second before which a task was created that is Pending for long. Counted in whole seconds, so that
    /// tasks can be counted by them.
    pub fn long_pending_before(&self, now: Timestamp) -> i64 {
        let limit = i64::try_from(self.long_pending().as_secs()).unwrap_or(i64::MAX);
        second_of(now).saturating_sub(limit)
    }

    /// Returns whether a task has been Pending for long.
    pub fn is_long_pending(&self, task: &Task, now: Timestamp) -> bool {
        task.state == State::Pending && second_of(task.created_at) < self.long_pending_before(now)
    }
}

/// Returns the whole second of a point in time.
pub const fn second_of(at: Timestamp) -> i64 {
    at.as_nanos().div_euclid(1_000_000_000)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const START: Timestamp = Timestamp::from_nanos(1_000_000_000_000);

    fn task(state: State) -> Task {
        Task { created_at: START, ..Task::blank("guid".into(), "cf-tasks".into(), state) }
    }

    #[test]
    fn a_set_has_its_kinds_and_no_others() {
        let set = StuckSet::NONE.with(Stuck::Pending, true).with(Stuck::Claim, false).with(Stuck::Cell, true);
        assert_eq!(set.iter().collect::<Vec<_>>(), [Stuck::Cell, Stuck::Pending]);
        assert_eq!(StuckSet::NONE.iter().next(), None);
    }

    #[test]
    fn the_last_rejection_that_a_task_survives_uses_up_the_budget() {
        let clocks = Clocks::DEFAULT;
        let rejected = |state, times| Task { rejection_count: times, ..task(state) };
        let used =
            [-1, 0, 2, 3, 4].map(|times| clocks.has_used_up_rejections(&rejected(State::Pending, times)));
        assert_eq!(used, [false, false, false, true, true]);
        assert!(!clocks.has_used_up_rejections(&rejected(State::Running, 3)), "it runs");
        let strict = Clocks { rejections: 0, ..clocks };
        assert!(!strict.has_used_up_rejections(&rejected(State::Pending, 0)), "it was not rejected yet");
    }

    #[test]
    fn a_task_is_pending_for_long_after_a_third_of_its_time() {
        let is_long = |state, seconds| {
            Clocks::DEFAULT.is_long_pending(&task(state), START.plus(Duration::from_secs(seconds)))
        };
        assert_eq!([600, 601].map(|s| is_long(State::Pending, s)), [false, true]);
        assert!(!is_long(State::Running, 601));
    }

    #[test]
    fn a_task_that_was_returned_stays_so_for_its_life() {
        let (resolving, completed) = (task(State::Resolving), task(State::Completed));
        let returned = Returned::Never.then(&resolving, &completed, || true);
        assert_eq!(returned.stuck(), Some(Stuck::Callback));
        let other = Returned::Never.then(&resolving, &completed, || false);
        assert_eq!(other.stuck(), Some(Stuck::Claim));
        assert_eq!(returned.then(&completed, &resolving, || false), Returned::Uncalled);
        let claimed = Task { updated_at: START, ..resolving.clone() };
        assert_eq!(Returned::Never.then(&resolving, &claimed, || false), Returned::Unclaimed, "not seen");
        assert_eq!(Returned::Never.then(&claimed, &claimed, || false), Returned::Never);
        let again = Task { created_at: START.plus(Duration::from_secs(1)), ..completed.clone() };
        assert_eq!(returned.then(&completed, &again, || true), Returned::Never, "another life");
        assert_eq!(Returned::Never.then(&task(State::Running), &completed, || true), Returned::Never);
    }
}
