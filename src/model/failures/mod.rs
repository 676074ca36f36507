//! Clusters of failures: counts by the pattern of the reason, and within a reason by cell, app and domain, over a window
//! of time.
//!
//! Failures are added one by one. What is counted follows by increments, so that neither a look at the clusters nor the
//! passing of time costs more than what changed. All times are of one clock. Pure: the caller says what time it is.
//!
//! Memory is bounded: the oldest of too many failures are forgotten, and what exceeds the limits on different reasons,
//! values and combinations counts as other.

mod dominance;
mod numbers;
mod place;
mod spread;
mod tally;
#[cfg(test)]
mod tests;
mod view;
mod window;

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::time::Duration;

use foldhash::fast::RandomState;

use super::{TaskGuid, Timestamp, reason_pattern};
use place::{FIRST_FREE, PerDimension, Values};
use spread::{Number, Spread};
use tally::Tally;

pub use dominance::Dominance;
pub use place::{Dimension, Place, Value};
pub use tally::BARS;
pub use view::{Part, PartId, Reason, ReasonId};
pub use window::Window;

/// The estimate of the server's time jumps back by up to a second. A larger jump is a clock that was set.
const JITTER: Duration = Duration::from_secs(5);

/// How much is kept at most.
#[derive(Debug, Clone, Copy)]
struct Limits {
    failures: usize,
    reasons: usize,
    /// Different values of each property.
    values: usize,
    /// Combinations of a reason, a cell, an app and a domain.
    parts: usize,
}

/// Some 30 MB if all of it is used.
const LIMITS: Limits = Limits { failures: 150_000, reasons: 1_000, values: 5_000, parts: 20_000 };

/// A failure, or a rejection.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    /// The task.
    pub guid: &'a TaskGuid,
    /// When it failed.
    pub at: Timestamp,
    /// Why, as received.
    pub reason: &'a str,
    /// Where.
    pub place: Place<'a>,
}

/// What is known of a reason or a part of it, within the window or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Seen {
    /// How many failures are kept.
    kept: u32,
    first: Timestamp,
    last: Timestamp,
}

impl Seen {
    fn add(&mut self, at: Timestamp) {
        let is_first = self.kept == 0;
        self.first = if is_first { at } else { self.first.min(at) };
        self.last = if is_first { at } else { self.last.max(at) };
        self.kept += 1;
    }
}

/// The failures of a reason.
#[derive(Debug, Default)]
struct ReasonCounts {
    /// None for the reasons that are counted as other.
    pattern: Option<Box<str>>,
    seen: Seen,
    tally: Tally,
    values: PerDimension<Spread>,
    parts: Spread,
}

/// The failures of a reason that have the same cell, app and domain.
#[derive(Debug)]
struct PartCounts {
    reason: Number,
    values: PerDimension<Number>,
    seen: Seen,
    tally: Tally,
}

/// Clusters of failures.
#[derive(Debug)]
pub struct Clusters {
    window: Window,
    limits: Limits,
    /// Whether failures are forgotten in time.
    has_end: bool,
    now: Timestamp,
    /// When the first failure of the window can have been.
    start: Timestamp,
    /// Failures in order of time, by a hash of the task: the same failure of a task counts once. Each has its part.
    log: BTreeMap<(Timestamp, u64), Number>,
    /// When the newest failure was that was forgotten although it was not too old.
    cut_at: Option<Timestamp>,
    patterns: HashMap<Box<str>, Number, RandomState>,
    reasons: HashMap<Number, ReasonCounts, RandomState>,
    part_of: HashMap<(Number, PerDimension<Number>), Number, RandomState>,
    parts: HashMap<Number, PartCounts, RandomState>,
    names: PerDimension<Values>,
    tally: Tally,
    values: PerDimension<Spread>,
    last_number: Number,
    revision: u64,
    hasher: RandomState,
}

impl Clusters {
    /// Returns no clusters.
    pub fn new(window: Window) -> Self {
        Self::within(LIMITS, window)
    }

    /// Returns no clusters, which will count failures of any time and forget none, in bounded memory: for a recording. The
    /// caller adds each failure once, lets no time pass and sets no window.
    pub fn without_end() -> Self {
        Self { has_end: false, ..Self::new(Window::LONGEST) }
    }

    fn within(limits: Limits, window: Window) -> Self {
        Self {
            window,
            limits,
            has_end: true,
            now: Timestamp::UNSET,
            start: Timestamp::UNSET,
            log: BTreeMap::new(),
            cut_at: None,
            patterns: HashMap::default(),
            reasons: HashMap::default(),
            part_of: HashMap::default(),
            parts: HashMap::default(),
            names: PerDimension::default(),
            tally: Tally::default(),
            values: PerDimension::default(),
            last_number: FIRST_FREE,
            revision: 0,
            hasher: RandomState::default(),
        }
    }

    /// Counts a failure. One that was counted already, or that was before the longest window, counts no more.
    pub fn add(&mut self, failure: &Failure<'_>) {
        let at = if self.now.is_unset() { failure.at } else { self.not_ahead(failure.at) };
        let key = (at, self.hasher.hash_one(failure.guid));
        if at < Window::LONGEST.start(self.now) || self.log.contains_key(&key) {
            return;
        }
        let part = self.part_at(&reason_pattern(failure.reason), failure.place);
        if self.has_end {
            self.log.insert(key, part);
        }
        if let Some(counts) = self.parts.get_mut(&part) {
            counts.seen.add(at);
            if let Some(reason) = self.reasons.get_mut(&counts.reason) {
                reason.seen.add(at);
            }
        }
        if at >= self.start {
            self.enter(at, part);
        }
        self.revision += 1;
        while self.log.len() > self.limits.failures {
            self.cut_at = self.forget_oldest().or(self.cut_at);
        }
    }

