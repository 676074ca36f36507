//! Interns what tasks share, so that filters, sorts and groups evaluate it once for all of them.
//!
//! A hundred thousand tasks have some hundred combinations of attributes, a few thousand owners, and few distinct texts. A
//! filter that is evaluated once for each of these decides most tasks without reading them.
//!
//! Updated by increments. Whatever is interned of an entry must not change otherwise: remove the entry, change it, and add
//! it again.

use std::cell::OnceCell;
use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::RandomState;

use super::counts::StateCounts;
use super::groups::{FacetTables, GroupCounts, Groups};
use super::interned::{InternId, Interned};
use super::zones::{self, Zones};
use super::{Entry, RowId};
use crate::app::groups::{GroupKey, Read};
use crate::model::{
    Cause, CellId, Domain, Owner, Shared, State, Task, TaskCount, TaskGuid, TaskText, Texts, reason_pattern,
};

/// The attributes that many tasks have the same combination of.
#[derive(Debug, Clone)]
pub(in crate::app) struct Attributes {
    /// The domain.
    pub(in crate::app) domain: Domain,
    /// The current cell, or the last one.
    pub(in crate::app) cell: Option<CellId>,
    /// The state.
    pub(in crate::app) state: State,
    /// Whether the task failed.
    pub(in crate::app) failed: bool,
    /// Why the task ended; none while the BBS holds it.
    pub(in crate::app) cause: Option<Cause>,
}

impl Attributes {
    fn of(entry: &Entry) -> Self {
        Self {
            domain: entry.task.domain.clone(),
            cell: entry.last_cell.clone(),
            state: entry.task.state,
            failed: entry.task.failed,
            cause: entry.cause(),
        }
    }

    /// Returns the attributes in the form that filters and sort rules read.
    pub(in crate::app) fn shared(&self) -> Shared<'_> {
        Shared {
            domain: self.domain.as_str(),
            cell: self.cell.as_ref().map_or("", CellId::as_str),
            // Filters do not read the zone; a sort adds it.
            zone: "",
            state: self.state,
            failed: self.failed,
            cause: self.cause,
        }
    }

    /// Returns whether the BBS no longer holds the task.
    pub(in crate::app) const fn has_ended(&self) -> bool {
        self.cause.is_some()
    }

    /// Returns whether such tasks are counted: those that the BBS holds, and failures as long as they are kept.
    pub(super) const fn is_counted(&self) -> bool {
        !self.has_ended() || self.failed
    }

    pub(super) fn is_of(&self, entry: &Entry) -> bool {
        let task = &entry.task;
        self.state == task.state
            && self.domain == task.domain
            && self.cell == entry.last_cell
            && self.failed == task.failed
            && self.cause == entry.cause()
    }
}

/// The texts of a task. Most tasks have none.
#[derive(Debug, Clone)]
pub(in crate::app) struct TaskTexts {
    /// The failure reason.
    pub(in crate::app) failure: TaskText,
    /// The rejection reason.
    pub(in crate::app) rejection: TaskText,
    /// The result.
    pub(in crate::app) result: TaskText,
    /// Which of them is the reason, if any.
    reason: Option<Reason>,
    /// The pattern of the reason, computed when it is first needed.
    pattern: OnceCell<Box<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Failure,
    Rejection,
}

impl TaskTexts {
    fn of(task: &Task) -> Self {
        let (failure, rejection) = (task.failure_reason.clone(), task.rejection_reason.clone());
        let reason = match task.reason() {
            "" => None,
            reason if *reason == *failure => Some(Reason::Failure),
            _ => Some(Reason::Rejection),
        };
        Self { failure, rejection, result: task.result.clone(), reason, pattern: OnceCell::new() }
    }

    pub(super) fn is_of(&self, task: &Task) -> bool {
        self.failure == task.failure_reason
            && self.rejection == task.rejection_reason
            && self.result == task.result
            && self.reason() == task.reason()
    }

    /// Returns the reason: see [`Task::reason`].
    pub(in crate::app) fn reason(&self) -> &str {
        match self.reason {
            Some(Reason::Failure) => &self.failure,
            Some(Reason::Rejection) => &self.rejection,
            None => "",
        }
    }

    /// Returns the pattern of the reason.
    pub(in crate::app) fn pattern(&self) -> &str {
        self.pattern.get_or_init(|| reason_pattern(self.reason()).into())
    }

