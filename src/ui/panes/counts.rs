//! The counts that the header and the panes of groups show.

use ratatui::style::Style;

use crate::app::StateCounts;
use crate::model::State;
use crate::present::Tone;
use crate::ui::theme::Theme;

/// A count that the header and the side panes show.
pub(crate) struct Counter {
    /// The full name, for the header.
    pub(crate) name: &'static str,
    /// The abbreviation, for column titles and narrow headers.
    pub(crate) short: &'static str,
    /// Counts the tasks that the BBS holds.
    pub(crate) count: fn(&StateCounts) -> usize,
    /// Counts the tasks for a side pane: failed tasks count until taskdeck forgets them.
    pub(super) count_in_pane: fn(&StateCounts) -> usize,
    /// The tone of a count other than 0.
    pub(crate) tone: Tone,
    /// On a narrow screen, the columns with the lowest priority are hidden first.
    pub(super) priority: u8,
}

/// The counters, in the order of a task's life. A failed task also counts in its state.
pub(crate) const COUNTERS: [Counter; 6] = [
    Counter::new("pending", "pend", |counts| counts.of(State::Pending), Tone::Normal, 4),
    Counter::new("running", "run", |counts| counts.of(State::Running), Tone::Normal, 3),
    Counter::new("completed", "comp", |counts| counts.of(State::Completed), Tone::Good, 2),
    Counter::new("resolving", "reso", |counts| counts.of(State::Resolving), Tone::Normal, 1),
    Counter::new("unknown", "?", |counts| counts.other, Tone::Warn, 5),
    Counter::new("failed", "fail", |counts| counts.failed, Tone::Bad, 6)
        .in_side_pane(StateCounts::all_failed),
];

/// All tasks together.
pub(super) const TOTAL: Counter = Counter::new("total", "total", StateCounts::total, Tone::Normal, 7);

impl Counter {
    const fn new(
        name: &'static str,
        short: &'static str,
        count: fn(&StateCounts) -> usize,
        tone: Tone,
        priority: u8,
    ) -> Self {
        Self { name, short, count, count_in_pane: count, tone, priority }
    }

    const fn in_side_pane(mut self, count: fn(&StateCounts) -> usize) -> Self {
        self.count_in_pane = count;
        self
    }

    /// Returns the style of a count. A count of 0 is dimmed.
    pub(crate) fn style(&self, theme: Theme, number: usize) -> Style {
        theme.tone(if number == 0 { Tone::Quiet } else { self.tone })
    }
}

/// Formats a count in at most four characters.
pub(super) fn short_count(number: usize) -> String {
    match number {
        0..10_000 => number.to_string(),
        10_000..1_000_000 => format!("{}k", number / 1_000),
        _ => format!("{}M", number / 1_000_000),
    }
}
