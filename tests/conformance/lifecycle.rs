//! Tests cancel, resolving and delete from every state, and their errors.
//!
//! Source: "Life of a task" of the API.

use taskdeck::bbs::wire::TaskGuidRequest;
use taskdeck::model::State::{Completed, Pending, Resolving, Running};
use taskdeck::model::{Fault, State, TaskGuid};

use crate::bbs::{Bbs, error_of};
use crate::targets::{everywhere, with_cell_calls};
use crate::tasks::CELL;

/// A call of an operator's client.
#[derive(Debug, Clone, Copy)]
enum Step {
    Cancel,
    Resolving,
    Delete,
}

async fn request(bbs: &Bbs, step: Step, guid: &TaskGuid) -> Result<(), Fault> {
    match step {
        Step::Cancel => bbs.client.cancel(guid).await,
        Step::Resolving => bbs.client.resolving(guid).await,
        Step::Delete => bbs.client.delete(guid).await,
    }
}

/// Expected result of a step: the new state (none if the task is deleted), or the message of the error.
type Expected = Result<Option<State>, &'static str>;

const TABLE: [(Step, State, Expected); 12] = [
    (Step::Cancel, Pending, Ok(Some(Completed))),
    (Step::Cancel, Running, Ok(Some(Completed))),
    (Step::Cancel, Completed, Err("Cannot transition from Completed to Completed")),
    (Step::Cancel, Resolving, Err("Cannot transition from Resolving to Completed")),
    (Step::Resolving, Pending, Err("Cannot transition from Pending to Resolving")),
    (Step::Resolving, Running, Err("Cannot transition from Running to Resolving")),
    (Step::Resolving, Completed, Ok(Some(Resolving))),
    (Step::Resolving, Resolving, Err("Cannot transition from Resolving to Resolving")),
    (Step::Delete, Pending, Err("Cannot transition from Pending to Resolving")),
    (Step::Delete, Running, Err("Cannot transition from Running to Resolving")),
    (Step::Delete, Completed, Err("Cannot transition from Completed to Resolving")),
    (Step::Delete, Resolving, Ok(None)),
];

async fn check_row(bbs: &Bbs, (step, from, expected): (Step, State, Expected)) {
    let guid = bbs.task_in(from, &format!("{step:?}-{from}")).await;
    let before = bbs.task(&guid).await;
    let result = request(bbs, step, &guid).await;
    match expected {
        Ok(Some(state)) => {
            result.unwrap();
            let after = bbs.task(&guid).await;
            assert_eq!(after.state, state, "{step:?} from {from}");
            assert!(after.updated_at > before.updated_at, "{step:?} from {from}: updated_at must change");
        }
        Ok(None) => {
            result.unwrap();
            assert!(bbs.client.task(&guid).await.unwrap_err().is_not_found(), "{step:?} from {from}");
        }
        Err(message) => {
            assert_eq!(error_of(result), (9, message.to_owned()), "{step:?} from {from}");
            assert_eq!(
                bbs.task(&guid).await,
                before,
                "{step:?} from {from}: an error must not change the task"
            );
        }
    }
}

#[tokio::test]
async fn every_step_from_every_state_matches_the_table() {
    everywhere(async |bbs| {
        for row in TABLE.into_iter().filter(|(_, from, _)| *from != Running) {
            check_row(bbs, row).await;
        }
    })
    .await;
    with_cell_calls(async |bbs| {
        for row in TABLE.into_iter().filter(|(_, from, _)| *from == Running) {
            check_row(bbs, row).await;
        }
    })
    .await;
}

async fn check_cancel(bbs: &Bbs, guid: &TaskGuid) {
    let before = bbs.task(guid).await;
    bbs.client.cancel(guid).await.unwrap();
    let task = bbs.task(guid).await;
    assert_eq!((task.state, task.failed, &*task.failure_reason), (Completed, true, "task was cancelled"));
    assert_eq!((task.cell, &*task.result), (None, ""));
    assert_eq!(task.created_at, before.created_at);
    assert_eq!(task.first_completed_at, task.updated_at);
    assert_eq!(task.definition, before.definition);
}

#[tokio::test]
async fn a_cancelled_task_is_completed_as_failed_without_a_cell() {
    everywhere(async |bbs| check_cancel(bbs, &bbs.desire("pending").await).await).await;
    with_cell_calls(async |bbs| {
        let running = bbs.task_in(Running, "running").await;
        assert_eq!(bbs.task(&running).await.cell, Some(CELL.into()));
        check_cancel(bbs, &running).await;
    })
    .await;
}

#[tokio::test]
async fn resolving_keeps_the_result_and_succeeds_once() {
    everywhere(async |bbs| {
        let guid = bbs.task_in(Completed, "one").await;
        let completed = bbs.task(&guid).await;
        bbs.client.resolving(&guid).await.unwrap();
        let claimed = bbs.task(&guid).await;
        assert_eq!(claimed.first_completed_at, completed.first_completed_at);
        assert_eq!((claimed.failed, claimed.failure_reason), (completed.failed, completed.failure_reason));
        // Only one client can claim the deletion.
        assert_eq!(error_of(bbs.client.resolving(&guid).await).0, 9);
    })
    .await;
}

#[tokio::test]
async fn unknown_and_empty_guids_are_errors_for_every_step() {
    everywhere(async |bbs| {
        let unknown = (13, "the requested resource could not be found".to_owned());
        let empty = (4, "Invalid field: task_guid".to_owned());
        for step in [Step::Cancel, Step::Resolving, Step::Delete] {
            assert_eq!(error_of(request(bbs, step, &bbs.guid("nope")).await), unknown, "{step:?}");
            assert_eq!(error_of(request(bbs, step, &"".into()).await), empty, "{step:?}");
        }
        for path in ["/v1/tasks/cancel", "/v1/tasks/resolving", "/v1/tasks/delete"] {
            assert_eq!(bbs.post(path, "").await.error(), Some(empty.clone()), "{path}: an empty body");
        }
    })
    .await;
}

#[tokio::test]
async fn success_is_an_empty_body() {
    everywhere(async |bbs| {
        let guid = bbs.desire("one").await;
        for path in ["/v1/tasks/cancel", "/v1/tasks/resolving", "/v1/tasks/delete"] {
            let reply = bbs.post_message(path, &TaskGuidRequest { task_guid: guid.to_string().into() }).await;
            assert_eq!((reply.status, reply.body.len()), (200, 0), "{path}");
        }
        assert!(bbs.client.task(&guid).await.unwrap_err().is_not_found());
        assert_eq!(error_of(bbs.client.delete(&guid).await).0, 13, "the task is deleted");
    })
    .await;
}