    /// Returns the texts in the form that filters and sort rules read.
    pub(in crate::app) fn texts(&self) -> Texts<'_> {
        let Self { failure, rejection, result, .. } = self;
        Texts { reason: self.reason(), failure, rejection, result }
    }

    /// Makes the task share these texts instead of having copies.
    fn share_with(&self, task: &mut Task) {
        task.failure_reason.clone_from(&self.failure);
        task.rejection_reason.clone_from(&self.rejection);
        task.result.clone_from(&self.result);
    }
}

/// The ids of a row's facets.
#[derive(Debug, Clone, Copy)]
pub(super) struct FacetIds {
    pub(super) attributes: InternId,
    pub(super) texts: InternId,
    pub(super) owner: InternId,
}

/// The indexes of a row's facets, as in the iterators of [`Facets`].
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct FacetIndexes {
    /// The index of its attributes.
    pub(in crate::app) attributes: usize,
    /// The index of its texts.
    pub(in crate::app) texts: usize,
    /// The index of its owner.
    pub(in crate::app) owner: usize,
}

/// The facets of every row, in arrays of their own: fetching each entry from memory would take longer than filtering it.
#[derive(Debug, Default)]
pub(in crate::app) struct Facets {
    attributes: Interned<Attributes>,
    texts: Interned<TaskTexts>,
    owners: Interned<Owner>,
    groups: Groups,
    hasher: RandomState,
    /// By row; `None` for a row without an entry.
    of_rows: Vec<Option<FacetIds>>,
    guids: Vec<TaskGuid>,
}

impl Facets {
    /// Iterates over the combinations of attributes by index; `None` for unused indexes.
    pub(in crate::app) fn attributes(&self) -> impl Iterator<Item = Option<&Attributes>> + Clone {
        self.attributes.values()
    }

    /// Iterates over the texts by index; `None` for unused indexes.
    pub(in crate::app) fn texts(&self) -> impl Iterator<Item = Option<&TaskTexts>> + Clone {
        self.texts.values()
    }

    /// Iterates over the owners by index; `None` for unused indexes.
    pub(in crate::app) fn owners(&self) -> impl Iterator<Item = Option<&Owner>> + Clone {
        self.owners.values()
    }

    /// Returns the indexes of a row's facets, or none for a row without an entry.
    pub(in crate::app) fn indexes(&self, row: RowId) -> Option<FacetIndexes> {
        let FacetIds { attributes, texts, owner } = self.of_rows.get(row.index()).copied().flatten()?;
        Some(FacetIndexes { attributes: attributes.index(), texts: texts.index(), owner: owner.index() })
    }

    /// Returns the guid of a row. It is meaningless for a row without an entry.
    pub(in crate::app) fn guid(&self, row: RowId) -> Option<&TaskGuid> {
        self.guids.get(row.index())
    }

    /// Adds the entry of a row, and makes it share its texts and its owner with others.
    pub(super) fn add(&mut self, row: RowId, entry: &mut Entry) {
        let (by_attributes, by_texts) = (self.hash_attributes(entry), self.hash_texts(&entry.task));
        let attributes = self.attributes.add(
            by_attributes,
            |attributes| attributes.is_of(entry),
            || Attributes::of(entry),
        );
        let task = &entry.task;
        let texts = self.texts.add(by_texts, |texts| texts.is_of(task), || TaskTexts::of(task));
        if let Some(texts) = self.texts.get(texts) {
            texts.share_with(&mut entry.task);
        }
        let owner = &entry.task.owner;
        let owner = self.owners.add(self.hash_owner(owner), |held| held == owner, || owner.clone());
        if let Some(shared) = self.owners.get(owner) {
            entry.task.owner.clone_from(shared);
        }
        let ids = FacetIds { attributes, texts, owner };
        self.count(&ids);
        let (guid, ids) = (&entry.task.guid, Some(ids));
        let held = self.of_rows.get_mut(row.index()).zip(self.guids.get_mut(row.index()));
        if let Some((of_row, held)) = held {
            (*of_row, *held) = (ids, guid.clone());
        } else {
            // A new row is always the next one.
            self.of_rows.push(ids);
            self.guids.push(guid.clone());
        }
    }

    /// Returns the number of rows that are counted for attributes, texts and owners.
    #[cfg(test)]
    pub(super) fn counted(&self) -> [usize; 3] {
        [self.attributes.rows(), self.texts.rows(), self.owners.rows()]
    }

