//! What the server does by itself as time passes. Only a simulated server's time is ours.

use std::time::Duration;

use taskdeck::model::State::{self, Completed, Pending, Resolving, Running};
use taskdeck::model::{StreamItem, Task, TaskEvent, TaskGuid};
use taskdeck::sim::Sim;

use crate::bbs::Bbs;
use crate::targets::simulated;
use crate::tasks::CELL;

const MINUTE: Duration = Duration::from_secs(60);

/// The server's sweep as it would be after `later`.
fn sweep(sim: &Sim, later: Duration) {
    sim.with(|machine, now| machine.sweep(now.plus(later)));
}

/// The task in the state, which the sweep leaves alone until `limit` has passed.
async fn left_alone(bbs: &Bbs, sim: &Sim, state: State, limit: Duration) -> (TaskGuid, Task) {
    let guid = bbs.task_in(state, "one").await;
    let before = bbs.task(&guid).await;
    // What has passed since is little, but more than nothing.
    sweep(sim, limit.checked_sub(Duration::from_secs(5)).unwrap());
    assert_eq!(bbs.task(&guid).await, before, "{state}");
    (guid, before)
}

/// The event that the sweep causes.
async fn swept(bbs: &Bbs, sim: &Sim, later: Duration) -> TaskEvent {
    let mut stream = bbs.client.task_events().await.unwrap();
    sweep(sim, later);
    match stream.next().await.unwrap().unwrap() {
        StreamItem::Event(event) => event,
        StreamItem::Skipped(skipped) => panic!("{skipped:?}"),
    }
}

#[tokio::test]
async fn what_is_pending_for_30_minutes_has_failed() {
    simulated(async |bbs, sim| {
        let (guid, _) = left_alone(bbs, sim, Pending, 30 * MINUTE).await;
        swept(bbs, sim, 31 * MINUTE).await;
        let task = bbs.task(&guid).await;
        assert_eq!((task.state, task.failed), (Completed, true));
        assert_eq!(&*task.failure_reason, "not started within time limit");
    })
    .await;
}

#[tokio::test]
async fn what_runs_on_a_cell_that_is_gone_has_failed() {
    simulated(async |bbs, sim| {
        let guid = bbs.task_in(Running, "one").await;
        // However long it runs.
        sweep(sim, 10_000 * MINUTE);
        assert_eq!(bbs.state(&guid).await, Running);
        assert!(sim.with(|machine, _| machine.remove_cell(CELL)).is_some());
        assert!(bbs.client.cells().await.unwrap().iter().all(|cell| cell.id.as_str() != CELL));
        swept(bbs, sim, Duration::ZERO).await;
        let task = bbs.task(&guid).await;
        assert_eq!((task.state, task.failed, task.cell), (Completed, true, None));
        assert_eq!(&*task.failure_reason, "cell disappeared before completion");
    })
    .await;
}

#[tokio::test]
async fn a_claim_that_is_not_used_in_30_seconds_is_lost() {
    simulated(async |bbs, sim| {
        let (guid, claimed) = left_alone(bbs, sim, Resolving, MINUTE / 2).await;
        let event = swept(bbs, sim, MINUTE * 2 / 3).await;
        let task = bbs.task(&guid).await;
        assert_eq!(task, Task { state: Completed, ..claimed.clone() }, "updated_at too is as it was");
        assert_eq!(event, TaskEvent::Changed { before: Box::new(claimed), after: Box::new(task) });
        bbs.client.resolving(&guid).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_nobody_claims_in_2_minutes_is_deleted() {
    simulated(async |bbs, sim| {
        let (guid, ended) = left_alone(bbs, sim, Completed, 2 * MINUTE).await;
        assert_eq!(swept(bbs, sim, 3 * MINUTE).await, TaskEvent::Removed(ended));
        assert!(bbs.client.task(&guid).await.unwrap_err().is_not_found());
    })
    .await;
}

#[tokio::test]
async fn the_two_minutes_count_from_the_first_completion() {
    simulated(async |bbs, sim| {
        let (guid, _) = left_alone(bbs, sim, Resolving, MINUTE / 2).await;
        sweep(sim, 3 * MINUTE);
        assert_eq!(bbs.state(&guid).await, Completed, "the claim was lost first");
        assert!(matches!(swept(bbs, sim, 3 * MINUTE).await, TaskEvent::Removed(_)));
    })
    .await;
}
