//! Everything that reads the stream of changes.

#[cfg(test)]
mod tests;

use super::event_log::EventLog;
use super::failures::SeenFailures;
use super::pulse::LifeStatistics;
use super::recording::EntryCollector;
use super::store::{Change, ChangeReader};
use super::timelines::Timelines;

/// The readers of a session's changes.
#[derive(Debug)]
pub(super) struct Recorder {
    pub(super) event_log: EventLog,
    pub(super) timelines: Timelines,
    pub(super) failures: SeenFailures,
    pub(super) entries: EntryCollector,
    pub(super) statistics: LifeStatistics,
}

impl Recorder {
    /// Creates a recorder whose event log keeps at most `events` entries.
    pub(super) fn new(events: usize) -> Self {
        Self {
            event_log: EventLog::new(events),
            timelines: Timelines::default(),
            failures: SeenFailures::default(),
            entries: EntryCollector::default(),
            statistics: LifeStatistics::default(),
        }
    }
}

impl ChangeReader for Recorder {
    fn read(&mut self, change: &Change<'_>) {
        self.event_log.read(change);
        self.timelines.read(change);
        self.failures.read(change);
        self.entries.read(change);
        self.statistics.read(change);
    }
}
