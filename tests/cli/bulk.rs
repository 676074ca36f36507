//! `cancel` and `delete`: which calls are sent, which tasks are skipped, the outcomes, and when the run stops.

use std::io::Read as _;

use rustix::process::Signal;
use serde_json::Value;
use taskdeck::model::Call;

use crate::run::{Bbs, Output};

/// Parses guid, outcome and reason of each line.
fn outcomes(ran: &Output) -> Vec<(String, String, String)> {
    let read = |line: &str| {
        let outcome: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| outcome[key].as_str().unwrap().to_owned();
        (text("task_guid"), text("outcome"), text("reason"))
    };
    ran.out.lines().map(read).collect()
}

/// Joins guids and outcomes: `a cancelled, b skipped`.
fn summary(ran: &Output) -> String {
    let each: Vec<_> = outcomes(ran).iter().map(|(guid, word, _)| format!("{guid} {word}")).collect();
    each.join(", ")
}

fn reason(ran: &Output, guid: &str) -> String {
    outcomes(ran).into_iter().find(|(one, ..)| one == guid).unwrap().2
}

fn state(bbs: &Bbs, guid: &str) -> Option<i32> {
    bbs.with(|machine, _| machine.task(guid)).ok().map(|task| task.state)
}

/// Starts a BBS with a task in each state in domain `d`, and the pending `x` in another domain.
fn with_each_state() -> Bbs {
    let bbs = Bbs::start();
    bbs.desire("a-pending", "d");
    bbs.started("b-running", "d");
    bbs.completed("c-completed", "d");
    bbs.completed("d-resolving", "d");
    bbs.with(|machine, now| machine.resolving("d-resolving", now)).unwrap();
    bbs.desire("x", "other");
    bbs
}