    /// Returns what is kept, how many, and how many at most.
    #[cfg(test)]
    pub(crate) fn bounds(&self) -> [(&'static str, usize, usize); 4] {
        let Limits { failures, reasons, values, parts } = self.limits;
        let named = Dimension::ALL.map(|dimension| self.names.get(dimension).named()).into_iter().max();
        [
            ("failures of 24 hours", self.log.len(), failures),
            ("reasons of failures", self.patterns.len(), reasons),
            ("cells, apps and domains of failures, each", named.unwrap_or_default(), values),
            // Beyond the limit, each reason has one part that stands for all others.
            ("combinations of reason, cell, app and domain", self.parts.len(), parts + reasons + 1),
        ]
    }

    /// Lets time pass: what was before the window leaves it.
    pub fn pass_time(&mut self, now: Timestamp) {
        if now < self.now && self.now.since(now) < JITTER {
            return;
        }
        let is_set_back = now < self.now;
        self.now = now;
        if is_set_back {
            self.pull_back();
            return self.recount();
        }
        let start = self.window.start(now);
        let leaving: Vec<_> =
            self.log.range((self.start, 0)..(start, 0)).map(|((at, _), part)| (*at, *part)).collect();
        self.start = start;
        for (at, part) in leaving {
            self.leave(at, part);
            self.revision += 1;
        }
        let oldest = Window::LONGEST.start(now);
        while self.log.first_key_value().is_some_and(|((at, _), _)| *at < oldest) {
            self.forget_oldest();
        }
    }

    /// Returns a time, or now if it is ahead of now by more than an estimate can be: a clock that is far ahead would keep a
    /// failure in every window.
    fn not_ahead(&self, at: Timestamp) -> Timestamp {
        if at > self.now.shifted(Window::TenMinutes.bar_nanos()) { self.now } else { at }
    }

    /// Moves what is ahead of a clock that was set back.
    fn pull_back(&mut self) {
        let ahead = self.log.split_off(&(self.now.shifted(Window::TenMinutes.bar_nanos() + 1), 0));
        for ((_, task), part) in ahead {
            if let Some(part) = self.log.insert((self.now, task), part) {
                self.release(part);
            }
        }
        let limit = self.now.shifted(Window::TenMinutes.bar_nanos());
        let seen = self.reasons.values_mut().map(|reason| &mut reason.seen);
        let seen = seen.chain(self.parts.values_mut().map(|part| &mut part.seen));
        for time in seen.flat_map(|seen| [&mut seen.first, &mut seen.last]) {
            if *time > limit {
                *time = self.now;
            }
        }
    }

    /// Counts over another window.
    pub fn set_window(&mut self, window: Window) {
        if self.window != window {
            self.window = window;
            self.recount();
        }
    }

    /// Counts everything that is kept again: what is in the window.
    fn recount(&mut self) {
        (self.tally, self.values) = (Tally::default(), PerDimension::default());
        for reason in self.reasons.values_mut() {
            (reason.tally, reason.values) = (Tally::default(), PerDimension::default());
            reason.parts = Spread::default();
        }
        self.parts.values_mut().for_each(|part| part.tally = Tally::default());
        self.start = self.window.start(self.now);
        let within: Vec<_> = self.log.range((self.start, 0)..).map(|((at, _), part)| (*at, *part)).collect();
        for (at, part) in within {
            self.enter(at, part);
        }
        self.revision += 1;
    }

    fn enter(&mut self, at: Timestamp, part: Number) {
        let Some(counts) = self.parts.get_mut(&part) else { return };
        let Some(reason) = self.reasons.get_mut(&counts.reason) else { return };
        for tally in [&mut self.tally, &mut reason.tally, &mut counts.tally] {
            tally.enter(at, self.window);
        }
        reason.parts.add(part);
        for dimension in Dimension::ALL {
            let value = *counts.values.get(dimension);
            self.values.get_mut(dimension).add(value);
            reason.values.get_mut(dimension).add(value);
        }
    }

    fn leave(&mut self, at: Timestamp, part: Number) {
        let Some(counts) = self.parts.get_mut(&part) else { return };
        let Some(reason) = self.reasons.get_mut(&counts.reason) else { return };
        for tally in [&mut self.tally, &mut reason.tally, &mut counts.tally] {
            tally.leave(at, self.window);
        }
        reason.parts.remove(part);
        for dimension in Dimension::ALL {
            let value = *counts.values.get(dimension);
            self.values.get_mut(dimension).remove(value);
            reason.values.get_mut(dimension).remove(value);
        }
    }

    /// Forgets the oldest failure, and returns when it was.
    fn forget_oldest(&mut self) -> Option<Timestamp> {
        let ((at, _), part) = self.log.pop_first()?;
        if at >= self.start {
            self.leave(at, part);
        }
        self.release(part);
        self.revision += 1;
        Some(at)
    }
}
