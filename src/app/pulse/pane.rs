//! The rows of the pulse and their order.
//!
//! The first row is the whole; the one of further subjects is the last. Rows between them are sorted at most once a second.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use crate::app::groups::{GroupKey, GroupName, Read};
use crate::clock::Now;
use crate::model::Timestamp;
use crate::model::statistics::{
    Completions, Dimension, Durations, Figures, Series, Statistics, Subject, Window,
};

/// How often rows are listed again.
const LISTED_EVERY: Duration = Duration::from_secs(1);

/// What the rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PulseSort {
    /// What deviates most from its own past first.
    #[default]
    Deviation,
    /// The longest p95 of the waiting times first.
    Waiting,
    /// The longest p95 of the running times first.
    Running,
    /// The most completions first.
    Throughput,
    /// The largest share of failures first.
    Failures,
    /// By name.
    Name,
}

impl PulseSort {
    const ALL: [Self; 6] =
        [Self::Deviation, Self::Waiting, Self::Running, Self::Throughput, Self::Failures, Self::Name];

    /// Returns the sort so many places after this one.
    fn beside(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|sort| *sort == self).unwrap_or(0);
        Self::ALL.get((at + by) % Self::ALL.len()).copied().unwrap_or_default()
    }
}

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowName {
    /// All tasks.
    Whole,
    /// The tasks of a domain, app or cell, by its identity.
    Subject(Arc<str>),
    /// The tasks of subjects that are not counted on their own.
    Other,
}

/// What a row says.
#[derive(Debug, Clone)]
pub struct PulseFacts {
    /// The domain, app or cell; none for the other rows.
    pub name: Option<GroupName>,
    /// The figures of the window and its past.
    pub figures: Figures,
    /// The completions in each slot of the window.
    pub course: [Completions; 12],
}

/// A row of the pulse.
#[derive(Debug, Clone)]
pub struct PulseRow {
    /// What it is about.
    pub name: RowName,
    /// Computed when the row is first drawn, so that rows out of view cost nothing.
    facts: OnceCell<Box<PulseFacts>>,
}

impl PulseRow {
    fn new(name: RowName) -> Self {
        Self { name, facts: OnceCell::new() }
    }
}

/// What the rows were listed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Listing {
    /// Our time then; unset if the rows are of another view.
    at: Now,
    /// How many subjects deviate from their past.
    deviating: usize,
    /// For how long events were lost in the window.
    lost: Duration,
    /// How long the past of the window was watched.
    past: Duration,
}

/// The pulse: its dimension, window and rows.
#[derive(Debug, Clone)]
pub struct PulsePane {
    dimension: Dimension,
    window: Window,
    sort: PulseSort,
    reversed: bool,
    rows: Vec<PulseRow>,
    cursor: RowName,
    cursor_at: usize,
    listing: Option<Listing>,
}

impl Default for PulsePane {
    fn default() -> Self {
        Self {
            dimension: Dimension::Domain,
            window: Window::default(),
            sort: PulseSort::default(),
            reversed: false,
            rows: vec![PulseRow::new(RowName::Whole)],
            cursor: RowName::Whole,
            cursor_at: 0,
            listing: None,
        }
    }
}

/// A subject on its way into the order.
struct Ranked<'a> {
    subject: &'a Subject,
    label: &'a str,
    rank: f64,
    /// Completions of the window and the past: the busiest of equal rows stands first, and stays there.
    completed: u32,
    deviates: bool,
}

impl PulsePane {
    /// Returns what the subjects are.
    pub const fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// Returns the property by which the table is filtered for a subject.
    pub const fn group_key(&self) -> GroupKey {
        match self.dimension {
            Dimension::Domain => GroupKey::Domain,
            Dimension::App => GroupKey::App,
            Dimension::Cell => GroupKey::Cell,
        }
    }

    /// Returns the window.
    pub const fn window(&self) -> Window {
        self.window
    }

    /// Returns what the rows are sorted by, and whether in reverse.
    pub const fn sort(&self) -> (PulseSort, bool) {
        (self.sort, self.reversed)
    }

    /// Returns the rows: the whole first.
    pub fn rows(&self) -> &[PulseRow] {
        &self.rows
    }

    /// Returns the index of the row under the cursor.
    pub const fn cursor_at(&self) -> usize {
        self.cursor_at
    }

    /// Returns how many subjects deviate from their past.
    pub fn deviating(&self) -> usize {
        self.listing.unwrap_or_default().deviating
    }

    /// Returns for how long events were lost in the window.
    pub fn lost(&self) -> Duration {
        self.listing.unwrap_or_default().lost
    }

    /// Returns how long the past of the window was watched.
    pub fn past(&self) -> Duration {
        self.listing.unwrap_or_default().past
    }

    /// Shows the next dimension, or the one before it.
    pub(super) fn turn_dimension(&mut self, by: usize) {
        let at = Dimension::ALL.iter().position(|dimension| *dimension == self.dimension).unwrap_or(0);
        let next = Dimension::ALL.get((at + by) % Dimension::ALL.len());
        self.dimension = next.copied().unwrap_or(self.dimension);
        (self.cursor, self.cursor_at) = (RowName::Whole, 0);
        self.outdate();
    }

    /// Looks back over another window.
    pub(super) fn look_back(&mut self, window: Window) {
        self.window = window;
        self.outdate();
    }

