//! `wait`: each goal and each exit status.

use serde_json::Value;
use taskdeck::model::Call;

use crate::run::{Bbs, Output, Running};

/// Starts `wait` and waits until it has subscribed.
fn waiting(bbs: &Bbs, guid: &str, goal: &str) -> Running {
    let wait = bbs.begin(&["wait", guid, "--for", goal]);
    bbs.until_followed_by(1);
    wait
}

fn run_wait(bbs: &Bbs, guid: &str, goal: &str) -> Output {
    bbs.run(&["wait", guid, "--for", goal, "--timeout", "1m"])
}

/// Returns the state of the printed task.
fn state(ran: &Output) -> String {
    let task: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    task["state"].as_str().unwrap().to_owned()
}

fn start(bbs: &Bbs, guid: &str) {
    bbs.with(|machine, now| machine.start(guid, "cell-a", now)).unwrap();
}

fn complete(bbs: &Bbs, guid: &str, outcome: Result<&[u8], &[u8]>) {
    bbs.with(|machine, now| machine.complete(guid, "cell-a", outcome, now)).unwrap();
}

#[test]
fn each_goal_is_reached_while_waiting() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    let wait = waiting(&bbs, "a", "running");
    start(&bbs, "a");
    let ran = wait.finish();
    assert_eq!((ran.status, state(&ran).as_str(), ran.err.as_str()), (Some(0), "Running", ""));
    bbs.until_followed_by(0);

    let wait = waiting(&bbs, "a", "completed");
    complete(&bbs, "a", Ok(b"fine"));
    let ran = wait.finish();
    assert_eq!((ran.status, state(&ran).as_str(), ran.err.as_str()), (Some(0), "Completed", ""));
    bbs.until_followed_by(0);

    let wait = waiting(&bbs, "a", "gone");
    bbs.with(|machine, now| machine.resolving("a", now).and_then(|()| machine.delete("a"))).unwrap();
    let ran = wait.finish();
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn a_goal_that_holds_already_is_reached_at_once() {
    let bbs = Bbs::start();
    bbs.started("running", "d");
    bbs.completed("completed", "d");
    for (guid, goal) in [("running", "running"), ("completed", "completed"), ("completed", "running")] {
        let ran = run_wait(&bbs, guid, goal);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{guid} for {goal}");
    }
    let gone = run_wait(&bbs, "nobody", "gone");
    assert_eq!(gone, Output { status: Some(0), out: String::new(), err: String::new() });
}

/// The BBS resolves and deletes the task at once: only the stream shows that it was Completed.
#[test]
fn a_task_with_a_callback_is_seen_completed() {
    let bbs = Bbs::start();
    let spec = r#"{"task_guid":"cc","domain":"d","rootfs":"preloaded:x","completion_callback_url":"https://cc/done",
        "action":{"run":{"path":"/bin/x","user":"vcap"}}}"#;
    assert_eq!(bbs.run(&["create-task", spec]).status, Some(0));
    start(&bbs, "cc");
    let wait = waiting(&bbs, "cc", "completed");
    complete(&bbs, "cc", Ok(b""));
    let ran = wait.finish();
    assert_eq!((ran.status, state(&ran).as_str()), (Some(0), "Completed"), "{}", ran.err);
}

#[test]
fn a_failed_task_is_status_1_with_the_reason() {
    let bbs = Bbs::start();
    bbs.started("a", "d");
    let wait = waiting(&bbs, "a", "completed");
    complete(&bbs, "a", Err(b"exit \x1b[31m1"));
    let ran = wait.finish();
    assert_eq!((ran.status, state(&ran).as_str()), (Some(1), "Completed"));
    assert_eq!(
        ran.err, "taskdeck: a: task failed: exit ␛[31m1\n",
        "a tenant's text does not reach the terminal"
    );
    let again = run_wait(&bbs, "a", "running");
    assert_eq!((again.status, again.err.as_str()), (Some(1), "taskdeck: a: task failed: exit ␛[31m1\n"));
}

#[test]
fn a_task_that_is_gone_is_status_1() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    bbs.sim.faults().empty_removals(true);
    bbs.sim.faults().mute_streams(true);
    let wait = waiting(&bbs, "a", "running");
    // The stream sends nothing and ends, so only a look-up can tell that the task is gone.
    bbs.until("the first look-up", || bbs.sim.answered(Call::GetTask) == 1);
    bbs.with(|machine, now| {
        machine.cancel("a", now).unwrap();
        machine.resolving("a", now).unwrap();
        machine.delete("a").unwrap();
    });
    bbs.sim.end_streams();
    let ran = wait.finish();
    assert_eq!((ran.status, state(&ran).as_str()), (Some(1), "Pending"));
    assert_eq!(ran.err, "taskdeck: a: task was gone before it was seen Running\n");
}

#[test]
fn a_timeout_is_status_2() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    let ran = bbs.run(&["wait", "a", "--for", "running", "--timeout", "500ms"]);
    assert_eq!((ran.status, state(&ran).as_str()), (Some(2), "Pending"));
    assert_eq!(ran.err, "taskdeck: a: timed out; task is still Pending\n");
}

#[test]
fn a_server_without_the_stream_is_polled() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    bbs.sim.faults().no_event_route(true);
    let wait = bbs.begin(&["wait", "a", "--for", "running"]);
    start(&bbs, "a");
    assert_eq!(wait.finish().status, Some(0));
}

#[test]
fn errors_do_not_end_the_wait_after_the_first_answer() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    let mut wait = waiting(&bbs, "a", "running");
    bbs.until("the first look-up", || bbs.sim.answered(Call::GetTask) == 1);
    bbs.sim.faults().refuse_connections(true);
    wait.wait_for_error("still waiting: could not get the task");
    start(&bbs, "a");
    bbs.sim.faults().refuse_connections(false);
    assert_eq!(wait.finish().status, Some(0));
}

#[test]
fn a_missing_task_is_status_4_and_an_unreachable_bbs_is_5() {
    let bbs = Bbs::start();
    let ran = run_wait(&bbs, "nobody", "completed");
    assert_eq!((ran.status, ran.out.as_str()), (Some(4), ""));
    assert!(ran.err.contains("the requested resource could not be found"), "{}", ran.err);
    // Shorter than the wait for late events: the answer of the BBS counts, not the timeout.
    let hurried = bbs.run(&["wait", "nobody", "--for", "completed", "--timeout", "500ms"]);
    assert_eq!(hurried.status, Some(4), "{}", hurried.err);
    assert!(hurried.err.contains("the requested resource could not be found"), "{}", hurried.err);
    bbs.sim.faults().refuse_connections(true);
    assert_eq!(run_wait(&bbs, "nobody", "completed").status, Some(5));
}

#[test]
fn invalid_arguments_are_status_3() {
    let bbs = Bbs::start();
    for (arguments, says) in [
        (
            &["wait", "a", "--for", "running", "--timeout", "5"][..],
            "the unit is missing: did you mean 5s, 5m or 5h?",
        ),
        (&["wait", "a", "--for", "done"], "[possible values: running, completed, gone]"),
        (&["wait", "", "--for", "gone"], "a value is required for '<GUID>'"),
        (&["wait", "a"], "--for <STATE>"),
        (&["wait", "a", "--for", "gone", "--target", "nope"], "--target is `nope`, and"),
    ] {
        let ran = bbs.run(arguments);
        assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{}", ran.err);
    }
    assert_eq!(bbs.run(&["wait", "a", "--for", "gone", "--nope"]).status, Some(255));
}
