//! The columns of the task table: one record each in [`COLUMNS`]. The screen, the sort, `--columns`, CSV and the documentation
//! are made from these records; to add a column, add a record.
//!
//! Must not know the state of the dashboard or how a terminal draws: texts are sanitized where they are written.

mod contents;
mod layout;
mod row;
mod table;
#[cfg(test)]
mod tests;
mod texts;
mod widths;

use std::borrow::Cow;

use crate::model::{Sort, SortRule};

use super::{Tone, format, sanitise};

pub use contents::Contents;
pub use layout::{Arrangement, Chosen, Placed, Room, arrange};
pub use row::{NO_SUMMARY, RowFacts, Times};
pub use table::{COLUMNS, DEFAULT_SORT, REASON, STATE, ZONE};

/// The width rule of a column, in cells. Where there is room, every column is as wide as the texts in view; the rule
/// says who gets how much where there is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width {
    /// A column that would get less is left out.
    pub min: u16,
    /// Enough for the usual texts. Every column gets this much before any gets more.
    pub ideal: u16,
    /// Enough for long texts. Every column gets this much before any gets more, so that one very long name does not take
    /// the room of all others.
    pub most: u16,
    /// Whether the column takes the room that no text needs.
    pub grows: bool,
    /// Whether the column shows its texts whole or at the minimum width: two thirds of a guid say no more than half. It
    /// is cut last, and takes what is left over only when nothing else is cut.
    pub whole: bool,
}

impl Width {
    const fn fixed(width: u16) -> Self {
        Self::flexible(width, width, width)
    }

    const fn flexible(min: u16, ideal: u16, most: u16) -> Self {
        Self { min, ideal, most, grows: false, whole: false }
    }

    /// Returns whether the width is independent of the texts.
    const fn is_fixed(self) -> bool {
        self.min == self.most
    }
}

/// Where a column cuts a text that is too long for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// At its end.
    End,
    /// In the middle: guids and the names of cells differ at both ends.
    Middle,
}

impl Cut {
    /// Returns the text, sanitized, in at most `width` cells.
    pub fn apply(self, text: &str, width: u16) -> Cow<'_, str> {
        match self {
            Self::End => sanitise::cut(text, width.into()),
            Self::Middle => sanitise::cut_middle(text, width.into()),
        }
    }
}

/// How a column aligns its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Texts.
    Left,
    /// Numbers and ages.
    Right,
}

/// Which rows' tones colour a column's cell. In the row of an ended task all cells have the row's tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emphasis {
    /// None.
    Never,
    /// Warnings and errors.
    Problems,
    /// All.
    Always,
}

/// The text of a column's cell in a row. Not sanitized.
pub type Text = for<'a> fn(&RowFacts<'a>) -> Cow<'a, str>;

/// A column.
#[derive(Debug)]
pub struct Column {
    /// The name in options, files and the state of the dashboard.
    pub key: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What it shows, in a few words for the docs.
    pub summary: &'static str,
    /// The cell on a screen.
    pub text: Text,
    /// The cell for programs, where it differs.
    plain: Option<Plain>,
    /// How it sorts.
    pub rule: SortRule,
    /// The same in words for the docs.
    pub order: &'static str,
    /// Whether that order begins with the lowest or the highest value.
    pub direction: Direction,
    /// The name of the filter field with the same value, if there is one.
    pub field: Option<&'static str>,
    /// The width when points in time are shown as ages.
    pub width: Width,
    /// Whether it holds points in time, and takes the width of a timestamp when these are shown.
    is_time: bool,
    /// On a narrow screen columns of a lower rank are left out first.
    pub rank: u8,
    /// How its text is aligned.
    pub align: Align,
    /// Where a text that is too long is cut.
    pub cut: Cut,
    /// Which rows' tones colour the cell.
    emphasis: Emphasis,
    /// Whether it is shown by default.
    pub shown: bool,
    /// Whether it is shown by default where all others have their ideal widths.
    pub if_room: bool,
}

/// A direction of a sort, by the values in the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The lowest value first.
    Ascending,
    /// The highest value first.
    Descending,
}

/// A column as programs want it.
#[derive(Debug, Clone, Copy)]
struct Plain {
    /// The heading: the API's name where the column shows something derived from it.
    name: &'static str,
    text: Text,
}

impl Column {
    /// Returns the sort by this column in its own direction.
    pub const fn sort(&self) -> Sort {
        Sort { column: self.key, rule: self.rule, reversed: false }
    }

    /// Returns whether the column shows a field of the definition, so that [`RowFacts::summary`] is needed.
    pub const fn reads_definition(&self) -> bool {
        matches!(self.rule, SortRule::Definition(_))
    }

    /// Returns the column's name for programs.
    pub fn plain_name(&self) -> &'static str {
        self.plain.map_or(self.key, |plain| plain.name)
    }

    /// Returns the heading where points in time are shown as such: `CREATED` instead of `AGE`.
    pub fn title_of_points(&self) -> Cow<'static, str> {
        match self.plain_name().strip_suffix("_at") {
            Some(name) if self.is_time => Cow::Owned(name.to_uppercase()),
            _ => Cow::Borrowed(self.title),
        }
    }

    /// Returns the value for programs: without signs, points in time in RFC 3339.
    pub fn plain_text<'a>(&self, row: &RowFacts<'a>) -> Cow<'a, str> {
        self.plain.map_or(self.text, |plain| plain.text)(row)
    }

    /// Returns the tone of this column's cell in a row of tone `row`.
    pub fn tone(&self, row: Tone) -> Tone {
        match (row, self.emphasis) {
            (Tone::Ended, _) | (_, Emphasis::Always) | (Tone::Bad | Tone::Warn, Emphasis::Problems) => row,
            _ => Tone::Normal,
        }
    }

    fn width_for(&self, times: Times<'_>) -> Width {
        match times {
            Times::In(_) if self.is_time => Width::fixed(format::TIMESTAMP_WIDTH),
            _ => self.width,
        }
    }
}

/// Returns the column with this key.
pub fn find(key: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| column.key == key)
}

/// Returns the columns with these keys, in this order.
pub fn by_keys(keys: &[&str]) -> Vec<&'static Column> {
    keys.iter().filter_map(|key| find(key)).collect()
}

/// Returns the keys of all columns, separated by commas.
pub fn keys() -> String {
    COLUMNS.iter().map(|column| column.key).collect::<Vec<_>>().join(", ")
}

/// Returns the columns that are shown by default.
pub fn shown() -> impl Iterator<Item = &'static Column> + Clone {
    COLUMNS.iter().filter(|column| column.shown)
}

/// Returns the columns as a Markdown table, for the documentation.
pub fn markdown() -> String {
    let head = "| column | shows | sort order | in CSV | filter field | dashboard |\n\
                | --- | --- | --- | --- | --- | --- |\n";
    let row = |column: &Column| {
        let field = column.field.map(|field| format!("`{field}:`")).unwrap_or_default();
        let shown = match (column.shown, column.if_room) {
            (true, _) => "shown",
            (false, true) => "shown if there is room",
            (false, false) => "not shown",
        };
        let Column { key, summary, order, .. } = column;
        format!("| `{key}` | {summary} | {order} | `{}` | {field} | {shown} |\n", column.plain_name())
    };
    std::iter::once(head.to_owned()).chain(COLUMNS.iter().map(row)).collect()
}
