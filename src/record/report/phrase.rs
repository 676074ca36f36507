//! Text of a report, in pieces: our words, our values, and foreign text.
//!
//! Tenants choose reasons, names and ids. A phrase keeps them apart from our own words, so that a renderer can show them as
//! what they are and no renderer can forget to escape them: there is no way to put a `String` into a phrase but as foreign.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::series::Minute;
use crate::model::Timestamp;
use crate::model::secret::mask_urls;
use crate::present::{format, sanitise};

/// Longest foreign text to show, in cells. A reason has up to 1,024 bytes.
const MAX_FOREIGN: usize = 400;

/// A part of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words of this program.
    Words(&'static str),
    /// A number or a time, formatted by this program.
    Value(Box<str>),
    /// Text from a BBS or a tenant: on one line, without control and invisible characters, credentials masked. Still to be
    /// escaped.
    Foreign(Box<str>),
}

/// A sentence, a title or the value of a table's cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Phrase(Vec<Piece>);

impl Phrase {
    /// Returns a phrase of words.
    pub(super) fn words(words: &'static str) -> Self {
        Self::default().say(words)
    }

    /// Returns a phrase of foreign text.
    pub(super) fn foreign(text: &str) -> Self {
        Self::default().quote(text)
    }

    /// Returns a phrase of a count.
    pub(super) fn number(count: u64) -> Self {
        Self::default().count(count)
    }

    /// Returns the pieces.
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Returns whether there is nothing to read.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds words.
    #[must_use]
    pub(super) fn say(self, words: &'static str) -> Self {
        self.with(Piece::Words(words))
    }

    /// Adds foreign text. An empty text is said to be empty.
    #[must_use]
    pub(super) fn quote(self, text: &str) -> Self {
        if text.trim().is_empty() {
            return self.say("(empty)");
        }
        let masked = mask_urls(text);
        let text = masked.as_deref().unwrap_or(text);
        self.with(Piece::Foreign(sanitise::cut(text, MAX_FOREIGN).into()))
    }

    /// Adds a count: `1,204`.
    #[must_use]
    pub(super) fn count(self, count: u64) -> Self {
        self.value(format::count(count))
    }

    /// Adds a count of things: `1,204 tasks`. The plural takes an `s`.
    #[must_use]
    pub(super) fn counted(self, count: u64, noun: &'static str) -> Self {
        let phrase = self.count(count).say(" ").say(noun);
        if count == 1 { phrase } else { phrase.say("s") }
    }

    /// Adds a share, from 0 to 1: `82 %`, `< 1 %`.
    #[must_use]
    pub(super) fn percent(self, share: f64) -> Self {
        self.value(percent(share))
    }

    /// Adds a duration: `84 ms`, `1.9 s`, `2m05s`.
    #[must_use]
    pub(super) fn took(self, span: Duration) -> Self {
        self.value(format::took(span))
    }

    /// Adds a point in time.
    #[must_use]
    pub(super) fn time(self, at: Timestamp, times: &Times) -> Self {
        self.value(times.moment(at))
    }

    /// Adds a point in time with its day and zone.
    #[must_use]
    pub(super) fn full_time(self, at: Timestamp, times: &Times) -> Self {
        self.value(times.full(at))
    }

    /// Adds the start of a minute.
    #[must_use]
    pub(super) fn minute(self, minute: Minute, times: &Times) -> Self {
        self.value(times.minute(minute))
    }

    /// Adds the name of the zone of a report's times.
    #[must_use]
    pub(super) fn zone(self, at: Timestamp, times: &Times) -> Self {
        self.value(format::zone_name(at, &times.zone))
    }

    /// Adds a duration in whole seconds at least: `29m`, `3h07m`.
    #[must_use]
    pub(super) fn lasted(self, span: Duration) -> Self {
        self.value(format::age(span))
    }

    /// Adds a rate or a factor: `0.4`, `2.5`, `43`, `1,204`.
    #[must_use]
    pub(super) fn rate(self, rate: f64) -> Self {
        self.value(rate_text(rate))
    }

    fn value(self, value: impl Into<Box<str>>) -> Self {
        self.with(Piece::Value(value.into()))
    }

    /// Adds all of another phrase.
    #[must_use]
    pub(super) fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    fn with(mut self, piece: Piece) -> Self {
        self.0.push(piece);
        self
    }
}

