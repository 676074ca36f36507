//! Stories of acting: cancel, resolve and delete, and the questions before them.

use taskdeck::bbs::Access;
use taskdeck::model::Call;
use taskdeck::sim::{Options, Sim};

use crate::story::{Operator, desire, quiet_bbs, start, story};

#[tokio::test]
async fn a_task_is_cancelled_then_resolved_and_deleted() {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "task-a", "cf-tasks");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("Pending").await;
        operator.press("C");
        operator.answers("Cancel task task-a?", "y").await;
        operator.sees("task was cancelled").await;
        operator.sees("task-a is cancelled").await;
        operator.press("R");
        operator.answers("Resolve task task-a?", "y").await;
        operator.sees("Resolving").await;
        operator.sees("task-a is resolved").await;
        operator.press("D");
        operator.answers("Delete task task-a?", "y").await;
        operator.until("the end of the task", |_| sim.with(|machine, _| machine.is_empty())).await;
        // Quitting asks a question as long as the action is in flight.
        operator.sees("task-a is deleted").await;
    })
    .await;
}

#[tokio::test]
async fn a_write_whose_connection_is_dropped_is_looked_up_and_sent_once() {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "task-a", "cf-tasks");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("Pending").await;
        sim.faults().drop_writes(true);
        operator.press("C");
        operator.answers("Cancel task task-a?", "y").await;
        operator.sees("Could not confirm that task-a was cancelled").await;
        sim.faults().drop_writes(false);
        sim.faults().leave_writes_unanswered(true);
        operator.press("C");
        operator.answers("Cancel task task-a?", "y").await;
        operator.sees("task-a is cancelled").await;
        assert_eq!(sim.received(Call::Cancel), 2, "each was sent once");
    })
    .await;
}

#[tokio::test]
async fn a_task_that_is_rejected_while_it_runs_is_pending_on_its_cell() {
    let sim = quiet_bbs().await;
    sim.with(|machine, now| machine.reject("task-b", "no room", now)).unwrap();
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 2").await;
        operator.press("/state:pending cell:cell-01");
        operator.enter();
        operator.sees("1/2").await;
        sim.with(|machine, now| machine.start("task-b", "cell-02", now)).unwrap();
        operator.sees("0/2").await;
    })
    .await;
}

#[tokio::test]
async fn no_is_the_answer_that_enter_takes() {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "task-a", "cf-tasks");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("Pending").await;
        operator.press("C");
        operator.reads("Cancel task task-a?").await;
        operator.enter();
        operator.until("no dialog", |screen| !screen.contains("Cancel task")).await;
    })
    .await;
    assert!(!sim.with(|machine, _| machine.task("task-a")).unwrap().failed);
}

#[tokio::test]
async fn what_the_state_forbids_is_refused_before_it_is_asked() {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "task-b", "batch");
    start(&sim, "task-b", "cell-01");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("Running").await;
        operator.press("D");
        operator.sees("task-b:").await;
    })
    .await;
    assert_eq!(sim.with(|machine, _| machine.len()), 1);
}

#[tokio::test]
async fn a_burst_that_opens_a_question_does_not_answer_it() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.press("Cy");
        operator.sees("Too soon: key ignored").await;
        assert_eq!(sim.received(Call::Cancel), 0);
        operator.answers("Cancel task", "y").await;
        operator.sees("is cancelled").await;
    })
    .await;
    assert_eq!(sim.received(Call::Cancel), 1);
}

#[tokio::test]
async fn a_read_only_target_is_only_looked_at() {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "task-a", "cf-tasks");
    story(&sim, Access::ReadOnly, async |operator: &mut Operator<'_>| {
        operator.sees("Pending").await;
        operator.press("C");
        operator.sees("read-only").await;
        operator.press("yy");
    })
    .await;
    assert!(!sim.with(|machine, _| machine.task("task-a")).unwrap().failed);
}
