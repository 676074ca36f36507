//! `desire`: rejects unknown fields with line and column, and looks an unanswered task up.

use std::io::Write as _;
use std::process::Stdio;

use taskdeck::model::Call;

use crate::run::{Bbs, Output};

const SPEC: &str =
    r#"{"task_guid":"a","domain":"d","rootfs":"preloaded:x","action":{"run":{"path":"/x","user":"u"}}}"#;

#[test]
fn reads_the_task_from_an_argument_a_file_or_standard_input() {
    let bbs = Bbs::start();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("b.json");
    // Windows editors write a byte order mark.
    std::fs::write(&file, format!("\u{feff}{}", SPEC.replace("\"a\"", "\"b\""))).unwrap();
    let nothing = Output { status: Some(0), out: String::new(), err: String::new() };
    assert_eq!(bbs.run(&["desire", SPEC]), nothing);
    assert_eq!(bbs.run(&["desire", &format!("@{}", file.display())]), nothing);
    let mut child = bbs.command(&["desire", "@-"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(SPEC.replace("\"a\"", "\"c\"").as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(bbs.with(|machine, _| machine.len()), 3);
}

#[test]
fn accepts_the_output_of_task() {
    let bbs = Bbs::start();
    bbs.completed("a", "d");
    let line = bbs.run(&["task", "a"]).out;
    let ran = bbs.run(&["desire", &line.replace("\"a\"", "\"again\"")]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn an_invalid_task_is_not_sent() {
    let bbs = Bbs::start();
    for (spec, says) in [
        ("{", "taskdeck: the spec is not a valid task: EOF while parsing an object at line 1 column 1\n"),
        ("@/nope", "taskdeck: could not read /nope: No such file or directory (os error 2)\n"),
        (
            "{\"env\":[\n{\"nmae\":\"A\"}]}",
            "taskdeck: the spec is not a valid task: line 2, column 9: env[0].nmae: unknown field; expected one of name, value\n",
        ),
    ] {
        assert_eq!(
            bbs.run(&["desire", spec]),
            Output { status: Some(3), out: String::new(), err: says.to_owned() }
        );
    }
    assert!(bbs.with(|machine, _| machine.is_empty()));
    assert_eq!(bbs.run(&["create-task", &SPEC.replace("domain", "nope\":1,\"domain")]).status, Some(0));
    let refused = bbs.run(&["desire", SPEC]);
    assert_eq!(refused.status, Some(4), "the guid is in use");
    assert!(
        refused.err.contains("the requested resource already exists (ResourceExists)"),
        "{}",
        refused.err
    );
}

/// Both for a request that was carried out and for one that was not.
#[test]
fn an_unanswered_desire_is_looked_up_once() {
    let bbs = Bbs::start();
    let unknown = "The outcome is unknown; nothing was sent again. Looked up once: task a";
    for (verb, first) in [("desire", "taskdeck: could not desire the task on "), ("create-task", "Error: ")] {
        bbs.sim.faults().drop_writes(true);
        let ran = bbs.run(&[verb, SPEC]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(5), ""), "{verb}");
        assert!(ran.err.starts_with(first) && ran.err.contains("unreachable: "), "{}", ran.err);
        assert!(ran.err.ends_with(&format!("{unknown} does not exist\n")), "{}", ran.err);
        bbs.sim.faults().drop_writes(false);
        bbs.sim.faults().leave_writes_unanswered(true);
        let ran = bbs.run(&[verb, SPEC]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(5), ""), "{verb}");
        assert!(ran.err.contains(&format!("{unknown} exists, Pending, created at 20")), "{}", ran.err);
        bbs.sim.faults().leave_writes_unanswered(false);
        bbs.with(|machine, now| {
            machine.cancel("a", now).unwrap();
            machine.resolving("a", now).unwrap();
            machine.delete("a").unwrap();
        });
    }
    assert_eq!((bbs.sim.received(Call::Desire), bbs.sim.received(Call::GetTask)), (4, 4));
}

/// A real BBS crashes on an empty action inside another.
#[test]
fn a_task_that_crashes_the_server_is_reported_as_missing() {
    let bbs = Bbs::start();
    let crashing = r#"{"task_guid":"a","domain":"d","rootfs":"preloaded:x","action":{"try":{"action":{}}}}"#;
    for (verb, status) in [("desire", 5), ("create-task", 5)] {
        let ran = bbs.run(&[verb, crashing]);
        assert_eq!(ran.status, Some(status), "{}", ran.err);
        assert!(ran.err.ends_with("Looked up once: task a does not exist\n"), "{}", ran.err);
    }
}

#[test]
fn a_failed_look_up_is_reported() {
    let bbs = Bbs::start();
    bbs.sim.faults().hang(true);
    let ran = bbs.run(&["desire", SPEC, "--call-timeout", "1s"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(4), ""), "{}", ran.err);
    assert!(ran.err.contains("Looked up once: could not get the task on "), "{}", ran.err);
}

/// As recorded from cfdot: one timeout, without a look-up that would wait for another.
#[test]
fn a_timeout_of_create_task_ends_like_cfdot() {
    let bbs = Bbs::start();
    bbs.sim.faults().hang(true);
    let ran = bbs.run(&["create-task", SPEC, "--timeout", "1"]);
    assert!(ran.err.starts_with("Error: BBS error\nType 31: Timeout\nMessage: Post "), "{}", ran.err);
    assert_eq!((ran.status, ran.err.lines().count()), (Some(4), 3), "{}", ran.err);
    assert_eq!(bbs.sim.received(Call::GetTask), 0);
}

#[test]
fn unanswered_writes_of_cfdot_are_looked_up() {
    let bbs = Bbs::start();
    bbs.completed("a", "d");
    bbs.sim.faults().drop_writes(true);
    for verb in ["cancel-task", "resolve-task", "delete-task"] {
        let ran = bbs.run(&[verb, "a"]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(5), ""), "{verb}: {}", ran.err);
        assert!(ran.err.contains("Looked up once: task a exists, Completed, created at "), "{}", ran.err);
    }
    assert_eq!(bbs.sim.received(Call::Delete), 0, "the second step is not taken");
}
