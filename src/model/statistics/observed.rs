//! Which samples a change of a task gives.
//!
//! A start and a completion count once, when they become known, and only if they happened while statistics were kept. How
//! long a task waited or ran is the difference of two of the server's times. When that was counts by our clock: an event
//! has just happened, and what a list reveals happened when the server says.

use arrayvec::ArrayVec;

use super::series::Sample;
use crate::model::{CellId, State, Task, Timestamp, ran, started_at, waited};

/// The server tells its time without fractions of a second.
const UNCERTAIN_NS: i64 = 1_000_000_000;

/// A change of a task.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'a> {
    /// Our wall time.
    pub at: Timestamp,
    /// How far the server's clock is ahead of ours, in nanoseconds.
    pub offset_ns: i64,
    /// What was known of the task until now; none if nothing was.
    pub before: Option<&'a Task>,
    /// The version before, as the event tells it; none if no event told of the change.
    pub told: Option<&'a Task>,
    /// What is known of it from now on.
    pub after: &'a Task,
}

/// A sample, and when it happened.
pub(super) type Sampled = (Timestamp, Sample);

impl<'a> Observed<'a> {
    /// Returns the cell on which the task runs or ran, if it is known.
    pub(super) fn cell(&self) -> Option<&'a CellId> {
        let of = |task: &'a Task| task.cell.as_ref();
        of(self.after).or_else(|| self.told.and_then(of)).or_else(|| self.earlier().and_then(of))
    }

    /// Returns what was known before of the same life of the guid.
    fn earlier(&self) -> Option<&'a Task> {
        self.before.filter(|before| before.created_at == self.after.created_at)
    }

    pub(super) fn samples(&self) -> ArrayVec<Sampled, 3> {
        let (task, known) = (self.after, self.earlier());
        let before = [self.told, known].into_iter().flatten();
        let seen = before.map(start_of).find(|start| !start.is_unset()).unwrap_or_default();
        let start = started_at(task, seen);
        let mut samples = ArrayVec::new();
        let is_new_start = !start.is_unset() && known.map(start_of) != Some(start);
        if let Some(waited) = waited(task, start).filter(|_| is_new_start) {
            let is_told = self.told.is_some_and(|told| told.state != State::Running);
            samples
                .push((self.moment(start, is_told && task.state == State::Running), Sample::Waited(waited)));
        }
        if !has_completed(task) || known.is_some_and(has_completed) {
            return samples;
        }
        let is_told = self.told.is_some_and(|told| !has_completed(told));
        let completed_at =
            if task.first_completed_at.is_unset() { task.updated_at } else { task.first_completed_at };
        let at = self.moment(completed_at, is_told);
        samples.push((at, Sample::Completed { failed: task.failed }));
        if let Some(ran) = ran(task, start) {
            samples.push((at, Sample::Ran(ran)));
        }
        samples
    }

    /// Returns when something happened by our clock: just now if an event tells that it did. Else the earliest moment that
    /// it may have been.
    fn moment(&self, by_server: Timestamp, is_told: bool) -> Timestamp {
        if is_told {
            return self.at;
        }
        let ahead = self.offset_ns.saturating_add(UNCERTAIN_NS);
        by_server.shifted(ahead.saturating_neg()).min(self.at)
    }
}

fn start_of(task: &Task) -> Timestamp {
    started_at(task, Timestamp::UNSET)
}

fn has_completed(task: &Task) -> bool {
    matches!(task.state, State::Completed | State::Resolving)
}
