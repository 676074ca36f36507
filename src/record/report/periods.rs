//! The stretches of time that a report tells apart: before the incident, in it, and after it.

use std::ops::Range;

use crate::model::Timestamp;

/// When something was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Period {
    /// Before the incident.
    Before,
    /// In it; in the whole span if there is none.
    During,
    /// After it.
    After,
}

/// The stretches of time that are told apart.
#[derive(Debug, Clone)]
pub(super) struct Periods {
    /// The incident.
    pub(super) incident: Option<Range<Timestamp>>,
    /// The start of each bar of the chart, oldest first.
    pub(super) bars: Vec<Timestamp>,
}

impl Periods {
    /// Returns the period of a point in time.
    pub(super) fn of(&self, at: Timestamp) -> Period {
        match &self.incident {
            Some(incident) if at < incident.start => Period::Before,
            Some(incident) if at >= incident.end => Period::After,
            _ => Period::During,
        }
    }

    pub(super) fn bar(&self, at: Timestamp) -> usize {
        self.bars.partition_point(|start| *start <= at).saturating_sub(1)
    }
}

/// Something for each period.
#[derive(Debug, Default)]
pub(super) struct PerPeriod<T> {
    before: T,
    during: T,
    after: T,
}

impl<T> PerPeriod<T> {
    /// Returns that of a period.
    pub(super) const fn get(&self, period: Period) -> &T {
        match period {
            Period::Before => &self.before,
            Period::During => &self.during,
            Period::After => &self.after,
        }
    }

    pub(super) const fn get_mut(&mut self, period: Period) -> &mut T {
        match period {
            Period::Before => &mut self.before,
            Period::During => &mut self.during,
            Period::After => &mut self.after,
        }
    }
}
