//! The columns of a task: one record each. The table, `--columns` and the docs are made of these records.

mod widths;

use std::borrow::Cow;

use jiff::tz::TimeZone;

use crate::model::{CellId, End, State, Task, Timestamp};

use super::{Tone, ending, format, of_task, sign};

pub use widths::{Contents, Placed, place};

/// How points in time are shown.
#[derive(Debug, Clone, Copy)]
pub enum Times<'a> {
    /// How long ago.
    Age,
    /// In this zone.
    In(&'a TimeZone),
}

/// All that a cell's text may depend on.
#[derive(Debug, Clone, Copy)]
pub struct RowFacts<'a> {
    /// The task, as last seen.
    pub task: &'a Task,
    /// The cell it is on, or was on last: the server forgets it on completion.
    pub cell: Option<&'a CellId>,
    /// How and when (our wall time) it left; none while the BBS holds it.
    pub end: Option<(End, Timestamp)>,
    /// The server's time.
    pub now: Timestamp,
    /// How points in time are shown.
    pub times: Times<'a>,
}

impl RowFacts<'_> {
    /// What the row means.
    pub fn tone(&self) -> Tone {
        of_task(self.task, self.end.is_some(), self.now)
    }

    fn point(&self, at: Timestamp) -> Cow<'static, str> {
        Cow::Owned(match self.times {
            _ if at.is_unset() => String::new(),
            Times::Age => format::age(self.now.since(at)),
            Times::In(zone) => format::timestamp(at, zone),
        })
    }
}

/// How wide a column is. Within these bounds the width follows the column's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width {
    /// A column that would get less is left out.
    pub min: u16,
    /// Enough for the usual texts. Every column gets this much before any gets more.
    pub ideal: u16,
    /// The widest it gets for its texts, so that one long name does not take the room of all others.
    pub most: u16,
    /// Whether it takes what is left over.
    pub grows: bool,
    /// Whether it shows all or the least: two thirds of a guid say no more than half of it.
    pub whole: bool,
}

impl Width {
    /// Whether the width is the same whatever the texts are.
    const fn is_fixed(self) -> bool {
        self.min == self.most || self.grows
    }
}

/// On which side a column's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Texts.
    Left,
    /// Numbers and ages.
    Right,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name in options and files.
    pub key: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// How wide it is when points in time are ages.
    pub width: Width,
    /// The higher, the longer it stays on a narrow screen.
    pub rank: u8,
    /// On which side its text stands.
    pub align: Align,
    /// Whether it is shown without being asked for.
    pub shown: bool,
    /// Whether it holds points in time, and is as wide as they are.
    pub is_time: bool,
    /// The text of one row: not made safe for a terminal.
    pub text: Text,
    /// The same for programs.
    pub plain: Plain,
}

/// What a column says of a row.
pub type Text = for<'a> fn(&RowFacts<'a>) -> Cow<'a, str>;

/// A column as programs want it: the value without signs, points in time in RFC 3339.
#[derive(Debug, Clone, Copy)]
pub struct Plain {
    /// What it is called where there is a heading; the API's word where the column shows something made of it.
    pub name: &'static str,
    /// The value of one row.
    pub text: Text,
}

impl Column {
    const fn new(key: &'static str, title: &'static str, rank: u8, width: Width, text: Text) -> Self {
        let plain = Plain { name: key, text };
        Self { key, title, width, rank, align: Align::Left, shown: true, is_time: false, text, plain }
    }

    const fn plain(mut self, name: &'static str, text: Text) -> Self {
        self.plain = Plain { name, text };
        self
    }

    const fn time(mut self) -> Self {
        self.align = Align::Right;
        self.is_time = true;
        self
    }

    const fn right(mut self) -> Self {
        self.align = Align::Right;
        self
    }

    const fn on_request(mut self) -> Self {
        self.shown = false;
        self
    }

    fn width_for(&self, times: Times<'_>) -> Width {
        match times {
            Times::In(_) if self.is_time => fixed(format::TIMESTAMP_WIDTH),
            _ => self.width,
        }
    }
}

const fn fixed(width: u16) -> Width {
    flexible(width, width, width)
}

const fn flexible(min: u16, ideal: u16, most: u16) -> Width {
    Width { min, ideal, most, grows: false, whole: false }
}

