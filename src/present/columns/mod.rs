//! The columns of the task table: one record each in [`COLUMNS`]. The screen, the sort, `--columns`, CSV and the README
//! are made from these records; to add a column, add a record.
//!
//! Must not know the state of the dashboard or how a terminal draws: texts are sanitized where they are written.

mod contents;
mod layout;
mod table;
mod widths;

use std::borrow::Cow;

use jiff::tz::TimeZone;

use crate::model::{CellId, DefinitionSummary, End, Life, Sort, SortRule, Span, Task, Timestamp, started_at};

use super::{Tone, format, of_task, sanitise};

pub use contents::Contents;
pub use layout::{Arrangement, Chosen, Placed, Room, arrange};
pub use table::{COLUMNS, DEFAULT_SORT, REASON, STATE, ZONE};

/// How points in time are shown.
#[derive(Debug, Clone, Copy)]
pub enum Times<'a> {
    /// How long ago.
    Age,
    /// In this zone.
    In(&'a TimeZone),
}

/// The summary of a definition that is not read.
pub static NO_SUMMARY: DefinitionSummary<'static> = DefinitionSummary {
    memory_mb: 0,
    disk_mb: 0,
    log_guid: Cow::Borrowed(""),
    callback_url: Cow::Borrowed(""),
    annotation: Cow::Borrowed(""),
};

/// What a cell's text may depend on.
#[derive(Debug, Clone, Copy)]
pub struct RowFacts<'a> {
    /// The task, as last seen.
    pub task: &'a Task,
    /// The cell that runs the task, or the last one that did: the BBS forgets it on completion.
    pub cell: Option<&'a CellId>,
    /// The availability zone of that cell; empty if it is not known.
    pub zone: &'a str,
    /// What columns show of the definition; empty if no visible column needs it.
    pub summary: &'a DefinitionSummary<'a>,
    /// When the task started; unset if that is not known.
    pub started_at: Timestamp,
    /// How and when (by our clock) the task left; none while the BBS holds it.
    pub end: Option<(End, Timestamp)>,
    /// The server's time.
    pub now: Timestamp,
    /// How points in time are shown.
    pub times: Times<'a>,
}

impl<'a> RowFacts<'a> {
    /// Returns what the task's own record tells, which is all that a list knows.
    pub fn of(task: &'a Task, now: Timestamp) -> Self {
        Self {
            task,
            cell: task.cell.as_ref(),
            zone: "",
            summary: &NO_SUMMARY,
            started_at: started_at(task, Timestamp::UNSET),
            end: None,
            now,
            times: Times::Age,
        }
    }

    /// Returns the task's course, for its spans of time.
    const fn life(&self) -> Life<'a> {
        Life { task: self.task, started_at: self.started_at, ended: self.end.is_some() }
    }

    /// Returns the tone of the row.
    pub fn tone(&self) -> Tone {
        of_task(self.task, self.end.is_some(), self.now)
    }

    fn span(&self, span: Span) -> Cow<'static, str> {
        Cow::Owned(match span {
            Span::Unknown => String::new(),
            Span::Since(at) => format::age(self.now.since(at)),
            Span::Took(took) => format::took(took),
        })
    }

    /// Returns a span in seconds, for programs.
    fn seconds(&self, span: Span) -> Cow<'static, str> {
        Cow::Owned(match span {
            Span::Unknown => String::new(),
            Span::Since(at) => format!("{:.3}", self.now.since(at).as_secs_f64()),
            Span::Took(took) => format!("{:.3}", took.as_secs_f64()),
        })
    }

    fn point(&self, at: Timestamp) -> Cow<'static, str> {
        Cow::Owned(match self.times {
            _ if at.is_unset() => String::new(),
            Times::Age => format::age(self.now.since(at)),
            Times::In(zone) => format::timestamp(at, zone),
        })
    }
}

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

/// Returns the columns as a Markdown table, for the README.
pub fn markdown() -> String {
    let head = "| column | shows | sort order | in CSV | filter field | dashboard |\n\
                | --- | --- | --- | --- | --- | --- |\n";
    let row = |column: &Column| {
        let field = column.field.map(|field| format!("`{field}:`")).unwrap_or_default();
        let shown = if column.shown { "shown" } else { "not shown" };
        let Column { key, summary, order, .. } = column;
        format!("| `{key}` | {summary} | {order} | `{}` | {field} | {shown} |\n", column.plain_name())
    };
    std::iter::once(head.to_owned()).chain(COLUMNS.iter().map(row)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::task_state::tests::task;
    use super::*;
    use crate::filter::FIELDS;
    use crate::model::State;

    #[test]
    fn keys_and_ranks_are_unique() {
        let keys: HashSet<_> = COLUMNS.iter().map(|column| column.key).collect();
        let ranks: HashSet<_> = COLUMNS.iter().map(|column| column.rank).collect();
        assert_eq!((keys.len(), ranks.len()), (COLUMNS.len(), COLUMNS.len()));
    }

    #[test]
    fn the_keys_that_others_name_exist() {
        for key in [DEFAULT_SORT, REASON, STATE, Sort::default().column] {
            assert!(find(key).is_some(), "{key}");
        }
        assert!(matches!(find(Sort::default().column).map(|column| column.rule), Some(SortRule::Guid)));
        for field in COLUMNS.iter().filter_map(|column| column.field) {
            assert!(FIELDS.iter().any(|known| known.name == field), "{field}");
        }
    }

    #[test]
    fn a_row_reads_as_it_should() {
        let mut task = task(State::Completed, Timestamp::from_nanos(1_000_000_000));
        task.failed = true;
        task.failure_reason = "out of memory".into();
        let cell = CellId::from("cell-3");
        let now = Timestamp::from_nanos(73_000_000_000);
        let row = RowFacts { cell: Some(&cell), ..RowFacts::of(&task, now) };
        let texts: Vec<_> = shown().map(|column| (column.text)(&row).into_owned()).collect();
        assert_eq!(texts, ["guid-1", "cf-tasks", "✗ Completed", "cell-3", "1m12s", "1m12s", "out of memory"]);
        let ended = RowFacts { end: Some((End::CalledBack, now)), ..row };
        assert_eq!(find(STATE).map(|c| (c.text)(&ended).into_owned()).as_deref(), Some("✗ callback"));
        let plain: Vec<_> = COLUMNS.iter().map(|column| column.plain_text(&row).into_owned()).collect();
        let second = "1970-01-01T00:00:01Z";
        assert_eq!(plain[..8], ["guid-1", "cf-tasks", "Completed", "cell-3", "cell-3", "", second, second]);
        assert_eq!(plain[8..11], ["", "", "1970-01-01T00:02:01Z"], "its start was not seen");
        assert_eq!(plain[11..], ["out of memory", "", "0", "0", "0", "", "", "", "true"]);
    }

    #[test]
    fn an_ended_row_is_one_tone_and_a_problem_stands_out_where_it_is_named() {
        let tones = |row| shown().map(|column| column.tone(row)).collect::<Vec<_>>();
        assert!(tones(Tone::Ended).iter().all(|tone| *tone == Tone::Ended));
        let coloured = |row: Tone| {
            shown().filter(|column| column.tone(row) == row).map(|column| column.key).collect::<Vec<_>>()
        };
        assert_eq!(coloured(Tone::Bad), ["guid", "state", "reason"]);
        assert_eq!(coloured(Tone::Good), ["state"]);
    }
}
