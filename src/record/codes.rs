//! The numbers that stand for our enumerations on disk. A number never changes its meaning.
//!
//! [`schema`](super::schema) turns them into words for readers of plain SQL.

use crate::model::lifecycle::Step;
use crate::model::plan::{Outcome, Reply};
use crate::model::recording::{Intent, WriteCall};
use crate::model::{Cause, End, Evidence, TaskAction};

/// An enumeration that is stored as a number.
pub(super) trait Code: Copy + PartialEq + 'static {
    /// Each value with its number and its word.
    const TABLE: &'static [(Self, i64, &'static str)];

    /// Returns the number; 0 if the value has none.
    fn code(self) -> i64 {
        Self::TABLE.iter().find(|(value, ..)| *value == self).map_or(0, |(_, code, _)| *code)
    }

    /// Returns the value for a number.
    fn of_code(code: i64) -> Option<Self> {
        Self::TABLE.iter().find(|(_, known, _)| *known == code).map(|(value, ..)| *value)
    }

    /// Returns the word; empty if the value has none.
    fn word(self) -> &'static str {
        Self::TABLE.iter().find(|(value, ..)| *value == self).map_or("", |(.., word)| *word)
    }

    /// Returns a SQL expression for the word of `column`.
    fn words(column: &str) -> String {
        let case = |(_, code, word): &(Self, i64, &str)| format!(" WHEN {code} THEN '{word}'");
        let cases: Vec<_> = Self::TABLE.iter().map(case).collect();
        format!("CASE {column}{} END", cases.concat())
    }
}

/// Where a stored version comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A later change told it: the version before that change.
    Before,
    /// The version after a change.
    Change(Evidence),
}

impl Code for Source {
    const TABLE: &'static [(Self, i64, &'static str)] = &[
        (Self::Before, 0, "before"),
        (Self::Change(Evidence::Event), 1, "event"),
        (Self::Change(Evidence::LateEvent), 2, "late event"),
        (Self::Change(Evidence::List), 3, "list"),
        (Self::Change(Evidence::Reconciled), 4, "list after a gap"),
        (Self::Change(Evidence::LookUp), 5, "look-up"),
        (Self::Change(Evidence::OurAction), 6, "our action"),
    ];
}

impl Code for End {
    const TABLE: &'static [(Self, i64, &'static str)] = &[
        (Self::CalledBack, 1, "callback"),
        (Self::DeletedByUs, 2, "deleted"),
        (Self::DeletedByOther, 3, "removed"),
        (Self::Expired, 4, "expired"),
        (Self::Vanished, 5, "vanished"),
    ];
}

impl Code for Cause {
    const TABLE: &'static [(Self, i64, &'static str)] = &[
        (Self::Cancelled, 1, Self::Cancelled.name()),
        (Self::CellGone, 2, Self::CellGone.name()),
        (Self::Unstarted, 3, Self::Unstarted.name()),
        (Self::Rejected, 4, Self::Rejected.name()),
        (Self::CalledBack, 5, Self::CalledBack.name()),
        (Self::DeletedByUs, 6, Self::DeletedByUs.name()),
        (Self::DeletedByOther, 7, Self::DeletedByOther.name()),
        (Self::Expired, 8, Self::Expired.name()),
        (Self::Vanished, 9, Self::Vanished.name()),
    ];
}

impl Code for Intent {
    const TABLE: &'static [(Self, i64, &'static str)] = &[
        (Self::Act(TaskAction::Cancel), 1, Self::Act(TaskAction::Cancel).verb()),
        (Self::Act(TaskAction::Resolve), 2, Self::Act(TaskAction::Resolve).verb()),
        (Self::Act(TaskAction::Delete), 3, Self::Act(TaskAction::Delete).verb()),
        (Self::Desire, 4, Self::Desire.verb()),
    ];
}

impl Code for WriteCall {
    const TABLE: &'static [(Self, i64, &'static str)] = &[
        (Self::Step(Step::Cancel), 1, Self::Step(Step::Cancel).word()),
        (Self::Step(Step::Resolving), 2, Self::Step(Step::Resolving).word()),
        (Self::Step(Step::Delete), 3, Self::Step(Step::Delete).word()),
        (Self::Desire, 4, Self::Desire.word()),
    ];
}

impl Code for Reply {
    const TABLE: &'static [(Self, i64, &'static str)] = &[
        (Self::Acknowledged, 1, "acknowledged"),
        (Self::Refused, 2, "refused"),
        (Self::Missing, 3, "no reply"),
    ];
}

impl Code for Outcome {
    const TABLE: &'static [(Self, i64, &'static str)] =
        &[(Self::Done, 1, "done"), (Self::NotDone, 2, "not done"), (Self::Unknown, 3, "unknown")];
}

/// How far a stored action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Confirmed,
    Sent,
    Answered,
    Ended,
}

impl Code for Stage {
    const TABLE: &'static [(Self, i64, &'static str)] = &[
        (Self::Confirmed, 1, "confirmed"),
        (Self::Sent, 2, "sent"),
        (Self::Answered, 3, "answered"),
        (Self::Ended, 4, "ended"),
    ];
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn check<T: Code>() {
        let codes: HashSet<_> = T::TABLE.iter().map(|(_, code, _)| code).collect();
        let words: HashSet<_> = T::TABLE.iter().map(|(.., word)| word).collect();
        assert_eq!((codes.len(), words.len()), (T::TABLE.len(), T::TABLE.len()));
    }

    #[test]
    fn every_value_has_a_number_and_a_word_of_its_own() {
        check::<Source>();
        check::<End>();
        check::<Cause>();
        check::<Intent>();
        check::<WriteCall>();
        check::<Reply>();
        check::<Outcome>();
        check::<Stage>();
        assert!(End::ALL.into_iter().all(|end| end.code() > 0));
        assert!(Cause::ALL.into_iter().all(|cause| cause.code() > 0));
    }
}
