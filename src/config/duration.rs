//! Parses durations in the configuration file: `30s`, `2m`, `1h30m`.

use std::time::Duration;

use jiff::SignedDuration;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

/// A duration of any length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AnyDuration(pub(super) Duration);

/// Time between requests: a duration long enough not to overload the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval(pub(super) Duration);

const MIN_INTERVAL: Duration = Duration::from_secs(1);

struct DurationVisitor;

impl Visitor<'_> for DurationVisitor {
    type Value = AnyDuration;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a duration like \"30s\", \"2m\" or \"1h30m\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<AnyDuration, E> {
        let duration =
            text.parse::<SignedDuration>().ok().and_then(|duration| Duration::try_from(duration).ok());
        duration.map(AnyDuration).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

impl<'de> Deserialize<'de> for AnyDuration {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(DurationVisitor)
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let AnyDuration(duration) = AnyDuration::deserialize(from)?;
        if duration < MIN_INTERVAL {
            return Err(D::Error::custom(
                "the interval must be \"1s\" or more, so that it does not overload the server",
            ));
        }
        Ok(Self(duration))
    }
}
