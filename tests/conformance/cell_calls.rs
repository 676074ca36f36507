//! Tests the calls of cells: start, complete and reject.
//!
//! Source: "Life of a task" of the API.

use std::slice::from_ref;

use taskdeck::model::State::{Completed, Pending, Resolving, Running};
use taskdeck::model::{TaskFilter, TaskGuid};

use crate::bbs::Bbs;
use crate::targets::with_cell_calls;
use crate::tasks::{CELL, OTHER_CELL};

const NOT_FOUND: (i32, &str) = (13, "the requested resource could not be found");
const BAD_REQUEST: (i32, &str) = (4, "the request received is invalid");
const NO_CELL: (i32, &str) = (4, "Invalid field: cell_id");
/// The server's error names `failure_reason` although the request's field is `rejection_reason`.
const NO_REASON: (i32, &str) = (4, "Invalid field: failure_reason");
const NO_GUID: (i32, &str) = (4, "Invalid field: task_guid");

/// Returns a reason of `length` bytes and the text that the server stores.
fn reason(length: usize) -> (String, String) {
    let text = |length| "0123456789".chars().cycle().take(length).collect::<String>();
    let kept = if length < 1024 { text(length) } else { text(1013) + "(truncated)" };
    (text(length), kept)
}

fn error_of<T>(result: Result<T, (i32, String)>) -> (i32, String) {
    result.err().expect("an error")
}

fn owned((kind, message): (i32, &str)) -> (i32, String) {
    (kind, message.to_owned())
}

#[tokio::test]
async fn start_moves_a_pending_task_to_running_on_the_cell() {
    with_cell_calls(async |bbs| {
        let guid = bbs.desire("one").await;
        let before = bbs.task(&guid).await;
        assert_eq!(bbs.start(&guid, CELL).await, Ok(true));
        let task = bbs.task(&guid).await;
        assert_eq!((task.state, task.cell), (Running, Some(CELL.into())));
        assert!(task.updated_at > before.updated_at && task.created_at == before.created_at);
    })
    .await;
}

#[tokio::test]
async fn a_running_task_does_not_start_again() {
    with_cell_calls(async |bbs| {
        let guid = bbs.task_in(Running, "one").await;
        let before = bbs.task(&guid).await;
        assert_eq!(bbs.start(&guid, CELL).await, Ok(false), "success, but the cell should not run it again");
        let error = error_of(bbs.start(&guid, OTHER_CELL).await);
        assert_eq!(error, (9, "Cannot transition from Running to Running".to_owned()));
        assert_eq!(bbs.task(&guid).await, before);
    })
    .await;
}