/// Every column, in the order of the table.
pub const COLUMNS: &[Column] = &[
    Column::new("guid", "GUID", 10, Width { whole: true, ..flexible(18, 36, 48) }, |row| {
        Cow::Borrowed(row.task.guid.as_str())
    }),
    Column::new("domain", "DOMAIN", 5, flexible(8, 14, 32), |row| Cow::Borrowed(row.task.domain.as_str())),
    Column::new("state", "STATE", 9, flexible(11, 11, 24), state_text).plain("state", state_word),
    Column::new("cell", "CELL", 4, flexible(8, 14, 36), |row| {
        Cow::Borrowed(row.cell.map_or("", CellId::as_str))
    }),
    Column::new("age", "AGE", 8, fixed(format::AGE_WIDTH), |row| row.point(row.task.created_at))
        .time()
        .plain("created_at", |row| Cow::Owned(format::rfc3339(row.task.created_at))),
    Column::new("in-state", "IN STATE", 6, fixed(8), |row| row.point(row.task.updated_at))
        .time()
        .plain("updated_at", |row| Cow::Owned(format::rfc3339(row.task.updated_at))),
    Column::new(
        "reason",
        "REASON",
        7,
        Width { min: 12, ideal: 24, most: u16::MAX, grows: true, whole: false },
        |row| Cow::Borrowed(row.task.reason()),
    ),
    Column::new("result", "RESULT", 2, flexible(10, 20, 40), |row| Cow::Borrowed(&row.task.result))
        .on_request(),
    Column::new("rejections", "REJECTED", 1, fixed(8), |row| match row.task.rejection_count {
        0 => Cow::Borrowed(""),
        count => Cow::Owned(count.to_string()),
    })
    .right()
    .on_request()
    .plain("rejections", |row| Cow::Owned(row.task.rejection_count.to_string())),
    Column::new("failed", "FAILED", 0, fixed(6), |row| {
        Cow::Borrowed(if row.task.failed { "failed" } else { "" })
    })
    .on_request()
    .plain("failed", |row| Cow::Owned(row.task.failed.to_string())),
];

fn state_text<'a>(row: &RowFacts<'a>) -> Cow<'a, str> {
    let sign = match (row.end, row.task.state) {
        // That a client had claimed it is over; that it succeeded is not.
        (Some(_), State::Resolving) if !row.task.failed => "✓",
        _ => sign(row.task),
    };
    Cow::Owned([sign, " ", &state_word(row)].concat())
}

fn state_word<'a>(row: &RowFacts<'a>) -> Cow<'a, str> {
    match (row.end, row.task.state.name()) {
        (Some((end, _)), _) => Cow::Borrowed(ending::word(end)),
        (None, Some(name)) => Cow::Borrowed(name),
        (None, None) => Cow::Owned(row.task.state.to_string()),
    }
}

/// The column of this key.
pub fn find(key: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| column.key == key)
}

/// The keys of all columns, with commas between them.
pub fn keys() -> String {
    COLUMNS.iter().map(|column| column.key).collect::<Vec<_>>().join(", ")
}

/// The columns that are shown without being asked for.
pub fn shown() -> impl Iterator<Item = &'static Column> + Clone {
    COLUMNS.iter().filter(|column| column.shown)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::tone::tests::task;
    use super::*;

    #[test]
    fn keys_and_ranks_are_unique() {
        let keys: HashSet<_> = COLUMNS.iter().map(|column| column.key).collect();
        let ranks: HashSet<_> = COLUMNS.iter().map(|column| column.rank).collect();
        assert_eq!((keys.len(), ranks.len()), (COLUMNS.len(), COLUMNS.len()));
    }

    #[test]
    fn a_row_reads_as_it_should() {
        let mut task = task(State::Completed, Timestamp::from_nanos(1_000_000_000));
        task.failed = true;
        task.failure_reason = "out of memory".into();
        let cell = CellId::from("cell-3");
        let now = Timestamp::from_nanos(73_000_000_000);
        let row = RowFacts { task: &task, cell: Some(&cell), end: None, now, times: Times::Age };
        let texts: Vec<_> = shown().map(|column| (column.text)(&row).into_owned()).collect();
        assert_eq!(texts, ["guid-1", "cf-tasks", "✗ Completed", "cell-3", "1m12s", "1m12s", "out of memory"]);
        let ended = RowFacts { end: Some((End::CalledBack, now)), ..row };
        assert_eq!(find("state").map(|c| (c.text)(&ended).into_owned()).as_deref(), Some("✗ callback"));
        let plain: Vec<_> = COLUMNS.iter().map(|column| (column.plain.text)(&row).into_owned()).collect();
        let second = "1970-01-01T00:00:01Z";
        assert_eq!(plain[..6], ["guid-1", "cf-tasks", "Completed", "cell-3", second, second]);
        assert_eq!(plain[6..], ["out of memory", "", "0", "true"]);
    }
}
