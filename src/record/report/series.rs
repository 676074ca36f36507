//! Counts what happened by the minute, and adds minutes up to longer stretches.
//!
//! Memory is bounded by the minutes in which something happened: about 60 bytes each.

use std::collections::BTreeMap;
use std::ops::{AddAssign, Range};

use crate::model::Timestamp;

/// Nanoseconds in a minute.
const MINUTE: i64 = 60 * 1_000_000_000;

/// A whole minute since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Minute(i64);

impl Minute {
    /// Returns the minute that a point in time is in.
    pub(super) const fn of(at: Timestamp) -> Self {
        Self(at.as_nanos().div_euclid(MINUTE))
    }

    /// Returns the first moment of the minute.
    pub(super) const fn start(self) -> Timestamp {
        Timestamp::from_nanos(self.0.saturating_mul(MINUTE))
    }

    /// Returns the minute that is `minutes` later.
    #[must_use]
    pub(super) const fn plus(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes))
    }

    /// Returns the minutes since `earlier`.
    pub(super) const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Returns the start of the stretch of `width` minutes that the minute is in. Stretches start at multiples of their
    /// width, so that a stretch of five minutes starts at :00, :05, …
    #[must_use]
    pub(super) const fn floor(self, width: i64) -> Self {
        Self(self.0 - self.0.rem_euclid(width))
    }
}

/// How often something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    /// Tasks that were created.
    pub(super) desired: u64,
    /// Tasks that completed, also those that failed.
    pub(super) completed: u64,
    /// Tasks that failed.
    pub(super) failed: u64,
    /// Rejections of a task by a cell.
    pub(super) rejected: u64,
}

impl Counts {
    /// Returns the failures and rejections together: what makes a minute unusual.
    pub(super) const fn trouble(self) -> u64 {
        self.failed.saturating_add(self.rejected)
    }

    /// Returns the share of the completed tasks that failed, from 0 to 1; none if none completed.
    pub(super) fn failed_share(self) -> Option<f64> {
        share(self.failed, self.completed)
    }
}

/// Returns a part of a whole, from 0 to 1; none of an empty whole.
#[expect(clippy::cast_precision_loss, reason = "a share is rounded to whole percents")]
pub(super) fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.desired += more.desired;
        self.completed += more.completed;
        self.failed += more.failed;
        self.rejected += more.rejected;
    }
}

/// What happened, by the minute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Series {
    minutes: BTreeMap<Minute, Counts>,
}

impl Series {
    /// Returns the counts of a minute, to add to them.
    pub(super) fn minute(&mut self, at: Timestamp) -> &mut Counts {
        self.minutes.entry(Minute::of(at)).or_default()
    }

    /// Returns everything within some minutes.
    pub(super) fn total(&self, minutes: Range<Minute>) -> Counts {
        let mut total = Counts::default();
        for counts in self.minutes.range(minutes).map(|(_, counts)| counts) {
            total += *counts;
        }
        total
    }

    /// Returns the counts of every stretch of `width` minutes, also of those in which nothing happened. The first and
    /// the last stretch may reach beyond `minutes`, but nothing from there is counted.
    pub(super) fn stretches(
        &self,
        minutes: Range<Minute>,
        width: i64,
    ) -> impl Iterator<Item = (Minute, Counts)> {
        let mut start = minutes.start.floor(width);
        std::iter::from_fn(move || {
            if start >= minutes.end || minutes.is_empty() {
                return None;
            }
            let end = start.plus(width);
            let counts = self.total(start.max(minutes.start)..end.min(minutes.end));
            Some((std::mem::replace(&mut start, end), counts))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(failures: &[(i64, u64)]) -> Series {
        let mut series = Series::default();
        for (minute, failed) in failures {
            series.minute(Minute(*minute).start()).failed += failed;
        }
        series
    }

    #[test]
    fn stretches_are_complete_and_aligned() {
        let series = series(&[(7, 1), (9, 2), (10, 4), (21, 8), (22, 16)]);
        let of_five: Vec<_> =
            series.stretches(Minute(8)..Minute(22), 5).map(|(at, counts)| (at.0, counts.failed)).collect();
        assert_eq!(of_five, [(5, 2), (10, 4), (15, 0), (20, 8)], "minutes 7 and 22 are outside");
        assert_eq!(series.total(Minute(7)..Minute(10)).failed, 3);
        assert_eq!(series.stretches(Minute(8)..Minute(8), 5).count(), 0);
    }

    #[test]
    fn a_minute_before_the_epoch_starts_before_it() {
        let at = Timestamp::from_nanos(-1);
        assert_eq!(Minute::of(at), Minute(-1));
        assert_eq!(Minute(-1).floor(5), Minute(-5));
        assert!(Minute::of(at).start() < at);
    }
}
