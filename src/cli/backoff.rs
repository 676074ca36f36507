//! How long to wait before the next try.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);

/// Waits that double, up to a ceiling. Each is shortened by up to a half, by chance: whoever lost the same server at
/// the same moment does not come back to it at the same moment.
#[derive(Debug)]
pub(super) struct Backoff {
    ceiling: Duration,
    next: Duration,
    chance: fn() -> u32,
}

impl Backoff {
    pub(super) fn up_to(ceiling: Duration) -> Self {
        Self::by_chance(ceiling, chance)
    }

    /// `chance` gives any number as likely as any other.
    fn by_chance(ceiling: Duration, chance: fn() -> u32) -> Self {
        Self { ceiling, next: FIRST.min(ceiling), chance }
    }

    /// The wait before the next try.
    pub(super) fn next(&mut self) -> Duration {
        let longest = self.next;
        self.next = longest.saturating_mul(2).min(self.ceiling);
        longest.mul_f64(0.5 + 0.5 * f64::from((self.chance)()) / f64::from(u32::MAX))
    }

    /// The try was worth it: the next failure is a first one.
    pub(super) fn succeeded(&mut self) {
        self.next = FIRST.min(self.ceiling);
    }
}

/// The standard library seeds its hashers from the system: other numbers in every process.
pub(super) fn chance() -> u32 {
    let [a, b, c, d, ..] = RandomState::new().build_hasher().finish().to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn five(backoff: &mut Backoff) -> [u128; 5] {
        std::array::from_fn(|_| backoff.next().as_millis())
    }

    #[test]
    fn waits_double_up_to_the_ceiling_until_a_try_is_worth_it() {
        let mut backoff = Backoff::by_chance(Duration::from_secs(1), || u32::MAX);
        assert_eq!(five(&mut backoff), [250, 500, 1000, 1000, 1000]);
        backoff.succeeded();
        assert_eq!(backoff.next().as_millis(), 250);
        assert_eq!(Backoff::up_to(Duration::ZERO).next(), Duration::ZERO);
    }

    #[test]
    fn chance_shortens_a_wait_by_up_to_a_half_and_not_the_one_after_it() {
        let mut backoff = Backoff::by_chance(Duration::from_secs(1), || 0);
        assert_eq!(five(&mut backoff), [125, 250, 500, 500, 500]);
        let mut backoff = Backoff::by_chance(Duration::from_secs(1), || u32::MAX / 2);
        assert_eq!(five(&mut backoff), [187, 375, 750, 750, 750]);
    }

    #[test]
    fn two_that_lost_the_same_server_do_not_wait_alike() {
        let waits = || {
            let mut backoff = Backoff::up_to(Duration::from_secs(1));
            [(); 4].map(|()| backoff.next())
        };
        assert_ne!(waits(), waits());
    }
}
