//! Stories of ended tasks: what they died of, how long they stay, and what happened while nobody was looking.

use std::time::Duration;

use taskdeck::app::Settings;
use taskdeck::app::key::KeyCode;
use taskdeck::bbs::Access;
use taskdeck::bbs::wire::TaskDefinition;
use taskdeck::sim::Sim;

use crate::story::{Operator, definition, desire, quiet_bbs, settings, start, story, story_with};

fn with_callback(sim: &Sim, guid: &str) {
    let definition =
        TaskDefinition { completion_callback_url: "https://nobody.example/done".into(), ..definition() };
    sim.with(|machine, now| machine.desire(guid, "cf-tasks", definition, now)).unwrap();
}

/// A client cancels, resolves and deletes a task that has lived for this long.
fn delete_after(sim: &Sim, guid: &str, life: Duration) {
    sim.with(|machine, now| machine.cancel(guid, now)).unwrap();
    sim.with(|machine, now| machine.resolving(guid, now.plus(life))).unwrap();
    sim.with(|machine, _| machine.delete(guid)).unwrap();
}

#[tokio::test]
async fn ended_tasks_say_what_they_died_of_and_can_be_filtered_by_it() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        with_callback(&sim, "called-back");
        start(&sim, "called-back", "cell-01");
        operator.sees("1 Held 3").await;
        sim.with(|machine, now| machine.complete("called-back", "cell-01", Ok(b"done"), now)).unwrap();
        with_callback(&sim, "stopped");
        sim.with(|machine, now| machine.cancel("stopped", now)).unwrap();
        operator.sees("3 Ended 2").await;
        operator.press("i");
        operator.sees("2/2 held + 2 ended").await;
        operator.sees("✓ callback").await;
        operator.sees("✗ cancelled").await;
        operator.press("/cause:callback lastcell:cell-01");
        operator.enter();
        operator.sees("0/2 held + 1 ended").await;
        operator.press_code(KeyCode::Enter);
        operator.sees("the BBS called its completion").await;
        operator.press("q/state:gone !cause:callback");
        operator.enter();
        operator
            .until("the cancelled one", |screen| {
                screen.contains("stopped ") && !screen.contains("✓ callback")
            })
            .await;
        operator.press("x1");
        operator.sees("2/2 held").await;
        operator.until("no ended row", |screen| !screen.contains("✗ cancelled")).await;
    })
    .await;
}

#[tokio::test]
async fn a_task_that_ends_under_the_operators_eyes_stays_dimmed_for_a_moment_and_refuses_actions() {
    let sim = quiet_bbs().await;
    let settings = Settings { ended_shown: Duration::from_secs(600), ..settings() };
    story_with(settings, &sim.url(), Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("2/2 held").await;
        operator.press("/task-a");
        operator.enter();
        operator.sees("1/2 held").await;
        delete_after(&sim, "task-a", Duration::from_secs(601));
        operator.sees("0/1 held + 1 ended").await;
        operator.sees("✗ cancelled").await;
        operator.press("D");
        operator.sees("Cannot delete task-a: There is no such task").await;
        operator.press("x");
        operator.sees("1/1 held + 1 ended").await;
        operator.sees("1 Held 1 ").await;
        // One that lived too briefly to have been looked at.
        desire(&sim, "task-c", "batch");
        delete_after(&sim, "task-c", Duration::from_secs(599));
        operator.sees("3 Ended 2").await;
        operator.sees("1/1 held + 1 ended").await;
    })
    .await;
}

#[tokio::test]
async fn what_we_delete_is_ours_with_the_id_of_the_request() {
    let sim = quiet_bbs().await;
    sim.with(|machine, now| machine.cancel("task-b", now)).unwrap();
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        operator.press("/task-b");
        operator.enter();
        operator.sees("1/2 held").await;
        operator.press("D");
        operator.answers("Delete task", "y").await;
        operator.sees("task-b is deleted").await;
        operator.press("3");
        operator.sees("1/1 ended").await;
        operator.enter();
        operator.sees("a client cancelled it; you deleted").await;
        operator.sees("request ").await;
        operator.press("q");
    })
    .await;
}

#[tokio::test]
async fn what_happened_while_the_stream_was_lost_is_a_gap_and_its_tasks_are_reconciled() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        operator.sees("2/2 held").await;
        sim.faults().refuse_connections(true);
        sim.faults().drop_streams();
        operator.sees("STALE").await;
        operator.sees("gap since").await;
        delete_after(&sim, "task-a", Duration::ZERO);
        desire(&sim, "task-c", "batch");
        sim.faults().refuse_connections(false);
        operator.sees("reconciled: 2 tasks changed during the gap (1 new, 1 gone)").await;
        operator.until("the end of the gap", |screen| !screen.contains("gap since")).await;
        operator.press("3");
        operator.sees("1/1 ended").await;
        operator.enter();
        operator.sees("vanished (reconciled by a list)").await;
        operator.sees("while events were").await;
        operator.press("q");
    })
    .await;
}
