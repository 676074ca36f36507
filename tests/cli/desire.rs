//! `desire`: every field must be known, and what is wrong is said with its place.

use std::io::Write as _;
use std::process::Stdio;

use crate::run::{Bbs, Ran};

const SPEC: &str =
    r#"{"task_guid":"a","domain":"d","rootfs":"preloaded:x","action":{"run":{"path":"/x","user":"u"}}}"#;

#[test]
fn a_task_is_desired_from_a_text_a_file_and_standard_input() {
    let bbs = Bbs::start();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("b.json");
    // With a byte order mark, as editors on Windows write it.
    std::fs::write(&file, format!("\u{feff}{}", SPEC.replace("\"a\"", "\"b\""))).unwrap();
    let nothing = Ran { status: Some(0), out: String::new(), err: String::new() };
    assert_eq!(bbs.run(&["desire", SPEC]), nothing);
    assert_eq!(bbs.run(&["desire", &format!("@{}", file.display())]), nothing);
    let mut child = bbs.command(&["desire", "@-"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(SPEC.replace("\"a\"", "\"c\"").as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(bbs.with(|machine, _| machine.len()), 3);
}

#[test]
fn what_task_prints_can_be_desired_again() {
    let bbs = Bbs::start();
    bbs.completed("a", "d");
    let line = bbs.run(&["task", "a"]).out;
    let ran = bbs.run(&["desire", &line.replace("\"a\"", "\"again\"")]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn what_is_wrong_is_a_sentence_and_nothing_is_sent() {
    let bbs = Bbs::start();
    for (spec, says) in [
        ("{", "taskdeck: the spec is no task: EOF while parsing an object at line 1 column 1\n"),
        ("@/nope", "taskdeck: /nope cannot be read: No such file or directory (os error 2)\n"),
        (
            "{\"env\":[\n{\"nmae\":\"A\"}]}",
            "taskdeck: the spec is no task: line 2, column 9: env[0].nmae: unknown field; expected one of name, value\n",
        ),
    ] {
        assert_eq!(
            bbs.run(&["desire", spec]),
            Ran { status: Some(3), out: String::new(), err: says.to_owned() }
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
