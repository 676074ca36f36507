//! What a filter asks of rows first: what a task has in common with many others, its texts, and its guid. Of a hundred
//! thousand tasks there are some hundred combinations, and few different texts: a filter that is asked about these, once
//! for each, need not look at most of the tasks at all.
//!
//! Kept by increments, with every entry that comes, changes or goes: nothing of an entry that stands here may change
//! otherwise.

use std::cell::OnceCell;
use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::RandomState;

use super::counts::StateCounts;
use super::groups::{GroupCounts, Groups, Named};
use super::interned::{Interned, Place};
use super::zones::Zones;
use super::{Entry, RowId};
use crate::app::groups::{GroupKey, Read};
use crate::model::{CellId, Domain, Owner, Shared, State, Task, TaskGuid, TaskText, Texts, reason_pattern};

/// A combination that entries have.
#[derive(Debug, Clone)]
pub(in crate::app) struct Common {
    /// Whose work.
    pub(in crate::app) domain: Domain,
    /// The cell, or the last one.
    pub(in crate::app) cell: Option<CellId>,
    /// Where in their lives.
    pub(in crate::app) state: State,
    /// Whether they ended badly.
    pub(in crate::app) failed: bool,
    /// Whether they left the BBS.
    pub(in crate::app) ended: bool,
}

impl Common {
    fn of(entry: &Entry) -> Self {
        Self {
            domain: entry.task.domain.clone(),
            cell: entry.last_cell.clone(),
            state: entry.task.state,
            failed: entry.task.failed,
            ended: entry.end.is_some(),
        }
    }

    /// Returns it as filters and sort rules read it.
    pub(in crate::app) fn shared(&self) -> Shared<'_> {
        Shared {
            domain: self.domain.as_str(),
            cell: self.cell.as_ref().map_or("", CellId::as_str),
            // Filters do not ask for it, and a sort adds it.
            zone: "",
            state: self.state,
            failed: self.failed,
            ended: self.ended,
        }
    }

    /// Returns whether such tasks are counted: those that the BBS holds, and failures as long as they are kept.
    pub(super) const fn is_counted(&self) -> bool {
        !self.ended || self.failed
    }

    pub(super) fn is_of(&self, entry: &Entry) -> bool {
        let task = &entry.task;
        self.state == task.state
            && self.domain == task.domain
            && self.cell == entry.last_cell
            && self.failed == task.failed
            && self.ended == entry.end.is_some()
    }
}

/// The texts that entries have; most have none.
#[derive(Debug, Clone)]
pub(in crate::app) struct Said {
    /// The failure reason.
    pub(in crate::app) failure: TaskText,
    /// The rejection reason.
    pub(in crate::app) rejection: TaskText,
    /// The result.
    pub(in crate::app) result: TaskText,
    /// Which of them is the reason, if any.
    by: Option<Reason>,
    /// The pattern of the reason, once somebody asked for it.
    pattern: OnceCell<Box<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Failure,
    Rejection,
}

impl Said {
    fn of(task: &Task) -> Self {
        let (failure, rejection) = (task.failure_reason.clone(), task.rejection_reason.clone());
        let by = match task.reason() {
            "" => None,
            reason if *reason == *failure => Some(Reason::Failure),
            _ => Some(Reason::Rejection),
        };
        Self { failure, rejection, result: task.result.clone(), by, pattern: OnceCell::new() }
    }

    pub(super) fn is_of(&self, task: &Task) -> bool {
        self.failure == task.failure_reason
            && self.rejection == task.rejection_reason
            && self.result == task.result
            && self.reason() == task.reason()
    }

    /// The reason, as the task has it.
    pub(in crate::app) fn reason(&self) -> &str {
        match self.by {
            Some(Reason::Failure) => &self.failure,
            Some(Reason::Rejection) => &self.rejection,
            None => "",
        }
    }

