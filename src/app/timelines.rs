//! Keeps the timelines of tasks, within a bound of memory for all of them together.
//!
//! Records of all tasks stand in one queue in order of arrival. Each knows the number of the record before it of the same
//! task, so that a timeline is read at the cost of its own length. The oldest records are dropped first.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::difference::Difference;
use super::store::{Change, ChangeReader, Entry, Gap, Snapshot, Source, TaskChange};
use crate::model::lifecycle::Step;
use crate::model::{
    Ended, Happening, LostEvents, Record, RequestId, Task, TaskGuid, Timeline, Timestamp, Version,
    VersionChange,
};

/// How many bytes the records of all tasks take. Enough for the usual five changes of each of 20,000 tasks. A version of a
/// task counts for the record that brought it; the next record may keep it a little longer.
const MOST_BYTES: usize = 24 << 20;
/// How many records a timeline has at most: the newest. A task that loops for hours has more.
const MOST_READ: usize = 200;
/// How many gaps are kept.
const MOST_GAPS: usize = 256;

/// What the counters of a shared version take.
const ARC_BYTES: usize = 2 * size_of::<usize>();
/// What a task takes in the index, which keeps at least an eighth of its places free.
const INDEX_BYTES: usize = size_of::<(TaskGuid, u64)>() * 2;

#[derive(Debug)]
struct Kept {
    guid: TaskGuid,
    /// The number of the task's record before this one. It may have been dropped.
    earlier: Option<u64>,
    bytes: u32,
    record: Record,
}

/// The timelines of all tasks.
#[derive(Debug)]
pub(super) struct Timelines {
    kept: VecDeque<Kept>,
    /// The number of the first record that is kept.
    first: u64,
    /// The number of the last record of each task.
    last_of: HashMap<TaskGuid, u64, RandomState>,
    bytes: usize,
    most_bytes: usize,
    gaps: VecDeque<LostEvents>,
}

impl Default for Timelines {
    fn default() -> Self {
        Self::within(MOST_BYTES)
    }
}

impl Timelines {
    /// Keeps records up to this many bytes.
    pub(super) fn within(most_bytes: usize) -> Self {
        Self {
            kept: VecDeque::new(),
            first: 0,
            last_of: HashMap::default(),
            bytes: 0,
            most_bytes,
            gaps: VecDeque::new(),
        }
    }

    /// Returns the timeline of a task. `offset_ns` is how far the server's clock is ahead of ours.
    pub(super) fn of(&self, entry: &Entry, offset_ns: i64) -> Timeline<'_> {
        let Entry { task: Task { guid, created_at, .. }, end, .. } = entry;
        let created_at = created_at.shifted(offset_ns.saturating_neg());
        let mut timeline = Timeline::default();
        let mut next = self.last_of.get(guid).copied();
        while let Some(number) = next {
            let Some(kept) = self.get(number).filter(|_| timeline.records.len() < MOST_READ) else {
                timeline.is_cut = true;
                break;
            };
            timeline.records.push(&kept.record);
            // What came before belongs to an earlier task with this guid.
            next = kept.earlier.filter(|_| !kept.record.is_birth());
        }
        timeline.records.reverse();
        // That it ended was recorded.
        timeline.is_cut |= timeline.records.is_empty() && end.is_some();
        timeline.gaps = self.gaps.iter().filter(|gap| concerns(gap, created_at, end.as_deref())).collect();
        timeline
    }

    /// Returns how many bytes the records take.
    #[cfg(test)]
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns what is kept, how much, and how much at most.
    #[cfg(test)]
    pub(super) fn bounds(&self) -> [(&'static str, usize, usize); 2] {
        [
            ("timelines of all tasks", self.bytes, self.most_bytes),
            ("gaps in timelines", self.gaps.len(), MOST_GAPS),
        ]
    }

    /// Records a request of ours.
    pub(super) fn sent(&mut self, guid: &TaskGuid, step: Step, request: RequestId, at: Timestamp) {
        self.push(guid, Record { at, what: Happening::Sent(step, request) }, 0);
    }

    /// Records that a request of ours failed, and why.
    pub(super) fn failed(&mut self, guid: &TaskGuid, step: Step, why: &str, at: Timestamp) {
        let bytes = why.len();
        self.push(guid, Record { at, what: Happening::Unanswered(step, why.into()) }, bytes);
    }

    fn get(&self, number: u64) -> Option<&Kept> {
        self.kept.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    fn push(&mut self, guid: &TaskGuid, record: Record, bytes: usize) {
        let number = self.first + u64::try_from(self.kept.len()).unwrap_or(0);
        let earlier = self.last_of.insert(guid.clone(), number);
        let index = if earlier.is_none() { INDEX_BYTES } else { 0 };
        let bytes = size_of::<Kept>() + bytes + index;
        self.bytes += bytes;
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.kept.push_back(Kept { guid: guid.clone(), earlier, bytes, record });
        while self.bytes > self.most_bytes {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let Some(oldest) = self.kept.pop_front() else { return };
        if self.last_of.get(&oldest.guid) == Some(&self.first) {
            self.last_of.remove(&oldest.guid);
        }
        self.first += 1;
        self.bytes = self.bytes.saturating_sub(oldest.bytes as usize);
    }

    fn read_task(&mut self, change: &TaskChange<'_>) {
        if matches!((change.source, change.before), (Source::List { reconciles: false }, Snapshot::Absent)) {
            // The first list has every task of the BBS, and tells no more than the tasks themselves.
            return;
        }
        let Some(Difference { evidence, before, after, end }) = Difference::of(change) else { return };
        let mut bytes = 0;
        let mut version = |shared: Option<&Arc<Version>>, task: &Task| {
            let version = Version::from(task);
            shared.filter(|shared| ***shared == version).cloned().unwrap_or_else(|| {
                bytes += ARC_BYTES + version.size();
                Arc::new(version)
            })
        };
        // Nearly always the version that the last record brought.
        let last = self.last_of.get(change.guid).and_then(|number| self.get(*number));
        let last = last.and_then(|kept| match &kept.record.what {
            Happening::Change(change) => Some(&change.after),
            Happening::Sent(..) | Happening::Unanswered(..) => None,
        });
        let before = before.map(|before| version(last, before));
        let after = version(before.as_ref().or(last), after);
        let what = Happening::Change(VersionChange { evidence, before, after, end });
        self.push(change.guid, Record { at: change.at, what }, bytes);
    }

    fn read_gap(&mut self, gap: &Gap<'_>) {
        if gap.closed {
            // Each loss that was noticed in this gap has an entry of its own.
            for lost in self.gaps.iter_mut().rev().take_while(|lost| lost.end.is_none()) {
                lost.end = Some(gap.at);
            }
            return;
        }
        self.gaps.push_back(LostEvents { start: gap.start, end: None, why: gap.why.into() });
        if self.gaps.len() > MOST_GAPS {
            self.gaps.pop_front();
        }
    }
}

impl ChangeReader for Timelines {
    fn read(&mut self, change: &Change<'_>) {
        match change {
            Change::Task(change) => self.read_task(change),
            Change::Gap(gap) => self.read_gap(gap),
        }
    }
}

/// Returns whether some of a task's events may be lost in a gap. `created_at` is by our clock.
fn concerns(gap: &LostEvents, created_at: Timestamp, end: Option<&Ended>) -> bool {
    gap.end.is_none_or(|end| created_at <= end) && end.is_none_or(|end| end.at > gap.start)
}

#[cfg(test)]
mod tests;
