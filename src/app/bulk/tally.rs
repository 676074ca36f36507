//! Counts of the tasks that an action is about, by a property, the most frequent values first.

use std::cmp::Reverse;
use std::collections::HashMap;

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
    let cell = |entry: &Entry| entry.last_cell.as_ref().map_or("", CellId::as_str).to_owned();
    vec![
        count("state", entries, |entry| entry.task.state.to_string()),
        count("domain", entries, |entry| entry.task.domain.to_string()),
        count("app", entries, |entry| entry.task.owner.app().label().to_owned()),
        count("cell", entries, cell),
    ]
}

fn count(name: &'static str, entries: &[&Entry], value: impl Fn(&Entry) -> String) -> Tally {
    let mut counts: HashMap<String, usize, RandomState> = HashMap::default();
    for entry in entries {
        *counts.entry(value(entry)).or_default() += 1;
    }
    let mut values: Vec<_> = counts.into_iter().collect();
    values
        .sort_unstable_by(|(one, ones), (other, others)| (Reverse(ones), one).cmp(&(Reverse(others), other)));
    let more = values.len().saturating_sub(MAX_VALUES);
    values.truncate(MAX_VALUES);
    Tally { name, values, more }
}
