//! What the commands that read a recording have in common: which file and which part of it, how they write rows, and what
//! they say if there is nothing to read.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;
use std::mem;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use crossterm::terminal;
use jiff::tz::TimeZone;

use super::failure::{Failure, Status};
use super::moment::{Moment, parse_moment};
use super::output::{self, Output};
use super::recording;
use crate::config::{self, Flags, Paths};
use crate::filter::Filter;
use crate::model::Timestamp;
use crate::present::columns::Align;
use crate::present::csv::{CsvWriter, Reader};
use crate::present::format;
use crate::present::text_table::TextTable;
use crate::record::{RecordFault, Recording, Run};

/// Flags that select the recording.
#[derive(Debug, Args)]
#[command(next_help_heading = "Recording")]
pub(super) struct RecordingArgs {
    /// Use this configuration file instead of the default one, to find the recording
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Recording to read [default: the configured one, or recording.db in the platform's state directory]
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// Name of the target that was recorded [default: all targets]
    #[arg(long, value_name = "NAME")]
    pub(super) target: Option<String>,
}

/// Flags that select a part of the recording.
#[derive(Debug, Args)]
pub(super) struct PartArgs {
    /// Only tasks that match
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    filter: Option<String>,
    /// From this time on: how long ago, like 2h, or a time in UTC, like 2026-06-01T12:00 [default: everything]
    #[arg(long, value_name = "DURATION|TIME", value_parser = parse_moment)]
    since: Option<Moment>,
    /// Before this time, given like that of --since
    #[arg(long, value_name = "DURATION|TIME", value_parser = parse_moment)]
    until: Option<Moment>,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// Aligned columns
    Table,
    /// A line of JSON for each row
    Json,
    /// Comma-separated values
    Csv,
}

/// An open recording with its runs.
pub(super) struct Opened {
    pub(super) recording: Recording,
    pub(super) runs: Vec<Run>,
    pub(super) path: PathBuf,
}

impl RecordingArgs {
    fn path(&self, paths: &Paths) -> Result<PathBuf, Failure> {
        if let Some(file) = &self.file {
            return Ok(file.clone());
        }
        let flags = Flags { config: self.config.clone(), ..Flags::default() };
        let settings = config::load_recording(&flags, paths);
        let settings = settings.map_err(|mistake| Failure::configuration(&mistake, paths))?;
        recording::file(&settings, paths)
            .ok_or_else(|| Failure::usage("there is no state directory with a recording; pass --file"))
    }

    /// Returns the configuration file that was named.
    pub(super) fn config(&self) -> Option<PathBuf> {
        self.config.clone()
    }

    /// Opens the recording, and checks that it has the target.
    pub(super) fn open(&self, paths: &Paths) -> Result<Opened, Failure> {
        self.open_at(None, paths)
    }

    /// Opens the recording at this path, or else the one that the flags name, and checks that it has the target.
    pub(super) fn open_at(&self, path: Option<PathBuf>, paths: &Paths) -> Result<Opened, Failure> {
        let path = path.map_or_else(|| self.path(paths), Ok)?;
        if !path.exists() {
            let path = path.display();
            return Err(Failure::other(format!(
                "there is no recording at {path}; start one with `taskdeck record`, or name a file with --file"
            )));
        }
        let open = || -> Result<_, RecordFault> {
            let recording = Recording::open(&path)?;
            let runs = recording.runs()?;
            Ok((recording, runs))
        };
        let (recording, runs) = open().map_err(|fault| unreadable(&path.display().to_string(), &fault))?;
        let opened = Opened { recording, runs, path };
        let targets = opened.targets();
        match &self.target {
            Some(target) if !targets.contains(target.as_str()) => {
                let known = targets.into_iter().collect::<Vec<_>>().join(", ");
                Err(Failure::usage(format!("the recording has no target {target:?}; its targets: {known}")))
            }
            _ => Ok(opened),
        }
    }
}

impl PartArgs {
    /// Returns when the part begins.
    pub(super) fn since(&self, now: Timestamp) -> Option<Timestamp> {
        self.since.map(|since| since.resolve(now, &TimeZone::UTC))
    }

    /// Returns when the part ends.
    pub(super) fn until(&self, now: Timestamp) -> Option<Timestamp> {
        self.until.map(|until| until.resolve(now, &TimeZone::UTC))
    }

    /// Returns the filter.
    pub(super) fn filter(&self) -> Result<Filter, Failure> {
        let text = self.filter.as_deref().unwrap_or_default();
        Filter::parse_for_script(text).map_err(|mistake| Failure::filter(&mistake, text))
    }

