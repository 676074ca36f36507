//! Copying: what the operator is told. What the terminal gets is in the tests of the pseudo terminal.

use taskdeck::app::key::KeyCode;
use taskdeck::bbs::Access;
use taskdeck::bbs::wire::{Action, RunAction, TaskDefinition, action::Kind};

use crate::story::{definition, quiet_bbs, story};

#[tokio::test]
async fn the_notice_tells_what_went_where_or_why_nothing_did() {
    let sim = quiet_bbs().await;
    let run = RunAction {
        path: "/bin/true".into(),
        user: "vcap".into(),
        args: vec!["x".repeat(100_000).into()],
        ..RunAction::default()
    };
    let action = Some(Action { kind: Some(Kind::RunAction(run)) });
    let large = TaskDefinition { action, ..definition() };
    sim.with(|machine, now| machine.desire("large", "large", large, now)).unwrap();
    story(&sim, Access::ReadOnly, async |operator| {
        operator.press("/domain:large");
        operator.enter();
        operator.sees("1/3 held").await;
        operator.press("y");
        operator.sees("cfdot task large").await;
        operator.press("y");
        operator.sees("Copied large (OSC 52).").await;
        operator.press("yt");
        operator
            .sees("Could not copy the task as JSON of large: 100 kB is more than the 75 kB that OSC 52")
            .await;
        operator.press("yc");
        operator.sees("Cannot copy the cell: Task has not been seen on a cell.").await;
        operator.press_code(KeyCode::Esc);
        operator.until("the menu closes", |screen| !screen.contains("Enter or letter")).await;
    })
    .await;
}
