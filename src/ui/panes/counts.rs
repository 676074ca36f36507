//! Counts by state: for the header, and as the columns of the domain and cell panes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::StateCounts;
use crate::model::State;
use crate::present::Tone;
use crate::ui::pen;
use crate::ui::theme::{Theme, selected};

/// What is counted.
pub(crate) struct Counted {
    /// In a sentence.
    pub(crate) name: &'static str,
    /// Over a column.
    pub(crate) short: &'static str,
    /// How many live ones there are.
    pub(crate) of: fn(&StateCounts) -> usize,
    /// How many a side pane tells of: failures as long as they are kept.
    in_pane: fn(&StateCounts) -> usize,
    /// What it means that there are any.
    pub(crate) tone: Tone,
    /// The higher, the longer its column stays on a narrow screen.
    rank: u8,
}

/// Everything that is counted, in the order of a task's life. Failed ones are counted in their state as well.
pub(crate) const COUNTED: [Counted; 6] = [
    Counted::new("pending", "pend", |counts| counts.of(State::Pending), Tone::Normal, 4),
    Counted::new("running", "run", |counts| counts.of(State::Running), Tone::Normal, 3),
    Counted::new("completed", "comp", |counts| counts.of(State::Completed), Tone::Good, 2),
    Counted::new("resolving", "reso", |counts| counts.of(State::Resolving), Tone::Normal, 1),
    Counted::new("unknown", "?", |counts| counts.other, Tone::Warn, 5),
    Counted::new("failed", "fail", |counts| counts.failed, Tone::Bad, 6).in_pane(StateCounts::all_failed),
];

impl Counted {
    const fn new(
        name: &'static str,
        short: &'static str,
        of: fn(&StateCounts) -> usize,
        tone: Tone,
        rank: u8,
    ) -> Self {
        Self { name, short, of, in_pane: of, tone, rank }
    }

    const fn in_pane(mut self, of: fn(&StateCounts) -> usize) -> Self {
        self.in_pane = of;
        self
    }

    /// As it looks for these counts: none of something is nothing to look at.
    pub(crate) fn style(&self, theme: Theme, number: usize) -> Style {
        theme.tone(if number == 0 { Tone::Quiet } else { self.tone })
    }
}

/// The width of a column of counts, with the gap before it.
const COLUMN: u16 = 5;
/// What a name needs at least.
const NAME: u16 = 10;

/// A row of a side pane.
pub(crate) struct SideRow {
    /// What it is called.
    pub(crate) name: String,
    /// What is said behind the name where there is room for all of it.
    pub(crate) note: String,
    /// How it stands out from the others.
    pub(crate) style: Style,
    /// Its tasks.
    pub(crate) counts: StateCounts,
    /// Whether it filters.
    pub(crate) selected: bool,
}

/// Draws a side pane: a title, and a row for each name. Returns how many rows it has room for.
pub(crate) fn side_pane(
    buf: &mut Buffer,
    area: Rect,
    theme: Theme,
    (title, focused): (&str, bool),
    rows: &[SideRow],
    top: &mut usize,
) -> usize {
    ratatui::widgets::Widget::render(ratatui::widgets::Clear, area.intersection(buf.area), buf);
    let columns = columns_of(area.width, rows);
    let names = area.width.saturating_sub(COLUMN * pen::cells(columns.len()));
    // A legend that does not fit would only be half read.
    let title = if pen::width(title) < names { title } else { title.split(' ').next().unwrap_or_default() };
    pen::title(buf, pen::line_of(area, 0), title, theme.title(focused));
    for (at, column) in columns.iter().enumerate() {
        let cell = column_area(pen::line_of(area, 0), names, at);
        pen::put_right(buf, cell, &format!(" {}", column.short), theme.title(focused));
    }
    let body = pen::below(area, 1);
    let cursor = rows.iter().position(|row| row.selected).unwrap_or(0);
    *top = pen::follow(*top, cursor, body.height.into(), rows.len());
    for ((_, line), row) in pen::lines_of(body).zip(rows.iter().skip(*top)) {
        draw_name(buf, pen::first(line, names), row);
        for (at, column) in columns.iter().enumerate() {
            let number = (column.in_pane)(&row.counts);
            if number > 0 {
                let text = short_number(number);
                pen::put_right(buf, column_area(line, names, at), &text, column.style(theme, number));
            }
        }
        if row.selected {
            buf.set_style(line.intersection(buf.area), selected(focused));
        }
    }
    body.height.into()
}

/// Half a note would be half read, and would cost the name its end.
fn draw_name(buf: &mut Buffer, area: Rect, row: &SideRow) {
    let left = pen::put(buf, area, &row.name, row.style) + 1;
    if left.saturating_add(pen::width(&row.note)) <= area.width {
        pen::put(buf, pen::after(area, left), &row.note, row.style);
    }
}

/// Those that there is room for. The states have their columns whether or not a task is in them, so that nothing
/// jumps when one comes and goes.
fn columns_of(width: u16, rows: &[SideRow]) -> Vec<&'static Counted> {
    let is_wanted = |counted: &&Counted| {
        counted.name != "unknown" || rows.iter().any(|row| (counted.of)(&row.counts) > 0)
    };
    let mut columns: Vec<_> = COUNTED.iter().filter(is_wanted).collect();
    while NAME + COLUMN * pen::cells(columns.len()) > width
        && let Some(least) = columns.iter().map(|counted| counted.rank).min()
    {
        columns.retain(|counted| counted.rank != least);
    }
    columns
}

fn column_area(line: Rect, names: u16, at: usize) -> Rect {
    pen::first(pen::after(line, names + COLUMN * pen::cells(at)), COLUMN)
}

/// A number in at most four characters.
fn short_number(number: usize) -> String {
    match number {
        0..10_000 => number.to_string(),
        10_000..1_000_000 => format!("{}k", number / 1_000),
        _ => format!("{}M", number / 1_000_000),
    }
}
