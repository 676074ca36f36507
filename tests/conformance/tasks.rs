//! Task definitions for the checks, and helpers that create tasks in a given state.

use bytes::Bytes;
use taskdeck::bbs::wire::action::Kind;
use taskdeck::bbs::wire::{
    Action, CachedDependency, CompleteTaskRequest, ImageLayer, RejectTaskRequest, RunAction,
    StartTaskRequest, StartTaskResponse, TaskDefinition, definition_to_model, image_layer,
};
use taskdeck::model::{State, TaskGuid};

use crate::bbs::{Bbs, Reply};

/// Cell id that the suite uses in the calls of cells.
pub(crate) const CELL: &str = "taskdeck-conformance-cell";
/// A second cell id.
pub(crate) const OTHER_CELL: &str = "taskdeck-conformance-other-cell";

pub(crate) fn run() -> Action {
    let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
    Action { kind: Some(Kind::RunAction(run)) }
}

/// Returns the smallest valid definition. Its placement tag keeps the cells of a foundation from running it.
pub(crate) fn definition() -> TaskDefinition {
    TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".into(),
        action: Some(run()),
        placement_tags: vec!["taskdeck-conformance-nowhere".into()],
        ..TaskDefinition::default()
    }
}

fn layer(name: &'static str, kind: image_layer::Type) -> ImageLayer {
    ImageLayer {
        name: name.into(),
        url: format!("https://blobs.example.com/{name}").into(),
        destination_path: format!("/layers/{name}").into(),
        layer_type: kind.into(),
        media_type: image_layer::MediaType::Tgz.into(),
        digest_algorithm: image_layer::DigestAlgorithm::Sha256.into(),
        digest_value: format!("digest-of-{name}").into(),
    }
}

/// Returns a definition with a cached dependency and both types of image layers.
pub(crate) fn layered() -> TaskDefinition {
    TaskDefinition {
        cached_dependencies: vec![CachedDependency {
            name: "own".into(),
            from: "https://blobs.example.com/own".into(),
            to: "/own".into(),
            cache_key: "own-key".into(),
            ..CachedDependency::default()
        }],
        image_layers: vec![
            layer("shared-one", image_layer::Type::Shared),
            layer("exclusive-one", image_layer::Type::Exclusive),
            layer("shared-two", image_layer::Type::Shared),
            layer("exclusive-two", image_layer::Type::Exclusive),
        ],
        legacy_download_user: "vcap".into(),
        ..definition()
    }
}

fn bytes(guid: &TaskGuid) -> Bytes {
    guid.to_string().into()
}

impl Bbs {
    /// Desires a task with the smallest definition.
    pub(crate) async fn desire(&self, name: &str) -> TaskGuid {
        self.desire_as(name, &definition()).await
    }

    pub(crate) async fn desire_as(&self, name: &str, definition: &TaskDefinition) -> TaskGuid {
        let guid = self.guid(name);
        self.client.desire(&guid, &self.domain, &definition_to_model(definition)).await.unwrap();
        guid
    }

    /// Starts the task on the cell. Returns `should_start` or the server's error.
    pub(crate) async fn start(&self, guid: &TaskGuid, cell: &'static str) -> Result<bool, (i32, String)> {
        let request = StartTaskRequest { task_guid: bytes(guid), cell_id: cell.into() };
        let reply = self.post_message("/v1/tasks/start", &request).await;
        let should_start = reply.message::<StartTaskResponse>().should_start;
        result(&reply).map(|()| should_start)
    }

    /// Completes the task on the cell with a result or a failure reason.
    pub(crate) async fn complete(
        &self,
        guid: &TaskGuid,
        cell: &'static str,
        outcome: Result<&str, &str>,
    ) -> Result<(), (i32, String)> {
        let mut request = CompleteTaskRequest {
            task_guid: bytes(guid),
            cell_id: cell.into(),
            failed: outcome.is_err(),
            ..CompleteTaskRequest::default()
        };
        match outcome {
            Ok(result) => request.result = result.to_owned().into(),
            Err(reason) => request.failure_reason = reason.to_owned().into(),
        }
        result(&self.post_message("/v1/tasks/complete", &request).await)
    }

    pub(crate) async fn reject(&self, guid: &TaskGuid, reason: &str) -> Result<(), (i32, String)> {
        let request =
            RejectTaskRequest { task_guid: bytes(guid), rejection_reason: reason.to_owned().into() };
        result(&self.post_message("/v1/tasks/reject", &request).await)
    }

    /// Creates a task in the state. Running requires the calls of cells.
    pub(crate) async fn task_in(&self, state: State, name: &str) -> TaskGuid {
        let guid = self.desire(name).await;
        match state {
            State::Pending => {}
            State::Running => assert_eq!(self.start(&guid, CELL).await, Ok(true)),
            State::Completed => self.client.cancel(&guid).await.unwrap(),
            State::Resolving => {
                self.client.cancel(&guid).await.unwrap();
                self.client.resolving(&guid).await.unwrap();
            }
            State::Invalid | State::Other(_) => panic!("a task cannot be created as {state}"),
        }
        assert_eq!(self.state(&guid).await, state);
        guid
    }
}

fn result(reply: &Reply) -> Result<(), (i32, String)> {
    reply.error().map_or(Ok(()), Err)
}
