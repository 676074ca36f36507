//! Timestamps of the server and of this machine.

use std::time::Duration;

/// Nanoseconds since the Unix epoch. A task's timestamps use the server's clock, [`crate::clock::Now`] uses ours. Compare
/// the two only to display an age, never to order changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The wire value for "has not happened".
    pub const UNSET: Self = Self(0);

    /// Creates a timestamp from nanoseconds since the Unix epoch.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Returns nanoseconds since the Unix epoch.
    pub const fn as_nanos(self) -> i64 {
        self.0
    }

    /// Returns whether the event has not happened.
    pub const fn is_unset(self) -> bool {
        self.0 == 0
    }

    /// Returns the time since `earlier`, or zero if `earlier` is later, which happens when clocks disagree.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Returns the timestamp `by` later.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_nanos()).unwrap_or(i64::MAX)))
    }

    /// Returns the point in time, rounded down to the millisecond.
    #[must_use]
    pub const fn to_millis(self) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(1_000_000)))
    }

    /// Returns the timestamp as an unsigned number that sorts the same.
    pub const fn to_sortable(self) -> u64 {
        self.0.cast_unsigned() ^ (1 << 63)
    }

    /// Returns the timestamp shifted by `offset_ns` nanoseconds, which may be negative.
    #[must_use]
    pub const fn shifted(self, offset_ns: i64) -> Self {
        Self(self.0.saturating_add(offset_ns))
    }
}

impl From<Duration> for Timestamp {
    fn from(since_epoch: Duration) -> Self {
        Self::UNSET.plus(since_epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_since_a_future_timestamp_is_zero() {
        let earlier = Timestamp::from_nanos(5);
        assert_eq!(earlier.since(Timestamp::from_nanos(9)), Duration::ZERO);
        assert_eq!(earlier.plus(Duration::from_nanos(4)).since(earlier), Duration::from_nanos(4));
    }
}
