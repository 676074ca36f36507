//! Stories of the feed: servers that die, hang, restart and fail over, and streams that lose nothing.

use std::time::Duration;

use taskdeck::app::{Pace, Settings};
use taskdeck::bbs::Access;
use taskdeck::bbs::wire::TaskDefinition;
use taskdeck::sim::{Options, Sim};

use crate::story::{Operator, definition, desire, quiet_bbs, start, story, story_at, story_with};

#[tokio::test]
async fn a_server_that_dies_leaves_the_rows_and_is_found_again() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        sim.faults().status(Some(503));
        sim.faults().drop_streams();
        operator.sees("STALE").await;
        operator.until("the rows", |screen| screen.contains("task-a") && screen.contains("task-b")).await;
        desire(&sim, "task-c", "cf-tasks");
        sim.faults().status(None);
        operator.sees("task-c").await;
        operator.until("live again", |screen| screen.contains("live") && !screen.contains("STALE")).await;
    })
    .await;
}

#[tokio::test]
async fn a_list_that_is_cut_in_the_middle_loses_no_row() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("task-a").await;
        operator.sees("live").await;
        sim.faults().cut_list_after(Some(20));
        operator.press("r");
        operator.sees("showing the last known tasks").await;
        operator.until("the rows", |screen| screen.contains("task-a") && screen.contains("task-b")).await;
    })
    .await;
}

#[tokio::test]
async fn without_an_event_stream_lists_are_the_feed() {
    let sim = quiet_bbs().await;
    sim.faults().no_event_route(true);
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("polling").await;
        desire(&sim, "task-c", "cf-tasks");
        operator.sees("task-c").await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_hangs_with_its_stream_open_is_pinged_and_not_called_live() {
    let sim = quiet_bbs().await;
    let ping = Duration::from_millis(200);
    let settings = Settings { pace: Pace { ping, ..Pace::default() }, ..Settings::default() };
    story_with(settings, &sim.url(), Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        sim.faults().hang(true);
        operator.sees("NOT RESPONDING for").await;
        operator.sees("The server is not responding; showing the last known tasks").await;
        operator.until("the rows", |screen| screen.contains("task-a") && screen.contains("task-b")).await;
        sim.faults().hang(false);
        operator.sees("Live again after").await;
        operator.until("live", |screen| !screen.contains("NOT RESPONDING")).await;
    })
    .await;
}

#[tokio::test]
async fn it_can_be_quit_while_the_server_hangs() {
    let sim = Sim::start(Options::default()).await.unwrap();
    sim.faults().hang(true);
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| operator.sees("onnecting").await)
        .await;
}

#[tokio::test]
async fn it_can_be_quit_when_the_server_begins_to_hang() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        sim.faults().hang(true);
        operator.press("rC");
        operator.answers("Cancel task", "y").await;
        operator.sees("1 under way").await;
        operator.press("q");
        operator.answers("Quit anyway?", "y").await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_fails_over_in_the_middle_of_a_list_is_followed_to_the_other() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        sim.faults().cut_list_after(Some(20));
        operator.press("r");
        operator.sees("showing the last known tasks").await;
        // The active one is gone; until another has the lock nobody serves.
        sim.faults().refuse_connections(true);
        operator.sees("STALE").await;
        operator.until("the rows", |screen| screen.contains("task-a") && screen.contains("task-b")).await;
        sim.with(|machine, now| machine.cancel("task-a", now)).unwrap();
        sim.with(|machine, now| machine.resolving("task-a", now)).unwrap();
        sim.with(|machine, _| machine.delete("task-a")).unwrap();
        desire(&sim, "task-c", "batch");
        sim.faults().cut_list_after(None);
        sim.faults().refuse_connections(false);
        operator.sees("task-c").await;
        operator.sees("2/2").await;
        operator.until("live again", |screen| screen.contains("live") && !screen.contains("STALE")).await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_restarts_is_found_again_with_what_it_has_then() {
    let sim = quiet_bbs().await;
    let url = sim.url();
    let listen = url.trim_start_matches("http://").parse().unwrap();
    story_at(&url, Access::ReadWrite, async move |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        operator.sees("2/2").await;
        drop(sim);
        operator.sees("STALE").await;
        operator.sees("2/2").await;
        let sim = Sim::start(Options { listen, ..Options::default() }).await.unwrap();
        desire(&sim, "task-z", "batch");
        operator.sees("task-z").await;
        operator.sees("1 Held 1 ").await;
        operator.sees("live").await;
    })
    .await;
}

/// Sends as many events as a busy foundation does in a minute, in bursts that fit into a subscriber's queue. The pane counts
/// the events that it received, so the test fails if a single one is lost.
#[tokio::test]
async fn no_event_of_sixty_thousand_is_lost() {
    const BURSTS: usize = 100;
    const TASKS: usize = 120;
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "first", "cf-tasks");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        operator.sees("1/1").await;
        // Told before or after the stream was opened: from here on every event counts.
        let told = |screen: &str| {
            let (_, rest) = screen.split_once("Events  ")?;
            let digits: String =
                rest.chars().take_while(|c| *c != ' ').filter(char::is_ascii_digit).collect();
            digits.parse::<usize>().ok()
        };
        let before = told(&operator.screen()).unwrap_or_default();
        for burst in 1..=BURSTS {
            for nth in 0..TASKS {
                let guid = format!("task-{burst}-{nth}");
                desire(&sim, &guid, "batch");
                start(&sim, &guid, "cell-01");
                sim.with(|machine, now| machine.cancel(&guid, now)).unwrap();
                sim.with(|machine, now| machine.resolving(&guid, now)).unwrap();
                sim.with(|machine, _| machine.delete(&guid)).unwrap();
            }
            let all = before + 5 * TASKS * burst;
            operator.until("every event so far", |screen| told(screen) == Some(all)).await;
            assert!(!operator.screen().contains("not understood"));
        }
        operator.sees("1/1").await;
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_is_dead_but_open_is_noticed_and_said() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        sim.faults().mute_streams(true);
        desire(&sim, "task-c", "batch");
        operator.sees("task-c").await;
        operator.sees("was open but silent").await;
        sim.faults().mute_streams(false);
        operator.sees("live").await;
    })
    .await;
}

#[tokio::test]
async fn events_in_the_wrong_order_and_without_their_task_leave_no_wrong_row() {
    let sim = quiet_bbs().await;
    sim.faults().reorder_events(true);
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        let with_callback =
            TaskDefinition { completion_callback_url: "https://nobody.example/done".into(), ..definition() };
        sim.with(|machine, now| machine.desire("task-c", "batch", with_callback, now)).unwrap();
        operator.sees("1 Held 3").await;
        sim.with(|machine, now| machine.cancel("task-c", now)).unwrap();
        operator.sees("1 Held 2").await;
        sim.faults().empty_removals(true);
        sim.with(|machine, now| machine.cancel("task-a", now)).unwrap();
        sim.with(|machine, now| machine.resolving("task-a", now)).unwrap();
        sim.with(|machine, _| machine.delete("task-a")).unwrap();
        operator.sees("1 Held 1 ").await;
    })
    .await;
}

#[tokio::test]
async fn cells_that_cannot_be_listed_do_not_disturb_the_tasks_and_are_not_marked_as_gone() {
    let sim = quiet_bbs().await;
    sim.faults().fail_cells(true);
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        operator.sees("  cell-01").await;
        operator.sees("Presence unknown since").await;
        operator.sees("2/2").await;
        assert!(!operator.screen().contains("~ cell-01"));
    })
    .await;
}
