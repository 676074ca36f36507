//! Stories of marks: what is marked stays marked while rows come and go.

use taskdeck::app::key::KeyCode;
use taskdeck::bbs::Access;

use crate::story::{Operator, desire, quiet_bbs, story};

#[tokio::test]
async fn marks_stay_on_their_tasks_while_rows_come_and_go() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 2").await;
        operator.press("/guid:task-a");
        operator.enter();
        operator.sees("1/2").await;
        operator.press("a");
        operator.sees("● 1 marked").await;
        operator.sees("● task-a").await;
        operator.press("x");
        desire(&sim, "task-c", "batch");
        operator.sees("3/3").await;
        operator.until("one mark", |screen| screen.matches("● task").count() == 1).await;
        operator.press("u");
        operator.until("no mark", |screen| !screen.contains('●')).await;
    })
    .await;
}

#[tokio::test]
async fn a_range_is_shown_before_it_is_marked() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 2").await;
        operator.press("gVj");
        operator.sees("· range of 2").await;
        operator.press_code(KeyCode::Esc);
        operator.until("no range", |screen| !screen.contains("range of")).await;
        operator.press("gVjV");
        operator.sees("● 2 marked").await;
    })
    .await;
}

#[tokio::test]
async fn a_read_only_target_can_be_marked_but_not_acted_on() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadOnly, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 2").await;
        operator.press("a");
        operator.sees("● 2 marked").await;
        operator.press("C");
        operator.sees("Cannot cancel the marked tasks: The target is opened read-only").await;
    })
    .await;
}
