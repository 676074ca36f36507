use bytes::Bytes;
use proptest::prelude::*;
use prost::Message as _;

use super::super::task_definition::MetricTagsEntry;
use super::super::{CertificateProperties, MetricTagValue, Network, TaskDefinition};
use super::*;

fn tag(key: &str, value: &str) -> MetricTagsEntry {
    let value = MetricTagValue { r#static: Bytes::copy_from_slice(value.as_bytes()), dynamic: 0 };
    MetricTagsEntry { key: Bytes::copy_from_slice(key.as_bytes()), value: Some(value) }
}

fn property(key: &str, value: &str) -> super::super::network::PropertiesEntry {
    super::super::network::PropertiesEntry {
        key: Bytes::copy_from_slice(key.as_bytes()),
        value: Bytes::copy_from_slice(value.as_bytes()),
    }
}

fn units(units: &[&'static str]) -> CertificateProperties {
    CertificateProperties {
        organizational_unit: units.iter().map(|unit| Bytes::from_static(unit.as_bytes())).collect(),
    }
}

fn entity<'a>(guid: &'a str, name: &'a str) -> RawEntity<'a> {
    RawEntity { guid: guid.as_bytes(), name: name.as_bytes() }
}

/// A definition around the fields that name the owner.
fn padded(definition: TaskDefinition) -> TaskDefinition {
    TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".into(),
        disk_mb: 1024,
        cpu_weight: 100,
        annotation: "app_id".into(),
        completion_callback_url: "https://cc.internal/done".into(),
        ..definition
    }
}

#[test]
fn metric_tags_name_the_owner_in_any_order() {
    let mut tags = vec![
        tag("source_id", "app-guid"),
        tag("organization_name", "acme"),
        tag("app_name", "web"),
        tag("space_id", "space-guid"),
        tag("app_id", "app-guid"),
        tag("space_name", "production"),
        tag("organization_id", "org-guid"),
    ];
    let expected = RawOwner {
        app: entity("app-guid", "web"),
        space: entity("space-guid", "production"),
        org: entity("org-guid", "acme"),
    };
    for _ in 0..tags.len() {
        tags.rotate_left(1);
        let bytes =
            padded(TaskDefinition { metric_tags: tags.clone(), ..TaskDefinition::default() }).encode_to_vec();
        assert_eq!(RawOwner::read(&bytes, true), expected);
    }
}

#[test]
fn older_definitions_name_guids_in_other_places() {
    let network = Network { properties: vec![property("org_id", "org"), property("app_id", "app")] };
    let definition = padded(TaskDefinition {
        log_guid: "log".into(),
        network: Some(network),
        certificate_properties: Some(units(&["organization:ou-org", "space:ou-space", "app:ou-app"])),
        ..TaskDefinition::default()
    });
    let expected = RawOwner { app: entity("app", ""), space: entity("ou-space", ""), org: entity("org", "") };
    assert_eq!(RawOwner::read(&definition.encode_to_vec(), false), expected);
    let with_tag = TaskDefinition { metric_tags: vec![tag("app_id", "tag")], ..definition };
    assert_eq!(RawOwner::read(&with_tag.encode_to_vec(), true).app, entity("tag", ""));
}

#[test]
fn a_log_guid_is_the_apps_only_in_cloud_controllers_domains() {
    let bytes =
        padded(TaskDefinition { log_guid: "log".into(), ..TaskDefinition::default() }).encode_to_vec();
    assert_eq!(RawOwner::read(&bytes, true).app, entity("log", ""));
    assert!(RawOwner::read(&bytes, false).is_empty());
}

#[test]
fn dynamic_and_huge_tags_name_nothing() {
    let dynamic = MetricTagsEntry {
        key: "app_id".into(),
        value: Some(MetricTagValue { r#static: Bytes::new(), dynamic: 2 }),
    };
    let huge = tag("app_name", &"x".repeat(MAX_BYTES + 1));
    let bytes =
        TaskDefinition { metric_tags: vec![dynamic, huge], ..TaskDefinition::default() }.encode_to_vec();
    assert!(RawOwner::read(&bytes, true).is_empty());
}

const KEYS: [&str; 8] = [
    "app_id",
    "app_name",
    "space_id",
    "space_name",
    "organization_id",
    "organization_name",
    "source_id",
    "process_id",
];

/// What the decoded message says of a tag.
fn decoded<'a>(definition: &'a TaskDefinition, key: &str) -> &'a [u8] {
    let tag = definition.metric_tags.iter().rfind(|tag| tag.key == key.as_bytes());
    tag.and_then(|tag| tag.value.as_ref()).map(|value| &*value.r#static).unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_decoded_definition(tags in prop::collection::vec((0..KEYS.len(), any::<Vec<u8>>()), 0..12)) {
        let entry = |(key, value): (usize, Vec<u8>)| {
            MetricTagsEntry {
                key: KEYS[key].into(),
                value: Some(MetricTagValue { r#static: value.into(), dynamic: 0 }),
            }
        };
        let metric_tags = tags.into_iter().map(entry).collect();
        let definition = padded(TaskDefinition { metric_tags, ..TaskDefinition::default() });
        let bytes = definition.encode_to_vec();
        let owner = RawOwner::read(&bytes, true);
        let of = |key| decoded(&definition, key);
        prop_assert_eq!([owner.app.guid, owner.app.name], [of("app_id"), of("app_name")]);
        prop_assert_eq!([owner.space.guid, owner.space.name], [of("space_id"), of("space_name")]);
        prop_assert_eq!([owner.org.guid, owner.org.name], [of("organization_id"), of("organization_name")]);
    }

    #[test]
    fn the_first_place_with_a_guid_counts(
        tags in prop::collection::vec((0..3_usize, "[a-z]{0,3}"), 0..4),
        properties in prop::collection::vec((0..3_usize, "[a-z]{0,3}"), 0..4),
        units in prop::collection::vec((0..3_usize, "[a-z]{0,3}"), 0..4),
        log_guid in "[a-z]{0,3}",
        is_cloud_controllers in any::<bool>(),
    ) {
        let (tag_keys, property_keys) =
            (["app_id", "space_id", "organization_id"], ["app_id", "space_id", "org_id"]);
        let prefixes = ["app:", "space:", "organization:"];
        let definition = padded(TaskDefinition {
            metric_tags: tags.iter().map(|(at, guid)| tag(tag_keys[*at], guid)).collect(),
            network: Some(Network {
                properties: properties.iter().map(|(at, guid)| property(property_keys[*at], guid)).collect(),
            }),
            certificate_properties: Some(CertificateProperties {
                organizational_unit:
                    units.iter().map(|(at, guid)| Bytes::from([prefixes[*at], guid].concat())).collect(),
            }),
            log_guid: log_guid.clone().into(),
            ..TaskDefinition::default()
        });
        let bytes = definition.encode_to_vec();
        let owner = RawOwner::read(&bytes, is_cloud_controllers);
        for (at, guid) in [owner.app.guid, owner.space.guid, owner.org.guid].into_iter().enumerate() {
            let of = |place: &[(usize, String)]| -> Vec<String> {
                place.iter().filter(|(of, _)| *of == at).map(|(_, guid)| guid.clone()).collect()
            };
            let log = (at == 0 && is_cloud_controllers).then(|| log_guid.clone());
            // Of tags with the same key the last one counts, as in a map; elsewhere the first.
            let places = of(&tags).pop().into_iter().chain(of(&properties)).chain(of(&units)).chain(log);
            let expected = { places }.find(|guid| !guid.is_empty()).unwrap_or_default();
            prop_assert_eq!(guid, expected.as_bytes());
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_fault(bytes in any::<Vec<u8>>()) {
        let owner = RawOwner::read(&bytes, true);
        prop_assert!(owner.app.guid.len() <= MAX_BYTES);
    }
}
