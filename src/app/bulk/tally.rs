//! Counts of the tasks that an action is about, by a property, the most frequent values first.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

use crate::app::Entry;
use crate::model::CellId;

/// How many values of a property are kept with their counts.
const MAX_VALUES: usize = 12;

/// The counts of one property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The property.
    pub name: &'static str,
    /// The most frequent values with their counts. A task without a value counts for an empty one. Not sanitised.
    pub values: Vec<(String, usize)>,
    /// How many other values there are.
    pub more: usize,
}

/// Counts tasks by state, domain, app and cell.
pub(in crate::app) fn tally(entries: &[&Entry]) -> Vec<Tally> {
    vec![
        count("state", entries, |entry| entry.task.state),
        count("domain", entries, |entry| entry.task.domain.as_str()),
        count("app", entries, |entry| entry.task.owner.app().label()),
        count("cell", entries, |entry| entry.last_cell.as_ref().map_or("", CellId::as_str)),
    ]
}

fn count<'a, K: Hash + Eq + ToString>(
    name: &'static str,
    entries: &[&'a Entry],
    value: impl Fn(&'a Entry) -> K,
) -> Tally {
    let mut counts: HashMap<K, usize, RandomState> = HashMap::default();
    for entry in entries {
        *counts.entry(value(entry)).or_default() += 1;
    }
    let mut values: Vec<_> = counts.into_iter().map(|(value, count)| (value.to_string(), count)).collect();
    values
        .sort_unstable_by(|(one, ones), (other, others)| (Reverse(ones), one).cmp(&(Reverse(others), other)));
    let more = values.len().saturating_sub(MAX_VALUES);
    values.truncate(MAX_VALUES);
    Tally { name, values, more }
}

/// Counts values with few distinct ones, in the order of their first appearance.
pub(in crate::app) fn counted<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts: Vec<(T, usize)> = Vec::new();
    for value in values {
        match counts.iter_mut().find(|(known, _)| *known == value) {
            Some((_, times)) => *times += 1,
            None => counts.push((value, 1)),
        }
    }
    counts
}
