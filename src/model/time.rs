//! The server's points in time.

use std::time::Duration;

/// Nanoseconds since 1970. Of a task's fields it is by the server's clock, of [`crate::clock::Now`] by ours;
/// the two are compared only to say an age, never to order facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// What the wire says for "has not happened".
    pub const UNSET: Self = Self(0);

    /// From nanoseconds since 1970.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since 1970.
    pub const fn as_nanos(self) -> i64 {
        self.0
    }

    /// Whether it has not happened.
    pub const fn is_unset(self) -> bool {
        self.0 == 0
    }

    /// How long ago `earlier` was; zero when it lies ahead, as it does between clocks that disagree.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The point `by` later.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_nanos()).unwrap_or(i64::MAX)))
    }

    /// The point `offset_ns` later, or earlier where it is negative.
    #[must_use]
    pub const fn shifted(self, offset_ns: i64) -> Self {
        Self(self.0.saturating_add(offset_ns))
    }
}

impl From<Duration> for Timestamp {
    fn from(since_1970: Duration) -> Self {
        Self::UNSET.plus(since_1970)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_that_lies_ahead_is_no_time_ago() {
        let earlier = Timestamp::from_nanos(5);
        assert_eq!(earlier.since(Timestamp::from_nanos(9)), Duration::ZERO);
        assert_eq!(earlier.plus(Duration::from_nanos(4)).since(earlier), Duration::from_nanos(4));
    }
}
