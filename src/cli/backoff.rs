//! Exponential backoff with jitter.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};

const FIRST: Duration = Duration::from_millis(250);

/// Delays that double up to a ceiling. Jitter shortens each by up to a half, so that clients that lost the same server do
/// not come back at the same moment. The jitter is ours because `backon` adds its own on top of the ceiling.
#[derive(Debug)]
pub(super) struct Backoff {
    builder: ExponentialBuilder,
    delays: ExponentialBackoff,
    jitter: fn() -> f64,
}

impl Backoff {
    pub(super) fn up_to(ceiling: Duration) -> Self {
        Self::with_jitter(ceiling, fastrand::f64)
    }

    /// `jitter` returns a number from 0 (half the delay) to 1 (all of it).
    fn with_jitter(ceiling: Duration, jitter: fn() -> f64) -> Self {
        let builder = ExponentialBuilder::new()
            .with_min_delay(FIRST.min(ceiling))
            .with_max_delay(ceiling)
            .with_factor(2.0)
            .without_max_times();
        Self { builder, delays: builder.build(), jitter }
    }

    /// Returns the wait before the next try.
    pub(super) fn next(&mut self) -> Duration {
        let longest = self.delays.next().unwrap_or_default();
        longest.mul_f64(0.5 + 0.5 * (self.jitter)())
    }

    /// Starts over: the next failure is a first one.
    pub(super) fn reset(&mut self) {
        self.delays = self.builder.build();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn five(backoff: &mut Backoff) -> [u128; 5] {
        std::array::from_fn(|_| backoff.next().as_millis())
    }

    #[test]
    fn waits_double_up_to_the_ceiling_and_reset_after_a_success() {
        let mut backoff = Backoff::with_jitter(Duration::from_secs(1), || 1.0);
        assert_eq!(five(&mut backoff), [250, 500, 1000, 1000, 1000]);
        backoff.reset();
        assert_eq!(backoff.next().as_millis(), 250);
        assert_eq!(Backoff::up_to(Duration::ZERO).next(), Duration::ZERO);
    }

    #[test]
    fn jitter_shortens_a_wait_by_up_to_a_half_and_not_the_one_after_it() {
        let mut backoff = Backoff::with_jitter(Duration::from_secs(1), || 0.0);
        assert_eq!(five(&mut backoff), [125, 250, 500, 500, 500]);
        let mut backoff = Backoff::with_jitter(Duration::from_secs(1), || 0.5);
        assert_eq!(five(&mut backoff), [187, 375, 750, 750, 750]);
    }

    #[test]
    fn two_clients_of_the_same_server_do_not_wait_alike() {
        let waits = || {
            let mut backoff = Backoff::up_to(Duration::from_secs(1));
            [(); 4].map(|()| backoff.next())
        };
        assert_ne!(waits(), waits());
    }
}
