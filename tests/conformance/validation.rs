//! What desire refuses of a task: message by message, and all at once in the server's order.

use taskdeck::bbs::decode_definition;
use taskdeck::bbs::wire::{
    CachedDependency, DesireTaskRequest, ImageLayer, LogRateLimit, SecurityGroupRule, TaskDefinition,
    definition_to_model,
};

use crate::bbs::Bbs;
use crate::targets::everywhere;
use crate::tasks::{definition, run};

/// What is said of a request: the message of an `InvalidRequest`, or nothing.
async fn said(bbs: &Bbs, request: &DesireTaskRequest) -> String {
    match bbs.say("/v1/tasks/desire.r2", request).await.refusal() {
        None => String::new(),
        Some((4, message)) => message,
        Some(other) => panic!("{other:?}"),
    }
}

/// What is said of a definition.
pub(crate) async fn said_of(bbs: &Bbs, name: &str, definition: TaskDefinition) -> String {
    said(bbs, &bbs.request(name, definition)).await
}

fn invalid(fields: &[&str]) -> String {
    fields.iter().map(|field| format!("Invalid field: {field}")).collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn a_guid_has_letters_digits_dashes_and_underscores() {
    everywhere(async |bbs| {
        for bad in ["", "a b", "a.b", "a/b", "ä", "a\n", "a\0", " "] {
            let request = DesireTaskRequest { task_guid: bad.into(), ..bbs.request("one", definition()) };
            assert_eq!(said(bbs, &request).await, invalid(&["task_guid"]), "{bad:?}");
        }
        for good in ["plain", "UPPER-lower_0123456789", "-", "_"] {
            assert_eq!(said_of(bbs, good, definition()).await, "", "{good:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_task_has_a_domain_and_a_definition() {
    everywhere(async |bbs| {
        let request = bbs.request("one", definition());
        let nowhere = DesireTaskRequest { domain: "".into(), ..request.clone() };
        assert_eq!(said(bbs, &nowhere).await, invalid(&["domain"]));
        let nothing = DesireTaskRequest { task_definition: None, ..request };
        assert_eq!(said(bbs, &nothing).await, invalid(&["task_definition"]));
        let all = invalid(&["task_guid", "domain", "task_definition"]);
        assert_eq!(said(bbs, &DesireTaskRequest::default()).await, all);
    })
    .await;
}

#[tokio::test]
async fn a_rootfs_is_a_url_with_a_scheme() {
    everywhere(async |bbs| {
        for bad in ["", "cflinuxfs4", "/var/rootfs", "://nothing"] {
            let definition = TaskDefinition { root_fs: bad.into(), ..definition() };
            assert_eq!(said_of(bbs, "bad", definition).await, invalid(&["rootfs"]), "{bad:?}");
        }
        for (name, good) in [("one", "preloaded:cflinuxfs4"), ("two", "docker:///cloudfoundry/grace#v1")] {
            let definition = TaskDefinition { root_fs: good.into(), ..definition() };
            assert_eq!(said_of(bbs, name, definition).await, "", "{good:?}");
        }
    })
    .await;
}

type Change = fn(&mut TaskDefinition);

/// A value that is refused, what is said of it, and the nearest one that is not.
const LIMITS: [(&str, Change, Change); 7] = [
    ("memory_mb", |is| is.memory_mb = -1, |is| is.memory_mb = 0),
    ("disk_mb", |is| is.disk_mb = -1, |is| is.disk_mb = 0),
    ("log_rate_limit", |is| is.log_rate_limit = Some(rate(-2)), |is| is.log_rate_limit = Some(rate(-1))),
    ("max_pids", |is| is.max_pids = -1, |is| is.max_pids = 0),
    (
        "annotation",
        |is| is.annotation = vec![b'a'; 10_241].into(),
        |is| is.annotation = vec![b'a'; 10_240].into(),
    ),
    ("image_password", |is| is.image_username = "somebody".into(), both),
    ("image_username", |is| is.image_password = "secret".into(), both),
];

fn both(definition: &mut TaskDefinition) {
    definition.image_username = "somebody".into();
    definition.image_password = "secret".into();
}

const fn rate(bytes_per_second: i64) -> LogRateLimit {
    LogRateLimit { bytes_per_second }
}

#[tokio::test]
async fn a_limit_is_refused_beyond_its_last_value() {
    everywhere(async |bbs| {
        for (field, bad, good) in LIMITS {
            let (mut refused, mut taken) = (definition(), definition());
            bad(&mut refused);
            good(&mut taken);
            assert_eq!(said_of(bbs, field, refused).await, invalid(&[field]), "{field}");
            assert_eq!(said_of(bbs, field, taken).await, "", "{field}");
        }
    })
    .await;
}

/// A definition with these faults.
fn faulty(bad: impl IntoIterator<Item = Change>) -> TaskDefinition {
    let mut faulty = definition();
    bad.into_iter().for_each(|bad| bad(&mut faulty));
    faulty
}

/// Faults in the order in which the server says them; of the image's user one alone can be.
const IN_ORDER: [(&str, Change); 11] = [
    ("Invalid field: rootfs", |is| is.root_fs = "".into()),
    ("invalid action type", |is| is.action = None),
    ("Invalid field: memory_mb", |is| is.memory_mb = -1),
    ("Invalid field: disk_mb", |is| is.disk_mb = -1),
    ("Invalid field: log_rate_limit", |is| is.log_rate_limit = Some(rate(-2))),
    ("Invalid field: max_pids", |is| is.max_pids = -1),
    ("Invalid field: annotation", |is| is.annotation = vec![b'a'; 10_241].into()),
    ("Invalid field: egress_rules", |is| is.egress_rules = vec![SecurityGroupRule::default()]),
    ("Invalid field: image_username", |is| is.image_password = "secret".into()),
    ("Invalid field: cached_dependency", |is| is.cached_dependencies = vec![CachedDependency::default()]),
    ("Invalid field: image_layer", |is| is.image_layers = vec![ImageLayer::default()]),
];

/// The faults of [`IN_ORDER`] that a message names, without those within a dependency or a layer.
fn named(message: &str) -> Vec<&str> {
    let faults = IN_ORDER.iter().map(|(fault, _)| *fault);
    message.split(", ").filter(|part| faults.clone().any(|fault| fault == *part)).collect()
}

#[tokio::test]
async fn all_faults_are_said_at_once_in_the_servers_order() {
    everywhere(async |bbs| {
        let all = said_of(bbs, "all", faulty(IN_ORDER.map(|(_, bad)| bad))).await;
        assert_eq!(named(&all), IN_ORDER.map(|(fault, _)| fault));
        for (at, (one, bad)) in IN_ORDER.iter().enumerate() {
            for (other, also) in &IN_ORDER[at + 1..] {
                // The order in which they are made is not the one in which they are said.
                let pair = said_of(bbs, "pair", faulty([*also, *bad])).await;
                assert_eq!(named(&pair), [*one, *other]);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn faults_of_the_task_come_before_those_of_its_definition() {
    everywhere(async |bbs| {
        let definition = TaskDefinition { action: Some(run()), ..TaskDefinition::default() };
        let request = DesireTaskRequest {
            task_guid: "a b".into(),
            domain: "".into(),
            task_definition: Some(definition),
        };
        assert_eq!(said(bbs, &request).await, invalid(&["task_guid", "domain", "rootfs"]));
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_is_not_there_and_was_looked_at_before_whether_the_guid_is_in_use() {
    everywhere(async |bbs| {
        let bad = TaskDefinition { memory_mb: -1, ..definition() };
        assert_eq!(said_of(bbs, "one", bad.clone()).await, invalid(&["memory_mb"]));
        assert!(bbs.client.task(&bbs.guid("one")).await.unwrap_err().is_not_found());
        bbs.desire("one").await;
        assert_eq!(said_of(bbs, "one", bad).await, invalid(&["memory_mb"]));
    })
    .await;
}

#[tokio::test]
async fn a_nul_in_an_annotation_is_taken() {
    everywhere(async |bbs| {
        let annotated = TaskDefinition { annotation: "a\0b".into(), ..definition() };
        let guid = bbs.desire_as("one", &annotated).await;
        let stored = decode_definition(&bbs.task(&guid).await.definition).unwrap();
        assert!(stored == definition_to_model(&annotated));
    })
    .await;
}
