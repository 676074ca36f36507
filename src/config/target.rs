//! Parses how the dashboard treats a target: its colour, its confirmation, its rate of writes and its clocks.

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::duration::AnyDuration;
use super::file::TargetTable;
use crate::app::{ConfirmPolicy, TargetColour};
use crate::model::{Clocks, ReplyLimit, WriteRate};

/// The most writes a second that can be configured.
const MAX_RATE: u16 = 1000;

/// The largest reply that can be configured: 1 TiB.
const MAX_MEBIBYTES: u32 = 1 << 20;

/// The colour of a target's name: `red` or `#d03030`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub(super) TargetColour);

/// How actions are confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Confirm {
    Ask,
    TypeName,
}

/// A number of writes a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WritesPerSecond(pub(super) WriteRate);

/// The most mebibytes of a reply that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mebibytes(pub(super) ReplyLimit);

impl TargetTable {
    /// Returns when the server acts on tasks by itself, with its defaults for missing keys.
    pub(super) fn clocks(&self) -> Clocks {
        let or = |set: Option<AnyDuration>, default| set.map_or(default, |time| time.0);
        Clocks {
            pending: or(self.pending_limit, Clocks::DEFAULT.pending),
            completed: or(self.completed_limit, Clocks::DEFAULT.completed),
            resolving: or(self.resolving_limit, Clocks::DEFAULT.resolving),
            sweep: or(self.sweep_interval, Clocks::DEFAULT.sweep),
            rejections: self.rejection_limit.map_or(Clocks::DEFAULT.rejections, |count| count.0),
        }
    }
}

impl Confirm {
    pub(super) const fn policy(self) -> ConfirmPolicy {
        match self {
            Self::Ask => ConfirmPolicy::Ask,
            Self::TypeName => ConfirmPolicy::TypeName,
        }
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        TargetColour::parse(&text).map(Self).ok_or_else(|| {
            let names: Vec<_> = TargetColour::NAMES.iter().map(|(name, _)| format!("`{name}`")).collect();
            // In the form of serde's own messages, for which the configuration suggests the closest name.
            D::Error::custom(format!(
                "unknown colour `{text}`, expected one of {} or `#rrggbb`",
                names.join(", ")
            ))
        })
    }
}

impl<'de> Deserialize<'de> for WritesPerSecond {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_u16(RateVisitor)
    }
}

struct RateVisitor;

impl Visitor<'_> for RateVisitor {
    type Value = WritesPerSecond;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a whole number from 1 to {MAX_RATE}")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<WritesPerSecond, E> {
        let rate =
            u16::try_from(number).ok().filter(|rate| *rate <= MAX_RATE).and_then(WriteRate::per_second);
        rate.map(WritesPerSecond).ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
    }
}

impl<'de> Deserialize<'de> for Mebibytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_u32(MebibytesVisitor)
    }
}

struct MebibytesVisitor;

impl Visitor<'_> for MebibytesVisitor {
    type Value = Mebibytes;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a whole number from 1 to {MAX_MEBIBYTES}")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Mebibytes, E> {
        let mebibytes =
            u32::try_from(number).ok().filter(|mebibytes| (1..=MAX_MEBIBYTES).contains(mebibytes));
        let limit = mebibytes.map(|mebibytes| Mebibytes(ReplyLimit::mebibytes(mebibytes)));
        limit.ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
    }
}
