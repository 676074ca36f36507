//! Formats numbers and times for people: short, and of a steady width.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::model::Timestamp;

/// The maximum width of [`age`].
pub const AGE_WIDTH: u16 = 6;
/// The width of [`timestamp`].
pub const TIMESTAMP_WIDTH: u16 = 19;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Formats an age in at most six characters: `4s`, `1m12s`, `12m`, `3h07m`, `2d4h`, `140d`, `31y`.
pub fn age(span: Duration) -> String {
    let seconds = span.as_secs();
    let (minutes, hours, days) = (seconds / MINUTE, seconds / HOUR, seconds / DAY);
    match seconds {
        0..MINUTE => format!("{seconds}s"),
        // Completed tasks live for two minutes, so seconds matter here.
        MINUTE..600 => format!("{minutes}m{:02}s", seconds % MINUTE),
        600..HOUR => format!("{minutes}m"),
        HOUR..DAY => format!("{hours}h{:02}m", minutes % 60),
        _ if days < 100 => format!("{days}d{}h", hours % 24),
        _ if days < 10_000 => format!("{days}d"),
        _ => format!("{}y", days / 365),
    }
}

/// Formats a count with separators: `12,345`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats a length with separators.
pub fn len(number: usize) -> String {
    count(u64::try_from(number).unwrap_or(u64::MAX))
}

/// Formats a number of things: `1 row`, `12,345 rows`. The plural of the noun takes an `s`.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", len(number), if number == 1 { "" } else { "s" })
}

/// Formats a size in decimal units: `512 B`, `1.5 kB`, `90 MB`.
pub fn bytes(size: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if size < 1_000 {
        return format!("{size} B");
    }
    let mut unit_size: u128 = 1_000;
    let mut units = UNITS.iter();
    let mut unit = units.next();
    let size = u128::from(size);
    // 999,950 would be rounded to 1000.0 kB, so the next unit starts a little early.
    while size * 1_000 >= unit_size * 999_950 {
        unit_size *= 1_000;
        unit = units.next();
    }
    let tenths = (size * 10 + unit_size / 2) / unit_size;
    let unit = unit.unwrap_or(&"EB");
    if tenths < 100 {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    } else {
        format!("{} {unit}", tenths / 10)
    }
}

/// Formats a limit in MiB as `cf` does: `512M`, `2G`.
pub fn mebibytes(size: i32) -> String {
    match size {
        1_024.. if size % 1_024 == 0 => format!("{}G", size / 1_024),
        0 => "0".to_owned(),
        _ => format!("{size}M"),
    }
}

/// Formats a measured duration: `84 ms`, `1.9 s`, `2m05s`.
pub fn took(span: Duration) -> String {
    match span.as_millis() {
        millis @ 0..1_000 => format!("{millis} ms"),
        1_000..60_000 => format!("{:.1} s", span.as_secs_f64()),
        _ => age(span),
    }
}

/// Formats a remaining wait, rounded up so that it never shows 0 while it lasts.
pub fn wait(span: Duration) -> String {
    let rounded_up = span.as_secs() + u64::from(span.subsec_nanos() > 0);
    age(Duration::from_secs(rounded_up))
}

/// Formats a point in time in a zone, to the second: `2026-06-01 12:00:07`. Empty if unset.
pub fn timestamp(at: Timestamp, zone: &TimeZone) -> String {
    in_zone(at, zone, "%Y-%m-%d %H:%M:%S")
}

/// Formats the day: `2026-06-01`. Empty if unset.
pub fn date(at: Timestamp, zone: &TimeZone) -> String {
    in_zone(at, zone, "%Y-%m-%d")
}

/// Formats the abbreviation of a zone at a point in time: `UTC`, `CEST`.
pub fn zone_name(at: Timestamp, zone: &TimeZone) -> String {
    in_zone(at, zone, "%Z")
}

/// Formats the time of day: `12:00:07`.
pub fn time_of_day(at: Timestamp, zone: &TimeZone) -> String {
    in_zone(at, zone, "%H:%M:%S")
}

/// Formats a point in time to the microsecond, with its zone.
pub fn timestamp_exact(at: Timestamp, zone: &TimeZone) -> String {
    in_zone(at, zone, "%Y-%m-%d %H:%M:%S.%6f %Z")
}

