//! A real editor in a real terminal: it gets the terminal, its file is private, and nothing of it is left behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use portable_pty::CommandBuilder;
use rustix::process::Signal;
use taskdeck::model::Call;
use taskdeck::sim::Sim;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::confirm::three_tasks;
use crate::pty_session::{PtySession, TASKDECK, command};

const SIZE: (u16, u16) = (100, 30);

/// Says what it edits with which modes, waits for a line, then changes the memory in the file.
const EDITOR: &str = r#"#!/bin/sh
echo "option $1, file $(basename "$2"), mode $(stat -c %a "$2") in $(stat -c %a "$(dirname "$2")")"
read line
echo "$line" > "$2.backup"
sed -e 's/"memory_mb": [0-9]*/"memory_mb": 77/' "$2" > "$2.new" && mv "$2.new" "$2"
"#;

/// A simulated BBS, an editor, and a directory for its files.
struct Desk {
    _runtime: Runtime,
    sim: Sim,
    directory: TempDir,
}

impl Desk {
    fn new() -> Self {
        let (runtime, sim) = three_tasks();
        let directory = tempfile::tempdir().unwrap();
        let editor = directory.path().join("my editor");
        fs::write(&editor, EDITOR).unwrap();
        fs::set_permissions(&editor, fs::Permissions::from_mode(0o700)).unwrap();
        fs::create_dir(directory.path().join("run")).unwrap();
        Self { _runtime: runtime, sim, directory }
    }

    fn command(&self) -> CommandBuilder {
        let mut command = command(TASKDECK, &[]);
        command.env("BBS_URL", self.sim.url());
        command.env("XDG_RUNTIME_DIR", self.files());
        command.env("EDITOR", format!("'{}' -x", self.directory.path().join("my editor").display()));
        command
    }

    fn files(&self) -> PathBuf {
        self.directory.path().join("run")
    }

    /// Starts the dashboard and opens a new task in the editor.
    fn edit(&self) -> PtySession {
        let mut session = PtySession::start(self.command(), SIZE);
        session.wait_for_dashboard();
        session.wait_for_text("3/3");
        session.send_keys("N");
        session.wait_for_text("option -x, file task.jsonc, mode 600 in 700");
        assert!(session.is_cooked(), "the editor has the terminal");
        assert_eq!(count(&self.files()), 1);
        session
    }
}

fn count(directory: &Path) -> usize {
    fs::read_dir(directory).unwrap().count()
}

#[test]
fn an_editor_gets_the_terminal_and_its_text_becomes_a_task() {
    let desk = Desk::new();
    let mut session = desk.edit();
    session.send_keys("done\r");
    session.wait_for_text("in domain operator?");
    session.wait_for_text("\"memory_mb\": 77");
    assert_eq!(count(&desk.files()), 0, "with the backup that the editor made");
    // The first keys may come too soon.
    while session.shows("in domain operator?") {
        session.send_keys("y");
        session.wait_briefly_until(|screen| !screen.contents().contains("in domain operator?"));
    }
    session.wait_for_text("was created: Pending");
    assert_eq!((desk.sim.received(Call::Desire), desk.sim.with(|machine, _| machine.len())), (1, 4));
    session.send_keys("q");
    let exit = session.wait_for_exit();
    exit.assert_status(0);
    exit.assert_terminal_restored();
}

#[test]
fn a_signal_that_ends_the_dashboard_removes_the_file() {
    let desk = Desk::new();
    let session = desk.edit();
    session.signal(Signal::TERM);
    let exit = session.wait_for_exit();
    exit.assert_terminal_restored();
    assert_eq!(count(&desk.files()), 0);
    assert_eq!(desk.sim.received(Call::Desire), 0);
}

#[test]
fn the_next_start_removes_the_file_of_a_dashboard_that_was_killed() {
    let desk = Desk::new();
    let session = desk.edit();
    session.signal(Signal::KILL);
    drop(session.wait_for_exit());
    assert_eq!(count(&desk.files()), 1);
    let mut session = PtySession::start(desk.command(), SIZE);
    session.wait_for_dashboard();
    assert_eq!(count(&desk.files()), 0);
    session.send_keys("q");
    session.wait_for_exit().assert_status(0);
}
