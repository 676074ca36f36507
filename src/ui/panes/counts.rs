//! Draws the counts by state of the side panes, one row a group of tasks. The header shows the same counters.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::presence::draw_warning;
use crate::app::StateCounts;
use crate::model::State;
use crate::present::{Tone, sanitise};
use crate::ui::text;
use crate::ui::theme::{Theme, cursor_line};

/// A count that the header and the side panes show.
pub(crate) struct Counter {
    /// The full name, for the header.
    pub(crate) name: &'static str,
    /// The abbreviation, for column titles and narrow headers.
    pub(crate) short: &'static str,
    /// Counts the tasks that the BBS holds.
    pub(crate) count: fn(&StateCounts) -> usize,
    /// Counts the tasks for a side pane: failed tasks count until taskdeck forgets them.
    count_in_pane: fn(&StateCounts) -> usize,
    /// The tone of a count other than 0.
    pub(crate) tone: Tone,
    /// On a narrow screen, the columns with the lowest priority are hidden first.
    priority: u8,
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

/// Width of a count, including the gap before it.
const COUNT_WIDTH: u16 = 5;
/// Width of a name below which columns are hidden instead.
const MIN_NAME_WIDTH: u16 = 10;
/// Width of a name and its note beyond which the panes do not grow.
const MAX_NAME_WIDTH: usize = 40;
/// How many columns take precedence over the full width of the names.
const MAIN_COLUMNS: usize = 3;

/// A row of a side pane: a group of tasks.
pub(crate) struct SideRow {
    /// The sign and the name of the group.
    pub(crate) name: String,
    /// A note after the name, such as a cell's zone; left out where it does not fit whole.
    pub(crate) note: String,
    /// The style of the name and the note.
    pub(crate) style: Style,
    /// The group's tasks by state.
    pub(crate) counts: StateCounts,
    /// Whether the table is filtered by this group.
    pub(crate) selected: bool,
}

/// The contents of a side pane.
pub(crate) struct SidePane {
    /// The title: a word, and a legend of the signs that is left out where it does not fit whole.
    pub(crate) title: &'static str,
    /// The rows; the first is that of all groups.
    pub(crate) rows: Vec<SideRow>,
    /// A warning at the bottom that the signs are unknown, and why.
    pub(crate) warning: Option<String>,
}

/// The size that the contents of both side panes need. It only grows while it is in use.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SideSize {
    /// The widest name, with its note.
    name_width: u16,
    /// The width of a pane: the names and the counts.
    pub(crate) width: u16,
    /// The lines of the upper pane, with the title.
    pub(crate) upper_height: u16,
    /// The lines of the lower pane, with the title.
    pub(crate) lower_height: u16,
}

impl SideSize {
    /// Grows to fit these contents.
    pub(crate) fn grow(&mut self, upper: &SidePane, lower: &SidePane) {
        for pane in [upper, lower] {
            self.name_width = self.name_width.max(pane.name_width());
            self.width =
                self.width.max(self.name_width + COUNT_WIDTH * text::clamp_u16(pane.columns().len()));
        }
        self.upper_height = self.upper_height.max(upper.height());
        self.lower_height = self.lower_height.max(lower.height());
    }
}

impl SidePane {
    /// Returns the lines of the title and the rows.
    fn height(&self) -> u16 {
        text::clamp_u16(self.rows.len()).saturating_add(1)
    }

    /// Returns the width of the widest name with its note.
    fn name_width(&self) -> u16 {
        let cut = |text: &str| text::width(&sanitise::cut(text, MAX_NAME_WIDTH));
        let of_row =
            |row: &SideRow| cut(&row.name) + if row.note.is_empty() { 0 } else { cut(&row.note) + 1 };
        self.rows.iter().map(of_row).max().unwrap_or(0).min(text::clamp_u16(MAX_NAME_WIDTH))
    }