/// Formats a point in time briefly, with its zone: the time of day if it is less than a day ago, otherwise the date
/// and the minute.
pub fn timestamp_short(at: Timestamp, zone: &TimeZone, ago: Duration) -> String {
    let is_recent = ago < Duration::from_secs(DAY);
    in_zone(at, zone, if is_recent { "%H:%M:%S %Z" } else { "%Y-%m-%d %H:%M %Z" })
}

/// Formats a point in time for the name of a file: `20260601T120007Z`, in UTC.
pub fn file_stamp(at: Timestamp) -> String {
    in_zone(at, &TimeZone::UTC, "%Y%m%dT%H%M%SZ")
}

/// Formats a point in time for programs: RFC 3339 in UTC, with up to nine decimals. Empty if unset.
pub fn rfc3339(at: Timestamp) -> String {
    if at.is_unset() {
        return String::new();
    }
    // Cannot fail: all 64-bit nanoseconds lie within jiff's range of years.
    let moment = jiff::Timestamp::from_nanosecond(i128::from(at.as_nanos()));
    moment.map(|moment| moment.to_string()).unwrap_or_default()
}

fn in_zone(at: Timestamp, zone: &TimeZone, form: &str) -> String {
    if at.is_unset() {
        return String::new();
    }
    match jiff::Timestamp::from_nanosecond(i128::from(at.as_nanos())) {
        Ok(moment) => moment.to_zoned(zone.clone()).strftime(form).to_string(),
        Err(_) => format!("{} ns", at.as_nanos()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_short() {
        let cases = [
            (0, "0s"),
            (59, "59s"),
            (60, "1m00s"),
            (72, "1m12s"),
            (599, "9m59s"),
            (600, "10m"),
            (3_599, "59m"),
            (11_220, "3h07m"),
            (86_399, "23h59m"),
            (187_200, "2d4h"),
            (100 * DAY, "100d"),
            (20_000 * DAY, "54y"),
        ];
        for (seconds, text) in cases {
            assert_eq!(age(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn no_age_of_the_server_is_wider_than_its_column() {
        for power in 0..64 {
            let text = age(Duration::from_nanos(1 << power));
            assert!(text.len() <= usize::from(AGE_WIDTH), "{text}");
        }
    }

    #[test]
    fn counts_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    fn sizes_have_two_or_three_figures() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (9_960, "10 kB"),
            (999_949, "999 kB"),
            (999_950, "1.0 MB"),
            (90_000_000, "90 MB"),
            (u64::MAX, "18 EB"),
        ];
        for (size, text) in cases {
            assert_eq!(bytes(size), text);
        }
    }

    #[test]
    fn limits_read_as_cf_writes_them() {
        let texts = [0, 64, 512, 1_024, 1_536, 65_536].map(mebibytes);
        assert_eq!(texts, ["0", "64M", "512M", "1G", "1536M", "64G"]);
    }

    #[test]
    fn a_wait_is_rounded_up() {
        assert_eq!(wait(Duration::from_millis(1)), "1s");
        assert_eq!(wait(Duration::from_secs(3)), "3s");
    }

    #[test]
    fn times_are_in_their_zone() {
        let at = Timestamp::from_nanos(1_780_315_207_000_001_500);
        assert_eq!(timestamp(at, &TimeZone::UTC), "2026-06-01 12:00:07");
        assert_eq!(timestamp_exact(at, &TimeZone::UTC), "2026-06-01 12:00:07.000001 UTC");
        let (hours, days) = (Duration::from_secs(23 * HOUR), Duration::from_secs(DAY));
        assert_eq!(timestamp_short(at, &TimeZone::UTC, hours), "12:00:07 UTC");
        assert_eq!(timestamp_short(at, &TimeZone::UTC, days), "2026-06-01 12:00 UTC");
        let east = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(time_of_day(at, &east), "14:00:07");
        assert_eq!(timestamp(Timestamp::UNSET, &east), "");
        assert_eq!(rfc3339(at), "2026-06-01T12:00:07.0000015Z");
        assert_eq!(rfc3339(Timestamp::UNSET), "");
        assert_eq!(rfc3339(Timestamp::from_nanos(i64::MIN)), "1677-09-21T00:12:43.145224192Z");
        assert_eq!(rfc3339(Timestamp::from_nanos(i64::MAX)), "2262-04-11T23:47:16.854775807Z");
    }
}
