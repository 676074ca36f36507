//! Times of a recording, as they are typed: a point in time, or how long before another one.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::connect::parse_duration;
use crate::model::Timestamp;

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// With its offset from UTC.
    Exact(Timestamp),
    /// In the time zone of the command.
    Civil(DateTime),
}

/// A point in time, or a distance to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// This long before.
    Ago(Duration),
    /// Then.
    At(Time),
}

/// Parses a point in time.
pub(super) fn parse_time(text: &str) -> Result<Time, String> {
    let exact = text.parse::<jiff::Timestamp>().ok().and_then(timestamp).map(Time::Exact);
    exact
        .or_else(|| {
            text.parse().ok().filter(|civil| in_zone(*civil, &TimeZone::UTC).is_some()).map(Time::Civil)
        })
        .ok_or_else(|| "expected a time like 2026-06-01T12:00 or 2026-06-01T12:00:00Z".to_owned())
}

/// Parses a point in time or a duration.
pub(super) fn parse_moment(text: &str) -> Result<Moment, String> {
    if let Ok(time) = parse_time(text) {
        return Ok(Moment::At(time));
    }
    parse_duration(text).map(Moment::Ago).map_err(|error| match error.strip_prefix("expected ") {
        Some(_) => "expected a duration like 2h, or a time like 2026-06-01T12:00".to_owned(),
        None => error,
    })
}

/// Returns none for a time outside the years 1677 to 2262, which 64 bits of nanoseconds hold.
fn timestamp(at: jiff::Timestamp) -> Option<Timestamp> {
    i64::try_from(at.as_nanosecond()).ok().map(Timestamp::from_nanos)
}

fn in_zone(civil: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(civil).compatible().ok().and_then(timestamp)
}

impl Time {
    /// Returns the timestamp. `zone` is that of the command.
    pub(super) fn resolve(self, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Exact(at) => at,
            Self::Civil(civil) => in_zone(civil, zone).unwrap_or(Timestamp::UNSET),
        }
    }
}

impl Moment {
    /// Returns the timestamp. `end` is what a duration counts back from, `zone` that of the command.
    pub(super) fn resolve(self, end: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            Self::At(time) => time.resolve(zone),
            Self::Ago(ago) => end.shifted(i64::try_from(ago.as_nanos()).unwrap_or(i64::MAX).saturating_neg()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_nanos(1_780_315_200_000_000_000);

    fn resolved(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
        parse_moment(text).map(|moment| moment.resolve(NOON, zone))
    }

    #[test]
    fn a_moment_is_a_duration_or_a_time() {
        for text in ["2026-06-01T12:00", "2026-06-01 12:00:00", "2026-06-01T12:00Z", "2026-06-01T14:00+02"] {
            assert_eq!(resolved(text, &TimeZone::UTC), Ok(NOON), "{text}");
        }
        assert_eq!(resolved("1h30m", &TimeZone::UTC), Ok(Timestamp::from_nanos(1_780_309_800_000_000_000)));
        assert_eq!(parse_moment("8h"), Ok(Moment::Ago(Duration::from_secs(28_800))));
        assert_eq!(parse_moment("2").unwrap_err(), "the unit is missing: did you mean 2s, 2m or 2h?");
        let wrong = ["yesterday", "", "2026-06-31", "-5m", "9999-12-31T00:00Z", "9999-12-31T00:00"];
        for text in wrong {
            assert!(parse_moment(text).unwrap_err().starts_with("expected a duration like"), "{text}");
        }
        assert!(parse_time("8h").is_err());
    }

    #[test]
    fn a_time_without_an_offset_is_in_the_zone_of_the_command() {
        let berlin = TimeZone::fixed(jiff::tz::offset(2));
        for text in ["2026-06-01T14:00", "2026-06-01 14:00:00"] {
            assert_eq!(resolved(text, &berlin), Ok(NOON), "{text}");
            assert_ne!(resolved(text, &TimeZone::UTC), Ok(NOON), "{text}");
        }
        assert_eq!(resolved("2026-06-01T12:00:00Z", &berlin), Ok(NOON));
    }
}