    /// Sorts by another value.
    pub(super) fn sort_beside(&mut self, by: usize) {
        (self.sort, self.reversed) = (self.sort.beside(by), false);
        self.outdate();
    }

    /// Reverses the order.
    pub(super) fn reverse(&mut self) {
        self.reversed = !self.reversed;
        self.outdate();
    }

    /// The rows are those of another view or session.
    pub(in crate::app) fn outdate(&mut self) {
        self.listing = None;
    }

    /// Moves the cursor by some rows.
    pub(in crate::app) fn move_by(&mut self, rows: isize) {
        self.go_to(self.cursor_at.saturating_add_signed(rows));
    }

    fn go_to(&mut self, at: usize) {
        self.cursor_at = at.min(self.rows.len().saturating_sub(1));
        self.cursor = self.rows.get(self.cursor_at).map_or(RowName::Whole, |row| row.name.clone());
    }

    /// Lists the rows again if that is due.
    pub(super) fn refresh(&mut self, statistics: &Statistics, now: Now) {
        let is_due = |listing: Listing| now.mono >= listing.at.mono + LISTED_EVERY;
        if self.listing.is_none_or(is_due) {
            self.list(statistics, now);
        }
    }

    fn list(&mut self, statistics: &Statistics, now: Now) {
        let subjects = statistics.subjects(self.dimension);
        let ranked = subjects.filter_map(|subject| self.ranked(subject, statistics, now.wall));
        let mut ranked: Vec<_> = ranked.collect();
        ranked.sort_unstable_by(|one, other| {
            let by_name = || (one.label, one.subject.id()).cmp(&(other.label, other.subject.id()));
            let by_rank = other.rank.total_cmp(&one.rank);
            by_rank.then_with(|| Reverse(one.completed).cmp(&Reverse(other.completed))).then_with(by_name)
        });
        if self.reversed {
            ranked.reverse();
        }
        self.listing = Some(Listing {
            at: now,
            deviating: ranked.iter().filter(|ranked| ranked.deviates).count(),
            lost: statistics.lost_in(self.window, now.wall),
            past: statistics.watched_before(self.window, now.wall),
        });
        let subjects = ranked.iter().map(|ranked| RowName::Subject(Arc::clone(ranked.subject.id())));
        let has_other = !statistics.other(self.dimension).is_empty();
        let other = has_other.then_some(RowName::Other);
        let names = std::iter::once(RowName::Whole).chain(subjects).chain(other);
        self.rows = names.map(PulseRow::new).collect();
        let found = self.rows.iter().position(|row| row.name == self.cursor);
        self.go_to(found.unwrap_or(self.cursor_at));
    }

    /// Returns the place of a subject in the order; none if nothing happened in the window and the hour before.
    fn ranked<'a>(
        &self,
        subject: &'a Subject,
        statistics: &Statistics,
        now: Timestamp,
    ) -> Option<Ranked<'a>> {
        let figures = statistics.figures(subject.series(), self.window, now);
        if figures.is_empty() {
            return None;
        }
        let seconds =
            |durations: &Durations| durations.quantile(0.95).map_or(-1.0, |span| span.as_secs_f64());
        let rank = match self.sort {
            PulseSort::Deviation => figures.deviations.first().map_or(0.0, |deviation| deviation.share),
            PulseSort::Waiting => seconds(&figures.now.waiting),
            PulseSort::Running => seconds(&figures.now.running),
            PulseSort::Throughput => f64::from(figures.now.completed),
            PulseSort::Failures => figures.failure_share().unwrap_or(-1.0),
            PulseSort::Name => 0.0,
        };
        let completed = match self.sort {
            PulseSort::Name => 0,
            _ => figures.now.completed.saturating_add(figures.before.completed),
        };
        let label = match self.dimension {
            Dimension::App => subject.owner().app().label(),
            Dimension::Domain | Dimension::Cell => subject.id(),
        };
        Some(Ranked { subject, label, rank, completed, deviates: !figures.deviations.is_empty() })
    }

    /// Returns what a row says, as of the time when it was listed.
    pub(super) fn facts<'a>(&'a self, row: &'a PulseRow, statistics: &Statistics) -> &'a PulseFacts {
        row.facts.get_or_init(|| {
            let now = self.listing.unwrap_or_default().at.wall;
            let subject = match &row.name {
                RowName::Subject(id) => statistics.subject(self.dimension, id),
                RowName::Whole | RowName::Other => None,
            };
            // A subject may be forgotten in this second.
            let none = Series::default();
            let series = match &row.name {
                RowName::Whole => statistics.whole(),
                RowName::Subject(_) => subject.map_or(&none, Subject::series),
                RowName::Other => statistics.other(self.dimension),
            };
            Box::new(PulseFacts {
                name: self.name(row, subject),
                figures: statistics.figures(series, self.window, now),
                course: statistics.course(series, self.window, now),
            })
        })
    }

    /// Returns the name of a row by which the table is filtered.
    fn name(&self, row: &PulseRow, subject: Option<&Subject>) -> Option<GroupName> {
        let RowName::Subject(id) = &row.name else { return None };
        let value = match (self.group_key().spec().read, subject) {
            (Read::Owner(read), Some(subject)) => read(subject.owner()),
            _ => None,
        };
        Some(value.map_or_else(|| GroupName::plain(id), |value| GroupName::from(&value)))
    }
}
