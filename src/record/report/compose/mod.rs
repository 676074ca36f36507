//! Puts a report into words and tables.
//!
//! Says what is known, and what is not. Must not count anything: that is done when the recording is read.

mod affected;
mod chart;
mod conduct;
mod figures;
mod headline;
mod method;
mod reasons;
mod times;
mod unknown;

use std::ops::Range;
use std::time::Duration;

use super::Report;
use super::document::{Cell, Column, Document, Layout, Section, Table};
use super::incident::{Incident, Verdict};
use super::phrase::{Phrase, Times};
use crate::model::Timestamp;

/// Returns the document of a report.
pub(super) fn document(report: &Report) -> Document {
    let writer = Writer::new(report);
    let sections = [
        chart::section(&writer),
        reasons::failures(&writer),
        reasons::rejections(&writer),
        affected::section(&writer),
        times::section(&writer),
        times::departures(&writer),
        unknown::section(&writer),
        conduct::section(&writer),
        method::section(&writer),
    ];
    Document {
        name: headline::name(&writer),
        kicker: headline::kicker(report),
        title: headline::title(&writer),
        span: headline::span(&writer),
        lead: headline::lead(&writer),
        figures: figures::figures(&writer),
        sections: sections.into_iter().flatten().collect(),
        colophon: method::colophon(report),
    }
}

/// A report with what every section needs of it.
struct Writer<'a> {
    report: &'a Report,
    times: Times,
}

impl<'a> Writer<'a> {
    fn new(report: &'a Report) -> Self {
        let Range { start, end } = report.scope.span;
        Self { report, times: Times::between(start, end, report.scope.zone.clone()) }
    }

    const fn incident(&self) -> Option<&'a Incident> {
        match &self.report.verdict {
            Verdict::Incident(incident) => Some(incident),
            Verdict::Unclear(_) => None,
        }
    }

    /// Returns what the report describes: the incident, or the whole span.
    fn described(&self) -> Range<Timestamp> {
        match self.incident() {
            Some(incident) => {
                let minutes = &incident.episode.minutes;
                minutes.start.start()..minutes.end.start()
            }
            None => self.report.scope.span.clone(),
        }
    }

    /// Returns how much of a stretch is unknown.
    fn unknown_in(&self, stretch: &Range<Timestamp>) -> Duration {
        let overlap =
            |unknown: &Range<Timestamp>| unknown.end.min(stretch.end).since(unknown.start.max(stretch.start));
        self.report.unknown.iter().map(overlap).sum()
    }

    /// Returns `in the incident`, or nothing if the report describes the whole span.
    const fn in_the_incident(&self) -> &'static str {
        if self.incident().is_some() { " in the incident" } else { "" }
    }
}

fn section(title: &'static str, blocks: Vec<super::document::Block>) -> Option<Section> {
    (!blocks.is_empty()).then_some(Section { title, blocks })
}

fn table(
    caption: &'static str,
    layout: Layout,
    columns: impl Into<Vec<Column>>,
    rows: Vec<Vec<Cell>>,
) -> Table {
    Table { caption, layout, columns: columns.into(), rows }
}

fn number(count: u64) -> Cell {
    Cell::Text(Phrase::number(count))
}

fn text(phrase: Phrase) -> Cell {
    Cell::from(phrase)
}
