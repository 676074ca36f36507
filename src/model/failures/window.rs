//! The stretches of time that clusters are counted over.

use std::time::Duration;

use super::tally::BARS;
use crate::model::Timestamp;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// A stretch of time that ends now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Window {
    /// The last ten minutes.
    #[default]
    TenMinutes,
    /// The last hour.
    Hour,
    /// The last 24 hours, the longest time that failures are counted for.
    Day,
}

impl Window {
    /// All windows, the shortest first.
    pub const ALL: [Self; 3] = [Self::TenMinutes, Self::Hour, Self::Day];
    /// The longest window.
    pub const LONGEST: Self = Self::Day;

    /// Returns its name: `10m`, `1h`, `24h`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TenMinutes => "10m",
            Self::Hour => "1h",
            Self::Day => "24h",
        }
    }

    /// Returns the window with this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.name() == name)
    }

    /// Returns how long it is.
    pub const fn length(self) -> Duration {
        Duration::from_secs(match self {
            Self::TenMinutes => 10 * MINUTE,
            Self::Hour => HOUR,
            Self::Day => 24 * HOUR,
        })
    }

    /// Returns the next longer window; the longest stays.
    #[must_use]
    pub const fn longer(self) -> Self {
        match self {
            Self::TenMinutes => Self::Hour,
            Self::Hour | Self::Day => Self::Day,
        }
    }

    /// Returns the next shorter window; the shortest stays.
    #[must_use]
    pub const fn shorter(self) -> Self {
        match self {
            Self::TenMinutes | Self::Hour => Self::TenMinutes,
            Self::Day => Self::Hour,
        }
    }

    /// Returns when it begins if it ends at `now`.
    pub fn start(self, now: Timestamp) -> Timestamp {
        now.shifted(-nanos(self.length()))
    }

    /// Returns how many nanoseconds a bar of the trend covers.
    pub(super) fn bar_nanos(self) -> i64 {
        nanos(self.length()) / i64::try_from(BARS).unwrap_or(1)
    }
}

fn nanos(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}
