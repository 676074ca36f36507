//! Copying: the bytes that the terminal gets, and the program that serves the desktop's clipboard.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use portable_pty::CommandBuilder;
use taskdeck::bbs::wire::{Action, EnvironmentVariable, RunAction, TaskDefinition, action::Kind};
use taskdeck::sim::{Options, Sim};
use tokio::runtime::Runtime;

use crate::pty_session::{PtySession, TASKDECK, command};

const SIZE: (u16, u16) = (160, 48);

/// A BBS with one task, whose environment has a secret.
fn bbs(runtime: &Runtime) -> Sim {
    let sim = runtime.block_on(Sim::start(Options::default())).unwrap();
    let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
    let definition = TaskDefinition {
        root_fs: "preloaded:x".into(),
        environment_variables: vec![EnvironmentVariable { name: "PASSWORD".into(), value: "hunter2".into() }],
        annotation: "\u{9b}2J".into(),
        action: Some(Action { kind: Some(Kind::RunAction(run)) }),
        ..TaskDefinition::default()
    };
    sim.with(|machine, now| machine.desire("task-a", "d", definition, now)).unwrap();
    sim
}

/// Returns the command for a dashboard of this BBS.
fn dashboard(sim: &Sim) -> CommandBuilder {
    let mut dashboard = command(TASKDECK, &[]);
    dashboard.env("BBS_URL", sim.url());
    dashboard
}

/// Starts the dashboard and waits for the task.
fn start(command: CommandBuilder) -> PtySession {
    let session = PtySession::start(command, SIZE);
    session.wait_for_dashboard();
    session.wait_for_text("task-a");
    session
}

/// Returns the texts that the terminal was told to copy.
fn copied(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let sequences = text.split("\x1b]52;c;").skip(1).map(|rest| {
        let (base64, _) = rest.split_once("\x1b\\").unwrap();
        String::from_utf8(BASE64_STANDARD.decode(base64).unwrap()).unwrap()
    });
    sequences.collect()
}

/// Puts a program that stands for `wl-copy` into a directory: it writes what it reads to a file.
fn fake_wl_copy(directory: &Path) {
    let program = directory.join("wl-copy");
    let copied = directory.join("copied");
    fs::write(&program, format!("#!/bin/sh\ncat >'{}.new'\nmv '{0}.new' '{0}'\n", copied.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_copy_is_one_sequence_with_the_text_in_base64() {
    let runtime = Runtime::new().unwrap();
    let sim = bbs(&runtime);
    let mut session = start(dashboard(&sim));
    session.send_keys("yy");
    session.wait_for_text("(OSC 52).");
    session.send_keys("yt");
    session.wait_for_text("the task as JSON of");
    session.send_keys("yw");
    session.wait_for_text("the row of");
    session.send_keys("q");
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    let copied = copied(&ended.bytes);
    let [guid, json, row] = copied.as_slice() else { panic!("{copied:?}") };
    assert_eq!(guid, "task-a");
    assert!(row.starts_with("task-a  d  ○ Pending  "), "{row}");
    assert!(
        json.contains(r#""task_guid":"task-a""#) && json.contains(r#""annotation":"\u009b2J""#),
        "{json}"
    );
    assert!(json.contains(r#""name":"PASSWORD","value":"••••••""#) && !json.contains("hunter2"), "{json}");
}

/// Returns the dashboard with a desktop's clipboard, served by a program in this directory.
fn on_a_desktop(sim: &Sim, directory: &Path) -> CommandBuilder {
    fake_wl_copy(directory);
    let mut command = dashboard(sim);
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", directory.display()));
    command.env("WAYLAND_DISPLAY", "wayland-9");
    command
}

#[test]
fn a_desktop_gets_the_text_too() {
    let runtime = Runtime::new().unwrap();
    let sim = bbs(&runtime);
    let directory = tempfile::tempdir().unwrap();
    let command = on_a_desktop(&sim, directory.path());
    let mut session = start(command);
    session.send_keys("yy");
    session.wait_for_text("(OSC 52 and wl-copy).");
    session.send_keys("q");
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    let file = fs::read_to_string(directory.path().join("copied")).unwrap();
    assert_eq!(copied(&ended.bytes), [file]);
}

#[test]
fn over_ssh_only_the_terminal_gets_it() {
    let runtime = Runtime::new().unwrap();
    let sim = bbs(&runtime);
    let directory = tempfile::tempdir().unwrap();
    let mut command = on_a_desktop(&sim, directory.path());
    command.env("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22");
    let mut session = start(command);
    session.send_keys("yy");
    session.wait_for_text("(OSC 52).");
    session.send_keys("q");
    session.wait_for_exit().assert_status(0);
    assert!(!directory.path().join("copied").exists());
}
