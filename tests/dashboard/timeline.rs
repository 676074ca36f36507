//! Stories of a task's timeline: what happened to it, what we did to it, and its loops.

use std::time::Duration;

use taskdeck::bbs::Access;
use taskdeck::bbs::wire::TaskDefinition;
use taskdeck::sim::{Callbacks, Sim};

use crate::story::{Operator, definition, quiet_bbs, start, story};

/// Desires a task whose callback host does not answer, and lets it run, after a rejection.
fn run_with_dead_callback(sim: &Sim) {
    let definition =
        TaskDefinition { completion_callback_url: "https://nobody.example/done".into(), ..definition() };
    sim.with(|machine, now| {
        machine.set_callbacks(Callbacks::Unanswered);
        machine.desire("looper", "cf-tasks", definition, now)
    })
    .unwrap();
    start(sim, "looper", "cell-01");
    sim.with(|machine, now| machine.reject("looper", b"no room for it", now)).unwrap();
    start(sim, "looper", "cell-02");
    sim.with(|machine, now| machine.complete("looper", "cell-02", Ok(b"done"), now)).unwrap();
}

fn sweep_after(sim: &Sim, seconds: u64) {
    sim.with(|machine, now| machine.sweep(now.plus(Duration::from_secs(seconds))));
}

#[tokio::test]
async fn a_timeline_names_the_loops_of_a_task_whose_callback_host_is_down() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        run_with_dead_callback(&sim);
        operator.press("/looper");
        operator.enter();
        operator.sees("1/3 held").await;
        operator.press("l");
        operator.sees("[timeline]").await;
        operator.sees("rejected (event)").await;
        operator.sees("no room for it").await;
        operator.sees("cell-02 → none").await;
        operator.sees("claimed (event)").await;
        operator.until("no loop yet", |screen| !screen.contains("demoted")).await;
        sweep_after(&sim, 31);
        operator.sees("demoted to Completed").await;
        operator.sees("once: Resolving for too long").await;
        sweep_after(&sim, 62);
        operator.sees("tried again twice").await;
        sim.with(|machine, _| machine.set_callbacks(Callbacks::Answered));
        sweep_after(&sim, 93);
        operator.sees("✓ callback").await;
        operator.press("G");
        operator.sees("removed by its callback (event)").await;
        operator.press("l");
        operator.sees("[fields]").await;
        operator.sees("the BBS called its completion").await;
        operator.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_timeline_has_our_own_requests_and_what_followed_from_them() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        operator.press("/task-b");
        operator.enter();
        operator.sees("1/2 held").await;
        operator.press("l");
        operator.sees("created (according to the task; not seen)").await;
        operator.press("C");
        operator.answers("Cancel task", "y").await;
        operator.sees("cancel requested (our action)").await;
        operator.sees("failed (event)").await;
        operator.sees("task was cancelled").await;
        operator.sees("so far").await;
        operator.press("q");
    })
    .await;
}
