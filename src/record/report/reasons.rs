//! Why tasks failed or were rejected in the incident, by pattern, with examples and counts over time.
//!
//! The clusters are those of the dashboard's failures view. Memory is bounded by theirs and by [`MAX_REASONS`].

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::periods::{Period, Periods};
use crate::model::failures::{Clusters, Failure, Place, Window};
use crate::model::{CellId, Domain, Owner, TaskGuid, TaskText, Timestamp, reason_pattern};

/// How many reasons have examples.
const MAX_REASONS: usize = 1_000;
/// How many examples a reason has.
const MAX_EXAMPLES: usize = 3;

/// A failed or rejected task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Example {
    /// When it was learnt.
    pub(super) at: Timestamp,
    /// The task.
    pub(super) guid: TaskGuid,
    /// The reason, as received.
    pub(super) reason: TaskText,
    /// The cell, if the task is known to have run.
    pub(super) cell: Option<CellId>,
    /// Whose task it is.
    pub(super) owner: Owner,
    /// Its domain.
    pub(super) domain: Domain,
}

/// What is kept of a reason besides its clusters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Reason {
    /// The first examples of the incident.
    pub(super) examples: Vec<Example>,
    /// Counts by the bars of the chart, over the whole span.
    pub(super) course: Vec<u64>,
    /// How often it was outside of the incident.
    pub(super) outside: u64,
}

/// Reasons of failures or of rejections.
#[derive(Debug)]
pub(super) struct Reasons {
    /// Those of the incident, by pattern.
    pub(super) clusters: Clusters,
    by_pattern: HashMap<Box<str>, Reason, RandomState>,
}

impl Default for Reasons {
    fn default() -> Self {
        // Time does not pass in it, so nothing leaves the window.
        Self { clusters: Clusters::new(Window::LONGEST), by_pattern: HashMap::default() }
    }
}

impl Reasons {
    /// Returns what is kept of a reason.
    pub(super) fn get(&self, pattern: &str) -> Option<&Reason> {
        self.by_pattern.get(pattern)
    }

    pub(super) fn add(&mut self, example: Example, periods: &Periods) {
        let pattern = reason_pattern(&example.reason);
        let is_during = periods.of(example.at) == Period::During;
        if is_during {
            let Example { guid, at, reason, cell, owner, domain } = &example;
            let place = Place { cell: cell.as_ref(), owner, domain };
            self.clusters.add(&Failure { guid, at: *at, reason, place });
        }
        let Some(kept) = self.kept(&pattern) else { return };
        kept.course.resize(periods.bars.len(), 0);
        if let Some(count) = kept.course.get_mut(periods.bar(example.at)) {
            *count += 1;
        }
        if !is_during {
            kept.outside += 1;
        } else if kept.examples.len() < MAX_EXAMPLES {
            kept.examples.push(example);
        }
    }

    fn kept(&mut self, pattern: &str) -> Option<&mut Reason> {
        if !self.by_pattern.contains_key(pattern) {
            if self.by_pattern.len() >= MAX_REASONS {
                return None;
            }
            self.by_pattern.insert(pattern.into(), Reason::default());
        }
        self.by_pattern.get_mut(pattern)
    }
}
