//! Counts the tasks of groups, by increments. Only the properties that somebody looks at are counted; one more costs a
//! single pass over the rows.
//!
//! Each facet is assigned to its group once, for all tasks that share it. Adding or removing a task then costs an index
//! and an increment for each property.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::counts::StateCounts;
use super::facets::{Attributes, FacetIds, TaskTexts};
use super::interned::{InternId, Interned};
use super::zones::Zones;
use crate::app::groups::{GroupKey, GroupName, Read, Value};
use crate::model::Owner;

/// A group and its tasks.
#[derive(Debug)]
struct Group {
    name: Arc<GroupName>,
    counts: StateCounts,
}

/// The groups of one property.
#[derive(Debug)]
pub struct GroupCounts {
    key: GroupKey,
    /// A group stays as long as a facet names it.
    groups: Interned<Group>,
    /// The group of each facet that the property is read from, by the facet's id.
    by_id: Vec<Option<InternId>>,
    hasher: RandomState,
    groups_revision: u64,
    counts_revision: u64,
}

impl GroupCounts {
    fn new(key: GroupKey) -> Self {
        Self {
            key,
            groups: Interned::default(),
            by_id: Vec::new(),
            hasher: RandomState::default(),
            groups_revision: 0,
            counts_revision: 0,
        }
    }

    /// Iterates over the groups that have a task, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<GroupName>, &StateCounts)> {
        let groups = self.groups.values().flatten();
        groups.filter(|group| !group.counts.is_empty()).map(|group| (&group.name, &group.counts))
    }

    /// Returns the counts of a group.
    pub fn of(&self, id: &str) -> StateCounts {
        let found = self.groups.find(self.hasher.hash_one(id), |group| group.name.id() == id);
        found.map(|group| group.counts).unwrap_or_default()
    }

    /// Returns how many facets are assigned to a group.
    #[cfg(test)]
    pub(super) fn naming(&self) -> usize {
        self.groups.rows()
    }

    /// Returns a number that changes whenever a group appears or disappears.
    pub(in crate::app) const fn groups_revision(&self) -> u64 {
        self.groups_revision
    }

    /// Returns a number that changes whenever a count changes.
    pub(in crate::app) const fn counts_revision(&self) -> u64 {
        self.counts_revision
    }

    /// Assigns a facet to the group of its value.
    fn name(&mut self, id: InternId, value: Option<&Value<'_>>) {
        let group = value.map(|value| {
            let id = value.id.as_ref();
            let new = || Group { name: Arc::new(GroupName::from(value)), counts: StateCounts::default() };
            self.groups.add(self.hasher.hash_one(id), |group| group.name.id() == id, new)
        });
        if id.index() >= self.by_id.len() {
            self.by_id.resize(id.index() + 1, None);
        }
        if let Some(slot) = self.by_id.get_mut(id.index()) {
            *slot = group;
        }
    }

    /// Removes a facet that no task has any more from its group.
    fn forget(&mut self, id: InternId) {
        if let Some(group) = self.by_id.get_mut(id.index()).and_then(Option::take) {
            self.groups.remove(group);
        }
    }

    fn change(&mut self, id: InternId, change: impl Fn(&mut StateCounts)) {
        let group = self.by_id.get(id.index()).copied().flatten();
        let Some(group) = group.and_then(|group| self.groups.get_mut(group)) else { return };
        let was_empty = group.counts.is_empty();
        change(&mut group.counts);
        self.counts_revision += 1;
        self.groups_revision += u64::from(was_empty != group.counts.is_empty());
    }

    /// Returns the id of the facet that the property of a row is read from.
    fn id_of(&self, ids: &FacetIds) -> InternId {
        match self.key.spec().read {
            Read::Attributes(_) => ids.attributes,
            Read::TaskTexts(_) => ids.texts,
            Read::Owner(_) => ids.owner,
        }
    }
}

/// The facets that properties are read from.
pub(super) struct FacetTables<'a> {
    pub(super) attributes: &'a Interned<Attributes>,
    pub(super) texts: &'a Interned<TaskTexts>,
    pub(super) owners: &'a Interned<Owner>,
}

/// The counts of all tasks, and of the groups of each property that is counted.
#[derive(Debug, Default)]
pub(super) struct Groups {
    all: StateCounts,
    by_key: Vec<GroupCounts>,
    pub(super) zones: Zones,
}

