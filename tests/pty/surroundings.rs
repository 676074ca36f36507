//! Terminals and environments that have less than others.

use std::fs;

use rustix::process::Signal;

use crate::session::{Session, TASKDECK, command, demo};

const SIZE: (u16, u16) = (100, 30);

#[test]
fn a_terminal_without_a_size_is_drawn_as_one_that_has_it() {
    let mut sized = demo();
    sized.env("COLUMNS", "100");
    sized.env("LINES", "30");
    for (command, size) in [(sized, SIZE), (demo(), (80, 24))] {
        let mut session = Session::start_without_size(command, size);
        session.sees_dashboard();
        session.types("q");
        session.ends().with_status(0);
    }
}

#[test]
fn where_there_is_only_ascii_only_ascii_is_drawn() {
    for (name, value) in [("LANG", "C"), ("LC_ALL", "POSIX"), ("TERM", "linux"), ("TERM", "vt100")] {
        let mut command = demo();
        command.env(name, value);
        let mut session = Session::start(command, SIZE);
        session.sees_dashboard();
        // A task is opened below: the list must be there.
        session.sees("Running");
        session.types("?");
        session.sees("half a page down");
        session.types("?\r");
        session.sees("created_at");
        session.types("C");
        session.until("what C leads to", |screen| {
            let said = screen.contents();
            said.contains("Cancel task") || said.contains("refused")
        });
        session.types("\x03");
        let ended = session.ends();
        ended.with_status(0);
        let other = ended.bytes.iter().find(|byte| !byte.is_ascii());
        assert_eq!(other, None, "{name}={value}: {}", String::from_utf8_lossy(&ended.bytes));
    }
}

#[test]
fn a_terminal_that_can_do_nothing_gets_a_sentence() {
    for (term, sentence) in
        [(Some("dumb"), "TERM is dumb"), (Some(""), "TERM is not set"), (None, "TERM is not set")]
    {
        let mut command = demo();
        match term {
            Some(term) => command.env("TERM", term),
            None => command.env_remove("TERM"),
        }
        let ended = Session::start(command, SIZE).ends();
        ended.with_status(3);
        let said = ended.screen.contents();
        assert!(
            said.starts_with(&format!("taskdeck: {sentence}")) && said.contains("taskdeck tasks"),
            "{said}"
        );
        assert!(!ended.bytes.contains(&0x1b), "nothing is drawn");
    }
}

#[test]
fn it_dies_of_sigquit_and_gives_the_terminal_back_before() {
    // No core dump: it would be left where the test runs.
    let line = format!("ulimit -c 0; exec {TASKDECK} --demo");
    let session = Session::start(command("/bin/sh", &["-c", &line]), SIZE);
    session.sees_dashboard();
    session.signal(Signal::QUIT);
    let ended = session.ends();
    assert!(ended.status.signal().is_some_and(|signal| signal.starts_with("Quit")), "{:?}", ended.status);
    ended.gave_the_terminal_back();
}

#[test]
fn without_a_place_for_its_log_it_says_so_and_runs() {
    let dir = tempfile::tempdir().unwrap();
    // Not by permissions, which do not hold for root.
    let file = dir.path().join("a-file");
    fs::write(&file, "").unwrap();
    let mut command = demo();
    command.env("XDG_STATE_HOME", &file);
    let mut session = Session::start(command, (160, 48));
    session.sees("cannot be written");
    session.sees("Running without a log");
    session.sees_dashboard();
    session.types("q");
    session.ends().with_status(0);
}
