//! `watch`: events, gaps, and how the command ends.

use rustix::process::Signal;
use serde_json::Value;

use crate::run::{Bbs, Output, Running};

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// Starts `watch` and waits until it has subscribed.
fn watching(bbs: &Bbs, arguments: &[&str]) -> Running {
    let streams = bbs.sim.streams();
    let watch = bbs.begin(&[&["watch"], arguments].concat());
    bbs.until_followed_by(streams + 1);
    watch
}

fn guid(event: &Value) -> &str {
    let data = &event["data"];
    let task = if data["task"].is_null() { &data["after"] } else { &data["task"] };
    task["task_guid"].as_str().unwrap()
}

#[test]
fn an_ended_stream_is_a_gap_and_watching_continues() {
    let bbs = Bbs::start();
    let mut watch = watching(&bbs, &[]);
    for broken in [false, true] {
        if broken {
            bbs.sim.faults().drop_streams();
        } else {
            bbs.sim.end_streams();
        }
        let gap = json(&watch.wait_for_line(r#""type":"gap""#));
        let reason = gap["reason"].as_str().unwrap();
        assert_eq!(reason == "the server ended the stream", !broken, "{reason}");
        let time = |key: &str| gap[key].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert!(time("since") <= time("until"), "{gap}");
        // The gap is printed after the new subscription: no later event is missing.
        let after = format!("after-{broken}");
        bbs.desire(&after, "cf-tasks");
        assert_eq!(guid(&json(&watch.line())), after);
    }
    watch.signal(Signal::TERM);
    let ran = watch.finish();
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), ""));
    assert!(ran.err.lines().all(|line| line.starts_with("taskdeck: connection lost, ")), "{}", ran.err);
}

#[test]
fn an_open_gap_is_printed_when_interrupted() {
    let bbs = Bbs::start();
    let mut watch = watching(&bbs, &[]);
    bbs.sim.faults().refuse_connections(true);
    watch.wait_for_error("still reconnecting");
    watch.signal(Signal::INT);
    let ran = watch.finish();
    let last = ran.out.lines().last().unwrap();
    assert!(last.starts_with(r#"{"type":"gap","since":""#), "{}", ran.out);
    assert_eq!(ran.status, Some(0));
}

#[test]
fn an_event_without_a_task_is_printed_despite_the_filter() {
    let bbs = Bbs::start();
    bbs.completed("a", "d");
    let mut watch = watching(&bbs, &["--filter", "domain:other"]);
    bbs.sim.faults().empty_removals(true);
    bbs.with(|machine, now| machine.resolving("a", now).and_then(|()| machine.delete("a"))).unwrap();
    let line = watch.line();
    assert_eq!(line, "{\"type\":\"skipped\",\"event\":\"task_removed\",\"reason\":\"event has no task\"}\n");
}

#[test]
fn a_filter_matches_before_or_after_a_change() {
    let bbs = Bbs::start();
    let mut watch = watching(&bbs, &["--filter", "cell:cell-b"]);
    bbs.completed("elsewhere", "cf-tasks");
    bbs.desire("here", "cf-tasks");
    bbs.with(|machine, now| machine.start("here", "cell-b", now)).unwrap();
    bbs.with(|machine, now| machine.complete("here", "cell-b", Ok(b""), now)).unwrap();
    let states = [watch.line(), watch.line()].map(|line| {
        let event = json(&line);
        assert_eq!(guid(&event), "here");
        event["data"]["after"]["state"].as_str().unwrap().to_owned()
    });
    assert_eq!(states, ["Running", "Completed"]);
}

#[test]
fn secrets_are_masked_without_reveal() {
    let bbs = Bbs::start();
    let spec = r#"{"task_guid":"s","domain":"d","rootfs":"preloaded:x","env":[{"name":"KEY","value":"hunter2"}],
        "action":{"run":{"path":"/bin/x","user":"vcap"}}}"#;
    let (mut masked, mut shown) = (watching(&bbs, &[]), watching(&bbs, &["--reveal"]));
    assert_eq!(bbs.run(&["create-task", spec]).status, Some(0));
    let masked = masked.wait_for_line(r#""task_guid":"s""#);
    assert!(masked.contains(r#"{"name":"KEY","value":"••••••"}"#) && !masked.contains("hunter2"), "{masked}");
    assert!(shown.wait_for_line(r#""task_guid":"s""#).contains("hunter2"));
}

#[test]
fn an_invalid_filter_is_shown_with_a_caret() {
    let bbs = Bbs::start();
    let ran = bbs.run(&["watch", "--filter", "domain:a age:soon"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""));
    let lines: Vec<_> = ran.err.lines().collect();
    assert!(lines[0].starts_with("taskdeck: invalid filter: "), "{}", ran.err);
    assert_eq!(lines[1], "  domain:a age:soon");
    let caret = lines[2].find('^').unwrap();
    assert!(
        lines[1].find("age").unwrap() <= caret && lines[2].trim().chars().all(|c| c == '^'),
        "{}",
        ran.err
    );
}

#[test]
fn the_first_subscription_must_succeed() {
    let bbs = Bbs::start();
    bbs.sim.faults().no_event_route(true);
    let Output { status, err, .. } = bbs.run(&["watch"]);
    assert_eq!(status, Some(4));
    assert!(err.contains("the server does not support any revision of this call"), "{err}");
}

/// Like `taskdeck watch | head -1`, with no further event.
#[test]
fn a_closed_pipe_ends_the_command_without_another_event() {
    for command in ["watch", "task-events"] {
        let bbs = Bbs::start();
        let mut child = bbs.command(&[command]).spawn().unwrap();
        bbs.until_followed_by(1);
        drop(child.stdout.take());
        bbs.until(&format!("the end of {command}"), || bbs.sim.streams() == 0);
        let ended = child.wait_with_output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!((ended.status.code(), said.as_str()), (Some(0), ""), "{command}");
    }
}

/// Like the test above, with an event just then.
#[test]
fn a_closed_pipe_ends_the_command_quietly() {
    let bbs = Bbs::start();
    let mut child = bbs.command(&["watch"]).spawn().unwrap();
    bbs.until_followed_by(1);
    drop(child.stdout.take());
    bbs.desire("a", "d");
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), String::from_utf8(ended.stderr).unwrap()), (Some(0), String::new()));
}
