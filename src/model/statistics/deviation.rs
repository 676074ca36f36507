//! How a window deviates from its past.
//!
//! A row deviates if more of its tasks are worse off than in the hour before the window:
//! - failures: a larger share of the tasks that completed failed;
//! - waiting, running: a larger share took longer than the p95 of the past (which is 5 % of the past, by definition), and
//!   the p95 is at least half again as long and a second longer;
//! - throughput: fewer tasks completed than in any 5 minutes of the past, half of them or less.
//!
//! Chance is deducted: both shares are taken at that end of their confidence interval (three standard errors, Wilson's
//! score interval) at which they differ least. What is left is how many of the window's tasks are worse off *at least*, as
//! a share of all. It ranks the rows: 400 failures of 1,000 are 36 % at least, 3 of 10 are 5 %, and 1 of 2 says nothing.
//!
//! A window with fewer than 10 tasks, or a past with fewer than 20, is not judged. A share below 5 % is no deviation.

use std::time::Duration;

use arrayvec::ArrayVec;

use super::durations::Durations;
use super::series::Tally;

/// With fewer tasks a window is not judged.
const FEWEST_NOW: u32 = 10;
/// With fewer tasks a past is not compared with.
const FEWEST_BEFORE: u32 = 20;
/// The least share of the window's tasks that is a deviation.
const LEAST_SHARE: f64 = 0.05;
/// How many standard errors are chance.
const CHANCE: f64 = 3.0;
/// By how much a p95 must grow at least.
const LEAST_GROWTH: Duration = Duration::from_secs(1);
/// Which part of the usual throughput must be missing at least.
const LEAST_MISSING: f64 = 0.5;
/// How many stretches of the past throughput is compared with at least.
const FEWEST_STRETCHES: usize = 3;

/// What changed, from the past to the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shift {
    /// The p95 of the waiting times.
    Waiting(Duration, Duration),
    /// The p95 of the running times.
    Running(Duration, Duration),
    /// The share of failures, from 0 to 1.
    Failures(f64, f64),
    /// The tasks that completed in a minute.
    Throughput(f64, f64),
}

/// A deviation of a window from its past.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviation {
    /// What changed.
    pub shift: Shift,
    /// Which share of the window's tasks is worse off at least, from 0 to 1.
    pub share: f64,
}

/// The deviations of a row, the largest first.
pub type Deviations = ArrayVec<Deviation, 4>;

/// Completions in stretches of time.
#[derive(Debug, Clone, Default)]
pub(super) struct Pace {
    /// The completions in the window.
    pub(super) completed: u32,
    /// How long the window was watched.
    pub(super) watched: Duration,
    /// The completions in each stretch of the past.
    pub(super) stretches: Vec<u32>,
    /// The length of a stretch.
    pub(super) stretch: Duration,
}

