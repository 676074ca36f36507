//! Counts stuck tasks, by increments: the header says every frame how many there are.
//!
//! Pending tasks are counted by the second in which they were created, so that the passing of time costs only the seconds
//! in which tasks got stuck. Tasks on cells that are gone are counted by the attributes that they share.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry as Place};

use super::{Entry, RowId, Store};
use crate::model::{CellId, Clocks, Returned, State, Stuck, StuckSet, Task, Timestamp, second_of, secret};

/// How many tasks are stuck, by the way in which they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StuckCounts([usize; Stuck::ALL.len()]);

impl StuckCounts {
    /// Returns the number of tasks that are stuck in this way.
    pub fn of(&self, kind: Stuck) -> usize {
        self.iter().find(|(other, _)| *other == kind).map_or(0, |(_, count)| count)
    }

    /// Iterates over the ways in which any task is stuck, the most urgent first.
    pub fn iter(&self) -> impl Iterator<Item = (Stuck, usize)> {
        Stuck::ALL.into_iter().zip(self.0).filter(|(_, count)| *count > 0)
    }

    /// Returns whether no task is stuck.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

/// What is counted of the live tasks.
#[derive(Debug, Default)]
pub(super) struct StuckWork {
    clocks: Clocks,
    /// Pending tasks by the second in which they were created.
    pending: BTreeMap<i64, usize>,
    /// Pending tasks that one more rejection fails.
    rejections: usize,
    /// Tasks whose callback did not succeed, by its host.
    callbacks: BTreeMap<Box<str>, usize>,
    claims: usize,
    /// The cells that ran tasks and were not present when that was last known.
    gone_cells: BTreeSet<CellId>,
}

impl StuckWork {
    /// A task comes to a row. `host` is that of its callback if that did not succeed.
    pub(super) fn came(&mut self, entry: &Entry, host: Option<Box<str>>) {
        if entry.end.is_some() {
            return;
        }
        if entry.task.state == State::Pending {
            *self.pending.entry(second_of(entry.task.created_at)).or_default() += 1;
        }
        self.rejections += usize::from(self.clocks.has_used_up_rejections(&entry.task));
        self.claims += usize::from(entry.returned == Returned::Unclaimed);
        if let Some(host) = host {
            *self.callbacks.entry(host).or_default() += 1;
        }
    }

    /// A task leaves its row, as it came to it.
    pub(super) fn left(&mut self, entry: &Entry, host: Option<Box<str>>) {
        if entry.end.is_some() {
            return;
        }
        let second = second_of(entry.task.created_at);
        if entry.task.state == State::Pending {
            decrement(&mut self.pending, second);
        }
        self.rejections -= usize::from(self.clocks.has_used_up_rejections(&entry.task));
        self.claims -= usize::from(entry.returned == Returned::Unclaimed);
        if let Some(host) = host {
            decrement(&mut self.callbacks, host);
        }
    }
}

fn decrement<K: Ord>(counts: &mut BTreeMap<K, usize>, key: K) {
    if let Place::Occupied(mut count) = counts.entry(key) {
        *count.get_mut() -= 1;
        if *count.get() == 0 {
            count.remove();
        }
    }
}

impl Store {
    /// Sets the clocks of the BBS. Tasks that it holds already are not counted anew.
    #[must_use]
    pub fn with_clocks(mut self, clocks: Clocks) -> Self {
        self.stuck.clocks = clocks;
        self
    }

    /// Returns the clocks of the BBS.
    pub const fn clocks(&self) -> &Clocks {
        &self.stuck.clocks
    }

    /// Takes in which cells are known to be absent, and looks which of them run tasks. A cell that comes later is not
    /// taken for gone because nobody has asked for it yet.
    pub(in crate::app) fn learn_absent(&mut self, is_absent: impl Fn(&CellId) -> bool) {
        let running = self.facets.running().filter_map(|(cell, _)| cell);
        self.stuck.gone_cells = running.filter(|cell| is_absent(cell)).cloned().collect();
    }

    /// Counts the stuck tasks.
    pub fn stuck(&self, now: Timestamp) -> StuckCounts {
        let StuckWork { clocks, pending, rejections, callbacks, claims, gone_cells } = &self.stuck;
        let count = |kind| match kind {
            // The attributes are not even looked at while all is well.
            Stuck::Cell if gone_cells.is_empty() => 0,
            Stuck::Cell => {
                let running = self.facets.running();
                let lost = running.filter(|(cell, _)| cell.is_some_and(|cell| gone_cells.contains(cell)));
                lost.map(|(_, tasks)| tasks).sum()
            }
            Stuck::Rejections => *rejections,
            Stuck::Callback => callbacks.values().sum(),
            Stuck::Claim => *claims,
            Stuck::Pending => pending.range(..clocks.long_pending_before(now)).map(|(_, tasks)| tasks).sum(),
        };
        StuckCounts(Stuck::ALL.map(count))
    }

    /// Iterates over the hosts whose callbacks did not succeed, with the number of tasks that wait for each. Not sanitised.
    pub fn silent_hosts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.stuck.callbacks.iter().map(|(host, count)| (&**host, *count))
    }

    /// Returns the host of a live task's callback if that did not succeed.
    pub(super) fn silent_host(&self, entry: &Entry) -> Option<Box<str>> {
        let is_silent = entry.end.is_none() && entry.returned == Returned::Uncalled;
        is_silent.then(|| secret::host(&self.summary(&entry.task).callback_url).into())
    }

    /// Returns the ways in which a task is stuck.
    pub fn stuck_of(&self, entry: &Entry, now: Timestamp) -> StuckSet {
        if entry.end.is_some() {
            return StuckSet::NONE;
        }
        let StuckWork { clocks, gone_cells, .. } = &self.stuck;
        let is_gone = || entry.last_cell.as_ref().is_some_and(|cell| gone_cells.contains(cell));
        let set = StuckSet::NONE
            .with(Stuck::Cell, entry.task.state == State::Running && is_gone())
            .with(Stuck::Rejections, clocks.has_used_up_rejections(&entry.task))
            .with(Stuck::Pending, clocks.is_long_pending(&entry.task, now));
        entry.returned.stuck().map_or(set, |kind| set.with(kind, true))
    }

    /// Returns whether the server has returned a live task to Completed, now that `task` is its newest version.
    pub(super) fn returned(&self, id: RowId, task: &Task) -> Returned {
        let has_callback = || !self.summary(task).callback_url.is_empty();
        self.entry(id).map_or(Returned::Never, |held| held.returned.then(&held.task, task, has_callback))
    }
}
