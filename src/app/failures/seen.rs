//! Counts the failures and rejections that the changes of a session tell.
//!
//! A failure counts once, when the store first holds the task as failed, with the time at which it failed by the server's
//! clock. Tasks that the store drops stay counted.

use crate::app::failures::FailureKind;
use crate::app::store::{Change, ChangeReader, Snapshot, Source, TaskChange};
use crate::model::failures::{Clusters, Failure, Place, Window};
use crate::model::{CellId, State, Task, TaskEvent, Timestamp};

/// The failures and the rejections of a session.
#[derive(Debug)]
pub(in crate::app) struct SeenFailures {
    failures: Clusters,
    rejections: Clusters,
}

impl Default for SeenFailures {
    fn default() -> Self {
        let none = || Clusters::new(Window::default());
        Self { failures: none(), rejections: none() }
    }
}

impl SeenFailures {
    pub(in crate::app) const fn of(&self, kind: FailureKind) -> &Clusters {
        match kind {
            FailureKind::Failures => &self.failures,
            FailureKind::Rejections => &self.rejections,
        }
    }

    pub(in crate::app) const fn of_mut(&mut self, kind: FailureKind) -> &mut Clusters {
        match kind {
            FailureKind::Failures => &mut self.failures,
            FailureKind::Rejections => &mut self.rejections,
        }
    }

    /// Lets time pass. `now` is the server's time.
    pub(in crate::app) fn pass_time(&mut self, now: Timestamp) {
        self.failures.pass_time(now);
        self.rejections.pass_time(now);
    }

    fn read_task(&mut self, change: &TaskChange<'_>) {
        let Some(after) = task_of(change.after) else { return };
        // The guid may have been used again.
        let before = task_of(change.before).filter(|before| before.created_at == after.created_at);
        if after.failed && !before.is_some_and(|before| before.failed) {
            let at = first_set([after.first_completed_at, after.updated_at, change.at]);
            self.failures.add(&failure(after, cell(change, before, after), at));
        } else if is_rejected(before, after) {
            let at = first_set([after.updated_at, change.at]);
            self.rejections.add(&failure(after, cell(change, before, after), at));
        }
    }
}

impl ChangeReader for SeenFailures {
    fn read(&mut self, change: &Change<'_>) {
        if let Change::Task(change) = change {
            self.read_task(change);
        }
    }
}

const fn task_of(snapshot: Snapshot<'_>) -> Option<&Task> {
    match snapshot {
        Snapshot::Absent => None,
        Snapshot::Live(task) | Snapshot::Ended(task, _) => Some(task),
    }
}

/// Returns whether a waiting task was rejected since the version before. Of several rejections that a list reveals at once,
/// only the last one is known.
fn is_rejected(before: Option<&Task>, after: &Task) -> bool {
    let rejections = before.map_or(0, |before| before.rejection_count);
    after.state == State::Pending && !after.failed && after.rejection_count > rejections
}

/// Returns the cell that ran the task: completion blanks it.
fn cell<'a>(change: &TaskChange<'a>, before: Option<&'a Task>, after: &'a Task) -> Option<&'a CellId> {
    let told = match change.source {
        Source::Event { event: TaskEvent::Changed { before, .. }, .. } => before.cell.as_ref(),
        _ => None,
    };
    after.cell.as_ref().or_else(|| before.and_then(|before| before.cell.as_ref())).or(told)
}

fn failure<'a>(task: &'a Task, cell: Option<&'a CellId>, at: Timestamp) -> Failure<'a> {
    let place = Place { cell, owner: &task.owner, domain: &task.domain };
    Failure { guid: &task.guid, at, reason: task.reason(), place }
}

fn first_set<const N: usize>(times: [Timestamp; N]) -> Timestamp {
    times.into_iter().find(|at| !at.is_unset()).unwrap_or_default()
}
