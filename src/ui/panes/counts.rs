//! Counts by state: for the header, and as the columns of the domain and cell panes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::presence::draw_foot;
use crate::app::StateCounts;
use crate::model::State;
use crate::present::{Tone, sanitise};
use crate::ui::text;
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
/// The widest that the panes get for a name, with its note.
const WIDEST_NAME: usize = 40;

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

/// What a side pane shows.
pub(crate) struct Side {
    /// Its name, and what its marks mean where there is room for it.
    pub(crate) title: &'static str,
    /// A row for each name.
    pub(crate) rows: Vec<SideRow>,
    /// What stands at its foot: that something about the rows is unknown, and why.
    pub(crate) foot: Option<String>,
}

/// The room that the side panes were seen to need.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SideNeeds {
    /// For the widest name of both, with its note.
    names: u16,
    /// For both, the counts included.
    pub(crate) width: u16,
    /// Lines of the domains, with the title.
    pub(crate) domains: u16,
    /// Lines of the cells, with the title.
    pub(crate) cells: u16,
}

impl SideNeeds {
    /// Takes into account what the panes show now.
    pub(crate) fn add(&mut self, domains: &Side, cells: &Side) {
        for side in [domains, cells] {
            self.names = self.names.max(side.names());
            self.width = self.width.max(self.names + COLUMN * text::cells(side.columns().len()));
        }
        self.domains = self.domains.max(text::cells(domains.rows.len()).saturating_add(1));
        self.cells = self.cells.max(text::cells(cells.rows.len()).saturating_add(1));
    }
}

impl Side {
    /// The cells that the names need.
    fn names(&self) -> u16 {
        let cut = |text: &str| text::width(&sanitise::cut(text, WIDEST_NAME));
        let of_row =
            |row: &SideRow| cut(&row.name) + if row.note.is_empty() { 0 } else { cut(&row.note) + 1 };
        self.rows.iter().map(of_row).max().unwrap_or(0).min(text::cells(WIDEST_NAME))
    }

    /// All columns. The states have theirs whether or not a task is in them, so that nothing jumps when one comes and
    /// goes.
    fn columns(&self) -> Vec<&'static Counted> {
        let is_wanted = |counted: &&Counted| {
            counted.name != "unknown" || self.rows.iter().any(|row| (counted.of)(&row.counts) > 0)
        };
        COUNTED.iter().filter(is_wanted).collect()
    }

    /// The columns that there is room for beside `names` cells. The usual three are cut last, and after the names.
    fn columns_in(&self, width: u16, names: u16) -> Vec<&'static Counted> {
        let mut columns = self.columns();
        let needed =
            |count: usize| COLUMN * text::cells(count) + if count > 3 { names.max(NAME) } else { NAME };
        while needed(columns.len()) > width
            && let Some(least) = columns.iter().map(|counted| counted.rank).min()
        {
            columns.retain(|counted| counted.rank != least);
        }
        columns
    }

    /// Draws the pane: a title, and a row for each name. Returns how many rows it has room for.
    pub(crate) fn draw(
        &self,
        buf: &mut Buffer,
        area: Rect,
        (theme, focused): (Theme, bool),
        needs: SideNeeds,
        top: &mut usize,
    ) -> usize {
        ratatui::widgets::Widget::render(ratatui::widgets::Clear, area.intersection(buf.area), buf);
        let columns = self.columns_in(area.width, needs.names);
        let names = area.width.saturating_sub(COLUMN * text::cells(columns.len()));
        // A legend that does not fit would only be half read.
        let title = if text::width(self.title) < names {
            self.title
        } else {
            self.title.split(' ').next().unwrap_or_default()
        };
        text::title(buf, text::line_of(area, 0), title, theme.title(focused));
        for (at, column) in columns.iter().enumerate() {
            let cell = column_area(text::line_of(area, 0), names, at);
            text::put_right(buf, cell, &format!(" {}", column.short), theme.title(focused));
        }
        let area = draw_foot(self.foot.as_deref(), theme, area, buf);
        let body = text::below(area, 1);
        let cursor = self.rows.iter().position(|row| row.selected).unwrap_or(0);
        *top = text::follow(*top, cursor, body.height.into(), self.rows.len());
        for ((_, line), row) in text::lines_of(body).zip(self.rows.iter().skip(*top)) {
            draw_name(buf, text::first(line, names), row);
            for (at, column) in columns.iter().enumerate() {
                let number = (column.in_pane)(&row.counts);
                if number > 0 {
                    let text = short_number(number);
                    text::put_right(buf, column_area(line, names, at), &text, column.style(theme, number));
                }
            }
            // The first row is "all": without the focus there is nothing to point at while nothing is filtered.
            if row.selected && (focused || cursor > 0) {
                buf.set_style(line.intersection(buf.area), selected(focused));
            }
        }
        body.height.into()
    }
}

/// Half a note would be half read, and would cost the name its end.
fn draw_name(buf: &mut Buffer, area: Rect, row: &SideRow) {
    let left = text::put(buf, area, &row.name, row.style) + 1;
    if left.saturating_add(text::width(&row.note)) <= area.width {
        text::put(buf, text::after(area, left), &row.note, row.style);
    }
}

fn column_area(line: Rect, names: u16, at: usize) -> Rect {
    text::first(text::after(line, names + COLUMN * text::cells(at)), COLUMN)
}

/// A number in at most four characters.
fn short_number(number: usize) -> String {
    match number {
        0..10_000 => number.to_string(),
        10_000..1_000_000 => format!("{}k", number / 1_000),
        _ => format!("{}M", number / 1_000_000),
    }
}
