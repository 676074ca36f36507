//! Adds up the entries of a recording: ends, failures, durations and gaps.
//!
//! Counts what happened while we watched. What the first list finds had happened before, and is not counted.

use std::collections::BTreeMap;
use std::time::Duration;

use super::histogram::Histogram;
use super::label::{KnownValues, LabelValue};
use super::vanished::Vanished;
use crate::model::recording::{Entry, GapEntry, Recorded, TaskEntry};
use crate::model::{Cause, Domain, End, Evidence, State, Task, Timestamp, reason_pattern};

/// The most domains that have series of their own.
const MOST_DOMAINS: usize = 20;
/// The most failure reasons that have series of their own, besides those of Diego itself.
const MOST_REASONS: usize = 50;
/// What takes the place of a reason that is empty.
const NO_REASON: &str = "no reason";

/// Upper bounds of the time that a task waits for a cell. A BBS fails it after half an hour by default.
const WAITING_SECONDS: [f64; 12] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 1_800.0];
/// Upper bounds of the time that a task runs: from a hook of seconds to a job of a night.
const RUNNING_SECONDS: [f64; 14] =
    [0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 1_800.0, 3_600.0, 14_400.0, 43_200.0];

/// What entries add up to. Every number only grows, but whether a gap is open.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    /// Tasks that left the BBS, by domain and cause.
    pub(super) ended: BTreeMap<(LabelValue, Cause), u64>,
    /// Tasks that failed, by domain and pattern of the reason.
    pub(super) failures: BTreeMap<(LabelValue, LabelValue), u64>,
    /// From creation to start, by domain.
    pub(super) waiting: BTreeMap<LabelValue, Histogram>,
    /// From start to completion, by domain.
    pub(super) running: BTreeMap<LabelValue, Histogram>,
    /// Gaps in the event stream.
    pub(super) gaps: u64,
    /// How long those took that are closed.
    pub(super) gap_time: Duration,
    /// Whether events were lost that no list has made up for.
    pub(super) gap_open: bool,
}

/// Adds up entries.
#[derive(Debug)]
pub(super) struct Totals {
    domains: KnownValues,
    reasons: KnownValues,
    vanished: Vanished,
    /// Whether a list is complete since the recording began. Until then, what a list finds may have happened before.
    has_listed: bool,
    counts: Counts,
}

impl Default for Totals {
    fn default() -> Self {
        Self {
            domains: KnownValues::up_to(MOST_DOMAINS),
            reasons: KnownValues::up_to(MOST_REASONS).reserving(Cause::FAILURE_REASONS),
            vanished: Vanished::default(),
            has_listed: false,
            counts: Counts::default(),
        }
    }
}

impl Totals {
    /// Returns what the entries add up to so far.
    pub(super) const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Returns the values of all domains seen so far.
    pub(super) fn domains(&self) -> Vec<LabelValue> {
        self.domains.values().collect()
    }

    /// Returns the value of a domain. One that is new gets series of zeros, so that its first end and its first failure
    /// are seen as an increase.
    pub(super) fn domain(&mut self, domain: &Domain) -> LabelValue {
        let domain = self.domains.value(domain.as_str());
        if !self.counts.waiting.contains_key(&domain) {
            let counts = &mut self.counts;
            counts.ended.extend(Cause::ALL.map(|cause| ((domain.clone(), cause), 0)));
            let reasons = Cause::FAILURE_REASONS.map(LabelValue::of);
            counts.failures.extend(reasons.map(|reason| ((domain.clone(), reason), 0)));
            counts.waiting.insert(domain.clone(), Histogram::new(&WAITING_SECONDS));
            counts.running.insert(domain.clone(), Histogram::new(&RUNNING_SECONDS));
        }
        domain
    }

    /// Notes that the tasks that are there already follow.
    pub(super) const fn await_list(&mut self) {
        self.has_listed = false;
    }

    /// Notes that a list is complete: what a list finds from now on is news.
    pub(super) const fn listed(&mut self) {
        self.has_listed = true;
    }

    /// Adds an entry.
    pub(super) fn read(&mut self, entry: &Entry) {
        match &entry.what {
            Recorded::Task(task) => self.read_task(task),
            Recorded::Gap(gap) => self.read_gap(gap, entry.at),
            // A recording of its own does not act on tasks.
            Recorded::Action(_) => {}
        }
    }

    fn read_task(&mut self, entry: &TaskEntry) {
        let domain = self.domain(&entry.task.domain);
        match entry.evidence {
            // A list has told more, or a counted end is explained.
            Evidence::LateEvent | Evidence::OurAction => return,
            Evidence::List if entry.before.is_none() && !self.has_listed => return,
            Evidence::Event | Evidence::List | Evidence::Reconciled | Evidence::LookUp => {}
        }
        let task = &entry.task;
        // Another life of the guid is no version before.
        let before = entry.before.as_ref().filter(|before| before.created_at == task.created_at);
        self.read_durations(&domain, before, entry);
        if task.failed && !before.is_some_and(|before| before.failed) {
            let reason = match &*task.failure_reason {
                "" => self.reasons.value(NO_REASON),
                reason => self.reasons.value(&reason_pattern(reason)),
            };
            *self.counts.failures.entry((domain.clone(), reason)).or_default() += 1;
        }
        self.read_end(domain, entry);
    }

    fn read_durations(&mut self, domain: &LabelValue, before: Option<&Task>, entry: &TaskEntry) {
        let task = &entry.task;
        let ran_since =
            before.filter(|before| before.state == State::Running).map(|before| before.updated_at);
        let histogram = match task.state {
            // The time of the last change of a Running task is its start.
            State::Running if ran_since != Some(task.updated_at) => {
                let waited = task.updated_at.since(task.created_at);
                self.counts.waiting.get_mut(domain).map(|histogram| (histogram, waited))
            }
            State::Completed | State::Resolving if !task.first_completed_at.is_unset() => {
                let ran = ran_since.map(|start| task.first_completed_at.since(start));
                self.counts.running.get_mut(domain).zip(ran)
            }
            _ => None,
        };
        if let Some((histogram, span)) = histogram {
            histogram.observe(span);
        }
    }

    fn read_end(&mut self, domain: LabelValue, entry: &TaskEntry) {
        let (Some(end), Some(cause)) = (entry.end, entry.cause()) else { return };
        if self.vanished.contains(&entry.task) {
            return;
        }
        if end == End::Vanished {
            self.vanished.remember(&entry.task);
        }
        *self.counts.ended.entry((domain, cause)).or_default() += 1;
    }

    fn read_gap(&mut self, gap: &GapEntry, at: Timestamp) {
        let counts = &mut self.counts;
        if gap.closed {
            counts.gap_time += at.since(gap.start);
        } else if !counts.gap_open {
            // Losses that are noticed while it is open extend it.
            counts.gaps += 1;
        }
        counts.gap_open = !gap.closed;
    }
}
