//! The groups of the main view, written in the formats of `:save`.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::write_lines;
use crate::app::{App, GroupPlace, GroupRow, StateCounts};
use crate::model::State;
use crate::model::secret::mask_urls;
use crate::present::columns::Align;
use crate::present::csv::{CsvWriter, Reader};
use crate::present::json::escape_for_terminal;
use crate::present::text_table::TextTable;

/// Groups of a property, without the row of all tasks.
pub(in crate::runtime) struct GroupRows {
    property: &'static str,
    pub(super) rows: Vec<GroupLine>,
}

/// A group, in the order of its fields in a file.
#[derive(Serialize)]
pub(super) struct GroupLine {
    name: Box<str>,
    id: Box<str>,
    note: Box<str>,
    total: usize,
    pending: usize,
    running: usize,
    completed: usize,
    resolving: usize,
    unknown: usize,
    /// Also failures that ended: they count until taskdeck forgets them, as on the screen.
    failed: usize,
}

impl GroupRows {
    /// The headings after the name of the property.
    const HEADINGS: [&str; 9] =
        ["id", "note", "total", "pending", "running", "completed", "resolving", "unknown", "failed"];

    pub(super) fn of(app: &App) -> Self {
        let pane = app.group_pane(GroupPlace::Main);
        let rows = app.group_rows_from(GroupPlace::Main, 1).filter_map(|row| GroupLine::of(&row)).collect();
        Self { property: pane.key().spec().name, rows }
    }

    pub(super) fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut csv = CsvWriter::new(out, Reader::Spreadsheet, true);
        csv.head([self.property].into_iter().chain(Self::HEADINGS))?;
        self.rows.iter().try_for_each(|row| csv.record(row.texts().into_iter()))?;
        csv.finish().map(drop)
    }

    pub(super) fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        let title = |(at, title): (usize, &str)| {
            (title.to_uppercase(), if at < 3 { Align::Left } else { Align::Right })
        };
        let titles = [self.property].into_iter().chain(Self::HEADINGS).enumerate().map(title);
        let mut table = TextTable::new(titles, true);
        self.rows.iter().for_each(|row| table.row(row.texts().into_iter()));
        write_lines(&table, out)
    }

    pub(super) fn write_json_lines(&self, out: &mut dyn Write) -> io::Result<()> {
        #[derive(Serialize)]
        struct Line<'a> {
            group: &'a str,
            #[serde(flatten)]
            row: &'a GroupLine,
        }
        for row in &self.rows {
            let line = serde_json::to_vec(&Line { group: self.property, row })?;
            out.write_all(&escape_for_terminal(&line))?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// Returns the text without credentials: reasons may quote URLs.
pub(super) fn masked(text: &str) -> Box<str> {
    mask_urls(text).map_or_else(|| text.into(), Into::into)
}

impl GroupLine {
    fn of(row: &GroupRow<'_>) -> Option<Self> {
        let (name, counts): (_, &StateCounts) = (row.name?, &row.counts);
        Some(Self {
            name: masked(name.label()),
            id: masked(name.id()),
            note: masked(row.note),
            total: counts.total(),
            pending: counts.of(State::Pending),
            running: counts.of(State::Running),
            completed: counts.of(State::Completed),
            resolving: counts.of(State::Resolving),
            unknown: counts.other,
            failed: counts.all_failed(),
        })
    }

    fn texts(&self) -> [Cow<'_, str>; 10] {
        let Self { name, id, note, total, pending, running, completed, resolving, unknown, failed } = self;
        let number = |number: &usize| Cow::Owned(number.to_string());
        [
            Cow::Borrowed(name),
            Cow::Borrowed(id),
            Cow::Borrowed(note),
            number(total),
            number(pending),
            number(running),
            number(completed),
            number(resolving),
            number(unknown),
            number(failed),
        ]
    }
}
