//! Finds groups by name: all that are known, with how many tasks of the view each has, and the one that was typed.
//!
//! Counts in one pass over the rows' facets, like [`values`](super::values); names are then read once per distinct facet.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Session;
use super::values::MAX_LENGTH;
use crate::app::groups::{GroupKey, GroupName, Read, Value};
use crate::model::State;

/// What a typed name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum NamedGroup {
    /// This group.
    Known(Arc<GroupName>),
    /// So many groups, which only their guids tell apart.
    Ambiguous(usize),
    /// None that is known.
    Unknown,
}

impl Session {
    /// Returns the known groups of a property with the number of their tasks in the view, by name: those of tasks that
    /// are held or kept as ended, and those that are present without tasks.
    pub(in crate::app) fn known_groups(&self, key: GroupKey) -> Vec<(GroupName, usize)> {
        let (facets, tally) = (self.store.facets(), self.tally());
        let mut groups = KnownGroups::default();
        match key.spec().read {
            Read::Attributes(read) => {
                groups.add(facets.attributes(), &tally.attributes, |of| read(of, facets.zones()));
            }
            Read::TaskTexts(read) => groups.add(facets.texts(), &tally.texts, read),
            Read::Owner(read) => groups.add(facets.owners(), &tally.owners, read),
        }
        let states = State::ALL.iter().filter(|_| key == GroupKey::State).filter_map(|state| state.name());
        for id in self.present(key).chain(states) {
            groups.0.entry(id.into()).or_insert_with(|| (GroupName::plain(id), 0));
        }
        let mut groups: Vec<_> = groups.0.into_values().collect();
        groups.sort_unstable_by(|(one, _), (other, _)| {
            let by = |name: &GroupName| (key.rank(name.id()), name.label().to_owned(), name.id().to_owned());
            by(one).cmp(&by(other))
        });
        groups
    }

    /// Returns the group of a property that `typed` names: by its identity, by its name, or by its name in another case.
    pub(in crate::app) fn group_named(&self, key: GroupKey, typed: &str) -> NamedGroup {
        let groups = self.known_groups(key);
        let same = |name: &str| name.to_lowercase() == typed.to_lowercase();
        let tests: [&dyn Fn(&GroupName) -> bool; 3] =
            [&|name| name.id() == typed, &|name| name.label() == typed, &|name| {
                same(name.label()) || same(name.id())
            }];
        for is_named in tests {
            let mut named = groups.iter().filter(|(name, _)| is_named(name));
            match (named.next(), named.count()) {
                (Some((name, _)), 0) => return NamedGroup::Known(Arc::new(name.clone())),
                (Some(_), others) => return NamedGroup::Ambiguous(others + 1),
                (None, _) => {}
            }
        }
        NamedGroup::Unknown
    }
}

/// Groups by identity, with their tasks in the view.
#[derive(Default)]
struct KnownGroups(HashMap<Box<str>, (GroupName, usize), RandomState>);

impl KnownGroups {
    /// Adds the groups of facets. Names that are too long to be typed are left out.
    fn add<'a, T: 'a>(
        &mut self,
        facets: impl Iterator<Item = Option<&'a T>>,
        counts: &[usize],
        read: impl Fn(&'a T) -> Option<Value<'a>>,
    ) {
        for (value, count) in facets.zip(counts).filter_map(|(facet, count)| Some((read(facet?)?, count))) {
            if value.label.unwrap_or(&value.id).len() > MAX_LENGTH {
                continue;
            }
            match self.0.get_mut(value.id.as_ref()) {
                Some((_, sum)) => *sum += count,
                None => drop(self.0.insert(value.id.as_ref().into(), (GroupName::from(&value), *count))),
            }
        }
    }
}
