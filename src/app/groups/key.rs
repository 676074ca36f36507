//! The table of the properties that tasks can be grouped by.

use std::borrow::Cow;

use super::pane::GroupSort;
use crate::app::store::{Attributes, TaskTexts, Zones};
use crate::model::{CellId, Entity, Owner, State};

/// A property that tasks can be grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKey {
    /// The domain.
    Domain,
    /// The cell, or the last one.
    Cell,
    /// The availability zone of the cell.
    Zone,
    /// The state.
    State,
    /// The app.
    App,
    /// The app's space.
    Space,
    /// The space's organization.
    Org,
    /// The pattern of the reason.
    Reason,
}

/// The record of a property.
#[derive(Debug, Clone, Copy)]
pub struct GroupSpec {
    /// The property.
    pub key: GroupKey,
    /// Its name in the configuration and in sentences. Stable: configurations refer to it.
    pub name: &'static str,
    /// The title of a pane that lists its groups.
    pub title: &'static str,
    /// What it groups by, for the list of properties.
    pub summary: &'static str,
    /// How its groups are sorted at first.
    pub sort: GroupSort,
    /// How the value of a task is read.
    pub(in crate::app) read: Read,
}

/// How a property is read, from what tasks share: once for all that share it.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) enum Read {
    /// From a combination of facts.
    Attributes(for<'a> fn(&'a Attributes, &'a Zones) -> Option<Value<'a>>),
    /// From the texts.
    TaskTexts(for<'a> fn(&'a TaskTexts) -> Option<Value<'a>>),
    /// From the owner.
    Owner(for<'a> fn(&'a Owner) -> Option<Value<'a>>),
}

/// The value of a property: what a group is named by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Value<'a> {
    /// The identity of the group.
    pub(in crate::app) id: Cow<'a, str>,
    /// What the group is called, if that is not its identity.
    pub(in crate::app) label: Option<&'a str>,
    /// What tells it from others of the same name.
    pub(in crate::app) note: [&'a str; 2],
}

impl<'a> Value<'a> {
    /// Returns a value that is its own name; none for an empty text.
    fn named(id: impl Into<Cow<'a, str>>) -> Option<Self> {
        let id = id.into();
        (!id.is_empty()).then_some(Self { id, label: None, note: [""; 2] })
    }

    /// Returns the value of an app, space or organization: names are not unique, guids are. `note` is what it is in.
    fn entity(entity: &'a Entity, note: [&'a str; 2]) -> Option<Self> {
        let value = Self::named(entity.id())?;
        Some(Self { label: Some(entity.label()), note, ..value })
    }
}

/// All properties, in the order in which they are offered.
pub const GROUPS: [GroupSpec; 8] = [
    spec(
        GroupKey::Domain,
        "domain",
        "Domains",
        "domain of the client that desired the task",
        GroupSort::Name,
        Read::Attributes(domain),
    ),
    spec(
        GroupKey::Cell,
        "cell",
        "Cells",
        "where the task runs, or ran last",
        GroupSort::Name,
        Read::Attributes(cell),
    ),
    spec(
        GroupKey::Zone,
        "zone",
        "Zones",
        "availability zone of the cell",
        GroupSort::Name,
        Read::Attributes(zone),
    ),
    spec(GroupKey::State, "state", "States", "state of the task", GroupSort::Name, Read::Attributes(state)),
    spec(GroupKey::App, "app", "Apps", "app of Cloud Controller", GroupSort::Failed, Read::Owner(app)),
    spec(GroupKey::Space, "space", "Spaces", "space of the app", GroupSort::Failed, Read::Owner(space)),
    spec(GroupKey::Org, "org", "Orgs", "organization of the space", GroupSort::Failed, Read::Owner(org)),
    spec(
        GroupKey::Reason,
        "reason",
        "Reasons",
        "why it failed or waits, without guids and numbers",
        GroupSort::Failed,
        Read::TaskTexts(reason),
    ),
];

const fn spec(
    key: GroupKey,
    name: &'static str,
    title: &'static str,
    summary: &'static str,
    sort: GroupSort,
    read: Read,
) -> GroupSpec {
    GroupSpec { key, name, title, summary, sort, read }
}

impl GroupKey {
    /// Returns the record of the property.
    pub fn spec(self) -> &'static GroupSpec {
        let [first, ..] = &GROUPS;
        GROUPS.iter().find(|spec| spec.key == self).unwrap_or(first)
    }

    /// Returns the property with this name.
    pub fn find(name: &str) -> Option<Self> {
        GROUPS.iter().find(|spec| spec.name == name).map(|spec| spec.key)
    }

    /// Returns where a group comes among others, before names are compared: states in the order of a task's life.
    pub(in crate::app) fn rank(self, id: &str) -> usize {
        let is_it = |state: &State| state.name() == Some(id);
        match self {
            Self::State => State::ALL.iter().position(is_it).unwrap_or(State::ALL.len()),
            _ => 0,
        }
    }
}

fn domain<'a>(attributes: &'a Attributes, _: &'a Zones) -> Option<Value<'a>> {
    Value::named(attributes.domain.as_str())
}

fn cell<'a>(attributes: &'a Attributes, _: &'a Zones) -> Option<Value<'a>> {
    attributes.cell.as_ref().map(CellId::as_str).and_then(Value::named)
}

fn zone<'a>(attributes: &'a Attributes, zones: &'a Zones) -> Option<Value<'a>> {
    let zone = zones.get(attributes.cell.as_ref()?)?;
    Value::named(zone.as_ref())
}

fn state<'a>(attributes: &'a Attributes, _: &'a Zones) -> Option<Value<'a>> {
    match attributes.state.name() {
        Some(name) => Value::named(name),
        None => Value::named(format!("state {}", attributes.state.number())),
    }
}

fn reason(texts: &TaskTexts) -> Option<Value<'_>> {
    Value::named(texts.pattern())
}

fn app(owner: &Owner) -> Option<Value<'_>> {
    Value::entity(owner.app(), [owner.org().label(), owner.space().label()])
}

fn space(owner: &Owner) -> Option<Value<'_>> {
    Value::entity(owner.space(), [owner.org().label(), ""])
}

fn org(owner: &Owner) -> Option<Value<'_>> {
    Value::entity(owner.org(), [""; 2])
}
