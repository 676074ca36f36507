//! Statistics of tasks' lives, for all tasks and for each domain, app and cell: how long they waited and ran, how many
//! completed and failed, over the last minute, ten minutes and hour, and how that deviates from the hour before.
//!
//! Counts by increments, in slots that are forgotten after two hours. Knows no more than [`Observed`] changes tell it: it
//! must not ask for anything, and does not know where changes come from.
//!
//! Each of the three dimensions has at most [`MOST_SUBJECTS`] subjects; others count together until one is forgotten.

mod deviation;
mod durations;
mod lost;
mod observed;
mod series;
#[cfg(test)]
mod tests;
mod window;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::RandomState;

use super::{CellId, Owner, Task, Timestamp};

pub use deviation::{Deviation, Deviations, Shift};
pub use durations::Durations;
pub use observed::Observed;
pub use series::{Completions, Sample, Series, Tally};
pub use window::Window;

use deviation::{Pace, deviations};
use lost::LostTime;

/// How many domains, apps or cells are counted on their own.
pub const MOST_SUBJECTS: usize = 4_000;

/// How long a window must be watched to tell a rate per minute, which then is at most twice what was counted.
const LEAST_WATCHED: Duration = Duration::from_secs(30);

/// What subjects are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Domains.
    Domain,
    /// Apps of Cloud Controller.
    App,
    /// Cells.
    Cell,
}

impl Dimension {
    /// All dimensions.
    pub const ALL: [Self; 3] = [Self::Domain, Self::App, Self::Cell];
}

/// A domain, app or cell.
#[derive(Debug, Clone)]
pub struct Subject {
    id: Arc<str>,
    owner: Owner,
    series: Series,
}

impl Subject {
    /// Returns its identity: the domain, the cell's id, or the app's guid. Not sanitized for the terminal.
    pub const fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// Returns the owner that names an app; none for a domain or a cell.
    pub const fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Returns what happened to its tasks.
    pub const fn series(&self) -> &Series {
        &self.series
    }
}

/// What happened in a window, and how that differs from its past.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// What happened in the window.
    pub now: Tally,
    /// What happened in the hour before.
    pub before: Tally,
    /// How long the window was watched.
    pub watched: Duration,
    /// How it deviates, the largest deviation first.
    pub deviations: Deviations,
}

impl Figures {
    /// Returns whether nothing happened.
    pub fn is_empty(&self) -> bool {
        self.now.is_empty() && self.before.is_empty()
    }

    /// Returns how many tasks completed in a minute; none until half a minute was watched. What completed in the first few
    /// seconds would be multiplied into a rate that nobody has seen.
    pub fn per_minute(&self) -> Option<f64> {
        let is_long = self.watched >= LEAST_WATCHED;
        is_long.then(|| 60.0 * f64::from(self.now.completed) / self.watched.as_secs_f64())
    }

    /// Returns the share of failures, from 0 to 1; none if no task completed.
    pub fn failure_share(&self) -> Option<f64> {
        let Tally { completed, failed, .. } = self.now;
        (completed > 0).then(|| f64::from(failed) / f64::from(completed))
    }
}

/// The subjects of a dimension.
#[derive(Debug, Clone, Default)]
struct Subjects {
    by_id: HashMap<Arc<str>, Subject, RandomState>,
    /// What happened to the tasks of further subjects.
    other: Series,
}

/// The statistics of one BBS.
#[derive(Debug, Clone, Default)]
pub struct Statistics {
    whole: Series,
    domains: Subjects,
    apps: Subjects,
    cells: Subjects,
    lost: LostTime,
    /// Since when tasks are watched; unset before that.
    since: Timestamp,
    forgotten_at: Timestamp,
}

impl Statistics {
    /// Counts what a change of a task tells.
    pub fn observe(&mut self, observed: &Observed<'_>) {
        self.pass_time(observed.at);
        let cell = observed.cell();
        for (at, sample) in observed.samples() {
            // What happened before is not all known: of the tasks that ended, none is left.
            if at >= self.since {
                self.count(at, sample, observed.after, cell);
            }
        }
    }

    fn count(&mut self, at: Timestamp, sample: Sample, task: &Task, cell: Option<&CellId>) {
        self.whole.add(at, sample);
        self.domains.of(task.domain.as_str(), Owner::NONE).add(at, sample);
        if let Some(app) = Some(task.owner.app().id()).filter(|app| !app.is_empty()) {
            self.apps.of(app, &task.owner).add(at, sample);
        }
        if let Some(cell) = cell {
            self.cells.of(cell.as_str(), Owner::NONE).add(at, sample);
        }
    }

    /// Lets time pass, by our clock. The first call begins to watch.
    pub fn pass_time(&mut self, now: Timestamp) {
        if self.since.is_unset() {
            (self.since, self.forgotten_at) = (now, now);
        }
        let slot = Window::TenMinutes;
        if slot.slot_of(now) != slot.slot_of(self.forgotten_at) {
            self.forgotten_at = now;
            self.forget(now);
        }
    }