#[test]
fn cancel_skips_tasks_that_have_ended() {
    let bbs = with_each_state();
    let ran = bbs.run(&["cancel", "--filter", "domain:d", "--yes"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert_eq!(
        summary(&ran),
        "a-pending cancelled, b-running cancelled, c-completed skipped, d-resolving skipped"
    );
    assert_eq!(reason(&ran, "c-completed"), "Task has already completed");
    assert_eq!(bbs.sim.received(Call::Cancel), 2, "one call for each task that can be cancelled");
    assert_eq!(state(&bbs, "x"), Some(1), "tasks outside the filter are untouched");
}

#[test]
fn delete_resolves_completed_tasks_and_deletes_resolving_ones() {
    let bbs = with_each_state();
    let ran = bbs.run(&["delete", "--filter", "domain:d", "--yes"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert_eq!(
        summary(&ran),
        "a-pending skipped, b-running skipped, c-completed deleted, d-resolving deleted"
    );
    assert_eq!(reason(&ran, "b-running"), "Task is still Running. Cancel it first");
    assert_eq!((bbs.sim.received(Call::Resolving), bbs.sim.received(Call::Delete)), (1, 2));
    assert_eq!((state(&bbs, "c-completed"), state(&bbs, "d-resolving")), (None, None));
}

#[test]
fn a_guid_given_twice_is_acted_on_once() {
    let bbs = with_each_state();
    let ran = bbs.run(&["cancel", "x", "nobody", "x", "--yes"]);
    assert_eq!((ran.status, summary(&ran).as_str()), (Some(0), "x cancelled, nobody skipped"));
    assert_eq!(reason(&ran, "nobody"), "There is no such task");
    // A single task needs no confirmation.
    let ran = bbs.run(&["delete", "x"]);
    assert_eq!((ran.status, summary(&ran).as_str()), (Some(0), "x deleted"));
}

#[test]
fn a_dry_run_sends_nothing() {
    let bbs = with_each_state();
    let ran = bbs.run(&["delete", "--all", "--dry-run"]);
    let planned = "a-pending skipped, b-running skipped, c-completed planned, d-resolving planned, x skipped";
    assert_eq!((ran.status, summary(&ran).as_str()), (Some(0), planned));
    assert_eq!(reason(&ran, "c-completed"), "Task is Completed; it would be resolved first");
    assert_eq!((bbs.sim.received(Call::Resolving), bbs.sim.received(Call::Delete)), (0, 0));
    let ran = bbs.run(&["cancel", "b-running", "nobody", "--dry-run"]);
    assert_eq!(summary(&ran), "b-running planned, nobody skipped");
}

#[test]
fn without_a_terminal_many_tasks_need_yes() {
    let bbs = with_each_state();
    let ran = bbs.run(&["cancel", "--filter", "domain:d"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""));
    let sentence = "taskdeck: cannot ask whether to cancel 4 tasks without a terminal; pass --yes to confirm or --dry-run to preview. Nothing was sent\n";
    assert_eq!(ran.err, sentence);
    assert_eq!(bbs.sim.received(Call::Cancel), 0);
}

#[test]
fn invalid_selections_end_with_status_3_before_any_request() {
    let bbs = with_each_state();
    for (arguments, says) in [
        (&["cancel", "--yes"][..], "required arguments were not provided"),
        (&["cancel", "--filter", " ", "--yes"], "an empty filter matches every task; pass --all to confirm"),
        (&["cancel", "--filter", "domain:d", "--all"], "cannot be used with"),
        (&["cancel", "a", "--all"], "cannot be used with"),
        (&["cancel", ""], "a value is required for"),
        (&["cancel", "--filter", "age:soon"], "taskdeck: invalid filter: "),
        (&["cancel", "--all", "--rate", "0"], "expected tasks a second"),
        (&["cancel", "--all", "--max-failures", "0"], "invalid value '0' for '--max-failures <N>'"),
    ] {
        let ran = bbs.run(arguments);
        assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(bbs.sim.received(Call::ListTasks) + bbs.sim.received(Call::Cancel), 0);
}

#[test]
fn nothing_is_sent_to_a_read_only_target() {
    let bbs = with_each_state();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config.toml");
    std::fs::write(&file, format!("[targets.t]\nurl = {:?}\nread_only = true\n", bbs.sim.url())).unwrap();
    let file = file.to_str().unwrap();
    let ran = bbs.run(&["cancel", "x", "--config", file, "--target", "t"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""));
    assert!(
        ran.err.contains(" is opened read-only; nothing was sent. Remove `read_only` from the target"),
        "{}",
        ran.err
    );
    let ran = bbs.run(&["cancel", "x", "--config", file, "--target", "t", "--dry-run"]);
    assert_eq!(summary(&ran), "x planned");
}

#[test]
fn no_match_is_a_success() {
    let bbs = with_each_state();
    let ran = bbs.run(&["cancel", "--filter", "domain:nobodys", "--yes"]);
    assert_eq!(
        ran,
        Output { status: Some(0), out: String::new(), err: "taskdeck: no task matches\n".to_owned() }
    );
}

#[test]
fn a_run_stops_after_max_failures() {
    let bbs = Bbs::start();
    bbs.sim.faults().status(Some(503));
    let ran = bbs.run(&["cancel", "a", "b", "c", "d", "--yes", "--max-failures", "2"]);
    assert_eq!((ran.status, summary(&ran).as_str()), (Some(4), "a failed, b failed, c skipped, d skipped"));
    assert!(reason(&ran, "a").starts_with("Nothing was sent: could not get the task"), "{}", ran.out);
    assert_eq!(reason(&ran, "d"), "not tried: stopped after 2 failures");
}

/// The connection breaks before the answer.
#[test]
fn an_unanswered_call_is_not_repeated_but_looked_up() {
    let bbs = with_each_state();
    bbs.sim.faults().leave_writes_unanswered(true);
    let ran = bbs.run(&["cancel", "a-pending", "b-running", "--yes"]);
    assert_eq!((ran.status, summary(&ran).as_str()), (Some(0), "a-pending cancelled, b-running cancelled"));
    assert!(
        reason(&ran, "a-pending").starts_with("Task is Completed now: task was cancelled; could not cancel")
    );
    assert_eq!(bbs.sim.received(Call::Cancel), 2);
    let ran = bbs.run(&["delete", "c-completed", "d-resolving", "--yes"]);
    assert_eq!((ran.status, summary(&ran).as_str()), (Some(4), "c-completed unknown, d-resolving deleted"));
    // Another client may have claimed it, so it is not deleted.
    assert!(reason(&ran, "c-completed").starts_with("Task is Resolving now; could not claim"), "{}", ran.out);
    assert_eq!((bbs.sim.received(Call::Resolving), bbs.sim.received(Call::Delete)), (1, 1));
}

/// The BBS deletes the task after its callback, before the look-up.
#[test]
fn a_cancelled_task_may_be_gone_after_its_callback() {
    let bbs = Bbs::start();
    let spec = r#"{"task_guid":"cc","domain":"d","rootfs":"preloaded:x","completion_callback_url":"https://cc/done",
        "action":{"run":{"path":"/bin/x","user":"vcap"}}}"#;
    assert_eq!(bbs.run(&["create-task", spec]).status, Some(0));
    let ran = bbs.run(&["cancel", "cc"]);
    assert_eq!((ran.status, summary(&ran).as_str()), (Some(0), "cc cancelled"));
    assert_eq!(reason(&ran, "cc"), "Task is gone now");
}

#[test]
fn an_interrupted_run_finishes_the_current_task() {
    let bbs = with_each_state();
    bbs.sim.faults().hang(true);
    // At this rate the second task is due long after the test: only the signal ends the run.
    let running = bbs.begin(&["cancel", "a-pending", "b-running", "x", "--yes", "--rate", "0.001"]);
    bbs.until("the look-up of the first task", || bbs.sim.received(Call::GetTask) == 1);
    running.signal(Signal::INT);
    bbs.sim.faults().hang(false);
    let ran = running.finish();
    assert_eq!(
        (ran.status, summary(&ran).as_str()),
        (Some(5), "a-pending cancelled, b-running skipped, x skipped")
    );
    assert_eq!(reason(&ran, "x"), "not tried: interrupted");
    assert_eq!(bbs.sim.received(Call::Cancel), 1);
}

#[test]
fn a_run_stops_when_nobody_reads_the_outcomes() {
    let bbs = Bbs::start();
    for n in 0..50 {
        bbs.desire(&format!("t-{n:02}"), "d");
    }
    bbs.sim.faults().hang(true);
    let guids: Vec<_> = (0..50).map(|n| format!("t-{n:02}")).collect();
    let mut arguments = vec!["cancel", "--yes"];
    arguments.extend(guids.iter().map(String::as_str));
    let mut child = bbs.command(&arguments).spawn().unwrap();
    drop(child.stdout.take());
    bbs.sim.faults().hang(false);
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(5));
    assert!(err.starts_with("taskdeck: could not write an outcome; stopped after 1 of 50 tasks: "), "{err}");
    assert_eq!(bbs.sim.received(Call::Cancel), 1);
}
