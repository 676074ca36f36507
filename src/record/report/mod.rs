//! The report that follows an incident: from a recording, as Markdown or HTML.
//!
//! A recording is read twice: first to find the incident (`incident`), then to say who was affected by it and how that
//! differs from the time before (`account`). Memory is bounded whatever the length of the recording. `compose` puts the
//! result into words once, as a `document`; `markdown` and `html` only lay it out. The same recording and options give
//! the same report, byte for byte.

mod account;
mod actions;
mod compose;
mod coverage;
mod document;
mod html;
mod incident;
mod lives;
mod markdown;
mod periods;
mod phrase;
mod reading;
mod reasons;
mod series;
mod shares;
#[cfg(test)]
mod tests;

use std::ops::Range;

use jiff::tz::TimeZone;

use super::{Run, RunId};
use crate::filter::Filter;
use crate::model::Timestamp;
use crate::model::recording::{Entry, Recorded};
use account::Account;
use coverage::{Coverage, Watch};
use incident::Verdict;
use lives::Lives;
pub use markdown::code_span;
use periods::Periods;
pub use reading::Entries;
use series::{Minute, Series};

/// The most bars of a chart: each is some pixels wide on a narrow page.
const MAX_BARS: i64 = 120;
/// How many minutes a bar can stand for.
const BAR_MINUTES: [i64; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1_440, 10_080];

/// Where the entries of a report come from.
pub trait Source {
    /// Why they could not be read.
    type Fault;

    /// Reads every entry once, in order of time. A report reads them twice, and the second time must tell the same.
    fn read(&self, take: &mut dyn FnMut(RunId, &Entry)) -> Result<(), Self::Fault>;
}

/// What a report is about.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The stretch of time. Earlier and later entries are left out.
    pub span: Range<Timestamp>,
    /// The tasks.
    pub filter: Filter,
    /// The time zone of times.
    pub zone: TimeZone,
    /// What the recording is called.
    pub name: String,
}

/// What an incident review needs from a recording.
#[derive(Debug)]
pub struct Report {
    scope: Scope,
    runs: Vec<Run>,
    series: Series,
    coverage: Coverage,
    /// The stretches of which something is unknown, oldest first.
    unknown: Vec<Range<Timestamp>>,
    verdict: Verdict,
    bar_minutes: i64,
    account: Account,
    entries: u64,
}

impl Report {
    /// Reads a recording and makes the report of it. `runs` are those that the source reads.
    pub fn read<S: Source>(source: &S, runs: &[Run], scope: Scope) -> Result<Self, S::Fault> {
        let Scope { span, filter, .. } = &scope;
        let mut survey = Survey::new(runs, span);
        source.read(&mut |run, entry| survey.read(run, entry, &scope))?;
        let Survey { series, mut coverage, entries, .. } = survey;
        coverage.finish();
        let unknown = coverage.unknown(span);
        let minutes = minutes(span);
        let is_known = |minute| coverage::is_outside(minute, &unknown);
        let verdict = incident::find(&series, &minutes, is_known);
        let bar_minutes = bar_minutes(&minutes);
        let incident = match &verdict {
            Verdict::Incident(incident) => Some(incident.episode.minutes.clone()),
            Verdict::Unclear(_) => None,
        };
        let mut account = Account::new(Periods {
            incident: incident.map(|minutes| minutes.start.start()..minutes.end.start()),
            bars: series.stretches(minutes, bar_minutes).map(|(start, _)| start.start()).collect(),
        });
        source.read(&mut |run, entry| {
            if span.contains(&entry.at) {
                account.read(run, entry, span.start, filter);
            }
        })?;
        let runs = runs.to_vec();
        Ok(Self { scope, runs, series, coverage, unknown, verdict, bar_minutes, account, entries })
    }

    /// Returns the report as Markdown.
    pub fn markdown(&self) -> String {
        markdown::write(&compose::document(self))
    }

    /// Returns the report as one HTML file.
    pub fn html(&self) -> String {
        html::write(&compose::document(self))
    }

    fn minutes(&self) -> Range<Minute> {
        minutes(&self.scope.span)
    }

    fn run(&self, id: RunId) -> Option<&Run> {
        self.runs.iter().find(|run| run.id == id)
    }
}

/// Returns the end of the time that a run recorded: right after its last entry. A file keeps times to the millisecond.
pub fn end_of(run: &Run) -> Timestamp {
    run.ended.map_or(run.seen, |ended| ended.max(run.seen)).shifted(1_000_000)
}

/// Returns the minutes that a span is in.
fn minutes(span: &Range<Timestamp>) -> Range<Minute> {
    let last = span.end.shifted(-1).max(span.start);
    Minute::of(span.start)..Minute::of(last).plus(1)
}

fn bar_minutes(minutes: &Range<Minute>) -> i64 {
    let whole = minutes.end.since(minutes.start);
    // Bars start at multiples of their width, so that one more may be needed.
    let fits = |width: &&i64| whole / **width < MAX_BARS;
    let longest = BAR_MINUTES.last().copied().unwrap_or(1);
    BAR_MINUTES.iter().find(fits).copied().unwrap_or_else(|| longest.max(whole / MAX_BARS + 1))
}

/// The first look at a recording: what happened when, and what is known.
struct Survey {
    lives: Lives,
    series: Series,
    coverage: Coverage,
    entries: u64,
}

impl Survey {
    fn new(runs: &[Run], span: &Range<Timestamp>) -> Self {
        let watch = |run: &Run| Watch {
            run: run.id,
            start: run.started.max(span.start),
            end: end_of(run).min(span.end),
        };
        Self {
            lives: Lives::default(),
            series: Series::default(),
            coverage: Coverage::new(runs.iter().map(watch).collect()),
            entries: 0,
        }
    }

    fn read(&mut self, run: RunId, entry: &Entry, Scope { span, filter, .. }: &Scope) {
        if !span.contains(&entry.at) {
            return;
        }
        self.entries += 1;
        match &entry.what {
            Recorded::Task(task) => {
                let news = self.lives.read(entry.at, task, span.start);
                if account::admits(filter, entry.at, task, &news) {
                    let counts = self.series.minute(entry.at);
                    counts.desired += u64::from(news.desired);
                    counts.completed += u64::from(news.completed.is_some());
                    counts.failed += u64::from(news.completed.is_some_and(|completion| completion.failed));
                    counts.rejected += news.rejected;
                }
            }
            Recorded::Gap(gap) => self.coverage.read(run, entry.at, gap),
            Recorded::Action(_) => {}
        }
    }
}