    /// Removes the entry of a row.
    pub(super) fn remove(&mut self, row: RowId) {
        let Some(ids) = self.of_rows.get_mut(row.index()).and_then(Option::take) else { return };
        if let Some(attributes) = self.attributes.get(ids.attributes) {
            self.groups.remove(&ids, attributes);
        }
        if self.attributes.remove(ids.attributes) {
            self.groups.forget(ids.attributes, |read| matches!(read, Read::Attributes(_)));
        }
        if self.texts.remove(ids.texts) {
            self.groups.forget(ids.texts, |read| matches!(read, Read::TaskTexts(_)));
        }
        if self.owners.remove(ids.owner) {
            self.groups.forget(ids.owner, |read| matches!(read, Read::Owner(_)));
        }
    }

    /// Counts a new row in its groups. Facets that are new are assigned to groups first.
    fn count(&mut self, ids: &FacetIds) {
        if let Some(attributes) = self.attributes.get_single(ids.attributes) {
            self.groups.name_attributes(ids.attributes, attributes);
        }
        if let Some(texts) = self.texts.get_single(ids.texts) {
            self.groups.name_texts(ids.texts, texts);
        }
        if let Some(owner) = self.owners.get_single(ids.owner) {
            self.groups.name_owner(ids.owner, owner);
        }
        if let Some(attributes) = self.attributes.get(ids.attributes) {
            self.groups.add(ids, attributes);
        }
    }

    /// Returns the counts of all tasks.
    pub(super) const fn counts(&self) -> &StateCounts {
        self.groups.all()
    }

    /// Iterates over the cells that run tasks, with the number of these; a cell may come several times.
    pub(super) fn running(&self) -> impl Iterator<Item = (Option<&CellId>, usize)> {
        let all = self.attributes.with_rows();
        let running = all.filter(|(of, _)| of.state == State::Running && !of.has_ended());
        running.map(|(of, rows)| (of.cell.as_ref(), rows))
    }

    /// Iterates over the combinations of attributes of the tasks that the BBS holds, with the number of these.
    pub(super) fn task_counts(&self) -> impl Iterator<Item = TaskCount> {
        let held = self.attributes.with_rows().filter(|(of, _)| !of.has_ended());
        held.map(|(of, tasks)| TaskCount {
            domain: of.domain.clone(),
            cell: of.cell.clone(),
            state: of.state,
            failed: of.failed,
            tasks,
        })
    }

    /// Returns the groups of a property, if they are counted.
    pub(super) fn groups(&self, key: GroupKey) -> Option<&GroupCounts> {
        self.groups.of(key)
    }

    /// Counts the groups of these properties and of no others.
    pub(super) fn count_groups(&mut self, keys: &[GroupKey]) {
        let tables = FacetTables { attributes: &self.attributes, texts: &self.texts, owners: &self.owners };
        self.groups.count(keys, &tables, &self.of_rows);
    }

    /// Returns the zones of the cells.
    pub(in crate::app) const fn zones(&self) -> &Zones {
        &self.groups.zones
    }

    /// Records the zones of the cells that are present. Returns whether any of them is new.
    pub(super) fn learn_zones<'a>(
        &mut self,
        present: impl Iterator<Item = (&'a CellId, &'a str)> + Clone,
    ) -> bool {
        let zones = &mut self.groups.zones;
        let mut is_news = false;
        for (cell, zone) in present.clone() {
            if zones.get(cell).map_or("", |known| known) != zone {
                zones.insert(cell.clone(), zone.into());
                is_news = true;
            }
        }
        if is_news {
            let with_tasks = self.attributes.values().flatten().filter_map(|of| of.cell.as_ref());
            zones::forget_unused(zones, present.map(|(cell, _)| cell).chain(with_tasks));
            let tables =
                FacetTables { attributes: &self.attributes, texts: &self.texts, owners: &self.owners };
            self.groups.recount(GroupKey::Zone, &tables, &self.of_rows);
        }
        is_news
    }

    fn hash_attributes(&self, entry: &Entry) -> u64 {
        let task = &entry.task;
        let mut hasher = self.hasher.build_hasher();
        task.domain.hash(&mut hasher);
        entry.last_cell.hash(&mut hasher);
        entry.cause().hash(&mut hasher);
        hasher.write_u64(u64::from(task.state.number().cast_unsigned()) << 8 | u64::from(task.failed));
        hasher.finish()
    }

    /// Hashes all texts: tenants choose them, and owners that differ in one text must not share a bucket.
    fn hash_owner(&self, owner: &Owner) -> u64 {
        let ids = [owner.app(), owner.space(), owner.org()].map(|entity| (&entity.guid, &entity.name));
        self.hasher.hash_one(ids)
    }

    fn hash_texts(&self, task: &Task) -> u64 {
        let texts = [&task.failure_reason, &task.rejection_reason, &task.result];
        self.hasher.hash_one((texts, task.reason().len()))
    }
}