    /// Returns all columns. A state without tasks keeps its column, so that nothing jumps as tasks come and go.
    fn columns(&self) -> Vec<&'static Counter> {
        let is_wanted = |counter: &&Counter| {
            counter.name != "unknown" || self.rows.iter().any(|row| (counter.count)(&row.counts) > 0)
        };
        COUNTERS.iter().filter(is_wanted).collect()
    }

    /// Returns the columns that fit beside the names. The main columns stay even if names must be cut for them.
    fn columns_in(&self, width: u16, name_width: u16) -> Vec<&'static Counter> {
        let mut columns = self.columns();
        let needed = |count: usize| {
            let names = if count > MAIN_COLUMNS { name_width.max(MIN_NAME_WIDTH) } else { MIN_NAME_WIDTH };
            COUNT_WIDTH * text::clamp_u16(count) + names
        };
        while needed(columns.len()) > width
            && let Some(lowest) = columns.iter().map(|counter| counter.priority).min()
        {
            columns.retain(|counter| counter.priority != lowest);
        }
        columns
    }

    /// Draws the pane: title, rows and warning. Returns the number of rows that fit.
    pub(crate) fn draw(
        &self,
        buf: &mut Buffer,
        area: Rect,
        (theme, focused): (Theme, bool),
        size: SideSize,
        offset: &mut usize,
    ) -> usize {
        ratatui::widgets::Widget::render(ratatui::widgets::Clear, area.intersection(buf.area), buf);
        let columns = self.columns_in(area.width, size.name_width);
        let name_width = area.width.saturating_sub(COUNT_WIDTH * text::clamp_u16(columns.len()));
        let title = if text::width(self.title) < name_width {
            self.title
        } else {
            self.title.split(' ').next().unwrap_or_default()
        };
        text::title(buf, text::line_at(area, 0), title, theme.title(focused));
        for (at, column) in columns.iter().enumerate() {
            let cell = column_area(text::line_at(area, 0), name_width, at);
            text::put_right(buf, cell, &format!(" {}", column.short), theme.title(focused));
        }
        let area = draw_warning(self.warning.as_deref(), theme, area, buf);
        let body = text::skip_top(area, 1);
        let cursor = self.rows.iter().position(|row| row.selected).unwrap_or(0);
        *offset = text::keep_in_view(*offset, cursor, body.height.into(), self.rows.len());
        for ((_, line), row) in text::lines(body).zip(self.rows.iter().skip(*offset)) {
            draw_name(buf, text::take_left(line, name_width), row);
            for (at, column) in columns.iter().enumerate() {
                let number = (column.count_in_pane)(&row.counts);
                if number > 0 {
                    let text = short_count(number);
                    text::put_right(
                        buf,
                        column_area(line, name_width, at),
                        &text,
                        column.style(theme, number),
                    );
                }
            }
            // Without the focus, the first row (all groups) needs no cursor: it filters nothing.
            if row.selected && (focused || cursor > 0) {
                buf.set_style(line.intersection(buf.area), cursor_line(focused));
            }
        }
        body.height.into()
    }
}

/// Draws the name, and the note if it fits whole.
fn draw_name(buf: &mut Buffer, area: Rect, row: &SideRow) {
    let left = text::put(buf, area, &row.name, row.style) + 1;
    if left.saturating_add(text::width(&row.note)) <= area.width {
        text::put(buf, text::skip_left(area, left), &row.note, row.style);
    }
}

fn column_area(line: Rect, name_width: u16, at: usize) -> Rect {
    text::take_left(text::skip_left(line, name_width + COUNT_WIDTH * text::clamp_u16(at)), COUNT_WIDTH)
}

/// Formats a count in at most four characters.
fn short_count(number: usize) -> String {
    match number {
        0..10_000 => number.to_string(),
        10_000..1_000_000 => format!("{}k", number / 1_000),
        _ => format!("{}M", number / 1_000_000),
    }
}
