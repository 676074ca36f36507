//! Metrics of a recording, for Prometheus: what is counted, and how it reads.
//!
//! Counters and histograms are added up from the entries of a recording; gauges are the figures of the session, which come
//! from what its store holds. So a gauge never drifts, whatever was missed: the next list corrects it with the rows.
//!
//! Pure: serves nothing and reads no clock. Exports no guid, app or other text of which there is no bound; the module
//! `label` keeps the bounds.

mod format;
mod histogram;
mod label;
mod metric;
mod page;
mod table;
#[cfg(test)]
mod tests;
mod totals;
mod vanished;

use std::collections::BTreeMap;

use super::WriterStatus;
use crate::model::recording::Entry;
use crate::model::{Figures, State, TaskCount};

pub use format::Format;
use label::LabelValue;
pub use metric::{Kind, Metric};
pub use page::Page;
pub use table::{METRICS, markdown};
use totals::Totals;

/// The most cells that have series of their own.
const MOST_CELLS: usize = 2_000;

/// The metrics of one session. The loop owns them, and publishes a [`Page`] of them now and then.
#[derive(Debug)]
pub struct Metrics {
    target: LabelValue,
    totals: Totals,
    /// How many lists are complete.
    lists: u64,
}

impl Metrics {
    /// Returns the metrics of a target at the start. `target` is what operators call it.
    pub fn new(target: &str) -> Self {
        Self { target: LabelValue::of(target), totals: Totals::default(), lists: 0 }
    }

    /// Notes that the recording begins, or begins anew: entries about the tasks that are there already follow, and are not
    /// news.
    pub fn begin(&mut self) {
        self.totals.await_list();
    }

    /// Adds entries of the recording. Costs the same for each, however many tasks there are.
    pub fn read(&mut self, entries: &[Entry]) {
        for entry in entries {
            self.totals.read(entry);
        }
    }

    /// Returns what is exported from now on.
    pub fn page(&mut self, figures: &Figures, writer: WriterStatus) -> Page {
        if figures.feed.lists > self.lists {
            self.lists = figures.feed.lists;
            self.totals.listed();
        }
        let (mut tasks, mut failed) = (BTreeMap::new(), BTreeMap::new());
        for count in &figures.tasks {
            let domain = self.totals.domain(&count.domain);
            *tasks.entry((domain.clone(), count.state)).or_default() += number(count.tasks);
            *failed.entry(domain).or_default() += if count.failed { number(count.tasks) } else { 0 };
        }
        // A domain without a task has zeros, not missing series.
        for domain in self.totals.domains() {
            for state in State::ALL {
                tasks.entry((domain.clone(), state)).or_default();
            }
            failed.entry(domain).or_default();
        }
        Page {
            target: self.target.clone(),
            tasks,
            failed,
            cells: cells(&figures.tasks),
            stuck: figures.stuck.iter().map(|(kind, tasks)| (*kind, number(*tasks))).collect(),
            health: figures.health,
            feed: figures.feed,
            counts: self.totals.counts().clone(),
            writer,
        }
    }
}

/// Counts the tasks on each cell. Cells come and go, and so do their series.
fn cells(counts: &[TaskCount]) -> BTreeMap<(LabelValue, State), u64> {
    let mut by_cell = BTreeMap::<_, Vec<&TaskCount>>::new();
    for count in counts {
        if let Some(cell) = &count.cell {
            by_cell.entry(LabelValue::of(cell.as_str())).or_default().push(count);
        }
    }
    let mut cells = BTreeMap::new();
    for (nth, (cell, counts)) in by_cell.into_iter().enumerate() {
        let cell = if nth < MOST_CELLS { cell } else { LabelValue::other() };
        for count in counts {
            *cells.entry((cell.clone(), count.state)).or_default() += number(count.tasks);
        }
    }
    cells
}

fn number(tasks: usize) -> u64 {
    u64::try_from(tasks).unwrap_or(u64::MAX)
}
