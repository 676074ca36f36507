//! Cases about tasks and their events.

use taskdeck::bbs::wire::{
    DesireTaskRequest, Task, TaskByGuidRequest, TaskGuidRequest, TaskResponse, TasksRequest, TasksResponse,
};

use super::{Case, case, done, limited, refused, without_arguments, without_connection};
use crate::scripted::Reply;

fn guid_request() -> TaskGuidRequest {
    TaskGuidRequest { task_guid: "task-guid".into() }
}

fn task() -> Task {
    Task { task_guid: "task-guid".into(), ..Task::default() }
}

const TASK: &str = r#"{"task_guid":"task-guid","domain":"","created_at":0,"updated_at":0,"first_completed_at":0,"state":"Invalid","cell_id":"","result":"","failed":false,"failure_reason":"","rejection_count":0,"rejection_reason":""}"#;

pub(super) fn cancel_task() -> Vec<Case> {
    // Refuses an empty 200 reply: see the deviations in docs/guide/cfdot.md.
    let empty = |case: Case| {
        let case = Case { status: 4, ..case };
        case.given(Reply::of(200, "", b""))
            .says("Type 5: InvalidResponse")
            .asks("/v1/tasks/cancel", &guid_request())
    };
    let mut cases = vec![
        without_connection(&["cancel-task", "task-guid"]),
        empty(case(&["cancel-task", "task-guid"], 0)),
        case(&["cancel-task", "task-guid"], 4)
            .given(refused(200, 0, "the request failed for an unknown reason"))
            .says("UnknownError"),
        case(&["cancel-task"], 3)
            .says("Error: Missing arguments")
            .says("cfdot cancel-task TASK_GUID [flags]"),
        case(&["cancel-task", "arg1", "arg2"], 3)
            .says("Error: Too many arguments specified")
            .says("cfdot cancel-task TASK_GUID [flags]"),
    ];
    cases.extend(limited(&["cancel-task", "task-guid", "--timeout", "1"], empty));
    cases
}

pub(super) fn create_task() -> Vec<Case> {
    let spec = r#"{"task_guid":"some-task-guid","domain":"","state":"Invalid"}"#;
    let asked = DesireTaskRequest { task_guid: "some-task-guid".into(), ..DesireTaskRequest::default() };
    let created = |case: Case| case.given(done()).asks("/v1/tasks/desire.r2", &asked);
    let file = concat!("@", env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/cfdot/again.json");
    let mut cases = vec![
        without_connection(&["create-task"]),
        case(&["create-task"], 3).says("missing spec").says("cfdot create-task (SPEC|@FILE) "),
        created(case(&["create-task", spec], 0)),
        case(&["create-task", file], 0).given(done()),
        case(&["create-task"], 3),
        case(&["create-task", "foo"], 3).says("Invalid JSON:"),
        case(&["create-task", "@/path/to/non/existing/file"], 3).says("no such file"),
        case(&["create-task", "{}"], 4)
            .given(refused(500, 28, "deadlock detected"))
            .says("Type 28: Deadlock")
            .says("deadlock detected"),
    ];
    cases.extend(limited(&["create-task", "--timeout", "1", spec], created));
    cases
}

pub(super) fn delete_task() -> Vec<Case> {
    let deleted = |case: Case| {
        let case = case.given(done()).asks("/v1/tasks/resolving", &guid_request());
        case.given(done()).asks("/v1/tasks/delete", &guid_request())
    };
    let mut cases = vec![
        without_connection(&["delete-task"]),
        case(&["delete-task", "arg1", "arg2"], 3).says("Error:").says("cfdot delete-task TASK_GUID "),
        case(&["delete-task"], 3).says("Error:").says("cfdot delete-task TASK_GUID "),
        deleted(case(&["delete-task", "task-guid"], 0)),
        case(&["delete-task", "task-guid"], 4)
            .given(refused(500, 28, "deadlock detected"))
            .says("deadlock")
            .asks("/v1/tasks/resolving", &guid_request()),
    ];
    cases.extend(limited(&["delete-task", "--timeout", "1", "task-guid"], deleted));
    cases
}

pub(super) fn task_events() -> Vec<Case> {
    let mut cases = vec![
        without_connection(&["task-events"]),
        // Refuses a stream of another content type: see the deviations in docs/guide/cfdot.md.
        case(&["task-events"], 4)
            .given(Reply::of(
                200,
                "Content-Type: text/plain; charset=utf-8\r\n",
                b"id: 1\nevent: task_removed\n\n",
            ))
            .says("Type 5: InvalidResponse"),
        case(&["task-events"], 4).given(Reply::of(418, "", b"")),
    ];
    cases.extend(without_arguments("task-events", "cfdot task-events [flags]"));
    cases
}

pub(super) fn one_task() -> Vec<Case> {
    let found = |case: Case| {
        let reply = TaskResponse { error: None, task: Some(task()) };
        let asked = TaskByGuidRequest { task_guid: "task-guid".into() };
        case.given(Reply::message(200, &reply)).asks("/v1/tasks/get_by_task_guid.r3", &asked).prints(TASK)
    };
    let mut cases = vec![
        without_connection(&["task", "task-guid"]),
        found(case(&["task", "task-guid"], 0)),
        case(&["task", "task-guid"], 4).given(refused(200, 0, "")).says("UnknownError"),
        case(&["task"], 3).says("Error: Missing arguments").says("cfdot task TASK_GUID [flags]"),
        case(&["task", "task-guid", "arg1", "arg2"], 3)
            .says("Error: Too many arguments specified")
            .says("cfdot task TASK_GUID [flags]"),
    ];
    cases.extend(limited(&["task", "task-guid", "--timeout", "1"], found));
    cases
}

pub(super) fn tasks() -> Vec<Case> {
    let list = || Reply::message(200, &TasksResponse { error: None, tasks: vec![task()] });
    let found =
        |case: Case| case.given(list()).asks("/v1/tasks/list.r3", &TasksRequest::default()).prints(TASK);
    let filtered = |words: &[&str], domain: &'static str, cell: &'static str| {
        let asked = TasksRequest { domain: domain.into(), cell_id: cell.into() };
        case(words, 0).given(list()).asks("/v1/tasks/list.r3", &asked)
    };
    let mut cases = vec![
        without_connection(&["tasks"]),
        found(case(&["tasks"], 0)),
        filtered(&["tasks", "-d", "domain"], "domain", ""),
        filtered(&["tasks", "--domain", "domain"], "domain", ""),
        case(&["tasks", "--domain", "domain", "-d", "domain"], 3).says("Only one of -d and --domain"),
        filtered(&["tasks", "-c", "cell-id"], "", "cell-id"),
        filtered(&["tasks", "--cell-id", "cell-id"], "", "cell-id"),
        case(&["tasks", "--cell-id", "cell-id", "-c", "cell-id"], 3).says("Only one of -c and --cell-id"),
        filtered(&["tasks", "-c", "cell-id", "-d", "domain"], "domain", "cell-id"),
        case(&["tasks", "garbage"], 3).says("Too many arguments specified"),
        case(&["tasks"], 4)
            .given(refused(200, 0, "the request failed for an unknown reason"))
            .says("the request failed for an unknown reason"),
    ];
    cases.extend(limited(&["tasks", "--timeout", "1"], found));
    cases
}
