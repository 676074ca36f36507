//! A clock that scenarios skew, and that makes jumps.

use std::sync::Mutex;
use std::time::Duration;

use taskdeck::clock::{Clock, Now, SystemClock};

/// The system clock, run faster and shifted.
pub(crate) struct RigClock {
    system: SystemClock,
    rate: u32,
    shift: Mutex<Shift>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Shift {
    mono: Duration,
    wall_ns: i64,
}

impl RigClock {
    /// Starts a clock on which time passes so many times as fast.
    pub(crate) fn running(rate: u32) -> Self {
        Self { system: SystemClock::start(), rate, shift: Mutex::default() }
    }

    /// Steps the wall clock by hours, forward or back.
    pub(crate) fn step_wall(&self, hours: i64) {
        self.shift.lock().unwrap().wall_ns += hours * 3_600_000_000_000;
    }

    /// Lets time pass on both clocks.
    pub(crate) fn skip(&self, by: Duration) {
        let mut shift = self.shift.lock().unwrap();
        shift.mono += by;
        shift.wall_ns += i64::try_from(by.as_nanos()).unwrap();
    }

    /// Lets both clocks jump, as after a sleep of the machine.
    pub(crate) fn sleep_hours(&self, hours: u32) {
        self.shift.lock().unwrap().mono += Duration::from_secs(3_600) * hours;
        self.step_wall(hours.into());
    }
}

impl Clock for RigClock {
    fn now(&self) -> Now {
        let system = self.system.now();
        let Shift { mono, wall_ns } = *self.shift.lock().unwrap();
        let scaled =
            Now { mono: system.mono * self.rate, wall: system.wall.plus(system.mono * (self.rate - 1)) };
        Now { mono: scaled.mono + mono, wall: scaled.wall.shifted(wall_ns) }
    }
}