    fn forget(&mut self, now: Timestamp) {
        self.whole.forget(now);
        for subjects in [&mut self.domains, &mut self.apps, &mut self.cells] {
            subjects.other.forget(now);
            subjects.by_id.retain(|_, subject| subject.series.forget(now));
        }
    }

    /// Returns what is kept, how many, and how many at most.
    #[cfg(test)]
    pub(crate) fn bounds(&self) -> [(&'static str, usize, usize); 2] {
        let subjects = Dimension::ALL.map(|dimension| self.subjects(dimension).len()).into_iter().max();
        let stretches = self.lost.bound();
        [
            ("domains, apps and cells with statistics, each", subjects.unwrap_or_default(), MOST_SUBJECTS),
            stretches,
        ]
    }

    /// Events have been lost since `start`.
    pub fn lose_events(&mut self, start: Timestamp) {
        self.lost.begin(start.max(self.since));
    }

    /// A list has made up for the events that were lost.
    pub fn regain_events(&mut self, at: Timestamp) {
        self.lost.end(at);
    }

    fn watched_since(&self, now: Timestamp) -> Timestamp {
        if self.since.is_unset() { now } else { self.since }
    }

    /// Returns for how long events were lost in a window.
    pub fn lost_in(&self, window: Window, now: Timestamp) -> Duration {
        self.lost.between(window.start(now), now)
    }

    /// Returns how long the past of a window was watched: at most about an hour.
    pub fn watched_before(&self, window: Window, now: Timestamp) -> Duration {
        let [(tier, slots), _] = window.past(now);
        window.start(now).since(tier.start_of(slots.start).max(self.watched_since(now)))
    }

    /// Returns what happened to all tasks.
    pub const fn whole(&self) -> &Series {
        &self.whole
    }

    /// Returns what happened to the tasks of subjects that are not counted on their own.
    pub const fn other(&self, dimension: Dimension) -> &Series {
        &self.of(dimension).other
    }

    /// Returns the subjects of a dimension, in no particular order.
    pub fn subjects(&self, dimension: Dimension) -> impl ExactSizeIterator<Item = &Subject> {
        self.of(dimension).by_id.values()
    }

    /// Returns a subject, unless nothing has happened to its tasks for two hours.
    pub fn subject(&self, dimension: Dimension, id: &str) -> Option<&Subject> {
        self.of(dimension).by_id.get(id)
    }

    const fn of(&self, dimension: Dimension) -> &Subjects {
        match dimension {
            Dimension::Domain => &self.domains,
            Dimension::App => &self.apps,
            Dimension::Cell => &self.cells,
        }
    }

    /// Returns what happened in a window and how it deviates from the hour before.
    pub fn figures(&self, series: &Series, window: Window, now: Timestamp) -> Figures {
        let (of_window, past) = (series.tally(&[window.slots(now)]), series.tally(&window.past(now)));
        let watched = now.since(window.start(now).max(self.watched_since(now)));
        let pace = self.lost_in(window, now).is_zero().then(|| Pace {
            completed: of_window.completed,
            watched,
            stretches: self.stretches(series, window, now),
            stretch: Window::Hour.slot(),
        });
        let deviations = deviations(&of_window, &past, pace.as_ref());
        Figures { now: of_window, before: past, watched, deviations }
    }

    /// Returns the completions in each stretch of a window's past that was watched from its start to its end.
    fn stretches(&self, series: &Series, window: Window, now: Timestamp) -> Vec<u32> {
        let [past, _] = window.past(now);
        let start_of = |slot| past.0.start_of(slot);
        let is_watched = |slot: u32| {
            let (start, end) = (start_of(slot), start_of(slot.saturating_add(1)));
            start >= self.since && self.lost.between(start, end).is_zero()
        };
        let completions = series.course_of(&past).map(|of| of.completed);
        past.1
            .clone()
            .zip(completions)
            .filter(|(slot, _)| is_watched(*slot))
            .map(|(_, count)| count)
            .collect()
    }

    /// Returns the completions in each slot of a window, the oldest first.
    pub fn course(&self, series: &Series, window: Window, now: Timestamp) -> [Completions; 12] {
        series.course_of(&window.slots(now))
    }
}

impl Subjects {
    fn of(&mut self, id: &str, owner: &Owner) -> &mut Series {
        if !self.by_id.contains_key(id) && self.by_id.len() >= MOST_SUBJECTS {
            return &mut self.other;
        }
        // A shared text is only made for a new subject.
        if !self.by_id.contains_key(id) {
            let subject = Subject { id: id.into(), owner: owner.clone(), series: Series::default() };
            self.by_id.insert(Arc::clone(&subject.id), subject);
        }
        self.by_id.get_mut(id).map_or(&mut self.other, |subject| &mut subject.series)
    }
}