    /// Returns the pattern of the reason.
    pub(in crate::app) fn pattern(&self) -> &str {
        self.pattern.get_or_init(|| reason_pattern(self.reason()).into())
    }

    /// Returns the texts as filters and sort rules read them.
    pub(in crate::app) fn texts(&self) -> Texts<'_> {
        let Self { failure, rejection, result, .. } = self;
        Texts { reason: self.reason(), failure, rejection, result }
    }

    /// Lets the task have these texts instead of its own.
    fn lend(&self, task: &mut Task) {
        task.failure_reason.clone_from(&self.failure);
        task.rejection_reason.clone_from(&self.rejection);
        task.result.clone_from(&self.result);
    }
}

/// Where the parts of a row are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    pub(super) common: Place,
    pub(super) said: Place,
    pub(super) owner: Place,
}

/// The indexes of a row's combination, texts and owner.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct FacetIndexes {
    /// Of the combination.
    pub(in crate::app) common: usize,
    /// Of the texts.
    pub(in crate::app) said: usize,
    /// Of the owner.
    pub(in crate::app) owner: usize,
}

/// Of every row what a filter asks for first, one beside the other: to fetch each entry from where it is would take
/// longer than to ask.
#[derive(Debug, Default)]
pub(in crate::app) struct Facets {
    commons: Interned<Common>,
    said: Interned<Said>,
    owners: Interned<Owner>,
    groups: Groups,
    hasher: RandomState,
    /// None of a row without an entry.
    of_rows: Vec<Option<Parts>>,
    guids: Vec<TaskGuid>,
}

impl Facets {
    /// The combinations, each at its place; some places have none.
    pub(in crate::app) fn commons(&self) -> impl Iterator<Item = Option<&Common>> + Clone {
        self.commons.values()
    }

    /// The texts, each at its place; some places have none.
    pub(in crate::app) fn said(&self) -> impl Iterator<Item = Option<&Said>> + Clone {
        self.said.values()
    }

    /// The owners, each at its place; some places have none.
    pub(in crate::app) fn owners(&self) -> impl Iterator<Item = Option<&Owner>> + Clone {
        self.owners.values()
    }

    /// Returns the indexes of a row's facets, or none for a row without an entry.
    pub(in crate::app) fn indexes(&self, row: RowId) -> Option<FacetIndexes> {
        let Parts { common, said, owner } = self.of_rows.get(row.index()).copied().flatten()?;
        Some(FacetIndexes { common: common.index(), said: said.index(), owner: owner.index() })
    }

    /// A row's guid; of a row without an entry it means nothing.
    pub(in crate::app) fn guid(&self, row: RowId) -> Option<&TaskGuid> {
        self.guids.get(row.index())
    }

    /// Takes in the entry that comes into a row, and lets it share its texts.
    pub(super) fn add(&mut self, row: RowId, entry: &mut Entry) {
        let (by_common, by_texts) = (self.hash_common(entry), self.hash_texts(&entry.task));
        let common = self.commons.add(by_common, |common| common.is_of(entry), || Common::of(entry));
        let task = &entry.task;
        let said = self.said.add(by_texts, |said| said.is_of(task), || Said::of(task));
        if let Some(texts) = self.said.get(said) {
            texts.lend(&mut entry.task);
        }
        let owner = &entry.task.owner;
        let owner = self.owners.add(self.hash_owner(owner), |held| held == owner, || owner.clone());
        if let Some(shared) = self.owners.get(owner) {
            entry.task.owner.clone_from(shared);
        }
        let parts = Parts { common, said, owner };
        self.count(&parts);
        let (guid, parts) = (&entry.task.guid, Some(parts));
        let held = self.of_rows.get_mut(row.index()).zip(self.guids.get_mut(row.index()));
        if let Some((of_row, held)) = held {
            (*of_row, *held) = (parts, guid.clone());
        } else {
            // Rows are numbered as they come.
            self.of_rows.push(parts);
            self.guids.push(guid.clone());
        }
    }

