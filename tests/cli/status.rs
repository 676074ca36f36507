//! Exit statuses of the commands of `cfdot`, with their messages.

use std::io::Read as _;
use std::net::TcpListener;
use std::process::Stdio;

use crate::run::{Bbs, Output, command, run};

fn ended(status: i32, err: &str) -> Output {
    Output { status: Some(status), out: String::new(), err: err.to_owned() }
}

#[test]
fn a_reply_not_from_a_bbs_is_status_4() {
    let bbs = Bbs::start();
    bbs.sim.faults().status(Some(502));
    let says = "Error: BBS error\nType 5: InvalidResponse\nMessage: Invalid Response with status code: 502\n";
    assert_eq!(bbs.run(&["domains"]), ended(4, says));
}

#[test]
fn a_timeout_is_status_4() {
    let bbs = Bbs::start();
    bbs.sim.faults().hang(true);
    let ran = bbs.run(&["domains", "--timeout", "1"]);
    assert!(ran.err.starts_with("Error: BBS error\nType 31: Timeout\nMessage: "), "{}", ran.err);
    assert_eq!((ran.status, ran.out.as_str()), (Some(4), ""));
}

#[test]
fn an_unreachable_bbs_is_status_5() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let address = url.trim_start_matches("http://");
    let says =
        format!("Error: Post \"{url}/v1/domains/list\": dial tcp {address}: connect: connection refused\n");
    assert_eq!(run(command(&["domains", "--bbsURL", &url])), ended(5, &says));
}

#[test]
fn an_unknown_command_is_status_255_and_help_is_0() {
    let ran = run(command(&["taskz"]));
    assert_eq!((ran.status, ran.out.as_str()), (Some(255), ""));
    assert!(!ran.err.contains("Flags:"), "{}", ran.err);
    let help = run(command(&["task", "--help"]));
    assert_eq!((help.status, help.err.as_str()), (Some(0), ""));
    assert!(help.out.contains("taskdeck task TASK_GUID [flags]"), "{}", help.out);
}

#[test]
fn a_truncated_list_is_status_4_and_printed_so_far() {
    let bbs = Bbs::start();
    for n in 0..50 {
        bbs.desire(&format!("task-{n:02}"), "cf-tasks");
    }
    bbs.sim.faults().cut_list_after(Some(1000));
    let ran = bbs.run(&["tasks"]);
    assert_eq!(ran.status, Some(4), "{}", ran.err);
    assert!(ran.out.starts_with('{') && ran.out.ends_with("}\n"), "whole lines only: {}", ran.out);
    assert!((1..50).contains(&ran.out.lines().count()), "{}", ran.out);
    assert!(ran.err.starts_with("Error: BBS error\nType 5: InvalidResponse\n"), "{}", ran.err);
}

#[test]
fn a_broken_stream_is_status_5() {
    let bbs = Bbs::start();
    let events = bbs.begin(&["task-events"]);
    bbs.until_followed_by(1);
    bbs.sim.faults().drop_streams();
    let ran = events.finish();
    assert_eq!(ran.status, Some(5));
    assert!(ran.err.starts_with("Error: the event stream broke; events are lost: "), "{}", ran.err);
}

/// Like `taskdeck tasks | head -1`; the list exceeds the capacity of a pipe.
#[test]
fn a_closed_pipe_ends_a_command_quietly() {
    let bbs = Bbs::start();
    for n in 0..500 {
        bbs.desire(&format!("task-{n:03}"), "cf-tasks");
    }
    let mut child = bbs.command(&["tasks"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut some = [0; 100];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut some).unwrap();
    drop(out);
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), String::from_utf8(ended.stderr).unwrap()), (Some(0), String::new()));
}
