//! What a cell tells the BBS of a task: that it starts it, completed it, or turns it down.

use std::slice::from_ref;

use taskdeck::model::State::{Completed, Pending, Resolving, Running};
use taskdeck::model::{TaskFilter, TaskGuid};

use crate::bbs::Bbs;
use crate::targets::with_a_cell;
use crate::tasks::{CELL, OTHER_CELL};

const NOT_FOUND: (i32, &str) = (13, "the requested resource could not be found");
const BAD_REQUEST: (i32, &str) = (4, "the request received is invalid");
const NO_CELL: (i32, &str) = (4, "Invalid field: cell_id");
/// The server's own name of a rejection's reason.
const NO_REASON: (i32, &str) = (4, "Invalid field: failure_reason");
const NO_GUID: (i32, &str) = (4, "Invalid field: task_guid");

/// A reason of `length` bytes, and what the server keeps of it.
fn reason(length: usize) -> (String, String) {
    let long = |length| "0123456789".chars().cycle().take(length).collect::<String>();
    let kept = if length < 1024 { long(length) } else { long(1013) + "(truncated)" };
    (long(length), kept)
}

fn said<T>(asked: Result<T, (i32, String)>) -> (i32, String) {
    asked.err().expect("a refusal")
}

fn words((kind, words): (i32, &str)) -> (i32, String) {
    (kind, words.to_owned())
}

#[tokio::test]
async fn a_pending_task_starts_on_the_cell() {
    with_a_cell(async |bbs| {
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
async fn the_same_cell_starts_it_once_and_another_one_never() {
    with_a_cell(async |bbs| {
        let guid = bbs.task_in(Running, "one").await;
        let before = bbs.task(&guid).await;
        assert_eq!(bbs.start(&guid, CELL).await, Ok(false), "no error, but it should not start");
        let other = said(bbs.start(&guid, OTHER_CELL).await);
        assert_eq!(other, (9, "Cannot transition from Running to Running".to_owned()));
        assert_eq!(bbs.task(&guid).await, before);
    })
    .await;
}

#[tokio::test]
async fn what_has_ended_does_not_start_complete_or_become_pending_again() {
    with_a_cell(async |bbs| {
        for state in [Completed, Resolving] {
            let guid = bbs.task_in(state, &state.to_string()).await;
            let before = bbs.task(&guid).await;
            let no_way_to = |to| (9, format!("Cannot transition from {state} to {to}"));
            for cell in [CELL, OTHER_CELL] {
                assert_eq!(said(bbs.start(&guid, cell).await), no_way_to(Running));
                assert_eq!(said(bbs.complete(&guid, cell, Ok("")).await), no_way_to(Completed));
            }
            assert_eq!(said(bbs.reject(&guid, "no").await), words(BAD_REQUEST));
            assert_eq!(bbs.task(&guid).await, before, "{state}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_pending_task_is_not_completed() {
    with_a_cell(async |bbs| {
        let guid = bbs.desire("one").await;
        let refused = said(bbs.complete(&guid, CELL, Ok("")).await);
        assert_eq!(refused, (9, "Cannot transition from Pending to Completed".to_owned()));
        assert_eq!(bbs.state(&guid).await, Pending);
    })
    .await;
}

#[tokio::test]
async fn only_the_cell_that_runs_it_completes_it() {
    with_a_cell(async |bbs| {
        let guid = bbs.task_in(Running, "one").await;
        let refused = said(bbs.complete(&guid, OTHER_CELL, Ok("result")).await);
        assert_eq!(refused, (24, format!("Running on cell {CELL} not {OTHER_CELL}")));
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
async fn a_failure_reason_of_1024_bytes_or_more_is_cut() {
    with_a_cell(async |bbs| {
        for length in [0, 1, 1023, 1024, 1025, 2000] {
            let guid = bbs.task_in(Running, &format!("of-{length}")).await;
            let (reason, kept) = reason(length);
            bbs.complete(&guid, CELL, Err(&reason)).await.unwrap();
            let task = bbs.task(&guid).await;
            assert_eq!((task.state, task.failed, &*task.failure_reason), (Completed, true, &*kept));
        }
    })
    .await;
}

#[tokio::test]
async fn a_rejection_reason_of_1024_bytes_or_more_is_cut() {
    with_a_cell(async |bbs| {
        for length in [1, 1023, 1024, 1025, 2000] {
            let guid = bbs.desire(&format!("of-{length}")).await;
            let (reason, kept) = reason(length);
            bbs.reject(&guid, &reason).await.unwrap();
            let task = bbs.task(&guid).await;
            assert_eq!((task.rejection_count, &*task.rejection_reason), (1, &*kept));
        }
    })
    .await;
}

/// The words of `PostgreSQL` about bytes that it does not take as text.
fn not_utf8(bytes: &str) -> (i32, String) {
    (0, format!("ERROR: invalid byte sequence for encoding \"UTF8\": {bytes} (SQLSTATE 22021)"))
}

#[tokio::test]
async fn a_reason_that_the_database_does_not_take_changes_nothing() {
    with_a_cell(async |bbs| {
        // 1,013 bytes of it are kept: half of the last character is lost.
        let cut_inside = "é".repeat(600);
        for (name, reason, bytes) in [("cut", &*cut_inside, "0xc3 0x28"), ("nul", "a\0b", "0x00")] {
            let guid = bbs.task_in(Running, name).await;
            let before = bbs.task(&guid).await;
            assert_eq!(said(bbs.complete(&guid, CELL, Err(reason)).await), not_utf8(bytes));
            assert_eq!(said(bbs.reject(&guid, reason).await), not_utf8(bytes));
            assert_eq!(bbs.task(&guid).await, before, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_report_without_its_cell_or_its_reason_is_refused_in_every_state() {
    with_a_cell(async |bbs| {
        for state in [Pending, Running, Completed, Resolving] {
            let guid = bbs.task_in(state, &state.to_string()).await;
            let before = bbs.task(&guid).await;
            assert_eq!(said(bbs.start(&guid, "").await), words(NO_CELL), "{state}");
            assert_eq!(said(bbs.complete(&guid, "", Ok("")).await), words(NO_CELL), "{state}");
            assert_eq!(said(bbs.reject(&guid, "").await), words(NO_REASON), "{state}");
            assert_eq!(bbs.task(&guid).await, before, "{state}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_task_that_is_rejected_while_it_runs_keeps_its_cell_until_it_starts_elsewhere_or_is_cancelled() {
    with_a_cell(async |bbs| {
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
async fn a_rejected_task_waits_for_another_cell() {
    with_a_cell(async |bbs| {
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
            assert_eq!((task.rejection_count, task.cell), (1, Some(OTHER_CELL.into())), "it is remembered");
        }
    })
    .await;
}

#[tokio::test]
async fn one_rejection_too_many_fails_the_task() {
    with_a_cell(async |bbs| {
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
        // Now it is the failure that is no transition.
        let refused = said(bbs.reject(&guid, "reason 5").await);
        assert_eq!(refused, (9, "Cannot transition from Completed to Completed".to_owned()));
        assert_eq!(bbs.task(&guid).await, task);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_guid_and_an_empty_one_are_refused_to_a_cell_too() {
    with_a_cell(async |bbs| {
        for (guid, refused) in [(bbs.guid("nope"), words(NOT_FOUND)), ("".into(), words(NO_GUID))] {
            assert_eq!(said(bbs.start(&guid, CELL).await), refused);
            assert_eq!(said(bbs.complete(&guid, CELL, Ok("")).await), refused);
            assert_eq!(said(bbs.reject(&guid, "no").await), refused);
        }
    })
    .await;
}