/// Compares a window with its past. Without a pace, events were lost in the window: that fewer tasks completed is then not
/// known.
pub(super) fn deviations(now: &Tally, before: &Tally, pace: Option<&Pace>) -> Deviations {
    let slower = |now: &Durations, before: &Durations, shift: fn(Duration, Duration) -> Shift| {
        let (share, (from, to)) = slower(now, before)?;
        Some(Deviation { shift: shift(from, to), share })
    };
    let mut found: Deviations = [
        slower(&now.waiting, &before.waiting, Shift::Waiting),
        slower(&now.running, &before.running, Shift::Running),
        failing(now, before),
        pace.and_then(missing),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.sort_by(|one, other| other.share.total_cmp(&one.share));
    found
}

fn failing(now: &Tally, before: &Tally) -> Option<Deviation> {
    let share = grown((now.failed, now.completed), (before.failed, before.completed))?;
    let rate = |tally: &Tally| f64::from(tally.failed) / f64::from(tally.completed);
    Some(Deviation { shift: Shift::Failures(rate(before), rate(now)), share })
}

/// Returns which share took longer than the p95 of the past, and both p95.
fn slower(now: &Durations, before: &Durations) -> Option<(f64, (Duration, Duration))> {
    if now.count() < FEWEST_NOW || before.count() < FEWEST_BEFORE {
        return None;
    }
    let (from, to) = (before.quantile(0.95)?, now.quantile(0.95)?);
    if to < from * 3 / 2 || to < from + LEAST_GROWTH {
        return None;
    }
    let slow = |durations: &Durations| (durations.count_above(from), durations.count());
    Some((grown(slow(now), slow(before))?, (from, to)))
}

/// Returns by how much a share has grown at least.
fn grown(now: (u32, u32), before: (u32, u32)) -> Option<f64> {
    if now.1 < FEWEST_NOW || before.1 < FEWEST_BEFORE {
        return None;
    }
    let by = share_between(now).0 - share_between(before).1;
    (by >= LEAST_SHARE).then_some(by)
}

/// Returns the bounds of the share that `hits` of `all` stand for: Wilson's score interval.
fn share_between((hits, all): (u32, u32)) -> (f64, f64) {
    let (hits, all) = (f64::from(hits), f64::from(all));
    let (share, square) = (hits / all, CHANCE * CHANCE / all);
    let middle = share + square / 2.0;
    let half = (share * (1.0 - share) * square + square * square / 4.0).sqrt();
    ((middle - half) / (1.0 + square), (middle + half) / (1.0 + square))
}

/// Returns which part of the completions is missing, compared with the slowest stretch of the past.
fn missing(pace: &Pace) -> Option<Deviation> {
    let slowest =
        pace.stretches.iter().copied().min().filter(|_| pace.stretches.len() >= FEWEST_STRETCHES)?;
    let (seconds, stretch) = (pace.watched.as_secs_f64(), pace.stretch.as_secs_f64());
    let usual = count_between(slowest).0 / stretch;
    let now = count_between(pace.completed).1 / seconds;
    let share = 1.0 - now / usual;
    // Not a number if nothing is usual.
    if share.is_nan() || share < LEAST_MISSING {
        return None;
    }
    let all: f64 = pace.stretches.iter().copied().map(f64::from).sum();
    let stretches = f64::from(u32::try_from(pace.stretches.len()).unwrap_or(u32::MAX));
    let shift =
        Shift::Throughput(60.0 * all / (stretches * stretch), 60.0 * f64::from(pace.completed) / seconds);
    Some(Deviation { shift, share })
}

/// Returns the bounds of the number that is usual where `count` happened.
fn count_between(count: u32) -> (f64, f64) {
    let (count, square) = (f64::from(count), CHANCE * CHANCE);
    let half = CHANCE * (count + square / 4.0).sqrt();
    (count + square / 2.0 - half, count + square / 2.0 + half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completions(failed: u32, completed: u32) -> Tally {
        Tally { completed, failed, ..Tally::default() }
    }

    fn share(now: (u32, u32), before: (u32, u32)) -> Option<f64> {
        let found = deviations(&completions(now.0, now.1), &completions(before.0, before.1), None);
        found.first().map(|deviation| deviation.share)
    }

    fn waits(waits: &[(u64, u32)]) -> Tally {
        let mut tally = Tally::default();
        for (millis, count) in waits {
            tally.waiting.add(super::super::durations::rounded(Duration::from_millis(*millis)), *count);
        }
        tally
    }

    #[test]
    fn many_failures_outrank_few() {
        let before = (10, 1_000);
        let many = share((400, 1_000), before).unwrap();
        assert!((0.32..0.40).contains(&many), "{many}");
        assert_eq!(share((1, 2), before), None, "too few to judge");
        let all = share((30, 30), before).unwrap();
        assert!(all > many, "{all}: all of thirty are more than two fifths of a thousand");
        let some = share((5, 10), before).unwrap();
        assert!(some < many, "{some}");
    }

    #[test]
    fn chance_is_no_deviation() {
        assert_eq!(share((2, 10), (5, 100)), None);
        assert_eq!(share((60, 1_000), (50, 1_000)), None, "a point more");
        assert_eq!(share((2_000, 100_000), (1_000, 100_000)), None, "certain, but one point");
        assert_eq!(share((0, 1_000), (400, 1_000)), None, "better than before");
    }

    #[test]
    fn a_past_of_few_tasks_is_not_compared_with() {
        assert_eq!(share((20, 20), (0, 19)), None);
        assert!(share((20, 20), (0, 20)).is_some());
        assert_eq!(share((9, 9), (0, 1_000)), None);
        assert!(share((10, 10), (0, 1_000)).is_some());
    }

    #[test]
    fn longer_waits_deviate_if_they_are_noticeably_longer() {
        let before = waits(&[(2_000, 900), (4_000, 100)]);
        let found = deviations(&waits(&[(41_000, 50), (2_000, 50)]), &before, None);
        let [Deviation { shift: Shift::Waiting(from, to), share }] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert!(from.abs_diff(Duration::from_secs(4)) < Duration::from_millis(200), "{from:?}");
        assert!(to.abs_diff(Duration::from_secs(41)) < Duration::from_secs(2), "{to:?}");
        assert!((0.3..0.5).contains(share), "{share}");
        for calm in [waits(&[(5_000, 100)]), waits(&[(2_000, 95), (60_000, 5)]), waits(&[(60_000, 9)])] {
            assert!(deviations(&calm, &before, None).is_empty(), "{:?}", calm.waiting.quantile(0.95));
        }
        let quick = waits(&[(10, 1_000)]);
        assert!(deviations(&waits(&[(900, 1_000)]), &quick, None).is_empty(), "below a second");
    }

    #[test]
    fn throughput_deviates_if_it_is_below_every_stretch_of_the_past() {
        let pace = |completed, stretches: &[u32]| Pace {
            completed,
            watched: Duration::from_secs(600),
            stretches: stretches.to_vec(),
            stretch: Duration::from_secs(300),
        };
        let found = |pace: &Pace| deviations(&Tally::default(), &Tally::default(), Some(pace)).pop();
        let stalled = found(&pace(3, &[600, 590, 610, 620])).unwrap();
        assert!(matches!(stalled.shift, Shift::Throughput(before, now) if before > 100.0 && now < 1.0));
        assert!(stalled.share > 0.9, "{stalled:?}");
        assert_eq!(found(&pace(1_200, &[600, 590, 610])), None);
        assert_eq!(found(&pace(0, &[600, 0, 600, 600])), None, "it has paused before");
        assert_eq!(found(&pace(0, &[4, 5, 6])), None, "too few to tell from chance");
        assert_eq!(found(&pace(0, &[600, 600])), None, "too short a past");
        assert_eq!(found(&pace(0, &[])), None);
    }
}
