//! Stories of what the BBS does next by itself, and of work that is stuck.

use std::time::Duration;

use taskdeck::app::Target;
use taskdeck::bbs::Access;
use taskdeck::bbs::wire::TaskDefinition;
use taskdeck::model::Clocks;
use taskdeck::sim::{Callbacks, Machine, Options, Sim};

use crate::story::{Operator, definition, desire, settings, start, story, story_on};

async fn bbs() -> Sim {
    Sim::start(Options::default()).await.unwrap()
}

#[tokio::test]
async fn stuck_work_is_named_and_a_command_shows_it() {
    let sim = bbs().await;
    for guid in ["calm", "rejected", "called", "claimed"] {
        desire(&sim, guid, "cf-tasks");
    }
    start(&sim, "calm", "cell-01");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("4/4 held").await;
        assert!(!operator.screen().contains("stuck"), "{}", operator.screen());
        for _ in 0..3 {
            sim.with(|machine, now| machine.reject("rejected", "no room", now)).unwrap();
        }
        operator.sees("stuck: 1 at the rejection limit (:stuck)").await;
        // A client claims a task, and is never seen again.
        sim.with(|machine, now| {
            machine.cancel("claimed", now)?;
            machine.resolving("claimed", now)
        })
        .unwrap();
        sim.with(|machine, now| machine.sweep(now.plus(Duration::from_secs(31))));
        operator.sees("stuck: 1 at the rejection limit, 1 claim abandoned (:stuck)").await;
        operator.command("stuck");
        operator.sees("2/4 held /stuck:any").await;
        operator.until("the calm ones are gone", |screen| !screen.contains("calm ")).await;
        operator.press("x/stuck:claim");
        operator.enter();
        operator.sees("1/4 held /stuck:claim").await;
        operator.enter();
        operator.sees("a client claimed it for deletion").await;
        operator.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_callback_host_that_never_answers_is_seen_by_what_the_bbs_gives_up() {
    let sim = bbs().await;
    sim.with(|machine, _| machine.set_callbacks(Callbacks::Unanswered));
    let with_callback =
        TaskDefinition { completion_callback_url: "https://cc.example/done".into(), ..definition() };
    sim.with(|machine, now| machine.desire("called", "cf-tasks", with_callback, now)).unwrap();
    start(&sim, "called", "cell-01");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("1/1 held").await;
        sim.with(|machine, now| machine.complete("called", "cell-01", Ok(b""), now)).unwrap();
        operator.sees("Resolving").await;
        sim.with(|machine, now| machine.sweep(now.plus(Duration::from_secs(31))));
        operator.sees("stuck: 1 callback unanswered by cc.example (:stuck)").await;
        operator.enter();
        operator.sees("its callback to cc.example did not").await;
        operator.press("q");
        sim.with(|machine, _| machine.delete("called")).unwrap();
        operator.until("nothing is stuck", |screen| !screen.contains("stuck:")).await;
    })
    .await;
}

#[tokio::test]
async fn a_cell_that_dies_makes_its_tasks_stuck_until_the_sweep_fails_them() {
    let sim = bbs().await;
    sim.with(|machine, _| machine.remove_cell("cell-01"));
    desire(&sim, "swept", "cf-tasks");
    start(&sim, "swept", "cell-01");
    // The next sweep is half a minute away once the one at the start has passed.
    while !sim.with(|machine, _| machine.task("swept")).unwrap().failed {
        tokio::task::yield_now().await;
    }
    desire(&sim, "on-cell", "cf-tasks");
    start(&sim, "on-cell", "cell-01");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("stuck: 1 on absent cells (:stuck)").await;
        operator.command("stuck");
        operator.sees("1/2 held /stuck:any").await;
        operator.enter();
        operator.sees("its cell is not present; the BBS").await;
        operator.press("q");
        sim.with(Machine::sweep);
        operator.until("nothing is stuck", |screen| !screen.contains("(:stuck)")).await;
    })
    .await;
}

#[tokio::test]
async fn deadlines_follow_the_clocks_of_the_target() {
    let sim = bbs().await;
    desire(&sim, "waits", "cf-tasks");
    let clocks = Clocks { pending: Duration::from_secs(5 * 3_600 + 59), ..Clocks::DEFAULT };
    let target = Target { url: sim.url(), clocks, ..Target::default() };
    story_on(settings(), target, async |operator: &mut Operator<'_>| {
        operator.sees("1/1 held").await;
        operator.command("columns +dies-in");
        operator.sees("≈5h00m").await;
        operator.enter();
        operator.sees("in ≈5h00m unless started").await;
        operator.press("q");
    })
    .await;
}
