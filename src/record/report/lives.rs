//! Tells what a change of a task says for the first time: created, started, rejected, completed, returned, left.
//!
//! A recording may tell the same twice: two programs recorded at once, a list repeats what an event told, or one run ended
//! and the next began. So a report counts the steps of a life, not the entries.
//!
//! Memory is bounded: the tasks that a BBS holds, and the last [`MAX_ENDED`] that left it.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use foldhash::fast::RandomState;

use crate::model::recording::TaskEntry;
use crate::model::{Cause, CellId, End, Evidence, State, Task, TaskGuid, Timestamp, started_at};

/// How many tasks that left are remembered. Another run tells of their end within seconds.
const MAX_ENDED: usize = 50_000;
/// How many tasks are remembered altogether. More are left over from runs that did not see them leave.
const MAX_KNOWN: usize = 300_000;

/// What a change tells for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct News {
    /// The task was created.
    pub(super) desired: bool,
    /// It started, after it waited for this long.
    pub(super) waited: Option<Duration>,
    /// Cells rejected it this often.
    pub(super) rejected: u64,
    /// It completed.
    pub(super) completed: Option<Completion>,
    /// The server returned it from Resolving to Completed, since nobody deleted it.
    pub(super) returned: bool,
    /// It left the BBS.
    pub(super) left: Option<Left>,
    /// The cell that it runs on or ran on; none if it is not known to have run.
    pub(super) cell: Option<CellId>,
}

/// How a task completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Completion {
    /// Whether it failed.
    pub(super) failed: bool,
    /// How long it ran; none if its start was not seen.
    pub(super) ran: Option<Duration>,
}

/// How a task left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    /// Why.
    pub(super) cause: Cause,
    /// The cause that was told before, and is now known better.
    pub(super) instead_of: Option<Cause>,
}

/// The lives of tasks, as far as they were told.
#[derive(Debug)]
pub(super) struct Lives {
    max_known: usize,
    max_ended: usize,
    known: HashMap<TaskGuid, Life, RandomState>,
    ended: VecDeque<TaskGuid>,
}

/// What was told of a life.
#[derive(Debug)]
struct Life {
    created_at: Timestamp,
    started_at: Timestamp,
    updated_at: Timestamp,
    /// `updated_at` when it was last returned.
    returned_at: Timestamp,
    state: State,
    rejections: i32,
    has_completed: bool,
    left: Option<Cause>,
    cell: Option<CellId>,
    /// When it was last told of (our wall time).
    told_at: Timestamp,
}

impl Default for Lives {
    fn default() -> Self {
        Self::within(MAX_KNOWN, MAX_ENDED)
    }
}

impl Lives {
    fn within(max_known: usize, max_ended: usize) -> Self {
        Self { max_known, max_ended, known: HashMap::default(), ended: VecDeque::new() }
    }

    /// Takes in a change that we learnt at a wall time. What happened before `since`, by the server's clock, is not news.
    pub(super) fn read(&mut self, at: Timestamp, entry: &TaskEntry, since: Timestamp) -> News {
        let task = &entry.task;
        let mut news = News::default();
        let is_same = |life: &Life| life.created_at == task.created_at;
        if !self.known.get(&task.guid).is_some_and(is_same) {
            news.desired = entry.before.is_none() && task.created_at >= since;
            self.known.insert(task.guid.clone(), Life::before(entry, since));
            self.forget_leftovers();
        }
        let Some(life) = self.known.get_mut(&task.guid) else { return news };
        life.told_at = at;
        life.take(entry, &mut news);
        if news.left.is_some_and(|left| left.instead_of.is_none()) {
            self.forget_oldest(&task.guid);
        }
        news
    }

    /// Forgets the half that was told of least recently.
    fn forget_leftovers(&mut self) {
        if self.known.len() <= self.max_known {
            return;
        }
        let mut told: Vec<_> = self.known.values().map(|life| life.told_at).collect();
        let half = told.len() / 2;
        let (_, median, _) = told.select_nth_unstable(half);
        let median = *median;
        self.known.retain(|_, life| life.told_at.is_unset() || life.told_at >= median);
    }