    /// How many rows' combinations, texts and owners are counted.
    #[cfg(test)]
    pub(super) fn counted(&self) -> [usize; 3] {
        [self.commons.rows(), self.said.rows(), self.owners.rows()]
    }

    /// Takes out the entry that leaves a row.
    pub(super) fn remove(&mut self, row: RowId) {
        let Some(parts) = self.of_rows.get_mut(row.index()).and_then(Option::take) else { return };
        if let Some(common) = self.commons.get(parts.common) {
            self.groups.remove(&parts, common);
        }
        if self.commons.remove(parts.common) {
            self.groups.forget(parts.common, |read| matches!(read, Read::Common(_)));
        }
        if self.said.remove(parts.said) {
            self.groups.forget(parts.said, |read| matches!(read, Read::Said(_)));
        }
        if self.owners.remove(parts.owner) {
            self.groups.forget(parts.owner, |read| matches!(read, Read::Owner(_)));
        }
    }

    /// Counts a row that comes. What is new in it names groups first.
    fn count(&mut self, parts: &Parts) {
        if let Some(common) = self.commons.get_single(parts.common) {
            self.groups.name_common(parts.common, common);
        }
        if let Some(said) = self.said.get_single(parts.said) {
            self.groups.name_said(parts.said, said);
        }
        if let Some(owner) = self.owners.get_single(parts.owner) {
            self.groups.name_owner(parts.owner, owner);
        }
        if let Some(common) = self.commons.get(parts.common) {
            self.groups.add(parts, common);
        }
    }

    /// Returns the counts of all tasks.
    pub(super) const fn counts(&self) -> &StateCounts {
        self.groups.all()
    }

    /// Returns the groups of a property, if they are counted.
    pub(super) fn groups(&self, key: GroupKey) -> Option<&GroupCounts> {
        self.groups.of(key)
    }

    /// Counts the groups of these properties and of no others.
    pub(super) fn count_groups(&mut self, keys: &[GroupKey]) {
        let named = Named { commons: &self.commons, said: &self.said, owners: &self.owners };
        self.groups.count(keys, &named, &self.of_rows);
    }

    /// Returns the zones of the cells.
    pub(in crate::app) const fn zones(&self) -> &Zones {
        &self.groups.zones
    }

    /// Records the zones of cells. Returns whether any of them is news.
    pub(super) fn learn_zones<'a>(&mut self, cells: impl Iterator<Item = (&'a CellId, &'a str)>) -> bool {
        let zones = &mut self.groups.zones;
        let mut is_news = false;
        for (cell, zone) in cells {
            if zones.get(cell).map_or("", |known| known) != zone {
                zones.insert(cell.clone(), zone.into());
                is_news = true;
            }
        }
        if is_news {
            let named = Named { commons: &self.commons, said: &self.said, owners: &self.owners };
            self.groups.recount(GroupKey::Zone, &named, &self.of_rows);
        }
        is_news
    }

    fn hash_common(&self, entry: &Entry) -> u64 {
        let task = &entry.task;
        let mut hasher = self.hasher.build_hasher();
        task.domain.hash(&mut hasher);
        entry.last_cell.hash(&mut hasher);
        let flags = u64::from(task.failed) << 1 | u64::from(entry.end.is_some());
        hasher.write_u64(u64::from(task.state.number().cast_unsigned()) << 8 | flags);
        hasher.finish()
    }

    /// Hashes all texts: tenants choose them, and owners that differ in a single text must not end in one bucket.
    fn hash_owner(&self, owner: &Owner) -> u64 {
        let parts = [owner.app(), owner.space(), owner.org()].map(|entity| (&entity.guid, &entity.name));
        self.hasher.hash_one(parts)
    }

    fn hash_texts(&self, task: &Task) -> u64 {
        let texts = [&task.failure_reason, &task.rejection_reason, &task.result];
        self.hasher.hash_one((texts, task.reason().len()))
    }
}
