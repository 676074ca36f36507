//! `wait`: each goal, and each of its exit statuses.

use serde_json::Value;
use taskdeck::model::Call;

use crate::run::{Bbs, Ran, Running};

/// `wait`, subscribed.
fn waiting(bbs: &Bbs, guid: &str, goal: &str) -> Running {
    let wait = bbs.begin(&["wait", guid, "--for", goal]);
    bbs.until_followed_by(1);
    wait
}

fn asked(bbs: &Bbs, guid: &str, goal: &str) -> Ran {
    bbs.run(&["wait", guid, "--for", goal, "--timeout", "1m"])
}

/// The state of the task that was printed, in one line.
fn state(ran: &Ran) -> String {
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
fn each_goal_is_reached_while_it_waits() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    let wait = waiting(&bbs, "a", "running");
    start(&bbs, "a");
    let ran = wait.ends();
    assert_eq!((ran.status, state(&ran).as_str(), ran.err.as_str()), (Some(0), "Running", ""));
    bbs.until_followed_by(0);

    let wait = waiting(&bbs, "a", "completed");
    complete(&bbs, "a", Ok(b"fine"));
    let ran = wait.ends();
    assert_eq!((ran.status, state(&ran).as_str(), ran.err.as_str()), (Some(0), "Completed", ""));
    bbs.until_followed_by(0);

    let wait = waiting(&bbs, "a", "gone");
    bbs.with(|machine, now| machine.resolving("a", now).and_then(|()| machine.delete("a"))).unwrap();
    let ran = wait.ends();
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn what_holds_already_is_reached_at_once() {
    let bbs = Bbs::start();
    bbs.started("running", "d");
    bbs.completed("completed", "d");
    for (guid, goal) in [("running", "running"), ("completed", "completed"), ("completed", "running")] {
        let ran = asked(&bbs, guid, goal);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{guid} for {goal}");
    }
    let gone = asked(&bbs, "nobody", "gone");
    assert_eq!(gone, Ran { status: Some(0), out: String::new(), err: String::new() });
}

/// The BBS resolves and deletes it within the same moment: only the stream tells that it was Completed.
#[test]
fn a_task_with_a_callback_is_seen_completed_before_it_is_gone() {
    let bbs = Bbs::start();
    let spec = r#"{"task_guid":"cc","domain":"d","rootfs":"preloaded:x","completion_callback_url":"https://cc/done",
        "action":{"run":{"path":"/bin/x","user":"vcap"}}}"#;
    assert_eq!(bbs.run(&["create-task", spec]).status, Some(0));
    start(&bbs, "cc");
    let wait = waiting(&bbs, "cc", "completed");
    complete(&bbs, "cc", Ok(b""));
    let ran = wait.ends();
    assert_eq!((ran.status, state(&ran).as_str()), (Some(0), "Completed"), "{}", ran.err);
}

#[test]
fn a_task_that_fails_is_missed_and_says_why() {
    let bbs = Bbs::start();
    bbs.started("a", "d");
    let wait = waiting(&bbs, "a", "completed");
    complete(&bbs, "a", Err(b"exit \x1b[31m1"));
    let ran = wait.ends();
    assert_eq!((ran.status, state(&ran).as_str()), (Some(1), "Completed"));
    assert_eq!(
        ran.err, "taskdeck: a: it failed: exit ␛[31m1\n",
        "a tenant's text does not reach the terminal"
    );
    let again = asked(&bbs, "a", "running");
    assert_eq!((again.status, again.err.as_str()), (Some(1), "taskdeck: a: it failed: exit ␛[31m1\n"));
}

#[test]
fn a_task_that_is_gone_in_the_meantime_is_missed() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    bbs.sim.faults().empty_removals(true);
    bbs.sim.faults().mute_streams(true);
    let wait = waiting(&bbs, "a", "running");
    // Nothing of its end is told: the stream is mute, then ends. What is left is to look.
    bbs.until("the first look", || bbs.sim.answered(Call::GetTask) == 1);
    bbs.with(|machine, now| {
        machine.cancel("a", now).unwrap();
        machine.resolving("a", now).unwrap();
        machine.delete("a").unwrap();
    });
    bbs.sim.end_streams();
    let ran = wait.ends();
    assert_eq!((ran.status, state(&ran).as_str()), (Some(1), "Pending"));
    assert_eq!(ran.err, "taskdeck: a: it was gone before it was seen Running\n");
}

#[test]
fn what_does_not_come_in_time_is_late() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    let ran = bbs.run(&["wait", "a", "--for", "running", "--timeout", "500ms"]);
    assert_eq!((ran.status, state(&ran).as_str()), (Some(2), "Pending"));
    assert_eq!(ran.err, "taskdeck: a: it was still Pending when the time was up\n");
}

#[test]
fn a_server_without_the_stream_is_polled() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    bbs.sim.faults().no_event_route(true);
    let wait = bbs.begin(&["wait", "a", "--for", "running"]);
    start(&bbs, "a");
    assert_eq!(wait.ends().status, Some(0));
}

#[test]
fn trouble_is_waited_out_once_the_bbs_has_answered() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    let mut wait = waiting(&bbs, "a", "running");
    bbs.until("the first look", || bbs.sim.answered(Call::GetTask) == 1);
    bbs.sim.faults().refuse_connections(true);
    wait.hears("still waiting: could not get the task");
    start(&bbs, "a");
    bbs.sim.faults().refuse_connections(false);
    assert_eq!(wait.ends().status, Some(0));
}

#[test]
fn a_task_that_is_not_there_is_status_4_and_nobody_there_is_5() {
    let bbs = Bbs::start();
    let ran = asked(&bbs, "nobody", "completed");
    assert_eq!((ran.status, ran.out.as_str()), (Some(4), ""));
    assert!(ran.err.contains("the requested resource could not be found"), "{}", ran.err);
    // Shorter than the last events are waited for: what the BBS said counts, not that the time was up.
    let hurried = bbs.run(&["wait", "nobody", "--for", "completed", "--timeout", "500ms"]);
    assert_eq!(hurried.status, Some(4), "{}", hurried.err);
    assert!(hurried.err.contains("the requested resource could not be found"), "{}", hurried.err);
    bbs.sim.faults().refuse_connections(true);
    assert_eq!(asked(&bbs, "nobody", "completed").status, Some(5));
}

#[test]
fn bad_arguments_are_status_3() {
    let bbs = Bbs::start();
    for (arguments, says) in [
        (&["wait", "a", "--for", "running", "--timeout", "5"][..], "its unit is missing: 5s, 5m or 5h?"),
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
