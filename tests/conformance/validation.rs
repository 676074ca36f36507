//! Tests the validation of desired tasks: each error alone, and several at once in the server's order.
//!
//! Source: "What desire refuses" of the API.

use taskdeck::bbs::decode_definition;
use taskdeck::bbs::wire::{
    CachedDependency, DesireTaskRequest, ImageLayer, LogRateLimit, SecurityGroupRule, TaskDefinition,
    definition_to_model,
};

use crate::bbs::Bbs;
use crate::targets::everywhere;
use crate::tasks::{definition, run};

/// Sends a desire request. Returns the message of the `InvalidRequest` error, or an empty string.
async fn request_error(bbs: &Bbs, request: &DesireTaskRequest) -> String {
    match bbs.post_message("/v1/tasks/desire.r2", request).await.error() {
        None => String::new(),
        Some((4, message)) => message,
        Some(other) => panic!("{other:?}"),
    }
}

/// Desires a task with this definition. Returns the message of the `InvalidRequest` error, or an empty string.
pub(crate) async fn definition_error(bbs: &Bbs, name: &str, definition: TaskDefinition) -> String {
    request_error(bbs, &bbs.request(name, definition)).await
}

fn invalid(fields: &[&str]) -> String {
    fields.iter().map(|field| format!("Invalid field: {field}")).collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn a_guid_consists_of_letters_digits_dashes_and_underscores() {
    everywhere(async |bbs| {
        for bad in ["", "a b", "a.b", "a/b", "ä", "a\n", "a\0", " "] {
            let request = DesireTaskRequest { task_guid: bad.into(), ..bbs.request("one", definition()) };
            assert_eq!(request_error(bbs, &request).await, invalid(&["task_guid"]), "{bad:?}");
        }
        for good in ["plain", "UPPER-lower_0123456789", "-", "_"] {
            assert_eq!(definition_error(bbs, good, definition()).await, "", "{good:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_domain_and_a_definition_are_required() {
    everywhere(async |bbs| {
        let request = bbs.request("one", definition());
        let no_domain = DesireTaskRequest { domain: "".into(), ..request.clone() };
        assert_eq!(request_error(bbs, &no_domain).await, invalid(&["domain"]));
        let no_definition = DesireTaskRequest { task_definition: None, ..request };
        assert_eq!(request_error(bbs, &no_definition).await, invalid(&["task_definition"]));
        let all = invalid(&["task_guid", "domain", "task_definition"]);
        assert_eq!(request_error(bbs, &DesireTaskRequest::default()).await, all);
    })
    .await;
}

#[tokio::test]
async fn a_rootfs_must_be_a_url_with_a_scheme() {
    everywhere(async |bbs| {
        for bad in ["", "cflinuxfs4", "/var/rootfs", "://nothing"] {
            let definition = TaskDefinition { root_fs: bad.into(), ..definition() };
            assert_eq!(definition_error(bbs, "bad", definition).await, invalid(&["rootfs"]), "{bad:?}");
        }
        for (name, good) in [("one", "preloaded:cflinuxfs4"), ("two", "docker:///cloudfoundry/grace#v1")] {
            let definition = TaskDefinition { root_fs: good.into(), ..definition() };
            assert_eq!(definition_error(bbs, name, definition).await, "", "{good:?}");
        }
    })
    .await;
}

type Change = fn(&mut TaskDefinition);

/// The field that the error names, a change that makes it invalid, and a change to the nearest valid value.
const LIMITS: [(&str, Change, Change); 7] = [
    ("memory_mb", |task| task.memory_mb = -1, |task| task.memory_mb = 0),
    ("disk_mb", |task| task.disk_mb = -1, |task| task.disk_mb = 0),
    (
        "log_rate_limit",
        |task| task.log_rate_limit = Some(rate(-2)),
        |task| task.log_rate_limit = Some(rate(-1)),
    ),
    ("max_pids", |task| task.max_pids = -1, |task| task.max_pids = 0),
    (
        "annotation",
        |task| task.annotation = vec![b'a'; 10_241].into(),
        |task| task.annotation = vec![b'a'; 10_240].into(),
    ),
    ("image_password", |task| task.image_username = "somebody".into(), both),
    ("image_username", |task| task.image_password = "secret".into(), both),
];

fn both(definition: &mut TaskDefinition) {
    definition.image_username = "somebody".into();
    definition.image_password = "secret".into();
}

const fn rate(bytes_per_second: i64) -> LogRateLimit {
    LogRateLimit { bytes_per_second }
}

#[tokio::test]
async fn values_beyond_a_limit_are_invalid() {
    everywhere(async |bbs| {
        for (field, make_invalid, make_valid) in LIMITS {
            let (mut invalid_definition, mut valid_definition) = (definition(), definition());
            make_invalid(&mut invalid_definition);
            make_valid(&mut valid_definition);
            assert_eq!(definition_error(bbs, field, invalid_definition).await, invalid(&[field]), "{field}");
            assert_eq!(definition_error(bbs, field, valid_definition).await, "", "{field}");
        }
    })
    .await;
}

/// Returns a definition with these changes.
fn with_changes(changes: impl IntoIterator<Item = Change>) -> TaskDefinition {
    let mut definition = definition();
    changes.into_iter().for_each(|change| change(&mut definition));
    definition
}

/// Errors in the server's order. Only one of `image_username` and `image_password` can be missing at once.
const IN_ORDER: [(&str, Change); 11] = [
    ("Invalid field: rootfs", |task| task.root_fs = "".into()),
    ("invalid action type", |task| task.action = None),
    ("Invalid field: memory_mb", |task| task.memory_mb = -1),
    ("Invalid field: disk_mb", |task| task.disk_mb = -1),
    ("Invalid field: log_rate_limit", |task| task.log_rate_limit = Some(rate(-2))),
    ("Invalid field: max_pids", |task| task.max_pids = -1),
    ("Invalid field: annotation", |task| task.annotation = vec![b'a'; 10_241].into()),
    ("Invalid field: egress_rules", |task| task.egress_rules = vec![SecurityGroupRule::default()]),
    ("Invalid field: image_username", |task| task.image_password = "secret".into()),
    ("Invalid field: cached_dependency", |task| task.cached_dependencies = vec![CachedDependency::default()]),
    ("Invalid field: image_layer", |task| task.image_layers = vec![ImageLayer::default()]),
];

/// Returns the errors of [`IN_ORDER`] in a message, without those inside a dependency or a layer.
fn known_errors(message: &str) -> Vec<&str> {
    let errors = IN_ORDER.iter().map(|(error, _)| *error);
    message.split(", ").filter(|part| errors.clone().any(|error| error == *part)).collect()
}

#[tokio::test]
async fn all_errors_are_returned_at_once_in_the_servers_order() {
    everywhere(async |bbs| {
        let all = definition_error(bbs, "all", with_changes(IN_ORDER.map(|(_, bad)| bad))).await;
        assert_eq!(known_errors(&all), IN_ORDER.map(|(error, _)| error));
        for (at, (one, bad)) in IN_ORDER.iter().enumerate() {
            for (other, also) in &IN_ORDER[at + 1..] {
                // The changes are made in reverse, so that the order comes from the server.
                let pair = definition_error(bbs, "pair", with_changes([*also, *bad])).await;
                assert_eq!(known_errors(&pair), [*one, *other]);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn errors_of_the_task_come_before_those_of_its_definition() {
    everywhere(async |bbs| {
        let definition = TaskDefinition { action: Some(run()), ..TaskDefinition::default() };
        let request = DesireTaskRequest {
            task_guid: "a b".into(),
            domain: "".into(),
            task_definition: Some(definition),
        };
        assert_eq!(request_error(bbs, &request).await, invalid(&["task_guid", "domain", "rootfs"]));
    })
    .await;
}

#[tokio::test]
async fn an_invalid_task_is_not_created_and_validation_precedes_the_check_for_a_guid_in_use() {
    everywhere(async |bbs| {
        let bad = TaskDefinition { memory_mb: -1, ..definition() };
        assert_eq!(definition_error(bbs, "one", bad.clone()).await, invalid(&["memory_mb"]));
        assert!(bbs.client.task(&bbs.guid("one")).await.unwrap_err().is_not_found());
        bbs.desire("one").await;
        assert_eq!(definition_error(bbs, "one", bad).await, invalid(&["memory_mb"]));
    })
    .await;
}

#[tokio::test]
async fn a_nul_in_an_annotation_is_accepted() {
    everywhere(async |bbs| {
        let annotated = TaskDefinition { annotation: "a\0b".into(), ..definition() };
        let guid = bbs.desire_as("one", &annotated).await;
        let stored = decode_definition(&bbs.task(&guid).await.definition).unwrap();
        assert!(stored == definition_to_model(&annotated));
    })
    .await;
}
