//! The columns of the pulse: which fit, and what they show.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::sparkline;
use crate::app::{PulseFacts, PulseSort};
use crate::model::statistics::{Deviation, Durations, Shift};
use crate::present::{Tone, pulse};
use crate::ui::Scene;
use crate::ui::text;

/// Minimum width of the names beside the columns that are dropped last.
const MIN_NAMES: u16 = 17;
/// Width beyond which names do not grow.
const MAX_NAMES: u16 = 40;
/// Width of the words that say what deviates, with the gap before them; they get what is left.
const MIN_WORDS: u16 = 25;
/// Width of the columns that stay beside the words.
const MAIN_COLUMNS: u16 = 37;
/// Cells before the words and before a sparkline.
const GAP: u16 = 2;
/// A rate that is not known yet.
const UNKNOWN_RATE: &str = "–";

/// A column.
struct Column {
    title: &'static str,
    /// With the gap before it.
    width: u16,
    /// The lower, the sooner it is dropped.
    priority: u8,
    sort: Option<PulseSort>,
    what: What,
}

/// What a column shows.
#[derive(Clone, Copy)]
enum What {
    Waiting(Measure),
    Running(Measure),
    Throughput,
    Failures,
    ThroughputCourse,
    FailuresCourse,
}

#[derive(Clone, Copy)]
enum Measure {
    Quantile(f64),
    Longest,
}

const P50: Measure = Measure::Quantile(0.5);
const P95: Measure = Measure::Quantile(0.95);

const COLUMNS: [Column; 10] = [
    column("wait p50", 10, 5, None, What::Waiting(P50)),
    column("wait p95", 10, 9, Some(PulseSort::Waiting), What::Waiting(P95)),
    column("wait max", 10, 3, None, What::Waiting(Measure::Longest)),
    column("run p50", 9, 4, None, What::Running(P50)),
    column("run p95", 9, 8, Some(PulseSort::Running), What::Running(P95)),
    column("run max", 9, 2, None, What::Running(Measure::Longest)),
    column("done/min", 10, 10, Some(PulseSort::Throughput), What::Throughput),
    column("", sparkline::WIDTH + GAP, 6, None, What::ThroughputCourse),
    column("failed", 8, 11, Some(PulseSort::Failures), What::Failures),
    column("", sparkline::WIDTH + GAP, 1, None, What::FailuresCourse),
];

const fn column(
    title: &'static str,
    width: u16,
    priority: u8,
    sort: Option<PulseSort>,
    what: What,
) -> Column {
    Column { title, width, priority, sort, what }
}

/// The columns that fit.
pub(super) struct Columns {
    columns: Vec<&'static Column>,
    names: u16,
}

impl Columns {
    /// Returns the columns that fit beside the names and the words.
    pub(super) fn fitting(width: u16) -> Self {
        let mut columns: Vec<_> = COLUMNS.iter().collect();
        let used = |columns: &[&Column]| columns.iter().map(|column| column.width).sum::<u16>();
        // The words make way for the last columns.
        let words = if width < MIN_NAMES + MIN_WORDS + MAIN_COLUMNS { 0 } else { MIN_WORDS };
        while used(&columns) + MIN_NAMES + words > width
            && let Some(lowest) = columns.iter().map(|column| column.priority).min()
        {
            columns.retain(|column| column.priority != lowest);
        }
        let left = width.saturating_sub(used(&columns) + words);
        Self { columns, names: left.clamp(MIN_NAMES.min(left), MAX_NAMES) }
    }

    /// Returns the area of the names in a line.
    pub(super) fn names(&self, line: Rect) -> Rect {
        text::take_left(line, self.names)
    }

    /// Returns the width of what may stand before the title of the first column.
    pub(super) fn title_width(&self) -> u16 {
        let first = self.columns.first().map_or(0, |column| column.width - text::width(column.title));
        self.names + first.saturating_sub(1)
    }

    /// Returns the area of the words in a line, if there is room for them.
    pub(super) fn words(&self, line: Rect) -> Option<Rect> {
        let used = self.columns.iter().map(|column| column.width).sum::<u16>();
        let area = text::skip_left(line, self.names + used + GAP);
        (area.width + GAP >= MIN_WORDS).then_some(area)
    }

    fn areas(&self, line: Rect) -> impl Iterator<Item = (&'static Column, Rect)> {
        let mut left = self.names;
        self.columns.iter().map(move |column| {
            let area = text::take_left(text::skip_left(line, left), column.width);
            left += column.width;
            (*column, area)
        })
    }

    pub(super) fn draw_titles(
        &self,
        (sort, reversed): (PulseSort, bool),
        line: Rect,
        style: Style,
        buf: &mut Buffer,
    ) {
        for (column, area) in self.areas(line) {
            let sign = if reversed { "▲" } else { "▼" };
            let is_sorted = column.sort == Some(sort);
            let title = if is_sorted { [sign, column.title].concat() } else { column.title.to_owned() };
            text::put_right(buf, area, &title, style);
        }
    }

    pub(super) fn draw(&self, scene: &Scene<'_>, facts: &PulseFacts, line: Rect, buf: &mut Buffer) {
        let figures = &facts.figures;
        for (column, area) in self.areas(line) {
            match column.what {
                What::Waiting(measure) => {
                    text::put_right(buf, area, &span(&figures.now.waiting, measure), Style::new());
                }
                What::Running(measure) => {
                    text::put_right(buf, area, &span(&figures.now.running, measure), Style::new());
                }
                What::Throughput => {
                    let text = if figures.now.completed == 0 {
                        String::new()
                    } else {
                        figures.per_minute().map_or_else(|| UNKNOWN_RATE.to_owned(), pulse::rate)
                    };
                    text::put_right(buf, area, &text, Style::new());
                }
                What::Failures => {
                    // Usual failures are calm.
                    let deviates = |of: &Deviation| matches!(of.shift, Shift::Failures(..));
                    let is_unusual = figures.deviations.iter().any(deviates);
                    let tone = if is_unusual { Tone::Bad } else { Tone::Normal };
                    let text = figures.failure_share().map(pulse::share).unwrap_or_default();
                    text::put_right(buf, area, &text, scene.theme.tone(tone));
                }
                What::ThroughputCourse => {
                    let line = sparkline::throughput(&facts.course);
                    text::put_right(buf, area, &line, scene.theme.tone(Tone::Quiet));
                }
                What::FailuresCourse => {
                    let line = sparkline::failures(&facts.course);
                    text::put_right(buf, area, &line, scene.theme.tone(Tone::Quiet));
                }
            }
        }
    }
}

fn span(durations: &Durations, measure: Measure) -> String {
    let span = match measure {
        Measure::Quantile(share) => durations.quantile(share),
        Measure::Longest => durations.longest(),
    };
    span.map(pulse::span).unwrap_or_default()
}
