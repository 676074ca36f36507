//! Clock abstraction: wall and monotonic time, read once per message and passed down as [`Now`].
//!
//! Only `runtime`, `cli` and `sim::server` may read the system clock; everything else takes a `Now`.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::model::Timestamp;

/// One moment on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// Monotonic time since the program started, for timeouts, backoff and staleness.
    pub mono: Duration,
    /// Wall time of this machine, for display.
    pub wall: Timestamp,
}

impl Now {
    /// Returns the moment `by` later on both clocks.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self { mono: self.mono + by, wall: self.wall.plus(by) }
    }
}

/// A source of [`Now`].
pub trait Clock: Send + Sync {
    /// Returns the current moment.
    fn now(&self) -> Now;
}

/// The system's clocks.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// Creates a clock whose monotonic time starts at this call.
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Now { mono: self.start.elapsed(), wall: Timestamp::from(since_epoch) }
    }
}
