//! The windows that statistics look back through, and the slots that time is counted in.
//!
//! A window is twelve slots long, the running one included, so that it moves on twelve times in its length. Its past is
//! the hour before it, in the slots of an hour and, up to the window, in those of ten minutes.

use std::ops::Range;
use std::time::Duration;

use crate::model::Timestamp;

/// How many slots a window has.
pub(super) const SLOTS: u32 = 12;

/// How far statistics look back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Window {
    /// The last minute, in slots of 5 s.
    Minute,
    /// The last ten minutes, in slots of 50 s.
    #[default]
    TenMinutes,
    /// The last hour, in slots of 5 min.
    Hour,
}

/// Slots of one length.
pub(super) type Slots = (Window, Range<u32>);

impl Window {
    /// All windows, the shortest first.
    pub const ALL: [Self; 3] = [Self::Minute, Self::TenMinutes, Self::Hour];

    /// Returns its length in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minute => "1 min",
            Self::TenMinutes => "10 min",
            Self::Hour => "1 h",
        }
    }

    /// Returns the window after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Minute => Self::TenMinutes,
            Self::TenMinutes => Self::Hour,
            Self::Hour => Self::Minute,
        }
    }

    /// Returns the length of a slot.
    pub const fn slot(self) -> Duration {
        Duration::from_secs(self.slot_seconds() as u64)
    }

    /// Returns the length of a slot in words.
    pub const fn slot_name(self) -> &'static str {
        match self {
            Self::Minute => "5 s",
            Self::TenMinutes => "50 s",
            Self::Hour => "5 min",
        }
    }

    const fn slot_seconds(self) -> u32 {
        match self {
            Self::Minute => 5,
            Self::TenMinutes => 50,
            Self::Hour => 300,
        }
    }

    /// Returns the number of the slot that a moment is in, counted from the epoch.
    pub(super) fn slot_of(self, at: Timestamp) -> u32 {
        let seconds = u64::try_from(at.as_nanos()).unwrap_or(0) / 1_000_000_000;
        // 64-bit nanoseconds are fewer than 2³¹ slots of five seconds.
        u32::try_from(seconds / u64::from(self.slot_seconds())).unwrap_or(u32::MAX)
    }

    /// Returns when a slot begins.
    pub(super) fn start_of(self, slot: u32) -> Timestamp {
        Timestamp::UNSET.plus(Duration::from_secs(u64::from(slot) * u64::from(self.slot_seconds())))
    }

    /// Returns the slots of the window.
    pub(super) fn slots(self, now: Timestamp) -> Slots {
        let end = self.slot_of(now).saturating_add(1);
        (self, end.saturating_sub(SLOTS)..end)
    }

    /// Returns when the window begins.
    pub fn start(self, now: Timestamp) -> Timestamp {
        self.start_of(self.slots(now).1.start)
    }

    /// Returns the slots of the past that the window is compared with.
    pub(super) fn past(self, now: Timestamp) -> [Slots; 2] {
        let start = self.start(now);
        let whole = Self::Hour.slot_of(start);
        let rest = whole.saturating_mul(Self::Hour.slot_seconds() / Self::TenMinutes.slot_seconds());
        [
            (Self::Hour, whole.saturating_sub(SLOTS)..whole),
            (Self::TenMinutes, rest..Self::TenMinutes.slot_of(start)),
        ]
    }

    /// Returns how many slots of this length are kept: those of every window and every past, and the running one.
    pub(super) const fn kept(self) -> u32 {
        match self {
            Self::Minute => SLOTS,
            Self::TenMinutes => SLOTS + Self::Hour.slot_seconds() / Self::TenMinutes.slot_seconds(),
            Self::Hour => 2 * SLOTS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from(Duration::from_secs(seconds))
    }

    #[test]
    fn a_window_is_between_eleven_and_twelve_slots_long() {
        for window in Window::ALL {
            for seconds in 1_000_000..1_000_700 {
                let (now, slot) = (at(seconds), window.slot());
                let length = now.since(window.start(now));
                assert!(length >= 11 * slot && length < 12 * slot, "{window:?} {length:?}");
            }
        }
    }

    #[test]
    fn the_past_ends_where_the_window_begins_and_is_about_an_hour_long() {
        for window in Window::ALL {
            for seconds in 1_000_000..1_000_700 {
                let now = at(seconds);
                let [(hours, whole), (tens, rest)] = window.past(now);
                assert_eq!(hours.start_of(whole.end), tens.start_of(rest.start), "no hole, no overlap");
                let left_out = window.start(now).since(tens.start_of(rest.end));
                assert!(left_out < Window::TenMinutes.slot(), "{window:?} {left_out:?}");
                let length = tens.start_of(rest.end).since(hours.start_of(whole.start)).as_secs();
                assert!((3_600..3_900).contains(&length), "{window:?} {length}");
            }
        }
    }

    #[test]
    fn what_windows_and_pasts_read_is_kept() {
        for now in (1_000_000..1_000_700).map(at) {
            for window in Window::ALL {
                for (tier, slots) in window.past(now).into_iter().chain([window.slots(now)]) {
                    let oldest = (tier.slot_of(now) + 1).saturating_sub(tier.kept());
                    assert!(
                        slots.is_empty() || slots.start >= oldest,
                        "{window:?} {tier:?} {slots:?} {oldest}"
                    );
                }
            }
        }
    }
}