#[tokio::test]
async fn an_ended_task_cannot_be_started_completed_or_rejected() {
    with_cell_calls(async |bbs| {
        for state in [Completed, Resolving] {
            let guid = bbs.task_in(state, &state.to_string()).await;
            let before = bbs.task(&guid).await;
            let invalid_transition = |to| (9, format!("Cannot transition from {state} to {to}"));
            for cell in [CELL, OTHER_CELL] {
                assert_eq!(error_of(bbs.start(&guid, cell).await), invalid_transition(Running));
                assert_eq!(error_of(bbs.complete(&guid, cell, Ok("")).await), invalid_transition(Completed));
            }
            assert_eq!(error_of(bbs.reject(&guid, "no").await), owned(BAD_REQUEST));
            assert_eq!(bbs.task(&guid).await, before, "{state}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_pending_task_cannot_be_completed() {
    with_cell_calls(async |bbs| {
        let guid = bbs.desire("one").await;
        let error = error_of(bbs.complete(&guid, CELL, Ok("")).await);
        assert_eq!(error, (9, "Cannot transition from Pending to Completed".to_owned()));
        assert_eq!(bbs.state(&guid).await, Pending);
    })
    .await;
}

#[tokio::test]
async fn only_the_cell_that_runs_the_task_can_complete_it() {
    with_cell_calls(async |bbs| {
        let guid = bbs.task_in(Running, "one").await;
        let error = error_of(bbs.complete(&guid, OTHER_CELL, Ok("result")).await);
        assert_eq!(error, (24, format!("Running on cell {CELL} not {OTHER_CELL}")));
        assert_eq!(bbs.state(&guid).await, Running);
        bbs.complete(&guid, CELL, Ok("result")).await.unwrap();
        let task = bbs.task(&guid).await;
        assert_eq!((task.state, task.failed, &*task.result), (Completed, false, "result"));
        assert_eq!((task.cell, &*task.failure_reason), (None, ""), "the cell is cleared");
        assert!(!task.first_completed_at.is_unset());
    })
    .await;
}

#[tokio::test]
async fn a_failure_reason_of_1024_bytes_or_more_is_truncated() {
    with_cell_calls(async |bbs| {
        for length in [0, 1, 1023, 1024, 1025, 2000] {
            let guid = bbs.task_in(Running, &format!("{length}-bytes")).await;
            let (reason, kept) = reason(length);
            bbs.complete(&guid, CELL, Err(&reason)).await.unwrap();
            let task = bbs.task(&guid).await;
            assert_eq!((task.state, task.failed, &*task.failure_reason), (Completed, true, &*kept));
        }
    })
    .await;
}

#[tokio::test]
async fn a_rejection_reason_of_1024_bytes_or_more_is_truncated() {
    with_cell_calls(async |bbs| {
        for length in [1, 1023, 1024, 1025, 2000] {
            let guid = bbs.desire(&format!("{length}-bytes")).await;
            let (reason, kept) = reason(length);
            bbs.reject(&guid, &reason).await.unwrap();
            let task = bbs.task(&guid).await;
            assert_eq!((task.rejection_count, &*task.rejection_reason), (1, &*kept));
        }
    })
    .await;
}

/// Returns the error of `PostgreSQL` for bytes that are not valid text.
fn not_utf8(bytes: &str) -> (i32, String) {
    (0, format!("ERROR: invalid byte sequence for encoding \"UTF8\": {bytes} (SQLSTATE 22021)"))
}

#[tokio::test]
async fn a_reason_that_the_database_cannot_store_changes_nothing() {
    with_cell_calls(async |bbs| {
        // The server keeps 1,013 bytes and so cuts a two-byte character in half.
        let cut_inside_char = "é".repeat(600);
        for (name, reason, bytes) in [("cut", &*cut_inside_char, "0xc3 0x28"), ("nul", "a\0b", "0x00")] {
            let guid = bbs.task_in(Running, name).await;
            let before = bbs.task(&guid).await;
            assert_eq!(error_of(bbs.complete(&guid, CELL, Err(reason)).await), not_utf8(bytes));
            assert_eq!(error_of(bbs.reject(&guid, reason).await), not_utf8(bytes));
            assert_eq!(bbs.task(&guid).await, before, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_missing_cell_or_reason_is_an_error_in_every_state() {
    with_cell_calls(async |bbs| {
        for state in [Pending, Running, Completed, Resolving] {
            let guid = bbs.task_in(state, &state.to_string()).await;
            let before = bbs.task(&guid).await;
            assert_eq!(error_of(bbs.start(&guid, "").await), owned(NO_CELL), "{state}");
            assert_eq!(error_of(bbs.complete(&guid, "", Ok("")).await), owned(NO_CELL), "{state}");
            assert_eq!(error_of(bbs.reject(&guid, "").await), owned(NO_REASON), "{state}");
            assert_eq!(bbs.task(&guid).await, before, "{state}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_task_rejected_while_running_keeps_its_cell_until_it_starts_elsewhere_or_is_cancelled() {
    with_cell_calls(async |bbs| {
        let guid = bbs.task_in(Running, "one").await;
        bbs.reject(&guid, "no room").await.unwrap();
        assert_eq!(bbs.task(&guid).await.cell, Some(CELL.into()));
        assert_eq!(guids_on(bbs, CELL).await, from_ref(&guid));
        assert_eq!(bbs.start(&guid, OTHER_CELL).await, Ok(true));
        assert_eq!(guids_on(bbs, CELL).await, []);
        assert_eq!(guids_on(bbs, OTHER_CELL).await, from_ref(&guid));
        bbs.reject(&guid, "no room here").await.unwrap();
        bbs.client.cancel(&guid).await.unwrap();
        assert_eq!(bbs.task(&guid).await.cell, None);
        assert_eq!(guids_on(bbs, OTHER_CELL).await, []);
    })
    .await;
}

async fn guids_on(bbs: &Bbs, cell: &str) -> Vec<TaskGuid> {
    let filter = TaskFilter { domain: Some(bbs.domain.clone()), cell: Some(cell.into()) };
    bbs.client.list_tasks(&filter).await.unwrap().into_iter().map(|task| task.guid).collect()
}

#[tokio::test]
async fn a_rejected_task_is_pending_and_can_start_on_another_cell() {
    with_cell_calls(async |bbs| {
        for state in [Pending, Running] {
            let guid = bbs.task_in(state, &state.to_string()).await;
            bbs.reject(&guid, "insufficient resources: memory").await.unwrap();
            let task = bbs.task(&guid).await;
            assert_eq!((task.state, task.rejection_count), (Pending, 1), "from {state}");
            assert_eq!(&*task.rejection_reason, "insufficient resources: memory");
            let kept = (state == Running).then(|| CELL.into());
            assert_eq!((task.failed, task.cell), (false, kept), "from {state}");
            assert_eq!(bbs.start(&guid, OTHER_CELL).await, Ok(true));
            let task = bbs.task(&guid).await;
            assert_eq!(
                (task.rejection_count, task.cell),
                (1, Some(OTHER_CELL.into())),
                "the count must not be reset"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn the_fourth_rejection_fails_the_task() {
    with_cell_calls(async |bbs| {
        let guid = bbs.desire("one").await;
        for count in 1..=3 {
            bbs.reject(&guid, &format!("reason {count}")).await.unwrap();
            let task = bbs.task(&guid).await;
            assert_eq!((task.state, task.rejection_count), (Pending, count));
        }
        bbs.reject(&guid, "reason 4").await.unwrap();
        let task = bbs.task(&guid).await;
        assert_eq!((task.state, task.failed, &*task.failure_reason), (Completed, true, "reason 4"));
        assert_eq!((task.rejection_count, &*task.rejection_reason), (4, "reason 4"));
        assert!(!task.first_completed_at.is_unset());
        // A fifth rejection fails because the task cannot complete again.
        let error = error_of(bbs.reject(&guid, "reason 5").await);
        assert_eq!(error, (9, "Cannot transition from Completed to Completed".to_owned()));
        assert_eq!(bbs.task(&guid).await, task);
    })
    .await;
}

#[tokio::test]
async fn unknown_and_empty_guids_are_errors_for_every_cell_call() {
    with_cell_calls(async |bbs| {
        for (guid, expected) in [(bbs.guid("nope"), owned(NOT_FOUND)), ("".into(), owned(NO_GUID))] {
            assert_eq!(error_of(bbs.start(&guid, CELL).await), expected);
            assert_eq!(error_of(bbs.complete(&guid, CELL, Ok("")).await), expected);
            assert_eq!(error_of(bbs.reject(&guid, "no").await), expected);
        }
    })
    .await;
}
