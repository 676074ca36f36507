//! Judges whether the memory of a soak grows.
//!
//! Whatever the dashboard keeps is bounded, and fills up at first: `RELIABILITY.md` lists the bounds. From then on, a line
//! through all samples must be flat. A comparison of the highest ones would overlook what leaks slowly.

use std::fmt;

/// How many events fill up all that is bounded. The log of failures is the last: 150,000 of them, with five events each.
const FULL: usize = 1_000_000;
/// The fewest samples to judge by.
const FEWEST: usize = 100;
/// By how many megabytes the memory may grow meanwhile: the allocator keeps pages, and bursts differ.
const MOST_GROWTH: f64 = 2.0;

/// The memory after a round.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// Since the beginning.
    pub(super) hours: f64,
    /// Events that the dashboard has seen.
    pub(super) events: usize,
    pub(super) megabytes: f64,
}

/// How the memory changes once everything is full.
#[derive(Debug)]
pub(super) struct Growth {
    since: f64,
    hours: f64,
    most: f64,
    /// From the start to the end of the line.
    megabytes: f64,
}

impl Growth {
    pub(super) fn is_flat(&self) -> bool {
        self.megabytes <= MOST_GROWTH
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { since, hours, most, megabytes } = self;
        let (since, minutes) = (60.0 * since, 60.0 * hours);
        write!(f, "from {since:.1} min on, at most {most:.1} MB, and {megabytes:+.2} MB in {minutes:.1} min")
    }
}

/// The memory of a soak so far.
#[derive(Debug, Default)]
pub(super) struct Memory(Vec<Sample>);

impl Memory {
    pub(super) fn note(&mut self, sample: Option<Sample>) {
        self.0.extend(sample);
    }

    /// Returns by how much the memory grows once everything is full; none if there are too few samples to say so.
    pub(super) fn growth(&self) -> Option<Growth> {
        let judged = self.judged();
        let (first, last) = (judged.first()?, judged.get(FEWEST..)?.last()?);
        let hours = last.hours - first.hours;
        let most = judged.iter().map(|sample| sample.megabytes).fold(0.0, f64::max);
        Some(Growth { since: first.hours, hours, most, megabytes: slope(judged) * hours })
    }

    /// Returns the samples of the last two thirds from which on everything was full.
    fn judged(&self) -> &[Sample] {
        let full = self.0.iter().position(|sample| sample.events >= FULL).unwrap_or(self.0.len());
        &self.0[full.max(self.0.len() / 3)..]
    }
}

/// Returns the slope of the line through samples (least squares), in megabytes per hour.
fn slope(samples: &[Sample]) -> f64 {
    let mean = |of: fn(&Sample) -> f64| samples.iter().map(of).sum::<f64>() / real(samples.len());
    let (hours, megabytes) = (mean(|sample| sample.hours), mean(|sample| sample.megabytes));
    let (mut covariance, mut variance) = (0.0, 0.0);
    for sample in samples {
        covariance += (sample.hours - hours) * (sample.megabytes - megabytes);
        variance += (sample.hours - hours).powi(2);
    }
    covariance / variance
}

#[expect(clippy::cast_precision_loss, reason = "millions are exact")]
fn real(count: usize) -> f64 {
    count as f64
}

/// Returns the resident memory of this process in MB, on systems that tell it: without the program's own file, of which the
/// kernel keeps as much as it likes.
pub(super) fn resident_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// Samples of half an hour: filling up, then noise of a megabyte, and a leak of so many bytes an event.
fn half_an_hour(leak: f64) -> Memory {
    let mut random = fastrand::Rng::with_seed(1);
    let sample = |nth: usize| {
        let events = 5_000 * nth;
        let filled = 60.0 + 20.0 * (real(events.min(FULL)) / real(FULL));
        let megabytes = filled + random.f64() + leak * real(events) / 1e6;
        Sample { hours: real(nth) / 3_000.0, events, megabytes }
    };
    Memory((0..1_500).map(sample).collect())
}

#[test]
fn what_is_bounded_may_fill_up() {
    let growth = half_an_hour(0.0).growth().unwrap();
    assert!(growth.is_flat(), "{growth}");
}

#[test]
fn a_leak_of_a_byte_an_event_is_seen() {
    let growth = half_an_hour(1.0).growth().unwrap();
    assert!(!growth.is_flat(), "{growth}");
}

#[test]
fn a_short_soak_is_not_judged() {
    let Memory(mut samples) = half_an_hour(0.0);
    samples.truncate(250);
    assert!(Memory(samples).growth().is_none());
}
