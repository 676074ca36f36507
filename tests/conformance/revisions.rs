//! What older revisions of a call say: layers of an image are dependencies and downloads there.

use taskdeck::bbs::wire::action::Kind;
use taskdeck::bbs::wire::{
    Action, DesireTaskRequest, Task, TaskByGuidRequest, TaskDefinition, TaskGuidRequest, TaskResponse,
    TasksRequest, TasksResponse,
};

use crate::bbs::Bbs;
use crate::targets::everywhere;
use crate::tasks::{definition, layered, run};

async fn got(bbs: &Bbs, revision: &str, name: &str) -> Task {
    let request = TaskByGuidRequest { task_guid: bbs.guid(name).to_string().into() };
    let reply = bbs.say(&format!("/v1/tasks/get_by_task_guid.{revision}"), &request).await;
    reply.message::<TaskResponse>().task.unwrap()
}

async fn listed(bbs: &Bbs, revision: &str) -> Vec<Task> {
    let request = TasksRequest { domain: bbs.domain.to_string().into(), ..TasksRequest::default() };
    let reply = bbs.say(&format!("/v1/tasks/list.{revision}"), &request).await;
    reply.message::<TasksResponse>().tasks
}

#[tokio::test]
async fn the_third_revision_says_the_definition_as_it_was_sent() {
    everywhere(async |bbs| {
        bbs.desire_as("layered", &layered()).await;
        assert!(got(bbs, "r3", "layered").await.task_definition == Some(layered()));
        assert!(listed(bbs, "r3").await == [got(bbs, "r3", "layered").await], "a list says the same");
    })
    .await;
}

fn artifact(action: &Action) -> [&[u8]; 7] {
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

/// What a layer of [`layered`] becomes: its name, from where, to where, and its key in the cache.
fn of_layer(name: &str) -> [String; 4] {
    let (url, to) = (format!("https://blobs.example.com/{name}"), format!("/layers/{name}"));
    [name.to_owned(), url, to, format!("sha256:digest-of-{name}")]
}

fn is_of_second_revision(definition: &TaskDefinition) {
    assert!(definition.image_layers.is_empty());
    let dependencies = definition.cached_dependencies.iter();
    let dependencies: Vec<[&[u8]; 4]> =
        dependencies.map(|one| [&*one.name, &*one.from, &*one.to, &*one.cache_key]).collect();
    let own = ["own", "https://blobs.example.com/own", "/own", "own-key"].map(str::to_owned);
    let wanted = [of_layer("shared-one"), of_layer("shared-two"), own];
    let wanted: Vec<_> = wanted.iter().map(|one| one.each_ref().map(String::as_bytes)).collect();
    assert_eq!(dependencies, wanted, "shared layers in front of the definition's own");
    let Some(Kind::SerialAction(serial)) = definition.action.as_ref().and_then(|action| action.kind.as_ref())
    else {
        panic!("{:?}", definition.action)
    };
    let [downloads, rest] = &serial.actions[..] else { panic!("{serial:?}") };
    assert!(*rest == run(), "the action itself comes last");
    let Some(Kind::ParallelAction(downloads)) = &downloads.kind else { panic!("{downloads:?}") };
    assert_eq!(downloads.actions.len(), 2);
    for (action, name) in downloads.actions.iter().zip(["exclusive-one", "exclusive-two"]) {
        let [_, url, to, key] = of_layer(name);
        let digest = format!("digest-of-{name}");
        let wanted = [name, &url, &to, &key, "vcap", "sha256", &digest].map(str::as_bytes);
        assert_eq!(artifact(action), wanted);
    }
}

#[tokio::test]
async fn the_second_revision_has_layers_as_dependencies_and_downloads() {
    everywhere(async |bbs| {
        bbs.desire_as("layered", &layered()).await;
        let task = got(bbs, "r2", "layered").await;
        is_of_second_revision(task.task_definition.as_ref().unwrap());
        assert!(listed(bbs, "r2").await == [task.clone()], "a list says the same");
        let newest = got(bbs, "r3", "layered").await;
        assert!(
            Task { task_definition: None, ..task } == Task { task_definition: None, ..newest },
            "but for the definition they do not differ"
        );
    })
    .await;
}

#[tokio::test]
async fn without_layers_the_revisions_do_not_differ() {
    everywhere(async |bbs| {
        bbs.desire("plain").await;
        assert!(got(bbs, "r2", "plain").await == got(bbs, "r3", "plain").await);
        assert!(listed(bbs, "r2").await == listed(bbs, "r3").await);
    })
    .await;
}

#[tokio::test]
async fn an_older_path_does_the_same_where_it_is_known() {
    everywhere(async |bbs| {
        let reply = bbs.say("/v1/tasks/desire", &bbs.request("one", definition())).await;
        if reply.status == 404 {
            return;
        }
        assert_eq!(reply.refusal(), None);
        assert_eq!(got(bbs, "r3", "one").await.domain, bbs.domain.as_str());
        let again = bbs.say("/v1/tasks/desire", &DesireTaskRequest::default()).await.refusal();
        assert!(again.is_some_and(|(kind, _)| kind == 4));
        let request = TaskGuidRequest { task_guid: bbs.guid("one").to_string().into() };
        assert_eq!(bbs.say("/v1/tasks/cancel", &request).await.refusal(), None);
    })
    .await;
}
