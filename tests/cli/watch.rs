//! `watch`: what comes, what is missing, and how it ends.

use rustix::process::Signal;
use serde_json::Value;

use crate::run::{Bbs, Ran, Running};

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// `watch`, subscribed.
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
fn an_end_of_the_stream_is_a_line_of_its_own_and_what_follows_goes_on() {
    let bbs = Bbs::start();
    let mut watch = watching(&bbs, &[]);
    for broken in [false, true] {
        if broken {
            bbs.sim.faults().drop_streams();
        } else {
            bbs.sim.end_streams();
        }
        let gap = json(&watch.sees(r#""type":"gap""#));
        let reason = gap["reason"].as_str().unwrap();
        assert_eq!(reason == "the server ended the stream", !broken, "{reason}");
        let time = |key: &str| gap[key].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert!(time("since") <= time("until"), "{gap}");
        // The gap is told once the new subscription stands: nothing is missing after it.
        let after = format!("after-{broken}");
        bbs.desire(&after, "cf-tasks");
        assert_eq!(guid(&json(&watch.line())), after);
    }
    watch.signal(Signal::TERM);
    let ran = watch.ends();
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), ""));
    assert!(ran.err.lines().all(|line| line.starts_with("taskdeck: events are being lost, ")), "{}", ran.err);
}

#[test]
fn a_gap_that_has_not_ended_is_told_when_it_is_interrupted() {
    let bbs = Bbs::start();
    let mut watch = watching(&bbs, &[]);
    bbs.sim.faults().refuse_connections(true);
    watch.hears("still trying");
    watch.signal(Signal::INT);
    let ran = watch.ends();
    let last = ran.out.lines().last().unwrap();
    assert!(last.starts_with(r#"{"type":"gap","since":""#), "{}", ran.out);
    assert_eq!(ran.status, Some(0));
}

#[test]
fn an_event_without_its_task_is_a_line_of_its_own_whatever_the_filter() {
    let bbs = Bbs::start();
    bbs.completed("a", "d");
    let mut watch = watching(&bbs, &["--filter", "domain:other"]);
    bbs.sim.faults().empty_removals(true);
    bbs.with(|machine, now| machine.resolving("a", now).and_then(|()| machine.delete("a"))).unwrap();
    let line = watch.line();
    assert_eq!(
        line,
        "{\"type\":\"skipped\",\"event\":\"task_removed\",\"reason\":\"it came without its task\"}\n"
    );
}

#[test]
fn a_filter_keeps_what_it_admits_before_or_after() {
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
fn secrets_are_masked_unless_they_are_wanted() {
    let bbs = Bbs::start();
    let spec = r#"{"task_guid":"s","domain":"d","rootfs":"preloaded:x","env":[{"name":"KEY","value":"hunter2"}],
        "action":{"run":{"path":"/bin/x","user":"vcap"}}}"#;
    let (mut masked, mut shown) = (watching(&bbs, &[]), watching(&bbs, &["--reveal"]));
    assert_eq!(bbs.run(&["create-task", spec]).status, Some(0));
    let masked = masked.sees(r#""task_guid":"s""#);
    assert!(masked.contains(r#"{"name":"KEY","value":"••••••"}"#) && !masked.contains("hunter2"), "{masked}");
    assert!(shown.sees(r#""task_guid":"s""#).contains("hunter2"));
}

#[test]
fn a_faulty_filter_is_said_with_a_caret_under_the_fault() {
    let bbs = Bbs::start();
    let ran = bbs.run(&["watch", "--filter", "domain:a age:soon"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""));
    let lines: Vec<_> = ran.err.lines().collect();
    assert!(lines[0].starts_with("taskdeck: the filter is faulty: "), "{}", ran.err);
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
    let Ran { status, err, .. } = bbs.run(&["watch"]);
    assert_eq!(status, Some(4));
    assert!(err.contains("the server does not support any revision of this call"), "{err}");
}

/// As `taskdeck watch | head -1`, when nothing happens after the first event.
#[test]
fn a_reader_that_goes_away_is_noticed_without_another_event() {
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

/// Or when an event comes just then.
#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let bbs = Bbs::start();
    let mut child = bbs.command(&["watch"]).spawn().unwrap();
    bbs.until_followed_by(1);
    drop(child.stdout.take());
    bbs.desire("a", "d");
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), String::from_utf8(ended.stderr).unwrap()), (Some(0), String::new()));
}
