//! The task store: merges lists and events so that no order of arrival leaves a wrong entry.
//!
//! The list is the truth, events are hints. A [`Mark`] taken when a list is requested tells which entries events
//! changed in the meantime; [`merge::is_newer`] decides about those. Every other entry becomes what the list says, and
//! an entry that the list lacks has ended. A removed guid leaves a tombstone, so that a late event cannot bring the
//! task back. Source: "The event stream" of the API.
//!
//! Every difference is reported as one [`Change`] to a [`ChangeReader`]. The store must not read a clock or do I/O.
//! It keeps ended tasks up to limits ([`KeepEnded`]); dropping the oldest is not a change.

mod change;
mod counts;
mod ended;
mod entry;
mod facets;
mod gap;
mod groups;
mod index;
mod interned;
mod marks;
mod merge;
mod replay;
mod stuck;
#[cfg(test)]
mod tests;
mod zones;

use std::collections::{HashMap, VecDeque};

use foldhash::fast::RandomState;

use crate::model::{DefinitionSummary, Ended, ReadSummary, Task, TaskCount, TaskGuid, Timestamp};

pub use change::{Change, ChangeReader, Gap, Snapshot, Source, TaskChange};
pub use counts::StateCounts;
use ended::EndedTasks;
pub use ended::KeepEnded;
pub use entry::Entry;
use entry::Known;
pub(super) use facets::{Attributes, FacetIndexes, Facets, TaskTexts};
use gap::Continuity;
pub use groups::GroupCounts;
use index::Index;
pub(super) use marks::MarkedRows;
use marks::Marks;
pub use merge::Applied;
pub use stuck::StuckCounts;
use stuck::StuckWork;
pub(super) use zones::Zones;

use super::groups::GroupKey;

/// How many tombstones are kept. At 1,000 removals a second they span 16 s, far more than events are late by.
const MOST_TOMBSTONES: usize = 16_384;

/// A point on the store's own counter, which grows with every applied change and every list request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mark(u64);

/// The position of an entry in the store; stable while the store holds the entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(u32);

impl RowId {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }

    /// Returns the row at this index.
    pub(super) fn at(index: usize) -> Option<Self> {
        u32::try_from(index).map(Self).ok()
    }
}

/// A removed guid. Whatever still arrives about the removed task is late.
#[derive(Debug, Clone, Copy)]
struct Tombstone {
    mark: Mark,
    created_at: Timestamp,
}

/// All entries, with their indexes and facets.
#[derive(Debug)]
pub struct Store {
    slots: Vec<Option<Entry>>,
    free: Vec<RowId>,
    by_guid: Index,
    facets: Facets,
    marks: Marks,
    stuck: StuckWork,
    tombstones: HashMap<TaskGuid, Tombstone, RandomState>,
    buried: VecDeque<(TaskGuid, Mark)>,
    ended: EndedTasks,
    counter: Mark,
    read_summary: ReadSummary,
    changed: Vec<RowId>,
    continuity: Continuity,
}

impl Store {
    /// Creates an empty store that keeps at most `ended_limit` ended tasks.
    pub fn new(ended_limit: usize) -> Self {
        Self::keeping(KeepEnded::number(ended_limit))
    }

