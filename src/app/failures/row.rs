//! What the failures view shows, in which order, and its rows.

use crate::model::failures::{PartId, ReasonId};

/// What is clustered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailureKind {
    /// Failed tasks.
    #[default]
    Failures,
    /// Rejections of tasks that wait for a cell.
    Rejections,
}

impl FailureKind {
    /// Returns the other one.
    pub(in crate::app) const fn other(self) -> Self {
        match self {
            Self::Failures => Self::Rejections,
            Self::Rejections => Self::Failures,
        }
    }

    /// Returns its name, also that of its view.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failures => "failures",
            Self::Rejections => "rejections",
        }
    }

    /// Returns the kind with this name.
    pub(in crate::app) fn find(name: &str) -> Option<Self> {
        [Self::Failures, Self::Rejections].into_iter().find(|kind| kind.name() == name)
    }

    /// Returns the title of the pane.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Failures => "Failures",
            Self::Rejections => "Rejections",
        }
    }
}

/// What reasons are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailureSort {
    /// Those of one cell first, then those of one app or domain, then the others; by count among these.
    #[default]
    Concentration,
    /// The most failures first.
    Count,
    /// The latest first.
    Last,
    /// By the text of the reason.
    Reason,
}

impl FailureSort {
    /// Returns the sort after this one.
    pub(super) const fn next(self) -> Self {
        match self {
            Self::Concentration => Self::Count,
            Self::Count => Self::Last,
            Self::Last => Self::Reason,
            Self::Reason => Self::Concentration,
        }
    }
}

/// A row of the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureRow {
    /// A reason.
    Reason(ReasonId),
    /// The failures of a reason that have the same cell, app and domain.
    Part(ReasonId, PartId),
    /// So many more parts of a reason.
    More(ReasonId, usize),
}

impl FailureRow {
    /// Returns the reason that the row belongs to.
    pub const fn reason(self) -> ReasonId {
        match self {
            Self::Reason(reason) | Self::Part(reason, _) | Self::More(reason, _) => reason,
        }
    }

    pub(super) fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Self::More(one, _), Self::More(other, _)) => one == other,
            _ => self == other,
        }
    }
}
