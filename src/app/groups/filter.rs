//! The filter by groups: at most one group of each property, all of which must match.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{GroupKey, Read, Value};
use crate::app::store::{Attributes, TaskTexts, Zones};
use crate::model::Owner;

/// The name of a group. Equal names are the same group of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupName {
    id: Box<str>,
    label: Option<Box<str>>,
    note: Box<str>,
}

impl GroupName {
    /// Returns the name of a group that is identified by its name.
    pub fn plain(id: &str) -> Self {
        Self { id: id.into(), label: None, note: Box::default() }
    }

    /// Returns the name of a group that was saved.
    pub(in crate::app) fn restored(id: &str, label: Option<&str>, note: &str) -> Self {
        Self { id: id.into(), label: label.map(Into::into), note: note.into() }
    }

    /// Returns its identity.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns what it is called; others may be called the same.
    pub fn label(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.id)
    }

    /// Returns what tells it from others of the same name; may be empty.
    pub fn note(&self) -> &str {
        &self.note
    }
}

impl From<&Value<'_>> for GroupName {
    fn from(value: &Value<'_>) -> Self {
        let notes: Vec<_> = value.note.into_iter().filter(|note| !note.is_empty()).collect();
        Self {
            id: value.id.as_ref().into(),
            label: value.label.map(Into::into),
            note: notes.join(" / ").into(),
        }
    }
}

/// The chosen groups, at most one of each property.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupFilter(BTreeMap<GroupKey, Arc<GroupName>>);

impl GroupFilter {
    /// Returns the chosen group of a property.
    pub fn get(&self, key: GroupKey) -> Option<&Arc<GroupName>> {
        self.0.get(&key)
    }

    /// Returns whether this group of a property is chosen.
    pub fn has(&self, key: GroupKey, id: &str) -> bool {
        self.get(key).is_some_and(|chosen| chosen.id() == id)
    }

    /// Returns the chosen groups, in the order of the properties.
    pub fn iter(&self) -> impl Iterator<Item = (GroupKey, &GroupName)> {
        self.0.iter().map(|(key, name)| (*key, name.as_ref()))
    }

    /// Returns whether no group is chosen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Chooses a group of a property, or none.
    pub fn set(&mut self, key: GroupKey, name: Option<Arc<GroupName>>) {
        match name {
            Some(name) => self.0.insert(key, name),
            None => self.0.remove(&key),
        };
    }

    /// Returns whether every group that `other` has chosen is chosen here.
    pub(in crate::app) fn includes(&self, other: &Self) -> bool {
        other.iter().all(|(key, name)| self.has(key, name.id()))
    }

    /// Returns whether tasks with these facts can be of the chosen groups.
    pub(in crate::app) fn admits_attributes(&self, attributes: &Attributes, zones: &Zones) -> bool {
        self.iter().all(|(key, name)| match key.spec().read {
            Read::Attributes(read) => is_named(read(attributes, zones), name),
            Read::TaskTexts(_) | Read::Owner(_) => true,
        })
    }

    /// Returns whether tasks with these texts can be of the chosen groups.
    pub(in crate::app) fn admits_texts(&self, texts: &TaskTexts) -> bool {
        self.iter().all(|(key, name)| match key.spec().read {
            Read::TaskTexts(read) => is_named(read(texts), name),
            Read::Attributes(_) | Read::Owner(_) => true,
        })
    }

    /// Returns whether tasks of this owner can be of the chosen groups.
    pub(in crate::app) fn admits_owner(&self, owner: &Owner) -> bool {
        self.iter().all(|(key, name)| match key.spec().read {
            Read::Owner(read) => is_named(read(owner), name),
            Read::Attributes(_) | Read::TaskTexts(_) => true,
        })
    }

    /// Returns whether the texts or the owner of a task decide about a chosen group.
    pub(in crate::app) fn needs_row(&self) -> bool {
        self.iter().any(|(key, _)| !matches!(key.spec().read, Read::Attributes(_)))
    }
}

fn is_named(value: Option<Value<'_>>, name: &GroupName) -> bool {
    value.is_some_and(|value| value.id == name.id())
}
