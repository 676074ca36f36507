//! The pulse, written in the formats of `:save`: every row of the dimension, over the window on the screen.

use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use super::groups::masked;
use super::write_lines;
use crate::app::{App, PulseFacts};
use crate::model::statistics::Durations;
use crate::present::columns::Align;
use crate::present::csv::{CsvWriter, Reader};
use crate::present::json::escape_for_terminal;
use crate::present::pulse;
use crate::present::text_table::TextTable;

/// The rows of the pulse, the one of all tasks first.
pub(in crate::runtime) struct PulseRows {
    property: &'static str,
    window: &'static str,
    pub(super) rows: Vec<PulseLine>,
}

/// A row, in the order of its fields in a file. Times are in seconds. There is no rate until half a minute was watched.
#[derive(Serialize)]
pub(super) struct PulseLine {
    /// None for all tasks, and for those of subjects that are not counted on their own.
    id: Option<Box<str>>,
    name: Box<str>,
    note: Box<str>,
    started: u32,
    wait_p50: Option<f64>,
    wait_p95: Option<f64>,
    wait_max: Option<f64>,
    run_p50: Option<f64>,
    run_p95: Option<f64>,
    run_max: Option<f64>,
    completed: u32,
    completed_per_minute: Option<f64>,
    failed: u32,
    failed_share: Option<f64>,
    deviations: Vec<String>,
}

impl PulseRows {
    const HEADINGS: [&str; 15] = [
        "id",
        "note",
        "window",
        "started",
        "wait p50",
        "wait p95",
        "wait max",
        "run p50",
        "run p95",
        "run max",
        "completed",
        "completed a minute",
        "failed",
        "share failed",
        "deviation",
    ];

    pub(super) fn of(app: &App) -> Self {
        let pane = app.pulse();
        let rows = (0..pane.rows().len()).filter_map(|at| Some(PulseLine::of(app.pulse_facts(at)?, at)));
        Self { property: pane.group_key().spec().name, window: pane.window().name(), rows: rows.collect() }
    }

    pub(super) fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut csv = CsvWriter::new(out, Reader::Spreadsheet, true);
        csv.head([self.property].into_iter().chain(Self::HEADINGS))?;
        self.rows.iter().try_for_each(|row| csv.record(row.texts(self.window).into_iter()))?;
        csv.finish().map(drop)
    }

    pub(super) fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        let is_text = |title: &str| ["id", "note", "window", "deviation", self.property].contains(&title);
        let title =
            |title: &str| (title.to_uppercase(), if is_text(title) { Align::Left } else { Align::Right });
        let mut table = TextTable::new([self.property].into_iter().chain(Self::HEADINGS).map(title), true);
        self.rows.iter().for_each(|row| table.row(row.texts(self.window).into_iter()));
        write_lines(&table, out)
    }

    pub(super) fn write_json_lines(&self, out: &mut dyn Write) -> io::Result<()> {
        #[derive(Serialize)]
        struct Line<'a> {
            pulse: &'a str,
            window: &'a str,
            #[serde(flatten)]
            row: &'a PulseLine,
        }
        for row in &self.rows {
            let line = serde_json::to_vec(&Line { pulse: self.property, window: self.window, row })?;
            out.write_all(&escape_for_terminal(&line))?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

impl PulseLine {
    fn of(facts: &PulseFacts, at: usize) -> Self {
        let figures = &facts.figures;
        let (waiting, running) = (&figures.now.waiting, &figures.now.running);
        let quantile = |durations: &Durations, share| durations.quantile(share).map(seconds);
        let name = match &facts.name {
            Some(name) => name.label(),
            None if at == 0 => "all",
            None => "others",
        };
        Self {
            id: facts.name.as_ref().map(|name| masked(name.id())),
            name: masked(name),
            note: facts.name.as_ref().map(|name| masked(name.note())).unwrap_or_default(),
            started: waiting.count(),
            wait_p50: quantile(waiting, 0.5),
            wait_p95: quantile(waiting, 0.95),
            wait_max: waiting.longest().map(seconds),
            run_p50: quantile(running, 0.5),
            run_p95: quantile(running, 0.95),
            run_max: running.longest().map(seconds),
            completed: figures.now.completed,
            completed_per_minute: figures.per_minute().map(|rate| rounded(rate, 10.0)),
            failed: figures.now.failed,
            failed_share: figures.failure_share().map(|share| rounded(share, 10_000.0)),
            deviations: figures.deviations.iter().map(|deviation| pulse::shift(deviation.shift)).collect(),
        }
    }

    fn texts(&self, window: &'static str) -> [Cow<'_, str>; 16] {
        let number =
            |number: Option<f64>| Cow::Owned(number.map(|number| number.to_string()).unwrap_or_default());
        [
            Cow::Borrowed(&*self.name),
            Cow::Borrowed(self.id.as_deref().unwrap_or_default()),
            Cow::Borrowed(&*self.note),
            Cow::Borrowed(window),
            Cow::Owned(self.started.to_string()),
            number(self.wait_p50),
            number(self.wait_p95),
            number(self.wait_max),
            number(self.run_p50),
            number(self.run_p95),
            number(self.run_max),
            Cow::Owned(self.completed.to_string()),
            number(self.completed_per_minute),
            Cow::Owned(self.failed.to_string()),
            number(self.failed_share),
            Cow::Owned(self.deviations.join(", ")),
        ]
    }
}

fn seconds(span: Duration) -> f64 {
    rounded(span.as_secs_f64(), 1_000.0)
}

/// Rounds to the parts of one that a number is known to.
fn rounded(number: f64, parts: f64) -> f64 {
    (number * parts).round() / parts
}