    /// Creates an empty store that keeps ended tasks as `keep` says.
    pub fn keeping(keep: KeepEnded) -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            by_guid: Index::default(),
            facets: Facets::default(),
            marks: Marks::default(),
            stuck: StuckWork::default(),
            tombstones: HashMap::default(),
            buried: VecDeque::new(),
            ended: EndedTasks::new(keep),
            counter: Mark::default(),
            read_summary: |_| DefinitionSummary::default(),
            changed: Vec::new(),
            continuity: Continuity::default(),
        }
    }

    /// Reads summaries of definitions with `read`. Without it they are empty.
    pub(in crate::app) fn read_summaries_with(&mut self, read: ReadSummary) {
        self.read_summary = read;
    }

    /// Returns the summary of a task's definition.
    pub fn summary<'a>(&self, task: &'a Task) -> DefinitionSummary<'a> {
        (self.read_summary)(&task.definition)
    }

    /// Returns the rows whose entry was added, changed or removed since the last call, each once.
    pub(super) fn take_changed(&mut self) -> Vec<RowId> {
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    fn note_changed(&mut self, id: RowId) {
        // Bounds the list even if nobody takes it for long.
        if self.changed.len() > 4 * self.slots.len() + 1_024 {
            self.changed = self.take_changed();
        }
        self.changed.push(id);
    }

    /// Returns counts of the tasks that the BBS holds, by state, and of all failures.
    pub fn counts(&self) -> &StateCounts {
        self.facets.counts()
    }

    /// Iterates over the numbers of tasks that the BBS holds, by what they have in common.
    pub fn task_counts(&self) -> impl Iterator<Item = TaskCount> {
        self.facets.task_counts()
    }

    /// Returns the groups of a property, if they are counted.
    pub fn groups(&self, key: GroupKey) -> Option<&GroupCounts> {
        self.facets.groups(key)
    }

    /// Counts the groups of these properties and of no others. One that is not counted yet takes a pass over all rows.
    pub fn count_groups(&mut self, keys: &[GroupKey]) {
        self.facets.count_groups(keys);
    }

    /// Returns the entry of a row, if the store still holds it.
    pub fn entry(&self, id: RowId) -> Option<&Entry> {
        self.slots.get(id.index())?.as_ref()
    }

    fn entry_mut(&mut self, id: RowId) -> Option<&mut Entry> {
        self.slots.get_mut(id.index())?.as_mut()
    }

    /// Returns the row of the task with this guid, live or ended.
    pub fn find(&self, guid: &TaskGuid) -> Option<RowId> {
        self.by_guid.find(guid, |id| self.has(id, guid))
    }

    fn has(&self, id: RowId, guid: &TaskGuid) -> bool {
        self.entry(id).is_some_and(|entry| entry.task.guid == *guid)
    }

    /// Returns the attributes that filters test before they read entries.
    pub(super) fn facets(&self) -> &Facets {
        &self.facets
    }

    /// Returns the entry of the task with this guid, live or ended.
    pub fn get(&self, guid: &TaskGuid) -> Option<&Entry> {
        self.entry(self.find(guid)?)
    }

    /// Iterates over all entries, live and ended, in no particular order.
    pub fn entries(&self) -> impl Iterator<Item = (RowId, &Entry)> {
        self.slots.iter().zip(0..).filter_map(|(slot, id)| Some((RowId(id), slot.as_ref()?)))
    }

    /// Returns how many slots there are, used or free.
    pub(super) fn slots(&self) -> usize {
        self.slots.len()
    }

    fn live(&self, guid: &TaskGuid) -> Option<(RowId, &Entry)> {
        let id = self.find(guid)?;
        self.entry(id).filter(|entry| entry.end.is_none()).map(|entry| (id, entry))
    }

    fn tick(&mut self) -> Mark {
        self.counter = Mark(self.counter.0 + 1);
        self.counter
    }

    /// Puts in `task` as a live entry, replacing any entry with its guid.
    fn put(&mut self, mut task: Task, touched: Mark, listed: Mark) {
        task.definition.detach();
        let held = self.find(&task.guid).and_then(|id| Some((id, self.entry(id)?)));
        match held.map(|(id, entry)| (id, entry.end.is_some(), entry.known_of(&task))) {
            Some((id, false, known)) => self.replace(id, task, known, touched, listed),
            Some((_, true, known)) => {
                self.take(&task.guid);
                self.put_new(task, known, touched, listed);
            }
            None => self.put_new(task, Known::default(), touched, listed),
        }
    }

    fn put_new(&mut self, task: Task, known: Known, touched: Mark, listed: Mark) {
        self.place(Entry::new(task, known, None, touched, listed));
    }

    /// Replaces a live task by a newer version.
    fn replace(&mut self, id: RowId, task: Task, known: Known, touched: Mark, listed: Mark) {
        let returned = self.returned(id, &task);
        let silent = self.entry(id).and_then(|entry| self.silent_host(entry));
        let Some(entry) = self.slots.get_mut(id.index()).and_then(Option::as_mut) else { return };
        self.facets.remove(id);
        self.marks.left(id, entry);
        self.stuck.left(entry, silent);
        *entry = Entry { returned, ..Entry::new(task, known, None, touched, listed) };
        self.facets.add(id, entry);
        self.marks.came(id, entry);
        self.note_changed(id);
        if let Some(entry) = self.slots.get(id.index()).and_then(Option::as_ref) {
            let silent = self.silent_host(entry);
            self.stuck.came(entry, silent);
        }
    }

    fn place(&mut self, mut entry: Entry) -> RowId {
        let id = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            RowId(u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX))
        });
        self.by_guid.add(&entry.task.guid, id);
        self.facets.add(id, &mut entry);
        self.marks.came(id, &entry);
        let silent = self.silent_host(&entry);
        self.stuck.came(&entry, silent);
        if let Some(slot) = self.slots.get_mut(id.index()) {
            *slot = Some(entry);
        }
        self.note_changed(id);
        id
    }

    /// Removes the entry with this guid, live or ended.
    fn take(&mut self, guid: &TaskGuid) -> Option<Entry> {
        let is_its =
            |id| self.slots.get(RowId::index(id))?.as_ref().map(|entry: &Entry| entry.task.guid == *guid);
        let id = self.by_guid.remove(guid, |id| is_its(id).unwrap_or_default())?;
        let entry = self.slots.get_mut(id.index())?.take()?;
        self.facets.remove(id);
        self.marks.left(id, &entry);
        let silent = self.silent_host(&entry);
        self.stuck.left(&entry, silent);
        self.free.push(id);
        self.note_changed(id);
        if entry.end.is_some() {
            self.ended.left(&entry);
        }
        Some(entry)
    }

    /// Moves a task to the ended ones and leaves a tombstone. `last` is its last known version.
    fn end(&mut self, last: Task, end: Ended) {
        let mark = self.tick();
        let held = self.take(&last.guid);
        let was_live = held.as_ref().is_some_and(|entry| entry.end.is_none());
        let known = held.map(|entry| entry.known_of(&last)).unwrap_or_default();
        self.bury(last.guid.clone(), Tombstone { mark, created_at: last.created_at });
        let lingers = was_live && self.ended.lingers(&last, end.how);
        let id = self.place(Entry { lingers, ..Entry::new(last, known, Some(end), mark, mark) });
        self.enqueue((id, mark), lingers);
    }

    fn bury(&mut self, guid: TaskGuid, tombstone: Tombstone) {
        self.buried.push_back((guid.clone(), tombstone.mark));
        self.tombstones.insert(guid, tombstone);
        while self.buried.len() > MOST_TOMBSTONES {
            let Some((guid, mark)) = self.buried.pop_front() else { break };
            if self.tombstones.get(&guid).is_some_and(|tombstone| tombstone.mark == mark) {
                self.tombstones.remove(&guid);
            }
        }
    }
}
