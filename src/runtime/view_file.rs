//! What the main view shows at one moment, written in the formats of `:save`.
//!
//! Rows are taken in slices between frames: cloning 100,000 of them takes longer than a frame. No message is handled
//! meanwhile, so all are of the same moment. Formatting is for a thread that may block: 100,000 tasks as JSON take seconds.

mod failures;
mod groups;
mod pulse;

use std::io::{self, Write};

use jiff::tz::TimeZone;

use crate::app::{App, Entry, FileFormat, MainPane, RowId, SessionId, Store, TimeForm};
use crate::bbs::json::{Secrets, task_line};
use crate::bbs::read_summary;
use crate::model::secret::mask_urls;
use crate::model::{Clocks, DefinitionSummary, Timestamp};
use crate::present::columns::{self, Column, RowFacts, Times};
use crate::present::csv::{CsvWriter, Reader};
use crate::present::format;
use crate::present::json::escape_for_terminal;
use crate::present::sanitise;
use crate::present::text_table::TextTable;
use failures::FailureRows;
use groups::GroupRows;
use pulse::PulseRows;

/// What the main view shows.
pub(super) enum View {
    /// The rows of the filter in their order, on the screen or not.
    Tasks(TaskRows),
    /// The groups that take the place of the tasks.
    Groups(GroupRows),
    /// The clusters that take the place of the tasks.
    Failures(FailureRows),
    /// The statistics that take the place of the tasks.
    Pulse(PulseRows),
}

impl View {
    /// Begins to take what the main view shows now, at the server's time.
    pub(super) fn of(app: &App, now: Timestamp) -> Self {
        match app.main_pane() {
            MainPane::Tasks => Self::Tasks(TaskRows::of(app, now)),
            MainPane::Groups => Self::Groups(GroupRows::of(app)),
            MainPane::Failures => Self::Failures(FailureRows::of(app)),
            MainPane::Pulse => Self::Pulse(PulseRows::of(app)),
        }
    }

    /// Takes up to `most` further rows. Returns whether all are taken.
    ///
    /// # Errors
    /// The session of the rows is closed.
    pub(super) fn take(&mut self, app: &App, most: usize) -> Result<bool, SessionClosed> {
        match self {
            Self::Tasks(tasks) => tasks.take(app, most),
            Self::Groups(_) | Self::Failures(_) | Self::Pulse(_) => Ok(true),
        }
    }

    /// Returns what is written, for a notice: "12 rows".
    pub(super) fn what(&self) -> String {
        match self {
            Self::Tasks(tasks) => format::counted(tasks.rows.len() + tasks.left.len(), "row"),
            Self::Groups(groups) => format::counted(groups.rows.len(), "group"),
            Self::Failures(failures) => format::counted(failures.rows.len(), "cluster"),
            Self::Pulse(pulse) => format::counted(pulse.rows.len(), "row"),
        }
    }

    /// Writes it with secrets masked.
    pub(super) fn write(&self, format: FileFormat, out: &mut dyn Write) -> io::Result<()> {
        match (self, format) {
            (Self::Tasks(tasks), FileFormat::Csv) => tasks.write_csv(out),
            (Self::Tasks(tasks), FileFormat::JsonLines) => tasks.write_json_lines(out),
            (Self::Tasks(tasks), FileFormat::Text) => tasks.write_text(out),
            (Self::Groups(groups), FileFormat::Csv) => groups.write_csv(out),
            (Self::Groups(groups), FileFormat::JsonLines) => groups.write_json_lines(out),
            (Self::Groups(groups), FileFormat::Text) => groups.write_text(out),
            (Self::Failures(failures), FileFormat::Csv) => failures.write_csv(out),
            (Self::Failures(failures), FileFormat::JsonLines) => failures.write_json_lines(out),
            (Self::Failures(failures), FileFormat::Text) => failures.write_text(out),
            (Self::Pulse(pulse), FileFormat::Csv) => pulse.write_csv(out),
            (Self::Pulse(pulse), FileFormat::JsonLines) => pulse.write_json_lines(out),
            (Self::Pulse(pulse), FileFormat::Text) => pulse.write_text(out),
        }
    }
}

/// The session whose rows were being taken is closed.
#[derive(Debug)]
pub(super) struct SessionClosed;

/// Rows of the task table.
pub(super) struct TaskRows {
    session: SessionId,
    rows: Vec<TaskRow>,
    /// The rows that are not taken yet.
    left: std::vec::IntoIter<RowId>,
    columns: Vec<&'static Column>,
    times: TimeForm,
    clocks: Clocks,
    now: Timestamp,
}

