//! The counters of metrics against a recount of the same changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::server::{Life, life};
use super::watch::{Watch, step};
use crate::app::recording::EntryCollector;
use crate::app::store::{Change, ChangeReader, Snapshot, Source};
use crate::model::{FeedTotals, Figures, TaskEvent};
use crate::record::WriterStatus;
use crate::record::metrics::{Format, Metrics};

/// The lives that were seen to end and to be failed.
#[derive(Debug, Default)]
pub(super) struct Recount {
    entries: EntryCollector,
    ended: BTreeSet<Life>,
    failed: BTreeSet<Life>,
    failed_unseen: BTreeSet<Life>,
}

impl ChangeReader for Recount {
    fn read(&mut self, change: &Change<'_>) {
        self.entries.read(change);
        let Change::Task(change) = change else { return };
        // What an event tells of a task that was not known had happened before.
        let had_failed = match (change.before, change.source) {
            (Snapshot::Absent, Source::Event { event: TaskEvent::Changed { before, .. }, .. }) => {
                before.failed
            }
            (Snapshot::Absent, Source::Event { event: TaskEvent::Removed(last), .. }) => last.failed,
            _ => false,
        };
        if let Snapshot::Live(task) | Snapshot::Ended(task, _) = change.after
            && task.failed
            && !self.failed_unseen.contains(&life(task))
        {
            let lives = if had_failed { &mut self.failed_unseen } else { &mut self.failed };
            lives.insert(life(task));
        }
        if let Snapshot::Ended(task, _) = change.after {
            self.ended.insert(life(task));
        }
    }
}

/// Returns the sum of a counter's series.
fn sum(page: &str, name: &str) -> usize {
    let of = page.lines().filter(|line| line.starts_with(name));
    of.filter_map(|line| line.rsplit_once(' ')?.1.parse::<usize>().ok()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever arrives in whatever order, each life ends once and fails once.
    #[test]
    fn they_count_each_life_once(steps in prop::collection::vec(step(), 0..120)) {
        let mut recount = Recount::default();
        recount.entries.begin();
        let mut watch = Watch::new();
        watch.seen.recount = Some(recount);
        let feed = FeedTotals { lists: 1, ..FeedTotals::default() };
        let figures = Figures { feed, ..Figures::default() };
        let mut metrics = Metrics::new("bbs");
        metrics.page(&figures, WriterStatus::default());
        for step in steps {
            watch.apply(step);
            let entries = watch.seen.recount.as_mut().map(|recount| recount.entries.take());
            metrics.read(&entries.unwrap_or_default());
        }
        let page = Arc::new(metrics.page(&figures, WriterStatus::default())).text(Format::Prometheus);
        let Recount { ended, failed, .. } = watch.seen.recount.unwrap();
        prop_assert_eq!(sum(&page, "taskdeck_tasks_ended_total{"), ended.len());
        prop_assert_eq!(sum(&page, "taskdeck_task_failures_total{"), failed.len());
    }
}
