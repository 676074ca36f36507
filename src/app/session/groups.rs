//! The groups of the shown panes: those that have tasks, those that are present, and the chosen ones.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::{Session, Standing};
use crate::app::groups::{GroupKey, GroupName, GroupRow, Stamp};
use crate::app::prompt::Value;
use crate::app::store::{GroupCounts, StateCounts};
use crate::model::{CellId, Domain};

impl Session {
    /// Returns what the groups of a property depend on.
    pub(in crate::app) fn group_stamp(&self, key: GroupKey) -> Stamp {
        let counted = self.store.groups(key);
        Stamp {
            groups: counted.map_or(0, GroupCounts::groups_revision),
            counts: counted.map_or(0, GroupCounts::counts_revision),
            presence: self.presence_revision,
            chosen: self.query.filter().groups.get(key).cloned(),
        }
    }

    /// Returns the groups of a property, in no particular order: those that have tasks, also the domains that are fresh
    /// and the cells and zones that are present, and the chosen one.
    pub(in crate::app) fn group_names(&self, key: GroupKey) -> Vec<Arc<GroupName>> {
        let counted = self.store.groups(key);
        let mut names: Vec<_> =
            counted.into_iter().flat_map(GroupCounts::iter).map(|(name, _)| name.clone()).collect();
        let more: Vec<_> = self.present(key).map(|id| Arc::new(GroupName::plain(id))).collect();
        let more = more.into_iter().chain(self.query.filter().groups.get(key).cloned());
        let mut known: HashSet<Box<str>, RandomState> = names.iter().map(|name| name.id().into()).collect();
        names.extend(more.filter(|name| known.insert(name.id().into())));
        names
    }

    /// Adds to the values of a property those that are present without tasks.
    pub(in crate::app) fn with_present(&self, key: GroupKey, mut values: Vec<Value>) -> Vec<Value> {
        let known: HashSet<_, RandomState> = values.iter().map(|value| value.text.clone()).collect();
        let idle = self.present(key).filter(|id| !known.contains(*id));
        values.extend(idle.map(|id| Value { text: id.to_owned(), count: 0 }));
        values
    }

    /// Returns the groups that are present whether or not they have tasks; a zone comes once for each cell.
    pub(super) fn present(&self, key: GroupKey) -> Box<dyn Iterator<Item = &str> + '_> {
        match key {
            GroupKey::Domain => Box::new(self.fresh_domains.keys().map(Domain::as_str)),
            GroupKey::Cell => Box::new(self.cells.keys().map(CellId::as_str)),
            GroupKey::Zone => {
                let zones = self.cells.iter().map(|(_, cell)| cell.zone.as_str());
                Box::new(zones.filter(|zone| !zone.is_empty()))
            }
            _ => Box::new(std::iter::empty()),
        }
    }

    /// Returns the tasks of a group, by state.
    pub(in crate::app) fn group_counts(&self, key: GroupKey, id: &str) -> StateCounts {
        self.store.groups(key).map(|counted| counted.of(id)).unwrap_or_default()
    }

    /// Returns the row of a group; without a name, the one of all tasks.
    pub(in crate::app) fn group_row<'a>(
        &'a self,
        key: GroupKey,
        name: Option<&'a GroupName>,
    ) -> GroupRow<'a> {
        let chosen = self.query.filter().groups.get(key);
        let Some(name) = name else {
            let (standing, counts) = (Standing::Present, *self.store.counts());
            return GroupRow { name: None, note: "", standing, counts, chosen: chosen.is_none() };
        };
        let id = name.id();
        let (standing, note) = match key {
            GroupKey::Domain => (self.fresh_domains.of(id), ""),
            GroupKey::Cell => (self.cells.of(id), self.zone_of(id)),
            _ => (Standing::Present, name.note()),
        };
        let chosen = chosen.is_some_and(|chosen| chosen.id() == id);
        GroupRow { name: Some(name), note, standing, counts: self.group_counts(key, id), chosen }
    }

    fn zone_of(&self, cell: &str) -> &str {
        self.store.facets().zones().get(cell).map_or("", |zone| zone)
    }
}
