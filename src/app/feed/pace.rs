//! Defines how often the server is called: intervals, the cost limit of lists, and the backoff.
//!
//! The backoff is not `backon`'s: its iterator keeps state and draws its own random numbers, while `update` needs a
//! pure function of the number of tries and a seed.

use std::time::Duration;

/// The longest pause between lists, however long the last one took: one slow list must not leave the rows outdated
/// for long.
const MAX_PAUSE: Duration = Duration::from_secs(120);

/// How often the server is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Time between lists while the stream is live.
    pub reconcile: Duration,
    /// Time between lists without a stream.
    pub poll: Duration,
    /// The pause after a list is at least this many times its duration.
    pub cost_factor: u32,
    /// A silence of this length triggers a ping, whose timeout is the same.
    pub ping: Duration,
    /// The longest wait between two tries.
    pub backoff_ceiling: Duration,
    /// Seed of the jitter, which shortens each wait by up to a half; not at all with all bits set. It should differ
    /// between processes, so that they do not all return to a recovered server at the same moment.
    pub jitter_seed: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            reconcile: Duration::from_secs(30),
            poll: Duration::from_secs(2),
            cost_factor: 10,
            ping: Duration::from_secs(3),
            backoff_ceiling: Duration::from_secs(30),
            jitter_seed: u32::MAX,
        }
    }
}

impl Pace {
    /// Returns the pause after a list that `took` this long, with `wanted` as configured.
    pub(super) fn pause(&self, wanted: Duration, took: Duration) -> Duration {
        wanted.max((took * self.cost_factor).min(MAX_PAUSE))
    }

    /// Returns the wait after this many failed tries in a row.
    pub(super) fn backoff(&self, tries: u32) -> Duration {
        let doubled = Duration::from_millis(500).saturating_mul(1 << tries.clamp(1, 10).saturating_sub(1));
        let longest = doubled.min(self.backoff_ceiling);
        // A different number for each try from the same seed.
        let jitter = self.jitter_seed.rotate_left(tries.wrapping_mul(11));
        longest.mul_f64(0.5 + 0.5 * f64::from(jitter) / f64::from(u32::MAX))
    }
}
