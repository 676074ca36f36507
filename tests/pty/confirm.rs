//! The question before an action on many tasks: it lists them, and tasks that change before the answer are skipped.

use portable_pty::CommandBuilder;
use taskdeck::bbs::wire::{Action, RunAction, TaskDefinition, action::Kind};
use taskdeck::model::Call;
use taskdeck::sim::{Options, Sim};
use tokio::runtime::Runtime;

use crate::pty_session::{PtySession, TASKDECK, command};

const SIZE: (u16, u16) = (100, 20);

/// Starts a simulated BBS with the tasks `t-1` to `t-3`. Returns it with its async runtime.
pub(crate) fn three_tasks() -> (Runtime, Sim) {
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(Sim::start(Options::default())).unwrap();
    for guid in ["t-1", "t-2", "t-3"] {
        let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
        let definition = TaskDefinition {
            root_fs: "preloaded:cflinuxfs4".into(),
            action: Some(Action { kind: Some(Kind::RunAction(run)) }),
            ..TaskDefinition::default()
        };
        sim.with(|machine, now| machine.desire(guid, "d", definition, now)).unwrap();
    }
    (runtime, sim)
}

fn cancel(sim: &Sim) -> CommandBuilder {
    let mut command = command(TASKDECK, &["cancel", "--filter", "domain:d state:pending"]);
    command.env("BBS_URL", sim.url());
    command
}

#[test]
fn yes_acts_on_what_still_matches() {
    let (_runtime, sim) = three_tasks();
    let mut session = PtySession::start(cancel(&sim), SIZE);
    session.wait_for_text("cancel these 3 tasks on http://127.0.0.1");
    session.wait_for_text("t-2  Pending");
    sim.with(|machine, now| machine.start("t-2", "cell-a", now)).unwrap();
    // Replaced by a new task with the same guid.
    sim.with(|machine, now| {
        let definition = machine.task("t-3").unwrap().task_definition;
        machine.cancel("t-3", now).unwrap();
        machine.resolving("t-3", now).unwrap();
        machine.delete("t-3").unwrap();
        machine.desire("t-3", "d", definition, now).unwrap();
    });
    session.wait_for_text("[y/N]");
    session.send_keys("yes\n");
    session.wait_for_text(r#"{"task_guid":"t-1","outcome":"cancelled","reason":""}"#);
    session.wait_for_text(r#"{"task_guid":"t-2","outcome":"skipped","reason":"Task no longer matches the filter: it is Running"}"#);
    session
        .wait_for_text(r#"{"task_guid":"t-3","outcome":"skipped","reason":"A new task has this guid now"}"#);
    session.wait_for_exit().assert_status(0);
    assert_eq!(sim.received(Call::Cancel), 1);
}

#[test]
fn anything_else_sends_nothing() {
    for answer in ["\n", "n\n", "yesterday\n", "\u{4}"] {
        let (_runtime, sim) = three_tasks();
        let mut session = PtySession::start(cancel(&sim), SIZE);
        session.wait_for_text("[y/N]");
        session.send_keys(answer);
        session.wait_for_text("not confirmed: nothing was sent");
        session.wait_for_exit().assert_status(3);
        assert_eq!(sim.received(Call::Cancel), 0, "{answer:?}");
    }
}

#[test]
fn input_typed_ahead_is_ignored() {
    let (_runtime, sim) = three_tasks();
    let mut session = PtySession::start(cancel(&sim), SIZE);
    session.send_keys("y\n");
    session.wait_for_text("cancel these 3 tasks on http://127.0.0.1");
    session.wait_for_text("(input typed too soon was ignored) [y/N]");
    session.send_keys("\n");
    session.wait_for_text("not confirmed: nothing was sent");
    session.wait_for_exit().assert_status(3);
    assert_eq!(sim.received(Call::Cancel), 0);
}
