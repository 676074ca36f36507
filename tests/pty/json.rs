//! JSON on a terminal: control characters in tenants' text are escaped, so that the terminal does not interpret them.

use taskdeck::bbs::wire::{Action, RunAction, TaskDefinition, action::Kind};
use taskdeck::sim::{Options, Sim};
use tokio::runtime::Runtime;

use crate::pty_session::{PtySession, TASKDECK, command};

#[test]
fn what_a_terminal_would_obey_is_escaped_and_is_the_same_json() {
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(Sim::start(Options::default())).unwrap();
    let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
    let definition = TaskDefinition {
        root_fs: "preloaded:x".into(),
        annotation: "\u{9b}2J\u{202e}é".into(),
        action: Some(Action { kind: Some(Kind::RunAction(run)) }),
        ..TaskDefinition::default()
    };
    sim.with(|machine, now| machine.desire("hostile", "d", definition, now)).unwrap();
    for arguments in [&["task", "hostile"][..], &["tasks", "--filter", "hostile"]] {
        let mut command = command(TASKDECK, arguments);
        command.env("BBS_URL", sim.url());
        let ended = PtySession::start(command, (100, 20)).wait_for_exit();
        ended.assert_status(0);
        let said = String::from_utf8(ended.bytes).unwrap();
        assert!(said.contains(r#""annotation":"\u009b2J\u202eé""#), "{said}");
        assert!(!said.contains(['\u{9b}', '\u{202e}']), "{said:?}");
    }
}
