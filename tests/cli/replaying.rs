//! `replay`: what it says if there is nothing to play. The dashboard itself is played in `tests/dashboard`.

use std::fs;

use taskdeck::model::Timestamp;
use taskdeck::record::{Program, Recording, RunInfo};

use crate::recorded::Afternoon;
use crate::run::{Output, command, run};

fn replay(arguments: &[&str]) -> Output {
    run(command(&[&["replay"], arguments].concat()))
}

fn refused(ran: &Output, status: i32, message: &str) {
    assert_eq!((ran.status, ran.out.as_str()), (Some(status), ""), "{}", ran.err);
    assert!(ran.err.contains(message), "{:?} lacks {message:?}", ran.err);
}

#[test]
fn a_file_that_is_no_recording_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    refused(&replay(&[&path("none.db")]), 5, "there is no recording at ");
    fs::write(path("text"), "not a database, but long enough to be taken for one by its length").unwrap();
    refused(&replay(&[&path("text")]), 5, "could not read ");
    let newer = Afternoon::recorded();
    let db = rusqlite::Connection::open(&newer.file).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    refused(&replay(&[newer.file.to_str().unwrap()]), 5, "read it with that version");
}

#[test]
fn an_empty_recording_is_said() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("empty.db");
    let recording = Recording::create(&path).unwrap();
    let info = RunInfo {
        target: "production".to_owned(),
        program: Program::Record,
        user: "vcap".to_owned(),
        host: "jumpbox".to_owned(),
        pid: 1,
        started: Timestamp::from_nanos(1),
    };
    recording.begin_run(&info).unwrap();
    refused(&replay(&[path.to_str().unwrap()]), 5, "there is nothing to play");
}

#[test]
fn the_run_must_be_chosen_if_there_are_several_targets() {
    let afternoon = Afternoon::recorded();
    let file = afternoon.file.to_str().unwrap();
    let several = replay(&[file]);
    refused(&several, 3, "the recording has several targets; choose with --target or --run:");
    assert!(
        several.err.contains("1: production, 2026-06-01 12:00:00 to 2026-06-01 13:00:00 UTC"),
        "{}",
        several.err
    );
    refused(&replay(&[file, "--run", "7"]), 3, "the recording has no run 7; its runs:");
    refused(&replay(&[file, "--target", "elsewhere"]), 3, "the recording has no target \"elsewhere\"");
    let outside = replay(&[file, "--target", "production", "--from", "14:00"]);
    refused(&outside, 3, "--from: the recording has 2026-06-01 12:01:00 to 2026-06-01 13:00:00 UTC");
    // What is left to be wrong is that this is no terminal.
    for chosen in [&["--target", "production", "--from", "12:30"][..], &["--run", "2", "--speed", "60x"]] {
        refused(&replay(&[&[file], chosen].concat()), 3, "terminal");
    }
    refused(&replay(&["--file", file, "--run", "1"]), 3, "terminal");
}

#[test]
fn arguments_are_checked() {
    for (arguments, message) in [
        (&["x.db", "--speed", "0"][..], "expected a speed of 1 to 3600, like 10"),
        (&["x.db", "--from", "soon"], "expected a time like 10:32"),
        (&["x.db", "--file", "y.db"], "cannot be used with"),
    ] {
        refused(&replay(arguments), 3, message);
    }
}
