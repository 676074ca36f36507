//! Incidents of made-up minutes.

use proptest::prelude::*;

use super::*;
use crate::model::Timestamp;

const START: Minute = Minute::of(Timestamp::from_nanos(1_780_315_200_000_000_000));

/// Failures by the minute.
fn series(failures: impl IntoIterator<Item = u64>) -> (Series, Range<Minute>) {
    let mut series = Series::default();
    let mut end = START;
    for failed in failures {
        series.minute(end.start()).failed = failed;
        end = end.plus(1);
    }
    (series, START..end)
}

fn verdict(failures: impl IntoIterator<Item = u64>) -> Verdict {
    let (series, minutes) = series(failures);
    find(&series, &minutes, |_| true)
}

fn incident(failures: impl IntoIterator<Item = u64>) -> Incident {
    match verdict(failures) {
        Verdict::Incident(incident) => incident,
        Verdict::Unclear(why) => panic!("{why:?}"),
    }
}

/// Returns begin and end in minutes from the start.
fn span(episode: &Episode) -> (i64, i64) {
    (episode.minutes.start.since(START), episode.minutes.end.since(START))
}

/// An hour with a failure every other minute, and these failures from the 20th minute on.
fn hour_with(burst: &[u64]) -> Vec<u64> {
    let mut minutes: Vec<u64> = (0..60).map(|minute| minute % 2).collect();
    minutes.splice(20..20 + burst.len(), burst.iter().copied());
    minutes
}

#[test]
fn the_incident_is_from_the_first_to_the_last_minute_that_stands_out() {
    let found = incident(hour_with(&[12, 80, 90, 0, 70, 13, 1]));
    assert_eq!(span(&found.episode), (20, 26), "a quiet minute is in it, and the last one is not");
    assert_eq!(found.episode.counts.failed, 265);
    assert_eq!(found.episode.peak, (START.plus(22), 90));
    assert_eq!((found.width, found.begin_unseen, found.end_unseen), (1, false, false));
    assert!(found.others.is_empty());
}

#[test]
fn what_is_far_apart_are_two_episodes_and_the_worse_is_the_incident() {
    let mut minutes = hour_with(&[30, 30]);
    minutes[40] = 100;
    let found = incident(minutes.clone());
    assert_eq!(span(&found.episode), (40, 41));
    assert_eq!(found.others.iter().map(span).collect::<Vec<_>>(), [(20, 22)]);
    // Ten minutes between them join them, eleven do not.
    for (second, joined) in [(32, true), (33, false)] {
        let mut minutes = hour_with(&[30, 30]);
        minutes[second] = 30;
        assert_eq!(incident(minutes).others.is_empty(), joined, "{second}");
    }
}

#[test]
fn steady_trouble_is_no_incident() {
    assert_eq!(verdict([0; 60]), Verdict::Unclear(Unclear::NoTrouble));
    assert_eq!(verdict(hour_with(&[3, 3, 3])), Verdict::Unclear(Unclear::Steady), "a few failures");
    assert_eq!(verdict([100; 60]), Verdict::Unclear(Unclear::Steady));
    let noisy = (0..60).map(|minute| [40, 60, 50, 90, 20][minute % 5]);
    assert_eq!(verdict(noisy), Verdict::Unclear(Unclear::Steady), "within their spread");
}

#[test]
fn an_incident_of_a_busy_recording_needs_twice_the_usual() {
    let with = |burst| (0..60).map(move |minute| if (20..25).contains(&minute) { burst } else { 400 });
    assert_eq!(verdict(with(790)), Verdict::Unclear(Unclear::Steady));
    assert_eq!(span(&incident(with(810)).episode), (20, 25));
}

#[test]
fn rejections_count_like_failures() {
    let (mut series, minutes) = series([0; 60]);
    series.minute(START.plus(7).start()).rejected = 50;
    let found = find(&series, &minutes, |_| true);
    assert!(matches!(found, Verdict::Incident(Incident { episode, .. }) if span(&episode) == (7, 8)));
}

#[test]
fn a_short_recording_does_not_tell_what_is_usual() {
    assert_eq!(verdict([0, 0, 0, 0, 0, 90, 90]), Verdict::Unclear(Unclear::TooShort));
    assert_eq!(span(&incident([0, 0, 0, 0, 0, 0, 90, 90]).episode), (6, 8));
}

#[test]
fn minutes_that_were_not_recorded_do_not_make_quiet_usual() {
    let (series, minutes) = series((0..60).map(|minute| if minute < 40 { 0 } else { 50 }));
    assert!(matches!(find(&series, &minutes, |_| true), Verdict::Incident(_)));
    // Half of the quiet was a gap: what was recorded is mostly the trouble.
    let known = |minute: Minute| minute >= START.plus(25);
    assert_eq!(find(&series, &minutes, known), Verdict::Unclear(Unclear::Steady));
}

#[test]
fn few_tasks_are_looked_at_in_longer_stretches() {
    // Three failures a minute never stand out by the minute.
    let minutes = (0..240).map(|minute| if (120..150).contains(&minute) { 3 } else { 0 });
    let found = incident(minutes);
    assert_eq!((found.width, span(&found.episode)), (5, (120, 150)));
}

#[test]
fn an_incident_at_an_end_of_the_recording_may_reach_beyond() {
    let first = incident((0..60).map(|minute| if minute < 3 { 90 } else { 0 }));
    assert_eq!((first.begin_unseen, first.end_unseen), (true, false));
    let last = incident((0..60).map(|minute| if minute > 50 { 90 } else { 0 }));
    assert_eq!((last.begin_unseen, last.end_unseen), (false, true));
}

#[test]
fn a_recording_of_years_is_looked_at_in_long_stretches() {
    let mut series = Series::default();
    let end = START.plus(3 * 365 * 24 * 60);
    series.minute(START.plus(1_000_000).start()).failed = 90;
    let found = find(&series, &(START..end), |_| true);
    assert!(matches!(found, Verdict::Incident(Incident { width: 60, .. })), "{found:?}");
}

proptest! {
    #[test]
    fn an_incident_lies_in_the_recording_and_has_what_the_series_has(
        failures in proptest::collection::vec(0_u64..40, 1..200),
        burst in (0_usize..200, 50_u64..500),
    ) {
        let mut failures = failures;
        let at = burst.0 % failures.len();
        failures[at] = burst.1;
        let (series, minutes) = series(failures);
        if let Verdict::Incident(incident) = find(&series, &minutes, |_| true) {
            let own = incident.episode.minutes.clone();
            prop_assert!(own.start >= minutes.start && own.end <= minutes.end && own.start < own.end);
            prop_assert_eq!(series.total(own.clone()), incident.episode.counts);
            prop_assert!(own.contains(&incident.episode.peak.0) || incident.width > 1);
            let worst = incident.others.iter().map(|other| other.above_usual).max().unwrap_or(0);
            prop_assert!(worst <= incident.episode.above_usual);
        }
    }
}
