//! The played time: it runs at a speed, can be paused, and never runs ahead of what has been read.

use std::fmt;
use std::num::NonZeroU16;
use std::time::Duration;

use crate::model::Timestamp;

/// How many times faster than life a recording is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Speed(NonZeroU16);

/// The speeds that keys choose.
const STEPS: [u16; 9] = [1, 2, 5, 10, 30, 60, 300, 1_200, Speed::MOST];

impl Speed {
    /// As fast as life.
    pub const LIFE: Self = Self(NonZeroU16::MIN);
    /// The highest: an hour a second.
    pub const MOST: u16 = 3_600;

    /// Returns a speed of 1 to [`MOST`](Self::MOST).
    pub const fn times(factor: u16) -> Option<Self> {
        match NonZeroU16::new(factor) {
            Some(factor) if factor.get() <= Self::MOST => Some(Self(factor)),
            _ => None,
        }
    }

    /// Reads a speed: `10`, `10x` or `x10`.
    ///
    /// # Errors
    /// What is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let digits = text.trim().trim_start_matches(['x', '×']).trim_end_matches(['x', '×']);
        let speed = digits.parse().ok().and_then(Self::times);
        speed.ok_or_else(|| format!("expected a speed of 1 to {}, like 10", Self::MOST))
    }

    /// Returns the next higher speed, or this one if there is none.
    #[must_use]
    pub fn faster(self) -> Self {
        STEPS.into_iter().filter_map(Self::times).find(|step| *step > self).unwrap_or(self)
    }

    /// Returns the next lower speed, or this one if there is none.
    #[must_use]
    pub fn slower(self) -> Self {
        STEPS.into_iter().rev().filter_map(Self::times).find(|step| *step < self).unwrap_or(self)
    }

    fn played(self, real: Duration) -> Duration {
        real.saturating_mul(self.0.get().into())
    }

    /// Rounds up, so that the time has been played by then.
    fn real(self, played: Duration) -> Duration {
        let factor = u32::from(self.0.get());
        (played + Duration::from_nanos(u64::from(factor) - 1)) / factor
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "×{}", self.0)
    }
}

/// The played time as a function of the monotonic time.
#[derive(Debug)]
pub(super) struct PlayedClock {
    /// A moment, and the time that was played then.
    anchor: (Duration, Timestamp),
    speed: Speed,
    paused: bool,
    /// The time up to which everything has been read.
    limit: Timestamp,
}

impl PlayedClock {
    /// Returns a clock that stands at a time, until there is something to play after it.
    pub(super) const fn at(time: Timestamp, speed: Speed, paused: bool) -> Self {
        Self { anchor: (Duration::ZERO, time), speed, paused, limit: time }
    }

    /// Returns the played time.
    pub(super) fn now(&self, mono: Duration) -> Timestamp {
        let (since, at) = self.anchor;
        if self.paused {
            return at;
        }
        at.plus(self.speed.played(mono.saturating_sub(since))).min(self.limit)
    }

    /// Returns when this time is played; none if not without further ado.
    pub(super) fn when(&self, time: Timestamp) -> Option<Duration> {
        let (since, at) = self.anchor;
        (!self.paused && time <= self.limit).then(|| since + self.speed.real(time.since(at)))
    }

    pub(super) const fn speed(&self) -> Speed {
        self.speed
    }

    pub(super) const fn is_paused(&self) -> bool {
        self.paused
    }

    pub(super) fn set_speed(&mut self, speed: Speed, mono: Duration) {
        self.anchor(mono);
        self.speed = speed;
    }

    pub(super) fn pause(&mut self, paused: bool, mono: Duration) {
        self.anchor(mono);
        self.paused = paused;
    }

    /// Sets up to which time everything has been read.
    pub(super) fn set_limit(&mut self, limit: Timestamp, mono: Duration) {
        self.anchor(mono);
        self.limit = limit;
    }

    fn anchor(&mut self, mono: Duration) {
        self.anchor = (mono, self.now(mono));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_nanos(seconds * 1_000_000_000)
    }

    #[test]
    fn it_runs_at_its_speed_up_to_what_was_read() {
        let mut clock = PlayedClock::at(at(100), Speed::times(10).unwrap(), false);
        assert_eq!(clock.now(5 * SECOND), at(100), "nothing was read");
        clock.set_limit(at(130), 5 * SECOND);
        assert_eq!((clock.now(6 * SECOND), clock.now(9 * SECOND)), (at(110), at(130)));
        assert_eq!((clock.when(at(120)), clock.when(at(131))), (Some(7 * SECOND), None));
        // The time that it stood is not made up for.
        clock.set_limit(at(200), 20 * SECOND);
        assert_eq!(clock.now(21 * SECOND), at(140));
    }

    #[test]
    fn a_pause_and_a_change_of_speed_keep_the_played_time() {
        let mut clock = PlayedClock::at(at(0), Speed::LIFE, false);
        clock.set_limit(at(1_000), Duration::ZERO);
        clock.pause(true, 10 * SECOND);
        assert_eq!((clock.now(60 * SECOND), clock.when(at(11))), (at(10), None));
        clock.pause(false, 60 * SECOND);
        clock.set_speed(Speed::times(60).unwrap(), 61 * SECOND);
        assert_eq!(clock.now(62 * SECOND), at(71));
    }

    #[test]
    fn speeds_go_up_and_down_in_steps() {
        let speed = |factor| Speed::times(factor).unwrap();
        assert_eq!(
            (speed(1).faster(), speed(7).faster(), speed(3_600).faster()),
            (speed(2), speed(10), speed(3_600))
        );
        assert_eq!((speed(1).slower(), speed(7).slower()), (speed(1), speed(5)));
        assert_eq!((Speed::parse("x10"), Speed::parse("60x")), (Ok(speed(10)), Ok(speed(60))));
        for text in ["", "0", "3601", "fast", "-1", "1.5"] {
            assert_eq!(Speed::parse(text).unwrap_err(), "expected a speed of 1 to 3600, like 10", "{text}");
        }
    }
}
