//! How often the server is asked: intervals, the budget of lists, and the waits between tries.

use std::time::Duration;

/// However long a list took, the next one comes after this pause: one slow list must not leave the rows old for minutes.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How often the server is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Between lists while the stream is live.
    pub reconcile: Duration,
    /// Between lists while there is no stream.
    pub poll: Duration,
    /// A list is not asked again before this many times what the last one took.
    pub cost_factor: u32,
    /// A silence of so long is broken by a ping, which is waited for as long again.
    pub ping: Duration,
    /// The longest wait between two tries.
    pub backoff_ceiling: Duration,
    /// Shortens each wait between two tries by up to a half: by none if all its bits are set. It should be another number
    /// in every process, so that those that lost the same server do not all come back to it at the same moment.
    pub chance: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            reconcile: Duration::from_secs(30),
            poll: Duration::from_secs(2),
            cost_factor: 10,
            ping: Duration::from_secs(3),
            backoff_ceiling: Duration::from_secs(30),
            chance: u32::MAX,
        }
    }
}

impl Pace {
    /// The pause after a list that `took` so long, where `wanted` is configured.
    pub(super) fn pause(&self, wanted: Duration, took: Duration) -> Duration {
        wanted.max((took * self.cost_factor).min(LONGEST_PAUSE))
    }

    /// The wait after so many tries in a row that failed.
    pub(super) fn backoff(&self, tries: u32) -> Duration {
        let doubled = Duration::from_millis(500).saturating_mul(1 << tries.clamp(1, 10).saturating_sub(1));
        let longest = doubled.min(self.backoff_ceiling);
        // Another number each time, of the same bits.
        let chance = self.chance.rotate_left(tries.wrapping_mul(11));
        longest.mul_f64(0.5 + 0.5 * f64::from(chance) / f64::from(u32::MAX))
    }
}
