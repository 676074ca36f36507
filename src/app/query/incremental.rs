//! A look at more entries than fit between two frames, a slice at a time: the loop answers keys in between, and the
//! screen says how far it is.
//!
//! Nothing of the store may change while it goes on: the loop leaves news waiting meanwhile.

use std::collections::VecDeque;

use super::super::store::{RowId, Store};
use super::order::Order;
use super::row_set::RowSet;

/// What is under way.
#[derive(Debug)]
pub(super) enum Look {
    /// Putting rows in order.
    Sorting(Sorting),
    /// Finding those that the filter admits.
    Filtering(Filtering),
}

/// Rows put in order: slices sorted by themselves, then merged two by two.
#[derive(Debug)]
pub(super) struct Sorting {
    order: Order,
    unsorted: Vec<RowId>,
    runs: VecDeque<Vec<RowId>>,
    merging: Option<Merging>,
    done: usize,
    all: usize,
}

/// Two runs becoming one.
#[derive(Debug)]
struct Merging {
    one: VecDeque<RowId>,
    other: VecDeque<RowId>,
    merged: Vec<RowId>,
}

impl Sorting {
    pub(super) fn new(order: Order, unsorted: Vec<RowId>, slice: usize) -> Self {
        // Every row is sorted once, and merged once for every doubling of the runs.
        let runs = unsorted.len().div_ceil(slice.max(1)).max(1);
        let passes = 1 + usize::try_from(runs.next_power_of_two().trailing_zeros()).unwrap_or(0);
        let all = unsorted.len() * passes;
        Self { order, unsorted, runs: VecDeque::new(), merging: None, done: 0, all }
    }

    /// A slice further; the rows in order once it is done.
    pub(super) fn step(&mut self, store: &Store, slice: usize) -> Option<Vec<RowId>> {
        if !self.unsorted.is_empty() {
            let mut run = self.unsorted.split_off(self.unsorted.len().saturating_sub(slice));
            self.order.sort(store, &mut run);
            self.done += run.len();
            self.runs.push_back(run);
            return None;
        }
        if let Some(merging) = &mut self.merging {
            self.done += merging.step(self.order, store, slice);
            let merged = merging.merged_whole()?;
            self.runs.push_back(merged);
            self.merging = None;
            return None;
        }
        let one = self.runs.pop_front().unwrap_or_default();
        let Some(other) = self.runs.pop_front() else { return Some(one) };
        let merged = Vec::with_capacity(one.len() + other.len());
        self.merging = Some(Merging { one: one.into(), other: other.into(), merged });
        None
    }
}

impl Merging {
    fn step(&mut self, order: Order, store: &Store, slice: usize) -> usize {
        let before = self.merged.len();
        while self.merged.len() < before + slice {
            let takes_one = match (self.one.front(), self.other.front()) {
                (Some(one), Some(other)) => store
                    .entry(*one)
                    .zip(store.entry(*other))
                    .is_none_or(|(one, other)| order.compare(one, other).is_le()),
                (one, _) => one.is_some(),
            };
            let next = if takes_one { self.one.pop_front() } else { self.other.pop_front() };
            let Some(next) = next else { break };
            self.merged.push(next);
        }
        self.merged.len() - before
    }

    fn merged_whole(&mut self) -> Option<Vec<RowId>> {
        (self.one.is_empty() && self.other.is_empty()).then(|| std::mem::take(&mut self.merged))
    }
}

/// Entries asked whether the filter admits them, from end to end.
#[derive(Debug)]
pub(super) struct Filtering {
    next: usize,
    all: usize,
    among: Option<RowSet>,
    admitted: RowSet,
}

impl Filtering {
    /// Asks those of `among`, or else all of so many.
    pub(super) fn new(all: usize, among: Option<RowSet>) -> Self {
        Self { next: 0, all, among, admitted: RowSet::with_capacity(all) }
    }

    /// A slice further; those that are admitted once it is done.
    pub(super) fn step(&mut self, slice: usize, admits: impl Fn(RowId) -> bool) -> Option<RowSet> {
        let end = self.all.min(self.next + slice);
        for id in (self.next..end).filter_map(RowId::at) {
            if self.among.as_ref().is_none_or(|among| among.contains(id)) && admits(id) {
                self.admitted.insert(id);
            }
        }
        self.next = end;
        (end == self.all).then(|| std::mem::take(&mut self.admitted))
    }
}

/// Something that takes longer than a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// What is done: "sorting" or "filtering".
    pub doing: &'static str,
    /// How much of a hundred is done.
    pub percent: usize,
}

impl Look {
    /// How far it is.
    pub(super) fn work(&self) -> Work {
        let (doing, done, all) = match self {
            Self::Sorting(Sorting { done, all, .. }) => ("sorting", *done, *all),
            Self::Filtering(Filtering { next, all, .. }) => ("filtering", *next, *all),
        };
        Work { doing, percent: (done * 100 / all.max(1)).min(99) }
    }
}
