//! What is counted of a cluster within the window: how many, and how many in each part of it.

use super::Window;
use crate::model::Timestamp;

/// How many bars a trend has. Each covers an equal part of the window.
pub const BARS: usize = 24;
/// A window begins and ends within a bar, and what is a little ahead of our estimate of the time has a bar of its own.
const SLOTS: usize = BARS + 2;

/// Counts of a cluster within the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) count: u32,
    /// Counts by the number of the bar, which is reused once its time has left the window.
    bars: [u32; SLOTS],
}

impl Default for Tally {
    fn default() -> Self {
        Self { count: 0, bars: [0; SLOTS] }
    }
}

impl Tally {
    /// Counts one that was at a time within the window.
    pub(super) fn enter(&mut self, at: Timestamp, window: Window) {
        self.count += 1;
        self.change_bar(at, window, |count| count + 1);
    }

    /// Takes back one that was counted.
    pub(super) fn leave(&mut self, at: Timestamp, window: Window) {
        self.count = self.count.saturating_sub(1);
        self.change_bar(at, window, |count| count.saturating_sub(1));
    }

    fn change_bar(&mut self, at: Timestamp, window: Window, change: impl Fn(u32) -> u32) {
        if let Some(count) = self.bars.get_mut(slot(bar(at, window))) {
            *count = change(*count);
        }
    }

    /// Returns the counts of the window's bars, the oldest first. What is ahead of `now` counts in the newest.
    pub(super) fn trend(&self, window: Window, now: Timestamp) -> [u32; BARS] {
        let newest = bar(now, window);
        let of = |bar: i64| self.bars.get(slot(bar)).copied().unwrap_or(0);
        let mut trend = [0; BARS];
        for (count, back) in trend.iter_mut().rev().zip(0..) {
            *count = of(newest - back);
        }
        if let Some(last) = trend.last_mut() {
            *last += of(newest + 1);
        }
        trend
    }
}

/// Returns the number of the bar that a time is in.
pub(super) fn bar(at: Timestamp, window: Window) -> i64 {
    at.as_nanos().div_euclid(window.bar_nanos())
}

fn slot(bar: i64) -> usize {
    usize::try_from(bar.rem_euclid(i64::try_from(SLOTS).unwrap_or(1))).unwrap_or(0)
}
