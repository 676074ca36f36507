//! Parses the table of the recording.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::duration::AnyDuration;

/// What to record, and how much of it to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSettings {
    /// Whether the dashboard records.
    pub by_dashboard: bool,
    /// The file; none for the default one.
    pub file: Option<PathBuf>,
    /// The most bytes of the file.
    pub max_bytes: u64,
    /// How long a task is kept after its end.
    pub max_age: Duration,
}

impl Default for RecordSettings {
    fn default() -> Self {
        Self {
            by_dashboard: false,
            file: None,
            max_bytes: 4_000_000_000,
            max_age: Duration::from_secs(168 * 60 * 60),
        }
    }
}

/// The table as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RecordTable {
    dashboard: Option<bool>,
    file: Option<PathBuf>,
    max_size: Option<Size>,
    max_age: Option<AnyDuration>,
}

impl RecordTable {
    /// Returns the settings, with defaults for missing keys.
    pub(super) fn settings(&self) -> RecordSettings {
        let defaults = RecordSettings::default();
        RecordSettings {
            by_dashboard: self.dashboard.unwrap_or(defaults.by_dashboard),
            file: self.file.clone(),
            max_bytes: self.max_size.map_or(defaults.max_bytes, |size| size.0),
            max_age: self.max_age.map_or(defaults.max_age, |age| age.0),
        }
    }
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size(u64);

impl Size {
    /// The units, in bytes.
    const UNITS: [(&str, u64); 4] =
        [("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000)];
    /// The least: an empty recording has a few pages.
    const LEAST: u64 = 1_000_000;

    fn parse(text: &str) -> Option<Self> {
        let (number, unit) = text.split_at_checked(text.find(|c: char| !c.is_ascii_digit())?)?;
        let unit = Self::UNITS.iter().find(|(name, _)| *name == unit.trim_start())?.1;
        number.parse::<u64>().ok()?.checked_mul(unit).filter(|bytes| *bytes >= Self::LEAST).map(Self)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(SizeVisitor)
    }
}

struct SizeVisitor;

impl Visitor<'_> for SizeVisitor {
    type Value = Size;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a size of at least \"1MB\", like \"500MB\" or \"4GB\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Size, E> {
        Size::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_a_decimal_unit() {
        for (text, bytes) in [("1MB", 1_000_000), ("500 MB", 500_000_000), ("4GB", 4_000_000_000)] {
            assert_eq!(Size::parse(text), Some(Size(bytes)), "{text}");
        }
        for text in ["", "4", "GB", "4gb", "0MB", "10kB", "-4GB", "4.5GB", "99999999999TB"] {
            assert_eq!(Size::parse(text), None, "{text}");
        }
    }
}
