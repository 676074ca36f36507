//! The samples of one subject, counted by slots.
//!
//! A histogram for each slot of each subject would take 1.8 kB, most of it empty: 500 MB for 4,000 apps. So a series keeps
//! only the counts that are not zero, sorted by slot, and a [`Durations`] is made of them when somebody looks.

use std::collections::VecDeque;
use std::time::Duration;

use super::durations::{Durations, rounded};
use super::window::{SLOTS, Slots, Window};
use crate::model::Timestamp;

/// Something that happened to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// It started, and had waited for this long.
    Waited(Duration),
    /// It completed, and had run for this long.
    Ran(Duration),
    /// It completed.
    Completed {
        /// Whether it failed.
        failed: bool,
    },
}

/// A sample in the order in which counts are sorted: the kind in the upper two bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Packed(u32);

const KIND_SHIFT: u32 = 30;
const WAITED: u32 = 0;
const RAN: u32 = 1;
const COMPLETED: u32 = 2;

impl From<Sample> for Packed {
    fn from(sample: Sample) -> Self {
        let (kind, value) = match sample {
            Sample::Waited(span) => (WAITED, rounded(span)),
            Sample::Ran(span) => (RAN, rounded(span)),
            Sample::Completed { failed } => (COMPLETED, u32::from(failed)),
        };
        Self(kind << KIND_SHIFT | value)
    }
}

impl Packed {
    const fn kind_and_value(self) -> (u32, u32) {
        (self.0 >> KIND_SHIFT, self.0 & ((1 << KIND_SHIFT) - 1))
    }
}

#[derive(Debug, Clone, Copy)]
struct Counted {
    slot: u32,
    sample: Packed,
    count: u32,
}

/// The samples of one subject.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// By the length of the slots, in the order of [`Window::ALL`]; each sorted by slot and sample.
    tiers: [VecDeque<Counted>; Window::ALL.len()],
}

/// What happened in some slots.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How long the tasks had waited that started.
    pub waiting: Durations,
    /// How long the tasks had run that completed.
    pub running: Durations,
    /// How many tasks completed.
    pub completed: u32,
    /// How many of these failed.
    pub failed: u32,
}

/// The completions in one slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Completions {
    /// How many tasks completed.
    pub completed: u32,
    /// How many of these failed.
    pub failed: u32,
}

impl Tally {
    /// Returns whether nothing happened.
    pub fn is_empty(&self) -> bool {
        self.waiting.count() == 0 && self.completed == 0
    }
}

impl Series {
    /// Returns whether nothing has happened that is not forgotten.
    pub fn is_empty(&self) -> bool {
        self.tiers.iter().all(VecDeque::is_empty)
    }

    /// Counts a sample.
    pub(super) fn add(&mut self, at: Timestamp, sample: Sample) {
        let sample = Packed::from(sample);
        for (window, counts) in Window::ALL.into_iter().zip(&mut self.tiers) {
            let slot = window.slot_of(at);
            match counts.binary_search_by_key(&(slot, sample), |count| (count.slot, count.sample)) {
                Ok(found) => {
                    if let Some(count) = counts.get_mut(found) {
                        count.count = count.count.saturating_add(1);
                    }
                }
                Err(place) => counts.insert(place, Counted { slot, sample, count: 1 }),
            }
        }
    }

    /// Forgets what no window reads any more. Returns whether anything is left.
    pub(super) fn forget(&mut self, now: Timestamp) -> bool {
        for (window, counts) in Window::ALL.into_iter().zip(&mut self.tiers) {
            let end = window.slot_of(now).saturating_add(1);
            let oldest = end.saturating_sub(window.kept());
            let old = counts.partition_point(|count| count.slot < oldest);
            counts.drain(..old);
            // The clock was set back: those slots would be counted again.
            let ahead = counts.partition_point(|count| count.slot <= end);
            counts.truncate(ahead);
            if counts.capacity() > 4 * counts.len() {
                counts.shrink_to(2 * counts.len());
            }
        }
        !self.is_empty()
    }

    /// Adds up some slots.
    pub(super) fn tally(&self, of: &[Slots]) -> Tally {
        let mut tally = Tally::default();
        for Counted { sample, count, .. } in of.iter().flat_map(|slots| self.counts(slots)) {
            match sample.kind_and_value() {
                (WAITED, millis) => tally.waiting.add(millis, *count),
                (RAN, millis) => tally.running.add(millis, *count),
                (_, failed) => {
                    tally.completed = tally.completed.saturating_add(*count);
                    tally.failed = tally.failed.saturating_add(if failed == 0 { 0 } else { *count });
                }
            }
        }
        tally
    }

    /// Returns the completions in each slot of a window, the oldest first.
    pub(super) fn course_of(&self, slots: &Slots) -> [Completions; SLOTS as usize] {
        let mut course = [Completions::default(); SLOTS as usize];
        for Counted { slot, sample, count } in self.counts(slots) {
            let at = usize::try_from(slot - slots.1.start).unwrap_or(usize::MAX);
            if let ((COMPLETED, failed), Some(at)) = (sample.kind_and_value(), course.get_mut(at)) {
                at.completed = at.completed.saturating_add(*count);
                at.failed = at.failed.saturating_add(if failed == 0 { 0 } else { *count });
            }
        }
        course
    }

    fn counts(&self, (window, slots): &Slots) -> impl Iterator<Item = &Counted> {
        let counts = self.tiers.get(*window as usize);
        let from = |slot: u32| counts.map_or(0, |counts| counts.partition_point(|count| count.slot < slot));
        let range = from(slots.start)..from(slots.end).max(from(slots.start));
        counts.into_iter().flat_map(move |counts| counts.range(range.clone()))
    }

    /// Returns how many bytes the counts take.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.tiers.iter().map(|counts| counts.capacity() * size_of::<Counted>()).sum()
    }
}