struct TaskRow {
    entry: Entry,
    /// Empty if no column shows it.
    zone: Box<str>,
}

/// Returns the row of a task as a line of text: the columns of the table, two spaces between them.
pub(super) fn row_text(app: &App, entry: &Entry, now: Timestamp) -> String {
    let mut rows = TaskRows::new(app, Vec::new(), now);
    rows.rows = vec![rows.row(app.store(), entry)];
    let mut line = String::new();
    // A column without a text is left out: nothing stands above it that would need the gap.
    let written = rows.for_each_row(&rows.zone(), |facts| {
        let texts = rows.columns.iter().map(|column| (column.text)(facts)).filter(|text| !text.is_empty());
        let safe = texts.map(|text| {
            let masked = mask_urls(&text);
            sanitise::clean(masked.as_deref().unwrap_or(&text)).into_owned()
        });
        line = safe.collect::<Vec<_>>().join("  ");
        Ok(())
    });
    debug_assert!(written.is_ok(), "nothing is written to a file");
    line
}

impl TaskRows {
    fn of(app: &App, now: Timestamp) -> Self {
        Self::new(app, app.rows_from(0).collect(), now)
    }

    fn new(app: &App, left: Vec<RowId>, now: Timestamp) -> Self {
        let keys: Vec<_> = app.columns().visible().map(|choice| choice.key).collect();
        Self {
            session: app.shown_session(),
            rows: Vec::with_capacity(left.len()),
            left: left.into_iter(),
            columns: columns::by_keys(&keys),
            times: app.times(),
            clocks: *app.store().clocks(),
            now,
        }
    }

    fn take(&mut self, app: &App, most: usize) -> Result<bool, SessionClosed> {
        let store = app.store_of(self.session).ok_or(SessionClosed)?;
        for _ in 0..most {
            let Some(id) = self.left.next() else { break };
            let row = store.entry(id).map(|entry| self.row(store, entry));
            self.rows.extend(row);
        }
        Ok(self.left.len() == 0)
    }

    fn row(&self, store: &Store, entry: &Entry) -> TaskRow {
        let shows_zone = self.columns.iter().any(|column| column.key == columns::ZONE);
        let zone = if shows_zone { store.zone(entry.last_cell.as_ref()) } else { "" };
        TaskRow { entry: entry.clone(), zone: zone.into() }
    }

    /// Returns the zone of times as they are on the screen.
    fn zone(&self) -> TimeZone {
        if self.times == TimeForm::Local { TimeZone::system() } else { TimeZone::UTC }
    }

    /// Calls `write` with the facts of each row.
    fn for_each_row(
        &self,
        zone: &TimeZone,
        mut write: impl FnMut(&RowFacts<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let reads_definition = self.columns.iter().any(|column| column.reads_definition());
        let times = if self.times == TimeForm::Age { Times::Age } else { Times::In(zone) };
        for TaskRow { entry, zone } in &self.rows {
            let summary = if reads_definition {
                read_summary(&entry.task.definition)
            } else {
                DefinitionSummary::default()
            };
            write(&RowFacts {
                task: &entry.task,
                cell: entry.last_cell.as_ref(),
                zone,
                summary: &summary,
                started_at: entry.started_at,
                end: entry.end.as_deref(),
                clocks: &self.clocks,
                now: self.now,
                times,
            })?;
        }
        Ok(())
    }

    fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut csv = CsvWriter::new(out, Reader::Spreadsheet, true);
        csv.head(self.columns.iter().map(|column| column.plain_name()))?;
        self.for_each_row(&TimeZone::UTC, |facts| {
            csv.record(self.columns.iter().map(|column| column.plain_text(facts)))
        })?;
        csv.finish().map(drop)
    }

    fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        let titles = self.columns.iter().map(|column| (column.title, column.align));
        let mut table = TextTable::new(titles, true);
        self.for_each_row(&self.zone(), |facts| {
            table.row(self.columns.iter().map(|column| (column.text)(facts)));
            Ok(())
        })?;
        write_lines(&table, out)
    }

    fn write_json_lines(&self, out: &mut dyn Write) -> io::Result<()> {
        self.rows.iter().try_for_each(|row| {
            let line = task_line(&row.entry.task, Secrets::Masked);
            out.write_all(&escape_for_terminal(&line))
        })
    }
}

fn write_lines(table: &TextTable, out: &mut dyn Write) -> io::Result<()> {
    table.lines(None).try_for_each(|line| out.write_all(line.as_bytes()))
}
