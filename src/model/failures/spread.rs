//! How many of a cluster have each value of a property, in order of the counts.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;

/// The number of a value, a cluster or a reason. Never used twice.
pub(super) type Number = u64;

/// Counts by value. The most frequent values are found without looking at the others.
#[derive(Debug, Default)]
pub(super) struct Spread {
    counts: HashMap<Number, u32, RandomState>,
    /// Among equal counts, the older value comes first.
    order: BTreeSet<(u32, Reverse<Number>)>,
    total: u32,
}

impl Spread {
    pub(super) fn add(&mut self, value: Number) {
        let count = self.counts.entry(value).or_default();
        self.order.remove(&(*count, Reverse(value)));
        *count += 1;
        self.order.insert((*count, Reverse(value)));
        self.total += 1;
    }

    pub(super) fn remove(&mut self, value: Number) {
        let Some(count) = self.counts.get_mut(&value) else { return };
        self.order.remove(&(*count, Reverse(value)));
        *count -= 1;
        self.total -= 1;
        if *count > 0 {
            self.order.insert((*count, Reverse(value)));
        } else {
            self.counts.remove(&value);
        }
    }

    /// Returns how many have a value.
    pub(super) fn of(&self, value: Number) -> u32 {
        self.counts.get(&value).copied().unwrap_or(0)
    }

    /// Returns how many there are altogether.
    pub(super) const fn total(&self) -> u32 {
        self.total
    }

    /// Returns how many different values there are.
    pub(super) fn distinct(&self) -> usize {
        self.counts.len()
    }

    /// Iterates over the values with their counts, the most frequent first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Number, u32)> {
        self.order.iter().rev().map(|(count, Reverse(value))| (*value, *count))
    }
}
