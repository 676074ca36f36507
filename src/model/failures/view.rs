//! What a reader sees of the clusters.

use super::dominance::{Dominance, share};
use super::place::{Dimension, UNKNOWN, Value};
use super::spread::Number;
use super::{BARS, Clusters, PartCounts, ReasonCounts, Seen, Window};
use crate::model::Timestamp;

/// Names the failures of a reason. No other reason will have the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReasonId(Number);

/// Names the failures of a reason that have the same cell, app and domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartId(Number);

/// The failures of a reason within the window.
#[derive(Debug, Clone, Copy)]
pub struct Reason<'a> {
    clusters: &'a Clusters,
    number: Number,
    counts: &'a ReasonCounts,
}

/// The failures of a reason within the window that have the same cell, app and domain.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    clusters: &'a Clusters,
    number: Number,
    counts: &'a PartCounts,
}

impl Clusters {
    /// Returns the window.
    pub const fn window(&self) -> Window {
        self.window
    }

    /// Returns what time it is. The window ends then.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns a number that grows with every change.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns how many failures there are within the window.
    pub const fn total(&self) -> u32 {
        self.tally.count
    }

    /// Returns how many failures were in each part of the window, the oldest first.
    pub fn trend(&self) -> [u32; BARS] {
        self.tally.trend(self.window, self.now)
    }

    /// Returns since when failures are counted if the window began before that: older ones were too many.
    pub fn cut_at(&self) -> Option<Timestamp> {
        self.cut_at.filter(|cut_at| *cut_at >= self.start)
    }

    /// Iterates over the reasons with failures within the window, in no particular order.
    pub fn reasons(&self) -> impl Iterator<Item = Reason<'_>> {
        let all = self.reasons.iter().map(|(number, counts)| self.seen(*number, counts));
        all.filter(|reason| reason.count() > 0)
    }

    /// Returns a reason, if it has failures within the window.
    pub fn reason(&self, ReasonId(number): ReasonId) -> Option<Reason<'_>> {
        let reason = self.seen(number, self.reasons.get(&number)?);
        (reason.count() > 0).then_some(reason)
    }

    /// Returns a part of a reason, if it has failures within the window.
    pub fn part(&self, PartId(number): PartId) -> Option<Part<'_>> {
        let counts = self.parts.get(&number)?;
        (counts.tally.count > 0).then_some(Part { clusters: self, number, counts })
    }

    const fn seen<'a>(&'a self, number: Number, counts: &'a ReasonCounts) -> Reason<'a> {
        Reason { clusters: self, number, counts }
    }
}

impl<'a> Reason<'a> {
    /// Returns its id.
    pub const fn id(&self) -> ReasonId {
        ReasonId(self.number)
    }

    /// Returns the pattern; none for the reasons beyond the limit. Empty for failures without a reason.
    pub fn pattern(&self) -> Option<&'a str> {
        self.counts.pattern.as_deref()
    }

    /// Returns how many failures it has.
    pub const fn count(&self) -> u32 {
        self.counts.tally.count
    }

    /// Returns its part of all failures, from 0 to 1.
    pub fn share(&self) -> f64 {
        share(self.count(), self.clusters.total())
    }

    /// Returns when it was first and last seen, within the window or before.
    pub const fn seen(&self) -> (Timestamp, Timestamp) {
        let Seen { first, last, .. } = self.counts.seen;
        (first, last)
    }

    /// Returns whether it has failures before the window.
    pub const fn is_older(&self) -> bool {
        self.counts.seen.kept > self.counts.tally.count
    }

    /// Returns how many failures were in each part of the window, the oldest first.
    pub fn trend(&self) -> [u32; BARS] {
        self.counts.tally.trend(self.clusters.window, self.clusters.now)
    }

    /// Iterates over the values of a property with their counts, the most frequent first.
    pub fn values(&self, dimension: Dimension) -> impl Iterator<Item = (&'a Value, u32)> + use<'a> {
        let names = self.clusters.names.get(dimension);
        self.counts.values.get(dimension).iter().map(|(number, count)| (names.get(number), count))
    }

    /// Returns how many different values of a property it has; that it is not known counts as one.
    pub fn distinct(&self, dimension: Dimension) -> usize {
        self.counts.values.get(dimension).distinct()
    }

    /// Returns how many different values of a property are known; all others together count as one.
    pub fn known(&self, dimension: Dimension) -> usize {
        self.distinct(dimension) - usize::from(self.counts.values.get(dimension).of(UNKNOWN) > 0)
    }

    /// Returns the value of a property that at least half of the failures have.
    pub fn dominance(&self, dimension: Dimension) -> Option<Dominance<'a>> {
        self.clusters.dominance(self.counts, dimension)
    }

    /// Returns what dominates it, what tells most first.
    pub fn dominances(&self) -> Vec<Dominance<'a>> {
        let mut all: Vec<_> = Dimension::ALL.iter().filter_map(|of| self.dominance(*of)).collect();
        all.sort_by(Dominance::by_weight);
        all
    }

    /// Iterates over its parts, the most frequent first.
    pub fn parts(&self) -> impl Iterator<Item = Part<'a>> + use<'a> {
        let clusters = self.clusters;
        self.counts.parts.iter().filter_map(move |(number, _)| clusters.part(PartId(number)))
    }

    /// Returns how many parts it has.
    pub fn part_count(&self) -> usize {
        self.counts.parts.distinct()
    }
}

impl<'a> Part<'a> {
    /// Returns its id.
    pub const fn id(&self) -> PartId {
        PartId(self.number)
    }

    /// Returns the reason that it is a part of.
    pub const fn reason(&self) -> ReasonId {
        ReasonId(self.counts.reason)
    }

    /// Returns its value of a property.
    pub fn value(&self, dimension: Dimension) -> &'a Value {
        self.clusters.names.get(dimension).get(*self.counts.values.get(dimension))
    }

    /// Returns how many failures it has.
    pub const fn count(&self) -> u32 {
        self.counts.tally.count
    }

    /// Returns its part of the reason's failures, from 0 to 1.
    pub fn share(&self) -> f64 {
        let reason = self.clusters.reasons.get(&self.counts.reason);
        share(self.count(), reason.map_or(0, |reason| reason.tally.count))
    }

    /// Returns when it was first and last seen, within the window or before.
    pub const fn seen(&self) -> (Timestamp, Timestamp) {
        let Seen { first, last, .. } = self.counts.seen;
        (first, last)
    }

    /// Returns whether it has failures before the window.
    pub const fn is_older(&self) -> bool {
        self.counts.seen.kept > self.counts.tally.count
    }

    /// Returns how many failures were in each part of the window, the oldest first.
    pub fn trend(&self) -> [u32; BARS] {
        self.counts.tally.trend(self.clusters.window, self.clusters.now)
    }
}