/// Formats a share, from 0 to 1. What is not all or nothing never reads as if it were.
pub(super) fn percent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    match share {
        _ if rounded < 1.0 && share > 0.0 => "< 1 %".to_owned(),
        _ if rounded > 99.0 && share < 1.0 => "> 99 %".to_owned(),
        _ => format!("{rounded:.0} %"),
    }
}

/// Formats a rate with two figures. A rate that is not nothing never reads as if it were.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate of counts")]
fn rate_text(rate: f64) -> String {
    match rate {
        _ if rate > 0.0 && rate < 0.05 => "< 0.1".to_owned(),
        _ if rate < 9.95 => {
            let text = format!("{rate:.1}");
            text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
        }
        _ => format::count(rate.round() as u64),
    }
}

/// Formats the times of a report: in one zone, and with the day only if the report has several.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Times {
    zone: TimeZone,
    has_days: bool,
}

impl Times {
    /// Returns how to format times between these two.
    pub(super) fn between(start: Timestamp, end: Timestamp, zone: TimeZone) -> Self {
        let has_days = format::date(start, &zone) != format::date(end, &zone);
        Self { zone, has_days }
    }

    /// Formats a point in time to the second: `14:02:31`.
    pub(super) fn moment(&self, at: Timestamp) -> String {
        if self.has_days { format::timestamp(at, &self.zone) } else { format::time_of_day(at, &self.zone) }
    }

    /// Formats a minute: `14:02`.
    pub(super) fn minute(&self, minute: Minute) -> String {
        let mut text = self.moment(minute.start());
        text.truncate(text.len().saturating_sub(":00".len()));
        text
    }

    /// Formats a minute for an axis with steps of this many minutes: the day where one begins, otherwise the time of day.
    pub(super) fn tick(&self, minute: Minute, step: i64) -> String {
        let at = minute.start();
        let time = format::time_of_day(at, &self.zone);
        let is_day = step >= 1_440 || (self.has_days && time.starts_with("00:00"));
        let text = if is_day { format::date(at, &self.zone) } else { time };
        let shown = if is_day { text.get(5..) } else { text.get(..5) };
        shown.unwrap_or_default().to_owned()
    }

    /// Formats a point in time with its day and zone, whatever the report's span.
    fn full(&self, at: Timestamp) -> String {
        [&format::timestamp(at, &self.zone), " ", &format::zone_name(at, &self.zone)].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_is_not_all_or_nothing_does_not_read_so() {
        let texts = [0.0, 0.001, 0.0149, 0.824, 0.996, 1.0].map(percent);
        assert_eq!(texts, ["0 %", "< 1 %", "1 %", "82 %", "> 99 %", "100 %"]);
    }

    #[test]
    fn a_rate_that_is_not_nothing_does_not_read_so() {
        let texts = [0.0, 0.01, 0.44, 2.0, 9.96, 43.4, 1_204.0].map(rate_text);
        assert_eq!(texts, ["0", "< 0.1", "0.4", "2", "10", "43", "1,204"]);
    }

    #[test]
    fn foreign_text_is_clean_masked_and_short() {
        let shown = |text: &str| match Phrase::foreign(text).pieces() {
            [Piece::Foreign(text)] => text.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(shown("a\u{202E}b\nc\u{1b}[31m"), "a\u{FFFD}b␊c␛[31m");
        assert_eq!(shown("get https://me:secret@host/x?sig=1"), "get https://••••••@host/x?••••••");
        assert_eq!(shown(&"x".repeat(2_000)).chars().count(), MAX_FOREIGN);
        assert_eq!(Phrase::foreign(" \n").pieces(), [Piece::Words("(empty)")]);
    }

    #[test]
    fn times_have_a_day_only_if_there_are_several() {
        let noon = Timestamp::from_nanos(1_780_315_200_000_000_000);
        let times = |hours: u64| {
            let end = noon.plus(Duration::from_secs(hours * 3_600));
            Times::between(noon, end, TimeZone::UTC)
        };
        assert_eq!(times(11).moment(noon), "12:00:00");
        assert_eq!(times(11).minute(Minute::of(noon)), "12:00");
        assert_eq!(times(12).minute(Minute::of(noon)), "2026-06-01 12:00");
        assert_eq!(times(1).full(noon), "2026-06-01 12:00:00 UTC");
    }
}
