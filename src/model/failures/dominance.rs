//! Whether one cell, app or domain has most of a reason's failures, and whether that is news.

use std::cmp::Ordering;

use super::place::Dimension;
use super::spread::Spread;
use super::{Clusters, ReasonCounts, Value};

/// The fewest failures from which one value is news: with less, chance makes it.
const LEAST: u32 = 5;
/// How many failures of other reasons tell what is usual.
const LEAST_OTHERS: u32 = 20;
/// By how much the share must exceed the usual one.
const LEAST_LIFT: f64 = 2.0;
/// By how many standard deviations the count must exceed the usual one.
const LEAST_DEVIATIONS: f64 = 3.0;

/// The value of a property that at least half of a reason's failures have.
#[derive(Debug, Clone, Copy)]
pub struct Dominance<'a> {
    /// The property.
    pub dimension: Dimension,
    /// The value.
    pub value: &'a Value,
    /// How many of the reason's failures have it.
    pub count: u32,
    /// How many failures the reason has.
    pub of: u32,
    /// How many failures of other reasons have it, and how many there are of these.
    pub others: (u32, u32),
    /// The share that could be expected, from 0 to 1.
    usual: f64,
}

impl Dominance<'_> {
    /// Returns the part of the reason's failures that have the value, from 0 to 1.
    pub fn share(&self) -> f64 {
        share(self.count, self.of)
    }

    /// Returns whether the failures of other reasons have it much less often, and chance does not explain it.
    pub fn is_notable(&self) -> bool {
        let (of, usual) = (f64::from(self.of), self.usual);
        let excess = f64::from(self.count) - of * usual;
        let deviation = (of * usual * (1.0 - usual)).sqrt();
        self.count >= LEAST && self.share() >= LEAST_LIFT * usual && excess >= LEAST_DEVIATIONS * deviation
    }

    /// Returns whether it is worth telling: that most tasks are in one domain is usual.
    pub fn is_told(&self) -> bool {
        self.is_notable() || self.dimension != Dimension::Domain
    }

    /// Compares how much two of them tell: news first, then cells before apps before domains.
    pub(super) fn by_weight(&self, other: &Self) -> Ordering {
        let weight = |of: &Self| (!of.is_notable(), of.dimension);
        weight(self).cmp(&weight(other))
    }
}

/// Returns a part of a whole, from 0 to 1.
pub(super) fn share(count: u32, of: u32) -> f64 {
    if of == 0 { 0.0 } else { f64::from(count) / f64::from(of) }
}

impl Clusters {
    /// Returns the value of a property that at least half of a reason's failures have.
    pub(super) fn dominance(&self, reason: &ReasonCounts, dimension: Dimension) -> Option<Dominance<'_>> {
        let values = reason.values.get(dimension);
        let names = self.names.get(dimension);
        let (number, count) = values.iter().find(|(number, _)| names.get(*number).id().is_some())?;
        let of = values.total();
        let all = self.values.get(dimension);
        let others = (all.of(number) - count, all.total() - of);
        let usual = usual_share(all, others);
        (2 * u64::from(count) >= u64::from(of)).then(|| Dominance {
            dimension,
            value: names.get(number),
            count,
            of,
            others,
            usual,
        })
    }
}

/// Returns the share of a value that could be expected: that among other failures or, with few of these, an equal share.
fn usual_share(all: &Spread, (count, of): (u32, u32)) -> f64 {
    if of >= LEAST_OTHERS {
        return share(count, of);
    }
    let distinct = u32::try_from(all.distinct()).unwrap_or(u32::MAX);
    share(1, distinct)
}
