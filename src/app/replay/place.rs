//! A place in a recording, as an operator types it.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};

use crate::model::Timestamp;

/// A place in a recording, as an operator types it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Its beginning.
    Start,
    /// Its end.
    End,
    /// That much later than the time that is played, or earlier.
    By(SignedDuration),
    /// That time of a day (UTC).
    TimeOfDay(Time),
    /// That time.
    At(Timestamp),
}

const EXPECTED: &str = "expected a time like 10:32 or 2026-06-01T10:32 (UTC), +5m, -5m, start or end";

impl Place {
    /// Reads a place.
    ///
    /// # Errors
    /// What is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let by = |text: &str| text.parse::<SignedDuration>().ok().filter(|by| !by.is_negative());
        let place = match (text, text.get(..1), text.get(1..)) {
            ("start", ..) => Some(Self::Start),
            ("end", ..) => Some(Self::End),
            (_, Some("+"), Some(rest)) => by(rest).map(Self::By),
            (_, Some("-"), Some(rest)) => by(rest).map(|by| Self::By(-by)),
            _ => time_of_day(text).or_else(|| moment(text)),
        };
        place.ok_or_else(|| EXPECTED.to_owned())
    }

    /// Returns the time in a recording from `first` to `last` while `played` is played.
    ///
    /// # Errors
    /// If the recording does not have it.
    pub fn resolve(
        self,
        played: Timestamp,
        (first, last): (Timestamp, Timestamp),
    ) -> Result<Timestamp, String> {
        let at = match self {
            Self::Start => first,
            Self::End => last,
            Self::By(by) => {
                let by = i64::try_from(by.as_nanos()).unwrap_or(i64::MAX);
                return Ok(played.shifted(by).clamp(first, last));
            }
            Self::TimeOfDay(time) => on_a_day(time, played, (first, last)),
            Self::At(at) => at,
        };
        // The last and the first second are typed without their fraction.
        let (from, to) = (first.shifted(-SECOND), last.shifted(SECOND));
        if (from..=to).contains(&at) { Ok(at.clamp(first, last)) } else { Err(outside(first, last)) }
    }
}

const SECOND: i64 = 1_000_000_000;

fn time_of_day(text: &str) -> Option<Place> {
    // jiff takes `2026` for a time of day.
    text.parse::<Time>().ok().filter(|_| text.contains(':') && !text.contains('-')).map(Place::TimeOfDay)
}

fn moment(text: &str) -> Option<Place> {
    let civil = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    let at = text.parse::<jiff::Timestamp>().ok().or_else(|| Some(civil()?.timestamp()))?;
    i64::try_from(at.as_nanosecond()).ok().map(|nanos| Place::At(Timestamp::from_nanos(nanos)))
}

/// Returns the time of day on the day that is played, or on the nearest one on which the recording has it.
fn on_a_day(time: Time, played: Timestamp, (first, last): (Timestamp, Timestamp)) -> Timestamp {
    let today = date(played);
    let days = [0, -1, 1].map(|days| today.checked_add(days.days()).unwrap_or(today));
    let times = days.map(|day| at(day, time));
    let has = |at: &&Timestamp| (first.shifted(-SECOND)..=last.shifted(SECOND)).contains(*at);
    times.iter().find(has).or(times.first()).copied().unwrap_or(played)
}

fn date(at: Timestamp) -> Date {
    jiff::Timestamp::from_nanosecond(at.as_nanos().into())
        .map_or(Date::default(), |at| at.to_zoned(TimeZone::UTC).date())
}

fn at(day: Date, time: Time) -> Timestamp {
    let at = day.to_datetime(time).to_zoned(TimeZone::UTC).map(|at| at.timestamp().as_nanosecond());
    at.ok().and_then(|nanos| i64::try_from(nanos).ok()).map_or(Timestamp::UNSET, Timestamp::from_nanos)
}

fn outside(first: Timestamp, last: Timestamp) -> String {
    use crate::present::format::timestamp;
    let [first, last] = [first, last].map(|at| timestamp(at, &TimeZone::UTC));
    format!("the recording has {first} to {last} UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        match Place::parse(text).unwrap() {
            Place::At(at) => at,
            place => panic!("{place:?}"),
        }
    }

    #[test]
    fn a_place_is_a_time_or_a_distance() {
        let minutes = SignedDuration::from_mins;
        assert_eq!(Place::parse("+5m"), Ok(Place::By(minutes(5))));
        assert_eq!(Place::parse("-1h30m"), Ok(Place::By(minutes(-90))));
        assert_eq!(Place::parse("10:32"), Ok(Place::TimeOfDay(jiff::civil::time(10, 32, 0, 0))));
        assert_eq!((Place::parse("start"), Place::parse(" end ")), (Ok(Place::Start), Ok(Place::End)));
        assert_eq!(time("2026-06-01T10:32"), time("2026-06-01 10:32:00Z"));
        for text in ["", "10", "2026", "soon", "+", "--5m", "+-5m", "25:00", "日本"] {
            assert_eq!(Place::parse(text).unwrap_err(), EXPECTED, "{text}");
        }
    }

    #[test]
    fn a_time_of_day_is_on_the_day_that_the_recording_has_it() {
        let whole = (time("2026-06-01T22:00"), time("2026-06-02T06:00"));
        let resolve = |text: &str, played: &str| Place::parse(text).unwrap().resolve(time(played), whole);
        assert_eq!(resolve("23:00", "2026-06-02T01:00"), Ok(time("2026-06-01T23:00")));
        assert_eq!(resolve("05:00", "2026-06-01T23:00"), Ok(time("2026-06-02T05:00")));
        let why = "the recording has 2026-06-01 22:00:00 to 2026-06-02 06:00:00 UTC";
        assert_eq!(resolve("12:00", "2026-06-02T01:00").unwrap_err(), why);
        assert_eq!(resolve("2026-06-03T00:00", "2026-06-02T01:00").unwrap_err(), why);
    }

    #[test]
    fn a_distance_ends_at_the_ends() {
        let whole = (time("2026-06-01T10:00"), time("2026-06-01T11:00"));
        let resolve = |text: &str| Place::parse(text).unwrap().resolve(time("2026-06-01T10:30"), whole);
        assert_eq!(resolve("-10m"), Ok(time("2026-06-01T10:20")));
        assert_eq!((resolve("-2h"), resolve("+2h")), (Ok(whole.0), Ok(whole.1)));
        assert_eq!((resolve("start"), resolve("end")), (Ok(whole.0), Ok(whole.1)));
    }
}
