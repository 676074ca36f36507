//! Reads changes into the statistics of a session.

use crate::app::store::{Change, ChangeReader, Snapshot, Source, TaskChange};
use crate::model::statistics::{Observed, Statistics};
use crate::model::{Task, TaskEvent, Timestamp};

/// The statistics of a session.
#[derive(Debug, Default)]
pub(in crate::app) struct LifeStatistics {
    statistics: Statistics,
    /// How far the server's clock is ahead of ours.
    offset_ns: i64,
}

impl LifeStatistics {
    /// Returns the statistics.
    pub(in crate::app) const fn get(&self) -> &Statistics {
        &self.statistics
    }

    /// Takes in the server's time at a moment of ours.
    pub(in crate::app) const fn learn_server_time(&mut self, server: Timestamp, ours: Timestamp) {
        self.offset_ns = server.as_nanos().saturating_sub(ours.as_nanos());
    }

    /// Lets time pass.
    pub(in crate::app) fn pass_time(&mut self, now: Timestamp) {
        self.statistics.pass_time(now);
    }

    fn read_task(&mut self, change: &TaskChange<'_>) {
        if change.before == change.after {
            return;
        }
        let Some(after) = task_of(change.after) else { return };
        let told = match change.source {
            Source::Event { event: TaskEvent::Changed { before, .. }, .. } => Some(&**before),
            _ => None,
        };
        let (at, offset_ns, before) = (change.at, self.offset_ns, task_of(change.before));
        self.statistics.observe(&Observed { at, offset_ns, before, told, after });
    }
}

/// Returns what is known of a task, held or not.
const fn task_of(snapshot: Snapshot<'_>) -> Option<&Task> {
    match snapshot {
        Snapshot::Absent => None,
        Snapshot::Live(task) | Snapshot::Ended(task, _) => Some(task),
    }
}

impl ChangeReader for LifeStatistics {
    fn read(&mut self, change: &Change<'_>) {
        match change {
            Change::Task(change) => self.read_task(change),
            Change::Gap(gap) if gap.closed => self.statistics.regain_events(gap.at),
            Change::Gap(gap) => self.statistics.lose_events(gap.start),
        }
    }
}
