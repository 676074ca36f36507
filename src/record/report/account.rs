//! The second look at a recording: who was affected by the incident, and how it was before.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use super::actions::Actions;
use super::lives::{Completion, Lives, News};
use super::periods::{PerPeriod, Period, Periods};
use super::reasons::{Example, Reasons};
use super::shares::Shares;
use crate::filter::Filter;
use crate::model::recording::{Entry, Recorded, TaskEntry};
use crate::model::statistics::Durations;
use crate::model::{Cause, Evidence, Owner, StuckSet, TaskText, Timestamp};
use crate::record::RunId;

/// How many apps have a name.
const MAX_APPS: usize = 10_000;
/// How many rejections one change can tell of: a budget is a handful.
const MAX_REJECTIONS: u64 = 20;

/// How often something was in and outside of the incident.
pub(super) type InAndOut = (u64, u64);

/// Who was affected, and how.
#[derive(Debug)]
pub(super) struct Account {
    periods: Periods,
    lives: Lives,
    /// Why tasks failed.
    pub(super) failures: Reasons,
    /// Why cells rejected tasks.
    pub(super) rejections: Reasons,
    /// Completions by cell.
    pub(super) cells: Shares,
    /// Completions and rejections by app.
    pub(super) apps: Shares,
    owners: HashMap<Box<str>, Owner, RandomState>,
    /// How long tasks waited that started.
    pub(super) waiting: PerPeriod<Durations>,
    /// How long tasks ran that completed.
    pub(super) running: PerPeriod<Durations>,
    /// Why tasks left.
    pub(super) causes: BTreeMap<Cause, InAndOut>,
    /// How often the server returned a task to Completed.
    pub(super) returned: InAndOut,
    /// How many failures of the incident were learnt from a list that made up for lost events.
    pub(super) learnt_late: u64,
    /// What we did.
    pub(super) actions: Actions,
}

impl Account {
    /// Returns an empty account.
    pub(super) fn new(periods: Periods) -> Self {
        Self {
            periods,
            lives: Lives::default(),
            failures: Reasons::default(),
            rejections: Reasons::default(),
            cells: Shares::default(),
            apps: Shares::default(),
            owners: HashMap::default(),
            waiting: PerPeriod::default(),
            running: PerPeriod::default(),
            causes: BTreeMap::new(),
            returned: (0, 0),
            learnt_late: 0,
            actions: Actions::default(),
        }
    }

    /// Takes in an entry of a recording that begins at `since`.
    pub(super) fn read(&mut self, run: RunId, entry: &Entry, since: Timestamp, filter: &Filter) {
        match &entry.what {
            Recorded::Task(task) => {
                let news = self.lives.read(entry.at, task, since);
                if admits(filter, entry.at, task, &news) {
                    self.count(entry.at, task, &news);
                }
            }
            Recorded::Action(action) => self.actions.read(run, entry.at, action),
            Recorded::Gap(_) => {}
        }
    }

    /// Returns the owner that names an app.
    pub(super) fn owner(&self, app: &str) -> Option<&Owner> {
        self.owners.get(app)
    }

    fn count(&mut self, at: Timestamp, entry: &TaskEntry, news: &News) {
        let period = self.periods.of(at);
        let is_during = period == Period::During;
        if let Some(waited) = news.waited {
            self.waiting.get_mut(period).record(waited);
        }
        if let Some(completion) = news.completed {
            self.count_completion(at, entry, news, completion);
        }
        if news.rejected > 0 {
            self.count_rejections(at, entry, news);
        }
        if news.returned {
            count(&mut self.returned, is_during, 1);
        }
        if let Some(left) = news.left {
            count(self.causes.entry(left.cause).or_default(), is_during, 1);
            if let Some(before) = left.instead_of {
                let earlier = self.causes.entry(before).or_default();
                let place = if is_during { &mut earlier.0 } else { &mut earlier.1 };
                *place = place.saturating_sub(1);
            }
        }
    }

    fn count_completion(&mut self, at: Timestamp, entry: &TaskEntry, news: &News, completion: Completion) {
        let period = self.periods.of(at);
        let is_during = period == Period::During;
        if let Some(ran) = completion.ran {
            self.running.get_mut(period).record(ran);
        }
        let app = self.app(&entry.task.owner);
        let splits =
            [news.cell.as_ref().map(|cell| self.cells.of(cell.as_str())), app.map(|app| self.apps.of(app))];
        for counts in splits.into_iter().flatten().map(|split| split.at(is_during)) {
            counts.completed += 1;
            counts.failed += u64::from(completion.failed);
        }
        if completion.failed {
            self.learnt_late += u64::from(is_during && entry.evidence == Evidence::Reconciled);
            self.failures.add(example(at, entry, news, &entry.task.failure_reason), &self.periods);
        }
    }

    fn count_rejections(&mut self, at: Timestamp, entry: &TaskEntry, news: &News) {
        let is_during = self.periods.of(at) == Period::During;
        if let Some(app) = self.app(&entry.task.owner) {
            self.apps.of(app).at(is_during).rejected += news.rejected;
        }
        for nth in (0..news.rejected.min(MAX_REJECTIONS)).filter_map(|nth| i64::try_from(nth).ok()) {
            // Two failures of a task at the same time count once. The BBS does not tell which cell rejected it.
            let example = example(at.shifted(nth), entry, news, &entry.task.rejection_reason);
            self.rejections.add(Example { cell: None, ..example }, &self.periods);
        }
    }

    /// Returns the identity of the app of a task: names are not unique. Remembers its name.
    fn app<'a>(&mut self, owner: &'a Owner) -> Option<&'a str> {
        let app = owner.app();
        if app.is_unknown() {
            return None;
        }
        let id = if app.guid.is_empty() { &app.name } else { &app.guid };
        if self.owners.len() < MAX_APPS && !self.owners.contains_key(&**id) {
            self.owners.insert((&**id).into(), owner.clone());
        }
        Some(id)
    }
}

/// Returns whether a filter admits the task as it was after a change.
pub(super) fn admits(filter: &Filter, at: Timestamp, entry: &TaskEntry, news: &News) -> bool {
    filter.is_empty()
        || filter.admits(&crate::filter::Subject {
            task: &entry.task,
            cell: news.cell.as_ref(),
            cause: entry.cause(),
            stuck: StuckSet::NONE,
            now: at,
        })
}

fn example(at: Timestamp, entry: &TaskEntry, news: &News, reason: &TaskText) -> Example {
    let task = &entry.task;
    Example {
        at,
        guid: task.guid.clone(),
        reason: reason.clone(),
        cell: news.cell.clone(),
        owner: task.owner.clone(),
        domain: task.domain.clone(),
    }
}

const fn count((during, outside): &mut InAndOut, is_during: bool, more: u64) {
    if is_during {
        *during += more;
    } else {
        *outside += more;
    }
}
