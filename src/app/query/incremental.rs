//! Incremental filtering and sorting: bounded work per frame, so that the loop answers keys in between.
//!
//! The store must not change while a job is in progress: the loop holds messages back.

use std::collections::VecDeque;

use super::super::store::{RowId, Store};
use super::order::Order;
use super::row_set::RowSet;

/// A job in progress.
#[derive(Debug)]
pub(super) enum Job {
    /// Sorts rows.
    Sorting(Sorting),
    /// Finds the rows that the filter admits.
    Filtering(Filtering),
}

/// An incremental merge sort: slices are sorted, then merged in pairs.
#[derive(Debug)]
pub(super) struct Sorting {
    order: Order,
    unsorted: Vec<RowId>,
    runs: VecDeque<Vec<RowId>>,
    merging: Option<Merging>,
    done: usize,
    all: usize,
}

/// Two sorted runs that are being merged.
#[derive(Debug)]
struct Merging {
    left: VecDeque<RowId>,
    right: VecDeque<RowId>,
    merged: Vec<RowId>,
}

impl Sorting {
    pub(super) fn new(order: Order, unsorted: Vec<RowId>, slice: usize) -> Self {
        // Every row is sorted once, and merged once per doubling of the runs.
        let runs = unsorted.len().div_ceil(slice.max(1)).max(1);
        let passes = 1 + usize::try_from(runs.next_power_of_two().trailing_zeros()).unwrap_or(0);
        let all = unsorted.len() * passes;
        Self { order, unsorted, runs: VecDeque::new(), merging: None, done: 0, all }
    }

    /// Does one slice of work. Returns the sorted rows when done.
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
        let left = self.runs.pop_front().unwrap_or_default();
        let Some(right) = self.runs.pop_front() else { return Some(left) };
        let merged = Vec::with_capacity(left.len() + right.len());
        self.merging = Some(Merging { left: left.into(), right: right.into(), merged });
        None
    }
}

impl Merging {
    fn step(&mut self, order: Order, store: &Store, slice: usize) -> usize {
        let before = self.merged.len();
        while self.merged.len() < before + slice {
            let takes_left = match (self.left.front(), self.right.front()) {
                (Some(left), Some(right)) => store
                    .entry(*left)
                    .zip(store.entry(*right))
                    .is_none_or(|(left, right)| order.compare(store, left, right).is_le()),
                (left, _) => left.is_some(),
            };
            let next = if takes_left { self.left.pop_front() } else { self.right.pop_front() };
            let Some(next) = next else { break };
            self.merged.push(next);
        }
        self.merged.len() - before
    }

    fn merged_whole(&mut self) -> Option<Vec<RowId>> {
        (self.left.is_empty() && self.right.is_empty()).then(|| std::mem::take(&mut self.merged))
    }
}

/// An incremental pass of the filter over the entries.
#[derive(Debug)]
pub(super) struct Filtering {
    next: usize,
    all: usize,
    among: Option<RowSet>,
    admitted: RowSet,
}

impl Filtering {
    /// Starts a pass over the rows in `among`, or over all `all` rows.
    pub(super) fn new(all: usize, among: Option<RowSet>) -> Self {
        Self { next: 0, all, among, admitted: RowSet::with_capacity(all) }
    }

    /// Does one slice of work. Returns the admitted rows when done.
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

/// The progress of a job that takes longer than a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// The kind of work: "sorting" or "filtering".
    pub doing: &'static str,
    /// Progress in percent; below 100 until the job is done.
    pub percent: usize,
}

impl Job {
    /// Returns the progress.
    pub(super) fn work(&self) -> Work {
        let (doing, done, all) = match self {
            Self::Sorting(Sorting { done, all, .. }) => ("sorting", *done, *all),
            Self::Filtering(Filtering { next, all, .. }) => ("filtering", *next, *all),
        };
        Work { doing, percent: (done * 100 / all.max(1)).min(99) }
    }
}