impl Groups {
    /// Returns the counts of all tasks.
    pub(super) const fn all(&self) -> &StateCounts {
        &self.all
    }

    /// Returns the groups of a property, if they are counted.
    pub(super) fn of(&self, key: GroupKey) -> Option<&GroupCounts> {
        self.by_key.iter().find(|counted| counted.key == key)
    }

    /// Counts these properties and no others.
    pub(super) fn count(&mut self, keys: &[GroupKey], tables: &FacetTables<'_>, rows: &[Option<FacetIds>]) {
        self.by_key.retain(|counted| keys.contains(&counted.key));
        for key in keys {
            if self.of(*key).is_none() {
                let counted = self.counted(*key, tables, rows);
                self.by_key.push(counted);
            }
        }
    }

    /// Counts a property anew, because its groups are named by something that has changed.
    pub(super) fn recount(&mut self, key: GroupKey, tables: &FacetTables<'_>, rows: &[Option<FacetIds>]) {
        let Some(before) = self.of(key) else { return };
        let (groups_revision, counts_revision) = (before.groups_revision, before.counts_revision);
        let mut counted = self.counted(key, tables, rows);
        counted.groups_revision += groups_revision + 1;
        counted.counts_revision += counts_revision + 1;
        self.by_key.retain(|counted| counted.key != key);
        self.by_key.push(counted);
    }

    fn counted(&self, key: GroupKey, tables: &FacetTables<'_>, rows: &[Option<FacetIds>]) -> GroupCounts {
        let mut counted = GroupCounts::new(key);
        match key.spec().read {
            Read::Attributes(read) => {
                tables.attributes.iter().for_each(|(at, attributes)| {
                    counted.name(at, read(attributes, &self.zones).as_ref());
                });
            }
            Read::TaskTexts(read) => {
                tables.texts.iter().for_each(|(at, texts)| counted.name(at, read(texts).as_ref()));
            }
            Read::Owner(read) => {
                tables.owners.iter().for_each(|(at, owner)| counted.name(at, read(owner).as_ref()));
            }
        }
        for ids in rows.iter().flatten() {
            let Some(attributes) =
                tables.attributes.get(ids.attributes).filter(|attributes| attributes.is_counted())
            else {
                continue;
            };
            counted.change(counted.id_of(ids), |counts| counts.add(attributes));
        }
        counted
    }

    /// Assigns a new combination of attributes to its groups.
    pub(super) fn name_attributes(&mut self, id: InternId, attributes: &Attributes) {
        for counted in &mut self.by_key {
            if let Read::Attributes(read) = counted.key.spec().read {
                counted.name(id, read(attributes, &self.zones).as_ref());
            }
        }
    }

    /// Assigns new texts to their groups.
    pub(super) fn name_texts(&mut self, id: InternId, texts: &TaskTexts) {
        for counted in &mut self.by_key {
            if let Read::TaskTexts(read) = counted.key.spec().read {
                counted.name(id, read(texts).as_ref());
            }
        }
    }

    /// Assigns a new owner to its groups.
    pub(super) fn name_owner(&mut self, id: InternId, owner: &Owner) {
        for counted in &mut self.by_key {
            if let Read::Owner(read) = counted.key.spec().read {
                counted.name(id, read(owner).as_ref());
            }
        }
    }

    /// Removes a facet from its groups. `is_of` says whether a property is read from it.
    pub(super) fn forget(&mut self, id: InternId, is_of: impl Fn(Read) -> bool) {
        for counted in &mut self.by_key {
            if is_of(counted.key.spec().read) {
                counted.forget(id);
            }
        }
    }

    /// Counts a task that was added.
    pub(super) fn add(&mut self, ids: &FacetIds, attributes: &Attributes) {
        self.change(ids, attributes, StateCounts::add);
    }

    /// Counts a task that was removed.
    pub(super) fn remove(&mut self, ids: &FacetIds, attributes: &Attributes) {
        self.change(ids, attributes, StateCounts::remove);
    }

    fn change(&mut self, ids: &FacetIds, attributes: &Attributes, change: fn(&mut StateCounts, &Attributes)) {
        if !attributes.is_counted() {
            return;
        }
        change(&mut self.all, attributes);
        for counted in &mut self.by_key {
            let id = counted.id_of(ids);
            counted.change(id, |counts| change(counts, attributes));
        }
    }
}
