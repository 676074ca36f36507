//! The columns of the failures view, by its width. The reason takes what is left of them.

use ratatui::layout::Rect;

use crate::app::FailureSort;
use crate::model::failures::BARS;
use crate::ui::text;

/// Minimum width of the reason. Columns are hidden before it gets less.
const MIN_REASON_WIDTH: u16 = 24;

/// A column after the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// What dominates the reason.
    Mostly,
    /// How many failures.
    Count,
    /// Their part of all failures or, for a part, of the reason's.
    Share,
    /// How many there were in each part of the window.
    Trend,
    /// When the first one was.
    First,
    /// When the last one was.
    Last,
}

/// The widths of a column, each after the width of the pane from which it applies.
type Widths = &'static [(u16, u16)];

/// All columns from left to right, with their titles. A column without a width for a narrow pane is hidden there.
const COLUMNS: [(Column, &str, Widths); 6] = [
    (Column::Mostly, "MOSTLY", &[(140, 44), (104, 28), (72, 21), (52, 18)]),
    (Column::Count, "COUNT", &[(94, 8), (0, 7)]),
    (Column::Share, "SHARE", &[(94, 7), (46, 6)]),
    (Column::Trend, "TREND", &[(140, 26), (94, 14), (60, 9)]),
    (Column::First, "FIRST", &[(94, 9)]),
    (Column::Last, "LAST", &[(94, 9), (40, 7)]),
];

/// The columns that are shown.
pub(super) struct Columns(Vec<(Column, &'static str, u16)>);

impl Columns {
    /// Returns the columns for a pane of this width.
    pub(super) fn of(width: u16) -> Self {
        let shown = COLUMNS.iter().filter_map(|(column, title, widths)| {
            let (_, own) = widths.iter().find(|(from, _)| width >= *from)?;
            Some((*column, *title, *own))
        });
        let mut columns = Self(shown.collect());
        while columns.width() + MIN_REASON_WIDTH > width && columns.0.len() > 1 {
            columns.0.remove(0);
        }
        columns
    }

    /// Returns the width of all columns.
    pub(super) fn width(&self) -> u16 {
        self.0.iter().map(|(.., width)| width).sum()
    }

    /// Returns the columns with their places in a line. The first cell of each is blank.
    pub(super) fn areas(&self, line: Rect) -> impl Iterator<Item = (Column, &'static str, Rect)> {
        let mut left = line.width.saturating_sub(self.width());
        self.0.iter().map(move |(column, title, width)| {
            let area = text::take_left(text::skip_left(line, left + 1), width.saturating_sub(1));
            left += width;
            (*column, *title, area)
        })
    }

    /// Returns the titles with their places, and whether they are left-aligned.
    pub(super) fn titles(
        &self,
        (sort, reversed): (FailureSort, bool),
        line: Rect,
    ) -> impl Iterator<Item = (String, Rect, bool)> {
        self.areas(line).map(move |(column, title, area)| {
            let is_sorted = match sort {
                FailureSort::Concentration => column == Column::Mostly,
                FailureSort::Count => column == Column::Count,
                FailureSort::Last => column == Column::Last,
                FailureSort::Reason => false,
            };
            let title = if is_sorted { [sign(reversed), title].concat() } else { title.to_owned() };
            (title, area, column.is_left())
        })
    }
}

impl Column {
    /// Returns whether its texts begin at the left.
    pub(super) const fn is_left(self) -> bool {
        matches!(self, Self::Mostly | Self::Trend)
    }
}

/// Returns the sign behind the title of the reasons if they are sorted by their text.
pub(super) const fn sign_of_reason((sort, reversed): (FailureSort, bool)) -> &'static str {
    match (sort, reversed) {
        (FailureSort::Reason, false) => " ▼",
        (FailureSort::Reason, true) => " ▲",
        _ => "",
    }
}

const fn sign(reversed: bool) -> &'static str {
    if reversed { "▲" } else { "▼" }
}

/// Returns how many bars of a trend fit into a width, so that each bar covers the same time.
pub(super) fn bars(width: u16) -> usize {
    [BARS, BARS / 2, BARS / 3, BARS / 4].into_iter().find(|bars| *bars <= usize::from(width)).unwrap_or(1)
}
