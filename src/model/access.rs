//! Which calls a target allows, and how many writes a second.

use std::num::NonZeroU16;
use std::time::Duration;

/// Which calls a target allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// Read calls only, for good.
    ReadOnly,
    /// Read calls only, unless the operator opens the target for writes for a time.
    Locked,
    /// All calls.
    #[default]
    ReadWrite,
}

impl Access {
    /// Returns whether write calls are refused as long as nobody opens the target for them.
    pub const fn is_read_only(self) -> bool {
        matches!(self, Self::ReadOnly | Self::Locked)
    }
}

/// The most writes that are sent to a target in a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteRate(NonZeroU16);

impl Default for WriteRate {
    fn default() -> Self {
        Self(NonZeroU16::MIN.saturating_add(9))
    }
}

impl WriteRate {
    /// Returns a rate of `writes` a second. There is none for 0: a target without writes is read-only.
    pub const fn per_second(writes: u16) -> Option<Self> {
        match NonZeroU16::new(writes) {
            Some(writes) => Some(Self(writes)),
            None => None,
        }
    }

    /// Returns the number of writes a second.
    pub const fn get(self) -> u16 {
        self.0.get()
    }

    /// Returns the time from one write to the next.
    pub fn interval(self) -> Duration {
        Duration::from_secs(1) / u32::from(self.get())
    }
}