    /// Returns the filter for the failed tasks among those that match.
    pub(super) fn failed_filter(&self) -> Result<Filter, Failure> {
        let text = [self.filter()?.text(), "failed:true"].join(" ");
        Filter::parse_for_script(&text).map_err(|mistake| Failure::filter(&mistake, &text))
    }
}

impl Opened {
    /// Returns the runs, oldest first.
    pub(super) fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Returns the names of the targets that were recorded.
    pub(super) fn targets(&self) -> BTreeSet<&str> {
        self.runs.iter().map(|run| run.target.as_str()).collect()
    }

    /// Turns a fault of the file into the error of the command.
    pub(super) fn failure(&self, fault: &ReadFailure) -> Failure {
        match fault {
            ReadFailure::Recording(fault) => unreadable(&self.path.display().to_string(), fault),
            ReadFailure::Output(error) => io::Error::new(error.kind(), error.to_string()).into(),
        }
    }

    /// Says so if the recording ended before the part that was asked for: an empty answer would read as "all is well".
    pub(super) fn warn_if_over(&self, since: Option<Timestamp>) {
        let end = self.runs.iter().map(|run| run.seen).max();
        let (Some(since), Some(end)) = (since, end) else { return };
        if end < since {
            let [since, end] = [since, end].map(|at| format::timestamp(at, &TimeZone::UTC));
            output::print_message(&format!(
                "nothing was recorded since {since}; the recording ends at {end} UTC"
            ));
        }
    }
}

/// Says why a recording cannot be read, and what to do.
pub(super) fn unreadable(path: &str, fault: &RecordFault) -> Failure {
    let advice = match fault {
        RecordFault::Newer { .. } => "; read it with that version",
        RecordFault::Damaged(_) => "; the `.recover` command of sqlite3 may save what is left",
        RecordFault::Locked => "; try again later",
        _ => "",
    };
    Failure::with(Status::Failed, format!("could not read {path}: {fault}{advice}"))
}

/// Why reading ends early.
#[derive(Debug)]
pub(super) enum ReadFailure {
    /// The recording.
    Recording(RecordFault),
    /// Standard output.
    Output(io::Error),
}

impl From<RecordFault> for ReadFailure {
    fn from(fault: RecordFault) -> Self {
        Self::Recording(fault)
    }
}

impl From<io::Error> for ReadFailure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// How many rows of a table are collected before they are written.
const PART: usize = 1_000;

/// Writes rows of texts, as they come, as a table or as CSV.
pub(super) struct TextRows {
    output: Output,
    form: TextForm,
    room: Option<usize>,
}

enum TextForm {
    Table(TextTable),
    Csv { lines: Box<CsvWriter<Vec<u8>>>, count: usize, reader: Reader, masked: bool },
}

impl TextRows {
    /// Starts a table with these headings.
    pub(super) fn table<'a>(headings: impl Iterator<Item = (Cow<'a, str>, Align)>, masked: bool) -> Self {
        let output = Output::new();
        // Lines are cut only on a terminal.
        let size = output.is_terminal().then(terminal::size).and_then(Result::ok);
        let room = size.map(|(width, _)| width.into());
        Self { output, form: TextForm::Table(TextTable::new(headings, masked)), room }
    }

    /// Starts CSV with these headings.
    pub(super) fn csv<'a>(headings: impl Iterator<Item = &'a str>, masked: bool) -> io::Result<Self> {
        let output = Output::new();
        let reader = if output.is_terminal() { Reader::Terminal } else { Reader::Program };
        let mut lines = Box::new(CsvWriter::new(Vec::new(), reader, masked));
        lines.head(headings)?;
        Ok(Self { output, form: TextForm::Csv { lines, count: 0, reader, masked }, room: None })
    }

    pub(super) fn row<'a>(&mut self, texts: impl Iterator<Item = Cow<'a, str>>) -> io::Result<()> {
        let count = match &mut self.form {
            TextForm::Table(table) => {
                table.row(texts);
                table.len()
            }
            TextForm::Csv { lines, count, .. } => {
                lines.record(texts)?;
                *count += 1;
                *count
            }
        };
        if count >= PART { self.write() } else { Ok(()) }
    }

    /// Writes the rows so far.
    fn write(&mut self) -> io::Result<()> {
        match &mut self.form {
            TextForm::Table(table) => {
                let lines = table.take_lines(self.room);
                lines.iter().try_for_each(|line| self.output.lines(line.as_bytes()))
            }
            TextForm::Csv { lines, count, reader, masked } => {
                *count = 0;
                let written = mem::replace(&mut **lines, CsvWriter::new(Vec::new(), *reader, *masked));
                self.output.lines(&written.finish()?)
            }
        }
    }

    /// Writes what is left.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.write()?;
        self.output.flush()
    }
}
