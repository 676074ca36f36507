//! Limited terminals and environments.

use std::fs;

use rustix::process::Signal;

use crate::pty_session::{PtySession, TASKDECK, command, demo};

const SIZE: (u16, u16) = (100, 30);

#[test]
fn a_terminal_without_a_size_is_drawn_as_one_that_has_it() {
    let mut sized = demo();
    sized.env("COLUMNS", "100");
    sized.env("LINES", "30");
    for (command, size) in [(sized, SIZE), (demo(), (80, 24))] {
        let mut session = PtySession::start_without_size(command, size);
        session.wait_for_dashboard();
        session.send_keys("q");
        session.wait_for_exit().assert_status(0);
    }
}

#[test]
fn sigquit_restores_the_terminal_and_kills() {
    // No core dump: it would stay behind after the test.
    let line = format!("ulimit -c 0; exec {TASKDECK} --demo");
    let session = PtySession::start(command("/bin/sh", &["-c", &line]), SIZE);
    session.wait_for_dashboard();
    session.signal(Signal::QUIT);
    let ended = session.wait_for_exit();
    assert!(ended.status.signal().is_some_and(|signal| signal.starts_with("Quit")), "{:?}", ended.status);
    ended.assert_terminal_restored();
}

#[test]
fn an_unwritable_log_gives_a_warning() {
    let dir = tempfile::tempdir().unwrap();
    // Not by permissions, which do not hold for root.
    let file = dir.path().join("a-file");
    fs::write(&file, "").unwrap();
    let mut command = demo();
    command.env("XDG_STATE_HOME", &file);
    let mut session = PtySession::start(command, (160, 48));
    session.wait_for_text("cannot be written");
    session.wait_for_text("Running without a log");
    session.wait_for_dashboard();
    session.send_keys("q");
    session.wait_for_exit().assert_status(0);
}

#[test]
fn the_hint_of_the_first_start_comes_once() {
    let dir = tempfile::tempdir().unwrap();
    let start = || {
        let mut command = demo();
        command.env("XDG_STATE_HOME", dir.path());
        let session = PtySession::start(command, (80, 24));
        session.wait_for_dashboard();
        session
    };
    let mut first = start();
    first.wait_for_text("Welcome to taskdeck");
    first.send_keys("j");
    first.wait_until("the hint goes", |screen| !screen.contents().contains("Welcome"));
    first.send_keys("q");
    first.wait_for_exit().assert_status(0);
    let mut second = start();
    second.wait_for_text("Running");
    assert!(!second.shows("Welcome"), "{}", second.output());
    second.send_keys("q");
    second.wait_for_exit().assert_status(0);
}

#[test]
fn the_filter_history_survives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let start = || {
        let mut command = demo();
        command.env("XDG_STATE_HOME", dir.path());
        let session = PtySession::start(command, (160, 48));
        session.wait_for_dashboard();
        session
    };
    let mut first = start();
    first.send_keys("/age:>7s");
    first.wait_for_text("/age:>7s");
    first.send_keys("\r");
    first.wait_for_text("held /age:>7s");
    first.send_keys("q");
    first.wait_for_exit().assert_status(0);
    let mut second = start();
    second.send_keys("/\u{1b}[A");
    second.wait_for_text("/age:>7s");
    second.send_keys("\rq");
    second.wait_for_exit().assert_status(0);
}
