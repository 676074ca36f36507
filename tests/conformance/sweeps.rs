//! Tests the server's sweeps.
//!
//! Runs the sweep of a simulated server with a later time. Waits for a real one: its limits are settings, so the defaults
//! are checked only as upper bounds. Source: "Life of a task" of the API.

use std::time::Duration;

use taskdeck::bbs::EventStream;
use taskdeck::model::State::{self, Completed, Pending, Resolving, Running};
use taskdeck::model::{Task, TaskEvent, TaskGuid};
use tokio::time::timeout;

use crate::bbs::Bbs;
use crate::events::{assert_transitions, events_of};
use crate::targets::{simulated, with_cell_calls_and_sweeps, with_sweeps};
use crate::tasks::CELL;

const MINUTE: Duration = Duration::from_secs(60);

/// Longer than a test takes, and short compared to a limit.
const MARGIN: Duration = Duration::from_secs(5);

/// Additional time that a real server may take after a limit. It sweeps every 30 s.
const SWEEP_DELAY: Duration = Duration::from_secs(120);

/// Id of a cell that does not exist.
const GONE: &str = "taskdeck-conformance-gone-cell";

/// Runs the sweep of a simulated server as if `delay` had passed. Does nothing on a real server.
fn sweep(bbs: &Bbs, delay: Duration) {
    if let Some(sim) = &bbs.sim {
        sim.with(|machine, now| machine.sweep(now.plus(delay)));
    }
}

/// Waits for the sweep after `limit` and returns the task's events.
async fn events_after(
    bbs: &Bbs,
    stream: &mut EventStream,
    guid: &TaskGuid,
    limit: Duration,
    count: usize,
) -> Vec<TaskEvent> {
    sweep(bbs, limit + MARGIN);
    let events = timeout(limit + SWEEP_DELAY, events_of(stream, guid, count)).await;
    events.unwrap_or_else(|_| panic!("{guid} did not change after {limit:?}"))
}

/// Asserts that the sweep does not change the task before `limit`.
async fn assert_unchanged_before(bbs: &Bbs, guid: &TaskGuid, limit: Duration) {
    let before = bbs.task(guid).await;
    sweep(bbs, limit.checked_sub(MARGIN).unwrap());
    if bbs.sim.is_some() {
        assert_eq!(bbs.task(guid).await, before);
    }
}

/// Returns the task after a change.
fn after(event: &TaskEvent) -> &Task {
    match event {
        TaskEvent::Changed { after, .. } => after,
        other => panic!("{other:?}"),
    }
}

/// Creates a task in the state and subscribes to events.
async fn create_and_subscribe(bbs: &Bbs, state: State, name: &str) -> (EventStream, TaskGuid) {
    let guid = bbs.task_in(state, name).await;
    (bbs.client.task_events().await.unwrap(), guid)
}

#[tokio::test]
async fn pending_tasks_fail_after_30_minutes() {
    // Requires a server without a foundation: an auction would reject the task earlier.
    with_cell_calls_and_sweeps(async |bbs| {
        let rejected = bbs.task_in(Running, "rejected").await;
        bbs.reject(&rejected, "no room").await.unwrap();
        let mut rejected_stream = bbs.client.task_events().await.unwrap();
        let (mut stream, guid) = create_and_subscribe(bbs, Pending, "one").await;
        assert_unchanged_before(bbs, &guid, 30 * MINUTE).await;
        let events = events_after(bbs, &mut stream, &guid, 30 * MINUTE, 1).await;
        assert_transitions(&events, &[(Some(Pending), Some(Completed))]);
        let task = after(&events[0]);
        assert_eq!((task.failed, &*task.failure_reason), (true, "not started within time limit"));
        assert_eq!((&task.cell, task.first_completed_at), (&None, task.updated_at));
        let events = events_after(bbs, &mut rejected_stream, &rejected, 30 * MINUTE, 1).await;
        assert_eq!(after(&events[0]).cell, Some(CELL.into()), "the task keeps the cell that rejected it");
    })
    .await;
}

#[tokio::test]
async fn tasks_on_a_missing_cell_fail_and_keep_their_cell() {
    with_cell_calls_and_sweeps(async |bbs| {
        let (mut stream, guid) = create_and_subscribe(bbs, Pending, "one").await;
        bbs.start(&guid, GONE).await.unwrap();
        assert!(bbs.client.cells().await.unwrap().iter().all(|cell| cell.id.as_str() != GONE));
        let events = events_after(bbs, &mut stream, &guid, Duration::ZERO, 2).await;
        assert_transitions(&events, &[(Some(Pending), Some(Running)), (Some(Running), Some(Completed))]);
        let task = bbs.task(&guid).await;
        assert!(events.iter().any(|event| *after(event) == task), "a get must return the task of the event");
        assert_eq!((task.state, task.failed, &task.cell), (Completed, true, &Some(GONE.into())));
        assert_eq!(&*task.failure_reason, "cell disappeared before completion");
        bbs.client.resolving(&guid).await.unwrap();
        assert_eq!(bbs.task(&guid).await.cell, Some(GONE.into()), "the task keeps its cell while Resolving");
    })
    .await;
}

#[tokio::test]
async fn running_tasks_have_no_time_limit_while_their_cell_is_present() {
    simulated(async |bbs, sim| {
        let guid = bbs.task_in(Running, "one").await;
        sweep(bbs, 10_000 * MINUTE);
        assert_eq!(bbs.state(&guid).await, Running);
        assert!(sim.with(|machine, _| machine.remove_cell(CELL)).is_some());
        sweep(bbs, Duration::ZERO);
        assert_eq!(bbs.state(&guid).await, Completed);
    })
    .await;
}

#[tokio::test]
async fn resolving_tasks_return_to_completed_after_30_seconds() {
    with_sweeps(async |bbs| {
        let (mut stream, guid) = create_and_subscribe(bbs, Resolving, "one").await;
        let claimed = bbs.task(&guid).await;
        assert_unchanged_before(bbs, &guid, MINUTE / 2).await;
        let events = events_after(bbs, &mut stream, &guid, MINUTE / 2, 1).await;
        let expected = Task { state: Completed, ..claimed.clone() };
        let (before, after) = (Box::new(claimed), Box::new(expected));
        assert_eq!(events, [TaskEvent::Changed { before, after }], "updated_at must not change");
        bbs.client.resolving(&guid).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn completed_tasks_are_deleted_after_2_minutes() {
    with_sweeps(async |bbs| {
        let (mut stream, guid) = create_and_subscribe(bbs, Completed, "one").await;
        let completed = bbs.task(&guid).await;
        assert_unchanged_before(bbs, &guid, 2 * MINUTE).await;
        assert_eq!(
            events_after(bbs, &mut stream, &guid, 2 * MINUTE, 1).await,
            [TaskEvent::Removed(completed)]
        );
        assert!(bbs.client.task(&guid).await.unwrap_err().is_not_found());
    })
    .await;
}

#[tokio::test]
async fn the_2_minutes_start_at_the_first_completion() {
    with_sweeps(async |bbs| {
        let (mut stream, guid) = create_and_subscribe(bbs, Resolving, "one").await;
        let events = events_after(bbs, &mut stream, &guid, 2 * MINUTE, 2).await;
        assert_transitions(&events, &[(Some(Resolving), Some(Completed)), (Some(Completed), None)]);
    })
    .await;
}
