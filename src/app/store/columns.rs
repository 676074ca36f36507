//! What a filter asks of rows first: what a task has in common with many others, and its guid. Of a hundred thousand tasks
//! there are some hundred combinations: a filter that is asked about these, once for each, need not look at most of the
//! tasks at all.
//!
//! Kept by increments, with every entry that comes, changes or goes: nothing of an entry that stands here may change
//! otherwise.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::{Entry, RowId};
use crate::model::{CellId, Domain, State, TaskGuid};

/// A combination, and how many entries have it.
#[expect(clippy::struct_excessive_bools, reason = "each is so or not, whatever the others are")]
#[derive(Debug, Clone)]
pub(in crate::app) struct Common {
    /// Whose work.
    pub(in crate::app) domain: Domain,
    /// The cell, or the last one.
    pub(in crate::app) cell: Option<CellId>,
    /// Whether the server says that they have it now.
    pub(in crate::app) on_cell: bool,
    /// Where in their lives.
    pub(in crate::app) state: State,
    /// Whether they ended badly.
    pub(in crate::app) failed: bool,
    /// Whether they left the BBS.
    pub(in crate::app) ended: bool,
    /// Whether they have neither a reason nor a result.
    pub(in crate::app) silent: bool,
    pub(super) entries: usize,
}

impl Common {
    fn of(entry: &Entry) -> Self {
        Self {
            domain: entry.task.domain.clone(),
            cell: entry.last_cell.clone(),
            on_cell: entry.task.cell.is_some(),
            state: entry.task.state,
            failed: entry.task.failed,
            ended: entry.end.is_some(),
            silent: is_silent(entry),
            entries: 0,
        }
    }

    pub(super) fn is_of(&self, entry: &Entry) -> bool {
        let task = &entry.task;
        self.state == task.state
            && self.domain == task.domain
            && self.cell == entry.last_cell
            && self.on_cell == task.cell.is_some()
            && self.failed == task.failed
            && self.ended == entry.end.is_some()
            && self.silent == is_silent(entry)
    }
}

fn is_silent(entry: &Entry) -> bool {
    let task = &entry.task;
    task.result.is_empty() && task.failure_reason.is_empty() && task.rejection_reason.is_empty()
}

/// Where a combination is among all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct CommonId(u32);

impl CommonId {
    const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Of every row what a filter asks for first, one beside the other: to fetch each entry from where it is would take
/// longer than to ask.
#[derive(Debug, Default)]
pub(in crate::app) struct Columns {
    /// Some are of no entry any more, until their places are taken.
    all: Vec<Common>,
    free: Vec<CommonId>,
    table: HashTable<(u64, CommonId)>,
    hasher: RandomState,
    /// None of a row without an entry.
    of_rows: Vec<Option<CommonId>>,
    guids: Vec<TaskGuid>,
}

impl Columns {
    /// The combinations that there are.
    pub(in crate::app) fn commons(&self) -> &[Common] {
        &self.all
    }

    /// The place of a row's combination among all of them; none of a row without an entry.
    pub(in crate::app) fn common(&self, row: RowId) -> Option<usize> {
        self.of_rows.get(row.index()).copied().flatten().map(CommonId::index)
    }

    /// A row's guid; of a row without an entry it means nothing.
    pub(in crate::app) fn guid(&self, row: RowId) -> Option<&TaskGuid> {
        self.guids.get(row.index())
    }

    /// Takes in the entry that comes into a row.
    pub(super) fn add(&mut self, row: RowId, entry: &Entry) {
        let hash = self.hash(entry);
        let found = self.table.find(hash, |(other, id)| {
            *other == hash && self.all.get(id.index()).is_some_and(|common| common.is_of(entry))
        });
        let id = match found.map(|(_, id)| *id) {
            Some(id) => id,
            None => self.place(hash, entry),
        };
        if let Some(common) = self.all.get_mut(id.index()) {
            common.entries += 1;
        }
        let guid = &entry.task.guid;
        let held = self.of_rows.get_mut(row.index()).zip(self.guids.get_mut(row.index()));
        if let Some((common, held)) = held {
            (*common, *held) = (Some(id), guid.clone());
        } else {
            // Rows are numbered as they come.
            self.of_rows.push(Some(id));
            self.guids.push(guid.clone());
        }
    }

    /// Takes out the entry that leaves a row.
    pub(super) fn remove(&mut self, row: RowId, entry: &Entry) {
        let Some(id) = self.of_rows.get_mut(row.index()).and_then(Option::take) else { return };
        let Some(common) = self.all.get_mut(id.index()) else { return };
        common.entries -= 1;
        if common.entries > 0 {
            return;
        }
        let hash = self.hash(entry);
        if let Ok(found) = self.table.find_entry(hash, |(_, other)| *other == id) {
            found.remove();
            self.free.push(id);
        }
    }

    fn place(&mut self, hash: u64, entry: &Entry) -> CommonId {
        let common = Common::of(entry);
        let next = CommonId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        let id = self.free.pop().unwrap_or(next);
        match self.all.get_mut(id.index()) {
            Some(free) => *free = common,
            None => self.all.push(common),
        }
        self.table.insert_unique(hash, (hash, id), |(hash, _)| *hash);
        id
    }

    fn hash(&self, entry: &Entry) -> u64 {
        let task = &entry.task;
        let mut hasher = self.hasher.build_hasher();
        task.domain.hash(&mut hasher);
        entry.last_cell.hash(&mut hasher);
        let flags = [task.cell.is_some(), task.failed, entry.end.is_some(), is_silent(entry)];
        let flags = flags.iter().fold(0, |bits, flag| bits << 1 | u64::from(*flag));
        hasher.write_u64(u64::from(task.state.number().cast_unsigned()) << 8 | flags);
        hasher.finish()
    }
}
