//! A report as a document: headings, paragraphs, tables and charts, before it is laid out.
//!
//! Both formats are made from the same document, so they say the same. Nothing here knows about a format.

use std::ops::Range;

use super::phrase::Phrase;
use super::series::Counts;
use crate::model::Timestamp;

/// A whole report.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Document {
    /// What it is called in a list of documents.
    pub(super) name: Phrase,
    /// What kind of document it is, and of which target.
    pub(super) kicker: Phrase,
    /// What happened, in one sentence without a period.
    pub(super) title: Phrase,
    /// The span that it covers.
    pub(super) span: Phrase,
    /// What happened, in a few sentences.
    pub(super) lead: Vec<Phrase>,
    /// The figures that matter most.
    pub(super) figures: Vec<Figure>,
    /// The rest.
    pub(super) sections: Vec<Section>,
    /// How it was made.
    pub(super) colophon: Phrase,
}

/// A figure with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure {
    /// What it counts.
    pub(super) name: &'static str,
    /// Its value.
    pub(super) value: Phrase,
    /// What to compare it with.
    pub(super) note: Phrase,
}

/// A part of a document with a heading.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Section {
    /// The heading.
    pub(super) title: &'static str,
    /// What is in it.
    pub(super) blocks: Vec<Block>,
}

/// A block of a section.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    /// A heading within the section.
    Heading(Phrase),
    /// A paragraph.
    Paragraph(Phrase),
    /// A paragraph that says what the reader must know before trusting the numbers.
    Caution(Phrase),
    /// Foreign text that stands for itself.
    Quotation(Phrase),
    /// Points.
    List(Vec<Phrase>),
    /// A table.
    Table(Table),
    /// A table that is read only to check a chart. Left out of a format that cannot fold it.
    Folded(Table),
    /// Counts over time.
    Chart(Chart),
}

/// How a table is laid out on a narrow page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Numbers to compare by column: it stays a table.
    Numbers,
    /// Rows that are read one by one: each becomes a list of its values.
    Records,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    /// What it shows.
    pub(super) caption: &'static str,
    /// How it is laid out.
    pub(super) layout: Layout,
    /// The headings of its columns.
    pub(super) columns: Vec<Column>,
    /// Its rows. Each has a cell for each column; the first one names the row.
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// Of text.
    Text(&'static str),
    /// Of numbers, which are aligned to the right.
    Number(&'static str),
}

impl Column {
    /// Returns the heading.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Text(title) | Self::Number(title) => title,
        }
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Text.
    Text(Phrase),
    /// A share from 0 to 1, with a bar.
    Share(f64),
    /// Counts over time, as a small chart.
    Course(Vec<u64>),
    /// Nothing is known.
    None,
}

impl From<Phrase> for Cell {
    fn from(phrase: Phrase) -> Self {
        if phrase.is_empty() { Self::None } else { Self::Text(phrase) }
    }
}

/// Counts over time: a strip of bars for each of the counts, on one time axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chart {
    /// What it shows, for those who cannot see it.
    pub(super) title: Phrase,
    /// The same in detail.
    pub(super) summary: Phrase,
    /// The bars, oldest first: when a bar starts, formatted, and its counts.
    pub(super) bars: Vec<(Box<str>, Counts)>,
    /// The strips.
    pub(super) strips: Vec<Strip>,
    /// The stretches to mark.
    pub(super) marks: Vec<Mark>,
    /// The labels of the time axis.
    pub(super) ticks: Vec<Tick>,
}

/// A strip of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Strip {
    /// Which of the counts.
    pub(super) kind: Kind,
    /// Its total and its highest bar.
    pub(super) label: Phrase,
}

/// One of the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Tasks that failed.
    Failed,
    /// Rejections.
    Rejected,
    /// Tasks that completed.
    Completed,
    /// Tasks that were created.
    Desired,
}

impl Kind {
    /// All, in the order of the strips.
    pub(super) const ALL: [Self; 4] = [Self::Failed, Self::Rejected, Self::Completed, Self::Desired];

    /// Returns its name as a heading.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Failed => "Failed",
            Self::Rejected => "Rejected",
            Self::Completed => "Completed",
            Self::Desired => "Desired",
        }
    }

    /// Returns its name within a sentence.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Completed => "completed",
            Self::Desired => "desired",
        }
    }

    /// Returns it of the counts.
    pub(super) const fn of(self, counts: &Counts) -> u64 {
        match self {
            Self::Failed => counts.failed,
            Self::Rejected => counts.rejected,
            Self::Completed => counts.completed,
            Self::Desired => counts.desired,
        }
    }

    /// Returns whether it tells of trouble.
    pub(super) const fn is_trouble(self) -> bool {
        matches!(self, Self::Failed | Self::Rejected)
    }
}

/// A stretch of a chart that is marked, from 0 (its left edge) to 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    /// What it is.
    pub(super) what: Marked,
    /// Where it is.
    pub(super) place: Range<f64>,
}

/// Why a stretch is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marked {
    /// It is the incident.
    Incident,
    /// Events were lost in it, or nothing was recorded.
    Unknown,
}

/// A label of the time axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    /// Where it is, from 0 to 1.
    pub(super) place: f64,
    /// The time.
    pub(super) label: Box<str>,
}

impl Mark {
    /// Returns the mark of a stretch in a chart from one time to another; none if it is outside.
    pub(super) fn new(what: Marked, stretch: &Range<Timestamp>, chart: &Range<Timestamp>) -> Option<Self> {
        let place = place(stretch.start, chart)..place(stretch.end, chart);
        (place.start < place.end).then_some(Self { what, place })
    }
}

/// Returns where a point in time is in a chart, from 0 to 1.
pub(super) fn place(at: Timestamp, chart: &Range<Timestamp>) -> f64 {
    let whole = chart.end.since(chart.start).as_secs_f64();
    if whole > 0.0 { (at.since(chart.start).as_secs_f64() / whole).clamp(0.0, 1.0) } else { 0.0 }
}
