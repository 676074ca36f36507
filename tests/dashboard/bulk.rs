//! Stories of actions on marked tasks: from the marks to an outcome for each.

use taskdeck::app::Target;
use taskdeck::app::key::KeyCode;
use taskdeck::bbs::Access;
use taskdeck::model::{Call, WriteRate};
use taskdeck::sim::{Options, Sim};

use crate::story::{Operator, desire, settings, story, story_on};

/// Starts a simulated BBS with pending tasks: `task-00` and so on.
async fn with_tasks(count: usize) -> Sim {
    let sim = Sim::start(Options::default()).await.unwrap();
    for nth in 0..count {
        desire(&sim, &format!("task-{nth:02}"), "batch");
    }
    sim
}

fn cancelled(sim: &Sim, count: usize) -> usize {
    let is_cancelled = |nth: &usize| {
        let guid = format!("task-{nth:02}");
        sim.with(|machine, _| machine.task(&guid)).is_ok_and(|task| task.failed)
    };
    (0..count).filter(is_cancelled).count()
}

/// Plays a story on a target that takes this many writes a second.
async fn story_at_rate(sim: &Sim, writes: u16, script: impl AsyncFnOnce(&mut Operator<'_>)) {
    let writes_per_second = WriteRate::per_second(writes).unwrap();
    story_on(settings(), Target { url: sim.url(), writes_per_second, ..Target::default() }, script).await;
}

#[tokio::test]
async fn marked_tasks_are_cancelled_together() {
    let sim = with_tasks(5).await;
    story_at_rate(&sim, 200, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 5").await;
        operator.press("aC");
        operator.answers("Cancel 5 marked tasks?", "y").await;
        operator.sees("Cancelled 5 of 5 tasks").await;
        operator.sees("✓ cancelled task-00").await;
        operator.sees(":outcomes lists them").await;
        operator.press_code(KeyCode::Esc);
        operator.until("no marks", |screen| !screen.contains("marked")).await;
    })
    .await;
    assert_eq!((cancelled(&sim, 5), sim.received(Call::Cancel)), (5, 5));
}

#[tokio::test]
async fn many_tasks_are_confirmed_by_typing_their_number() {
    let sim = with_tasks(25).await;
    story_at_rate(&sim, 1_000, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 25").await;
        operator.press("aC");
        operator.reads("Type 25, the number of tasks").await;
        operator.press("y");
        operator.enter();
        operator.sees("That is not the number").await;
        assert_eq!(sim.received(Call::Cancel), 0);
        operator.press_code(KeyCode::Backspace);
        operator.press("25");
        operator.enter();
        operator.sees("Cancelled 25 of 25 tasks").await;
        operator.press("q");
    })
    .await;
    assert_eq!(cancelled(&sim, 25), 25);
}

#[tokio::test]
async fn esc_stops_a_run_and_what_is_left_can_be_retried() {
    let sim = with_tasks(9).await;
    story_at_rate(&sim, 1, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 9").await;
        operator.press("aC");
        operator.answers("Cancel 9 marked tasks?", "y").await;
        operator.sees("1 of 9").await;
        operator.press_code(KeyCode::Esc);
        operator.sees("You stopped the run").await;
        operator.sees("not sent").await;
        let sent = sim.received(Call::Cancel);
        assert!(sent < 9, "{sent}");
        assert_eq!(cancelled(&sim, 9), sent);
        operator.press("r");
        operator.reads(&format!("Cancel {} tasks left over from the last run?", 9 - sent)).await;
        operator.press("n");
        operator.until("no question", |screen| !screen.contains("left over")).await;
        assert_eq!(sim.received(Call::Cancel), sent);
    })
    .await;
}

#[tokio::test]
async fn a_reply_that_is_lost_in_the_middle_is_looked_up_and_retried_only_on_request() {
    let sim = with_tasks(3).await;
    story_at_rate(&sim, 4, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 3").await;
        operator.press("aC");
        operator.answers("Cancel 3 marked tasks?", "y").await;
        operator.sees("✓ cancelled").await;
        sim.faults().drop_writes(true);
        operator.sees("? unknown").await;
        sim.faults().drop_writes(false);
        operator.sees("of 3 tasks (").await;
        let unknown = 3 - cancelled(&sim, 3);
        assert!(unknown > 0 && sim.received(Call::Cancel) == 3, "each was sent once");
        operator.press("r");
        operator.answers("left over from the last run?", "y").await;
        operator.sees(&format!("Cancelled {unknown} of {unknown} task")).await;
        operator.press("q");
    })
    .await;
    assert_eq!(cancelled(&sim, 3), 3);
}

#[tokio::test]
async fn hidden_marks_are_named_before_anything_is_sent() {
    let sim = with_tasks(3).await;
    story_at_rate(&sim, 100, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 3").await;
        operator.press("a/guid:task-01");
        operator.enter();
        operator.sees("1/3").await;
        operator.press("C");
        operator.sees("2 are not in the table; they come first in this list").await;
        operator.sees("hidden, cancel").await;
        operator.answers("Cancel 3 marked tasks?", "n").await;
        operator.until("no question", |screen| !screen.contains("marked tasks?")).await;
        operator.sees("● 3 marked").await;
    })
    .await;
    assert_eq!(sim.received(Call::Cancel), 0);
}

#[tokio::test]
async fn marks_of_all_states_are_deleted_where_that_is_allowed() {
    let sim = with_tasks(3).await;
    story_at_rate(&sim, 100, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 3").await;
        operator.press("/guid:task-01");
        operator.enter();
        operator.sees("1/3").await;
        operator.press("C");
        operator.answers("Cancel task task-01?", "y").await;
        operator.sees("task-01 is cancelled").await;
        operator.press("xaD");
        operator.sees("2: Task is still Pending").await;
        operator.answers("Delete 1 of 3 marked tasks?", "y").await;
        operator.sees("✓ deleted   task-01").await;
        operator.sees("· refused").await;
        operator.press("q");
    })
    .await;
    assert_eq!(sim.with(|machine, _| machine.len()), 2);
}

#[tokio::test]
async fn a_read_only_target_is_not_asked_about() {
    let sim = with_tasks(2).await;
    story(&sim, Access::ReadOnly, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 2").await;
        operator.press("aC");
        operator.sees("Cannot cancel the marked tasks").await;
    })
    .await;
    assert_eq!(sim.received(Call::Cancel), 0);
}

#[tokio::test]
async fn quitting_during_a_run_asks_and_sends_nothing_more() {
    let sim = with_tasks(5).await;
    story_at_rate(&sim, 1, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 5").await;
        operator.press("aC");
        operator.answers("Cancel 5 marked tasks?", "y").await;
        operator.sees("1 of 5").await;
        operator.press("qq");
        operator.answers("A run is in progress", "y").await;
    })
    .await;
    assert!(sim.received(Call::Cancel) < 5);
}
