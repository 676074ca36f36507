//! The apps whose work Cloud Controller desires, and what it puts into their definitions to name them.

use bytes::Bytes;

use super::random::Random;
use super::scenario::{self, AppWork};
use crate::bbs::wire::task_definition::MetricTagsEntry;
use crate::bbs::wire::{CertificateProperties, MetricTagValue, Network, TaskDefinition, network};

/// A large foundation has more apps than its scenario says: one for so many tasks, up to a bound.
const TASKS_OF_AN_APP: usize = 50;
const MOST_ADDED: usize = 2_000;

/// The apps of a foundation.
#[derive(Debug, Default)]
pub(super) struct Apps(Vec<App>);

/// An app, as its definitions name it. The bytes are shared by all of its tasks.
#[derive(Debug)]
pub(super) struct App {
    guid: Bytes,
    space_guid: Bytes,
    org_guid: Bytes,
    metric_tags: Vec<MetricTagsEntry>,
    organizational_units: Vec<Bytes>,
}

/// A space and its organization.
#[derive(Debug, Clone)]
struct Space {
    guid: String,
    name: String,
    org_guid: String,
    org_name: String,
}

impl Apps {
    /// Makes the apps of a scenario with this many tasks. Guids are random; each space exists in every organization.
    pub(super) fn new(of: &scenario::Apps, tasks: usize, random: &mut Random) -> Self {
        let spaces = spaces(of, random);
        let app = |nth: usize| {
            let (name, copy) = (of.names.get(nth % of.names.len())?, nth / of.names.len());
            // Names repeat in other spaces first, as they do where each stage has a space of its own.
            let name = if copy < spaces.len() {
                name.clone()
            } else {
                format!("{name}-{}", copy / spaces.len() + 1)
            };
            let space = spaces.get((nth + copy) % spaces.len().max(1))?;
            Some((name, space))
        };
        Self(
            (0..of.count.max((tasks / TASKS_OF_AN_APP).min(MOST_ADDED)))
                .filter_map(app)
                .map(|(name, space)| App::new(&random.guid(), &name, space))
                .collect(),
        )
    }

    #[cfg(test)]
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Chooses an app. A few apps have most of the tasks.
    pub(super) fn choose(&self, random: &mut Random) -> Option<&App> {
        let bound = random.below(self.0.len()) + 1;
        self.0.get(random.below(bound))
    }
}

fn spaces(of: &scenario::Apps, random: &mut Random) -> Vec<Space> {
    let mut spaces = Vec::new();
    for org_name in &of.orgs {
        let org_guid = random.guid();
        spaces.extend(of.spaces.iter().map(|name| Space {
            guid: random.guid(),
            name: name.clone(),
            org_guid: org_guid.clone(),
            org_name: org_name.clone(),
        }));
    }
    spaces
}

impl App {
    fn new(guid: &str, name: &str, space: &Space) -> Self {
        let tags = [
            ("source_id", guid),
            ("app_id", guid),
            ("app_name", name),
            ("space_id", &space.guid),
            ("space_name", &space.name),
            ("organization_id", &space.org_guid),
            ("organization_name", &space.org_name),
        ];
        let units = [("organization", &*space.org_guid), ("space", &space.guid), ("app", guid)];
        Self {
            guid: Bytes::from(guid.to_owned()),
            space_guid: Bytes::from(space.guid.clone()),
            org_guid: Bytes::from(space.org_guid.clone()),
            metric_tags: tags.map(|(key, value)| metric_tag(key, value)).into(),
            organizational_units: units.map(|(kind, guid)| Bytes::from(format!("{kind}:{guid}"))).into(),
        }
    }

    /// Names the app in a definition, in all the places where Cloud Controller does.
    pub(super) fn mark(&self, definition: &mut TaskDefinition, work: AppWork) {
        let workload = match work {
            AppWork::Staging => "staging",
            AppWork::Task => "task",
        };
        let property = |key: &'static str, value: &Bytes| network::PropertiesEntry {
            key: Bytes::from_static(key.as_bytes()),
            value: value.clone(),
        };
        definition.log_guid = self.guid.clone();
        definition.metrics_guid = self.guid.clone();
        definition.legacy_download_user = Bytes::from_static(b"vcap");
        definition.metric_tags.clone_from(&self.metric_tags);
        definition.certificate_properties =
            Some(CertificateProperties { organizational_unit: self.organizational_units.clone() });
        definition.network = Some(Network {
            properties: vec![
                property("app_id", &self.guid),
                property("container_workload", &Bytes::from_static(workload.as_bytes())),
                property("org_id", &self.org_guid),
                property("policy_group_id", &self.guid),
                property("space_id", &self.space_guid),
            ],
        });
    }
}

fn metric_tag(key: &'static str, value: &str) -> MetricTagsEntry {
    let value = MetricTagValue { r#static: Bytes::from(value.to_owned()), ..MetricTagValue::default() };
    MetricTagsEntry { key: Bytes::from_static(key.as_bytes()), value: Some(value) }
}
