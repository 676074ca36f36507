//! Why a task ended, in one word.
//!
//! An operator asks one question about a task that is gone, but two things answer it: why the BBS ended the task, and how the
//! task then left the BBS ([`End`]). The cause is the BBS's reason if it had one that is not the task's own; otherwise it is
//! the way in which the task left. Both are derived from the last version of the task, so the cause never claims more than
//! that version tells. Source of the texts: "Life of a task" of the API.

use super::plan::CANCELLED;
use super::{End, State, Task};

/// The failure reason of a task that was Pending for too long.
const NOT_STARTED: &str = "not started within time limit";
/// The failure reason of a task whose cell is gone.
const CELL_DISAPPEARED: &str = "cell disappeared before completion";

/// Why a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// A client cancelled it.
    Cancelled,
    /// Its cell disappeared.
    CellGone,
    /// It was Pending for too long.
    Unstarted,
    /// Cells rejected it too often.
    Rejected,
    /// It completed, and the BBS called its completion callback.
    CalledBack,
    /// It completed, and we deleted it.
    DeletedByUs,
    /// It completed, and another client deleted it.
    DeletedByOther,
    /// It completed, and nobody resolved it in time.
    Expired,
    /// It was missing when it was looked for, and its last version does not tell why.
    Vanished,
}

impl Cause {
    /// Every cause. Causes that the BBS gives as the failure reason come first.
    pub const ALL: [Self; 9] = [
        Self::Cancelled,
        Self::CellGone,
        Self::Unstarted,
        Self::Rejected,
        Self::CalledBack,
        Self::DeletedByUs,
        Self::DeletedByOther,
        Self::Expired,
        Self::Vanished,
    ];

    /// The failure reasons of Diego itself.
    pub const FAILURE_REASONS: [&str; 3] = [CANCELLED, CELL_DISAPPEARED, NOT_STARTED];

    /// Returns why a task ended whose last known version is `last`, and that left in this way.
    pub fn of(last: &Task, how: End) -> Self {
        Self::of_failure(last).unwrap_or(match how {
            End::CalledBack => Self::CalledBack,
            End::DeletedByUs => Self::DeletedByUs,
            End::DeletedByOther => Self::DeletedByOther,
            End::Expired => Self::Expired,
            End::Vanished => Self::Vanished,
        })
    }

    /// Returns why the BBS failed the task; none if it did not, or if the task failed on its cell.
    pub fn of_failure(task: &Task) -> Option<Self> {
        let has_completed = matches!(task.state, State::Completed | State::Resolving);
        if !has_completed || !task.failed {
            return None;
        }
        match &*task.failure_reason {
            CANCELLED => Some(Self::Cancelled),
            CELL_DISAPPEARED => Some(Self::CellGone),
            NOT_STARTED => Some(Self::Unstarted),
            // The last rejection becomes the failure.
            reason => {
                (task.rejection_count > 0 && reason == &*task.rejection_reason).then_some(Self::Rejected)
            }
        }
    }

    /// Returns the word for it, in the table and in filters.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::CellGone => "cell-gone",
            Self::Unstarted => "unstarted",
            Self::Rejected => "rejected",
            Self::CalledBack => "callback",
            Self::DeletedByUs => "deleted",
            Self::DeletedByOther => "removed",
            Self::Expired => "expired",
            Self::Vanished => "vanished",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn last(state: State, failure: &str) -> Task {
        Task {
            failed: !failure.is_empty(),
            failure_reason: failure.into(),
            ..Task::blank("a".into(), "cf-tasks".into(), state)
        }
    }

    #[test]
    fn what_the_bbs_says_counts_before_the_way_in_which_the_task_left() {
        let causes =
            [Cause::CalledBack, Cause::DeletedByUs, Cause::DeletedByOther, Cause::Expired, Cause::Vanished];
        for (end, by_end) in End::ALL.into_iter().zip(causes) {
            let table = [
                (last(State::Resolving, CANCELLED), Cause::Cancelled),
                (last(State::Completed, CANCELLED), Cause::Cancelled),
                (last(State::Completed, CELL_DISAPPEARED), Cause::CellGone),
                (last(State::Resolving, NOT_STARTED), Cause::Unstarted),
                // The task's own failure, and no failure.
                (last(State::Resolving, "Exited with status 1"), by_end),
                (last(State::Resolving, ""), by_end),
                (last(State::Running, ""), by_end),
                (last(State::Pending, ""), by_end),
                // A text of the BBS in a task that has not completed is no evidence.
                (last(State::Running, CANCELLED), by_end),
                (Task { failed: false, ..last(State::Completed, CANCELLED) }, by_end),
                // Nor is a text that only contains it.
                (last(State::Completed, "hook failed: task was cancelled"), by_end),
            ];
            for (task, cause) in table {
                assert_eq!(Cause::of(&task, end), cause, "{task:?} {end:?}");
            }
        }
    }

    #[test]
    fn a_failure_with_the_reason_of_the_last_rejection_is_a_rejection() {
        let rejected = Task {
            rejection_count: 4,
            rejection_reason: "no room".into(),
            ..last(State::Resolving, "no room")
        };
        assert_eq!(Cause::of(&rejected, End::CalledBack), Cause::Rejected);
        let ran = Task { failure_reason: "Exited with status 1".into(), ..rejected.clone() };
        assert_eq!(Cause::of(&ran, End::CalledBack), Cause::CalledBack, "the rejection is past");
        let without_reason = Task { rejection_count: 0, ..rejected };
        assert_eq!(Cause::of(&without_reason, End::CalledBack), Cause::CalledBack);
    }

    #[test]
    fn every_cause_has_a_word_of_its_own_that_fits_the_column_of_states() {
        let words: HashSet<_> = Cause::ALL.map(Cause::name).into();
        assert_eq!(words.len(), Cause::ALL.len());
        assert!(words.iter().all(|word| word.len() <= "Completed".len()), "{words:?}");
    }
}
