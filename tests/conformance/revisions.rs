//! Tests older revisions of calls, which replace image layers by cached dependencies and downloads.
//!
//! Source: "Routes" of the API.

use taskdeck::bbs::wire::action::Kind;
use taskdeck::bbs::wire::{
    Action, DesireTaskRequest, Task, TaskByGuidRequest, TaskDefinition, TaskGuidRequest, TaskResponse,
    TasksRequest, TasksResponse,
};

use crate::bbs::Bbs;
use crate::targets::everywhere;
use crate::tasks::{definition, layered, run};

async fn get(bbs: &Bbs, revision: &str, name: &str) -> Task {
    let request = TaskByGuidRequest { task_guid: bbs.guid(name).to_string().into() };
    let reply = bbs.post_message(&format!("/v1/tasks/get_by_task_guid.{revision}"), &request).await;
    reply.message::<TaskResponse>().task.unwrap()
}

async fn list(bbs: &Bbs, revision: &str) -> Vec<Task> {
    let request = TasksRequest { domain: bbs.domain.to_string().into(), ..TasksRequest::default() };
    let reply = bbs.post_message(&format!("/v1/tasks/list.{revision}"), &request).await;
    reply.message::<TasksResponse>().tasks
}

#[tokio::test]
async fn revision_3_returns_the_definition_unchanged() {
    everywhere(async |bbs| {
        bbs.desire_as("layered", &layered()).await;
        assert!(get(bbs, "r3", "layered").await.task_definition == Some(layered()));
        assert!(
            list(bbs, "r3").await == [get(bbs, "r3", "layered").await],
            "a list and a get must return the same task"
        );
    })
    .await;
}

fn download_fields(action: &Action) -> [&[u8]; 7] {
    let Some(Kind::DownloadAction(download)) = &action.kind else { panic!("{action:?}") };
    [
        &download.artifact,
        &download.from,
        &download.to,
        &download.cache_key,
        &download.user,
        &download.checksum_algorithm,
        &download.checksum_value,
    ]
}

/// Returns name, `from`, `to` and cache key of the dependency or download for a layer of [`layered`].
fn converted_layer(name: &str) -> [String; 4] {
    let (url, to) = (format!("https://blobs.example.com/{name}"), format!("/layers/{name}"));
    [name.to_owned(), url, to, format!("sha256:digest-of-{name}")]
}

fn assert_revision_2(definition: &TaskDefinition) {
    assert!(definition.image_layers.is_empty());
    let dependencies = definition.cached_dependencies.iter();
    let dependencies: Vec<[&[u8]; 4]> =
        dependencies.map(|one| [&*one.name, &*one.from, &*one.to, &*one.cache_key]).collect();
    let own = ["own", "https://blobs.example.com/own", "/own", "own-key"].map(str::to_owned);
    let expected = [converted_layer("shared-one"), converted_layer("shared-two"), own];
    let expected: Vec<_> = expected.iter().map(|one| one.each_ref().map(String::as_bytes)).collect();
    assert_eq!(dependencies, expected, "shared layers come before the definition's own dependencies");
    let Some(Kind::SerialAction(serial)) = definition.action.as_ref().and_then(|action| action.kind.as_ref())
    else {
        panic!("{:?}", definition.action)
    };
    let [downloads, rest] = &serial.actions[..] else { panic!("{serial:?}") };
    assert!(*rest == run(), "the definition's own action comes last");
    let Some(Kind::ParallelAction(downloads)) = &downloads.kind else { panic!("{downloads:?}") };
    assert_eq!(downloads.actions.len(), 2);
    for (action, name) in downloads.actions.iter().zip(["exclusive-one", "exclusive-two"]) {
        let [_, url, to, key] = converted_layer(name);
        let digest = format!("digest-of-{name}");
        let expected = [name, &url, &to, &key, "vcap", "sha256", &digest].map(str::as_bytes);
        assert_eq!(download_fields(action), expected);
    }
}

#[tokio::test]
async fn revision_2_returns_layers_as_dependencies_and_downloads() {
    everywhere(async |bbs| {
        bbs.desire_as("layered", &layered()).await;
        let task = get(bbs, "r2", "layered").await;
        assert_revision_2(task.task_definition.as_ref().unwrap());
        assert!(list(bbs, "r2").await == [task.clone()], "a list and a get must return the same task");
        let newest = get(bbs, "r3", "layered").await;
        assert!(
            Task { task_definition: None, ..task } == Task { task_definition: None, ..newest },
            "only the definition may differ"
        );
    })
    .await;
}

#[tokio::test]
async fn without_layers_both_revisions_return_the_same_task() {
    everywhere(async |bbs| {
        bbs.desire("plain").await;
        assert!(get(bbs, "r2", "plain").await == get(bbs, "r3", "plain").await);
        assert!(list(bbs, "r2").await == list(bbs, "r3").await);
    })
    .await;
}

#[tokio::test]
async fn an_older_path_that_the_server_knows_works_alike() {
    everywhere(async |bbs| {
        let reply = bbs.post_message("/v1/tasks/desire", &bbs.request("one", definition())).await;
        if reply.status == 404 {
            return;
        }
        assert_eq!(reply.error(), None);
        assert_eq!(get(bbs, "r3", "one").await.domain, bbs.domain.as_str());
        let again = bbs.post_message("/v1/tasks/desire", &DesireTaskRequest::default()).await.error();
        assert!(again.is_some_and(|(kind, _)| kind == 4));
        let request = TaskGuidRequest { task_guid: bbs.guid("one").to_string().into() };
        assert_eq!(bbs.post_message("/v1/tasks/cancel", &request).await.error(), None);
    })
    .await;
}
