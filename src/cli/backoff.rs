//! How long to wait before the next try.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);

/// Waits that double, up to a ceiling.
#[derive(Debug)]
pub(super) struct Backoff {
    ceiling: Duration,
    next: Duration,
}

impl Backoff {
    pub(super) fn up_to(ceiling: Duration) -> Self {
        Self { ceiling, next: FIRST.min(ceiling) }
    }

    /// The wait before the next try.
    pub(super) fn next(&mut self) -> Duration {
        let wait = self.next;
        self.next = wait.saturating_mul(2).min(self.ceiling);
        wait
    }

    /// The try was worth it: the next failure is a first one.
    pub(super) fn succeeded(&mut self) {
        *self = Self::up_to(self.ceiling);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_ceiling_until_a_try_is_worth_it() {
        let mut backoff = Backoff::up_to(Duration::from_secs(1));
        let waits: Vec<_> = (0..5).map(|_| backoff.next().as_millis()).collect();
        assert_eq!(waits, [250, 500, 1000, 1000, 1000]);
        backoff.succeeded();
        assert_eq!(backoff.next().as_millis(), 250);
        assert_eq!(Backoff::up_to(Duration::ZERO).next(), Duration::ZERO);
    }
}
