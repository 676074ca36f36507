//! What the server does by itself as time passes.
//!
//! A simulated server is swept as it would be later. A real one is waited for; how long it waits is a setting of its own,
//! so that there only the API's defaults bound it, and only from above.

use std::time::Duration;

use taskdeck::bbs::EventStream;
use taskdeck::model::State::{self, Completed, Pending, Resolving, Running};
use taskdeck::model::{Task, TaskEvent, TaskGuid};
use tokio::time::timeout;

use crate::bbs::Bbs;
use crate::events::{tell, told_of};
use crate::targets::{simulated, with_a_cell_and_sweeps, with_sweeps};
use crate::tasks::CELL;

const MINUTE: Duration = Duration::from_secs(60);

/// More than what has passed since a test began, and nothing beside a limit.
const MOMENT: Duration = Duration::from_secs(5);

/// How long after its limit a real server may take: it sweeps every 30 s.
const PATIENCE: Duration = Duration::from_secs(120);

/// A cell that no server has.
const GONE: &str = "taskdeck-conformance-gone-cell";

/// The server's sweep as it would be after `later`, where its time is ours.
fn sweep(bbs: &Bbs, later: Duration) {
    if let Some(sim) = &bbs.sim {
        sim.with(|machine, now| machine.sweep(now.plus(later)));
    }
}

/// What the sweep after `limit` tells of the task.
async fn swept(
    bbs: &Bbs,
    stream: &mut EventStream,
    guid: &TaskGuid,
    limit: Duration,
    count: usize,
) -> Vec<TaskEvent> {
    sweep(bbs, limit + MOMENT);
    let told = timeout(limit + PATIENCE, told_of(stream, guid, count)).await;
    told.unwrap_or_else(|_| panic!("{guid} is as it was after {limit:?}"))
}

/// Asserts that the sweep leaves the task alone until `limit` has passed.
async fn is_left_alone(bbs: &Bbs, guid: &TaskGuid, limit: Duration) {
    let before = bbs.task(guid).await;
    sweep(bbs, limit.checked_sub(MOMENT).unwrap());
    if bbs.sim.is_some() {
        assert_eq!(bbs.task(guid).await, before);
    }
}

/// The task that an event leaves.
fn after(event: &TaskEvent) -> &Task {
    match event {
        TaskEvent::Changed { after, .. } => after,
        other => panic!("{other:?}"),
    }
}

/// A new task that tells of itself.
async fn subscribed(bbs: &Bbs, state: State, name: &str) -> (EventStream, TaskGuid) {
    let guid = bbs.task_in(state, name).await;
    (bbs.client.task_events().await.unwrap(), guid)
}

#[tokio::test]
async fn what_is_pending_for_30_minutes_has_failed() {
    // An auction would turn it down before.
    with_a_cell_and_sweeps(async |bbs| {
        let rejected = bbs.task_in(Running, "rejected").await;
        bbs.reject(&rejected, "no room").await.unwrap();
        let mut of_rejected = bbs.client.task_events().await.unwrap();
        let (mut stream, guid) = subscribed(bbs, Pending, "one").await;
        is_left_alone(bbs, &guid, 30 * MINUTE).await;
        let told = swept(bbs, &mut stream, &guid, 30 * MINUTE, 1).await;
        tell(&told, &[(Some(Pending), Some(Completed))]);
        let task = after(&told[0]);
        assert_eq!((task.failed, &*task.failure_reason), (true, "not started within time limit"));
        assert_eq!((&task.cell, task.first_completed_at), (&None, task.updated_at));
        let told = swept(bbs, &mut of_rejected, &rejected, 30 * MINUTE, 1).await;
        assert_eq!(after(&told[0]).cell, Some(CELL.into()), "it keeps the cell that turned it down");
    })
    .await;
}

#[tokio::test]
async fn what_runs_on_a_cell_that_is_gone_has_failed_and_keeps_its_cell() {
    with_a_cell_and_sweeps(async |bbs| {
        let (mut stream, guid) = subscribed(bbs, Pending, "one").await;
        bbs.start(&guid, GONE).await.unwrap();
        assert!(bbs.client.cells().await.unwrap().iter().all(|cell| cell.id.as_str() != GONE));
        let told = swept(bbs, &mut stream, &guid, Duration::ZERO, 2).await;
        tell(&told, &[(Some(Pending), Some(Running)), (Some(Running), Some(Completed))]);
        let task = bbs.task(&guid).await;
        assert!(told.iter().any(|event| *after(event) == task), "a get says what was told");
        assert_eq!((task.state, task.failed, &task.cell), (Completed, true, &Some(GONE.into())));
        assert_eq!(&*task.failure_reason, "cell disappeared before completion");
        bbs.client.resolving(&guid).await.unwrap();
        assert_eq!(bbs.task(&guid).await.cell, Some(GONE.into()), "it keeps it while it is Resolving too");
    })
    .await;
}

#[tokio::test]
async fn what_runs_on_a_cell_that_is_there_runs_however_long() {
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
async fn a_claim_that_is_not_used_in_30_seconds_is_lost() {
    with_sweeps(async |bbs| {
        let (mut stream, guid) = subscribed(bbs, Resolving, "one").await;
        let claimed = bbs.task(&guid).await;
        is_left_alone(bbs, &guid, MINUTE / 2).await;
        let told = swept(bbs, &mut stream, &guid, MINUTE / 2, 1).await;
        let given_back = Task { state: Completed, ..claimed.clone() };
        let (before, after) = (Box::new(claimed), Box::new(given_back));
        assert_eq!(told, [TaskEvent::Changed { before, after }], "updated_at too is as it was");
        bbs.client.resolving(&guid).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_nobody_claims_in_2_minutes_is_deleted() {
    with_sweeps(async |bbs| {
        let (mut stream, guid) = subscribed(bbs, Completed, "one").await;
        let ended = bbs.task(&guid).await;
        is_left_alone(bbs, &guid, 2 * MINUTE).await;
        assert_eq!(swept(bbs, &mut stream, &guid, 2 * MINUTE, 1).await, [TaskEvent::Removed(ended)]);
        assert!(bbs.client.task(&guid).await.unwrap_err().is_not_found());
    })
    .await;
}

#[tokio::test]
async fn the_two_minutes_count_from_the_first_completion() {
    with_sweeps(async |bbs| {
        let (mut stream, guid) = subscribed(bbs, Resolving, "one").await;
        let told = swept(bbs, &mut stream, &guid, 2 * MINUTE, 2).await;
        tell(&told, &[(Some(Resolving), Some(Completed)), (Some(Completed), None)]);
    })
    .await;
}