    fn forget_oldest(&mut self, ended: &TaskGuid) {
        self.ended.push_back(ended.clone());
        if self.ended.len() > self.max_ended
            && let Some(oldest) = self.ended.pop_front()
            && self.known.get(&oldest).is_some_and(|life| life.left.is_some())
        {
            self.known.remove(&oldest);
        }
    }
}

impl Life {
    /// Returns the life as it was before a change, from the version before; if there is none, from what is old in the
    /// version after.
    fn before(entry: &TaskEntry, since: Timestamp) -> Self {
        let task = &entry.task;
        if let Some(before) = entry.before.as_ref().filter(|before| before.created_at == task.created_at) {
            return Self {
                rejections: before.rejection_count,
                has_completed: has_completed(before),
                state: before.state,
                ..Self::new(before)
            };
        }
        let is_old = task.created_at < since;
        let completed_earlier = has_completed(task) && task.first_completed_at < since;
        Self {
            rejections: if is_old { task.rejection_count } else { 0 },
            has_completed: is_old && completed_earlier,
            state: if is_old && completed_earlier { task.state } else { State::Pending },
            started_at: if is_old && task.updated_at < since {
                started_at(task, Timestamp::UNSET)
            } else {
                Timestamp::UNSET
            },
            ..Self::new(task)
        }
    }

    fn new(task: &Task) -> Self {
        Self {
            created_at: task.created_at,
            started_at: started_at(task, Timestamp::UNSET),
            updated_at: Timestamp::UNSET,
            returned_at: Timestamp::UNSET,
            state: State::Pending,
            rejections: 0,
            has_completed: false,
            left: None,
            told_at: Timestamp::UNSET,
            cell: task.cell.clone(),
        }
    }

    fn take(&mut self, entry: &TaskEntry, news: &mut News) {
        let task = &entry.task;
        if task.cell.is_some() {
            self.cell.clone_from(&task.cell);
        }
        news.cell.clone_from(&self.cell);
        self.take_rejections(task, news);
        self.take_start(task, news);
        self.take_completion(task, news);
        self.take_state(task, news);
        if let Some(how) = entry.end {
            self.take_end(Cause::of(task, how), how, entry.evidence, news);
        }
    }

    fn take_rejections(&mut self, task: &Task, news: &mut News) {
        let more = task.rejection_count.saturating_sub(self.rejections);
        news.rejected = u64::try_from(more).unwrap_or(0);
        self.rejections = self.rejections.max(task.rejection_count);
    }

    fn take_start(&mut self, task: &Task, news: &mut News) {
        let is_later_start = task.state == State::Running && task.updated_at > self.started_at;
        if is_later_start && !self.has_completed {
            self.started_at = task.updated_at;
            news.waited = Some(task.updated_at.since(task.created_at));
        }
    }

    fn take_completion(&mut self, task: &Task, news: &mut News) {
        if self.has_completed || !has_completed(task) {
            return;
        }
        self.has_completed = true;
        let is_known = !self.started_at.is_unset() && !task.first_completed_at.is_unset();
        let ran = is_known.then(|| task.first_completed_at.since(self.started_at));
        news.completed = Some(Completion { failed: task.failed, ran });
    }

    /// The sweep that returns a task does not change `updated_at`; a late event has an older one.
    fn take_state(&mut self, task: &Task, news: &mut News) {
        if task.updated_at < self.updated_at {
            return;
        }
        let is_back = self.state == State::Resolving && task.state == State::Completed;
        if is_back && self.left.is_none() && self.returned_at != task.updated_at {
            self.returned_at = task.updated_at;
            news.returned = true;
        }
        self.state = task.state;
        self.updated_at = task.updated_at;
    }

    fn take_end(&mut self, cause: Cause, how: End, evidence: Evidence, news: &mut News) {
        let instead_of = self.left;
        let is_ours = how == End::DeletedByUs && evidence == Evidence::OurAction;
        // A late event tells how a task left that a list lacked.
        let is_better = is_ours || instead_of == Some(Cause::Vanished);
        if instead_of.is_none() || (is_better && instead_of != Some(cause)) {
            self.left = Some(cause);
            news.left = Some(Left { cause, instead_of });
        }
    }
}

const fn has_completed(task: &Task) -> bool {
    matches!(task.state, State::Completed | State::Resolving)
}

#[cfg(test)]
mod tests;
