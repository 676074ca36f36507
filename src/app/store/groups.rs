//! Counts the tasks of groups, by increments. Only the properties that somebody looks at are counted; one more costs a
//! single pass over the rows.
//!
//! What tasks share names their groups, and is asked once for all of them. A task that comes or goes then costs an
//! index and an increment for each property.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::counts::StateCounts;
use super::facets::{Common, Parts, Said};
use super::interned::{Interned, Place};
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
    /// The group of each place of the facet that the property is read from.
    of_places: Vec<Option<Place>>,
    hasher: RandomState,
    groups_revision: u64,
    counts_revision: u64,
}

impl GroupCounts {
    fn new(key: GroupKey) -> Self {
        Self {
            key,
            groups: Interned::default(),
            of_places: Vec::new(),
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

    /// Returns how many places of the facet name a group.
    #[cfg(test)]
    pub(super) fn naming(&self) -> usize {
        self.groups.rows()
    }

    /// Returns a number that changes whenever a group comes or goes.
    pub(in crate::app) const fn groups_revision(&self) -> u64 {
        self.groups_revision
    }

    /// Returns a number that changes whenever a count changes.
    pub(in crate::app) const fn counts_revision(&self) -> u64 {
        self.counts_revision
    }

    /// A place of the facet has a new value.
    fn name(&mut self, place: Place, value: Option<&Value<'_>>) {
        let group = value.map(|value| {
            let id = value.id.as_ref();
            let new = || Group { name: Arc::new(GroupName::from(value)), counts: StateCounts::default() };
            self.groups.add(self.hasher.hash_one(id), |group| group.name.id() == id, new)
        });
        if place.index() >= self.of_places.len() {
            self.of_places.resize(place.index() + 1, None);
        }
        if let Some(of_place) = self.of_places.get_mut(place.index()) {
            *of_place = group;
        }
    }

    /// A place of the facet has no value any more, and no task.
    fn forget(&mut self, place: Place) {
        if let Some(group) = self.of_places.get_mut(place.index()).and_then(Option::take) {
            self.groups.remove(group);
        }
    }

    fn change(&mut self, place: Place, change: impl Fn(&mut StateCounts)) {
        let group = self.of_places.get(place.index()).copied().flatten();
        let Some(group) = group.and_then(|group| self.groups.get_mut(group)) else { return };
        let was_empty = group.counts.is_empty();
        change(&mut group.counts);
        self.counts_revision += 1;
        self.groups_revision += u64::from(was_empty != group.counts.is_empty());
    }

    /// Returns the place of the facet that the property of a row is read from.
    fn place_of(&self, parts: &Parts) -> Place {
        match self.key.spec().read {
            Read::Common(_) => parts.common,
            Read::Said(_) => parts.said,
            Read::Owner(_) => parts.owner,
        }
    }
}

/// The facets of all rows, as far as groups are named by them.
pub(super) struct Named<'a> {
    pub(super) commons: &'a Interned<Common>,
    pub(super) said: &'a Interned<Said>,
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
    pub(super) fn count(&mut self, keys: &[GroupKey], named: &Named<'_>, rows: &[Option<Parts>]) {
        self.by_key.retain(|counted| keys.contains(&counted.key));
        for key in keys {
            if self.of(*key).is_none() {
                let counted = self.counted(*key, named, rows);
                self.by_key.push(counted);
            }
        }
    }

    /// Counts a property anew, because its groups are named by something that has changed.
    pub(super) fn recount(&mut self, key: GroupKey, named: &Named<'_>, rows: &[Option<Parts>]) {
        let Some(before) = self.of(key) else { return };
        let (groups_revision, counts_revision) = (before.groups_revision, before.counts_revision);
        let mut counted = self.counted(key, named, rows);
        counted.groups_revision += groups_revision + 1;
        counted.counts_revision += counts_revision + 1;
        self.by_key.retain(|counted| counted.key != key);
        self.by_key.push(counted);
    }

    fn counted(&self, key: GroupKey, named: &Named<'_>, rows: &[Option<Parts>]) -> GroupCounts {
        let mut counted = GroupCounts::new(key);
        match key.spec().read {
            Read::Common(read) => {
                named.commons.places().for_each(|(at, common)| {
                    counted.name(at, read(common, &self.zones).as_ref());
                });
            }
            Read::Said(read) => {
                named.said.places().for_each(|(at, said)| counted.name(at, read(said).as_ref()));
            }
            Read::Owner(read) => {
                named.owners.places().for_each(|(at, owner)| counted.name(at, read(owner).as_ref()));
            }
        }
        for parts in rows.iter().flatten() {
            let Some(common) = named.commons.get(parts.common).filter(|common| common.is_counted()) else {
                continue;
            };
            counted.change(counted.place_of(parts), |counts| counts.add(common));
        }
        counted
    }

    /// A combination is new.
    pub(super) fn name_common(&mut self, place: Place, common: &Common) {
        for counted in &mut self.by_key {
            if let Read::Common(read) = counted.key.spec().read {
                counted.name(place, read(common, &self.zones).as_ref());
            }
        }
    }

    /// Texts are new.
    pub(super) fn name_said(&mut self, place: Place, said: &Said) {
        for counted in &mut self.by_key {
            if let Read::Said(read) = counted.key.spec().read {
                counted.name(place, read(said).as_ref());
            }
        }
    }

    /// An owner is new.
    pub(super) fn name_owner(&mut self, place: Place, owner: &Owner) {
        for counted in &mut self.by_key {
            if let Read::Owner(read) = counted.key.spec().read {
                counted.name(place, read(owner).as_ref());
            }
        }
    }

    /// A facet has gone. `is_of` says whether a property is read from it.
    pub(super) fn forget(&mut self, place: Place, is_of: impl Fn(Read) -> bool) {
        for counted in &mut self.by_key {
            if is_of(counted.key.spec().read) {
                counted.forget(place);
            }
        }
    }

    /// Counts a task that comes.
    pub(super) fn add(&mut self, parts: &Parts, common: &Common) {
        self.change(parts, common, StateCounts::add);
    }

    /// Counts a task that goes.
    pub(super) fn remove(&mut self, parts: &Parts, common: &Common) {
        self.change(parts, common, StateCounts::remove);
    }

    fn change(&mut self, parts: &Parts, common: &Common, change: fn(&mut StateCounts, &Common)) {
        if !common.is_counted() {
            return;
        }
        change(&mut self.all, common);
        for counted in &mut self.by_key {
            let place = counted.place_of(parts);
            counted.change(place, |counts| change(counts, common));
        }
    }
}
