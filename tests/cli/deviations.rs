//! Checks every row of the documented table of deviations from `cfdot`, by its recordings (see [`crate::replay`]) or by a
//! check here.

use taskdeck::bbs::wire::{TaskLifecycleResponse, TasksResponse};

use crate::run::{Bbs, Output, cfdot, command, run};
use crate::scripted::{Reply, Server};

const PAGE: &str = include_str!("../../docs/guide/cfdot.md");

/// A row of the table.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) recordings: Vec<String>,
}

pub(crate) fn rows() -> Vec<Row> {
    let (_, table) = PAGE.split_once("<!-- differs -->\n").unwrap();
    let (table, _) = table.split_once("<!-- /differs -->").unwrap();
    let row = |line: &'static str| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 7, "{line}");
        let recordings = cells[5].split('`').skip(1).step_by(2).map(str::to_owned).collect();
        Row { what: cells[1], recordings }
    };
    table.lines().skip(2).map(row).collect()
}

/// The check of each row without a recording, in the order of the table.
const CHECKS: [(&str, fn()); 15] = [
    ("a command about app instances, cell states, locks or presences, and its help", commands_elsewhere),
    ("the sentence above the usage text of a command", sentences_of_ours),
    ("an event stream of another content type", another_stream),
    ("`task-events` whose connection breaks", broken_stream),
    ("`delete-task` of a Resolving task", resolving),
    ("`create-task null`", null),
    ("what is wrong with JSON, behind `Invalid JSON:`", faulty_json),
    ("`set-domain` with a ttl below one second", short_ttl),
    ("a list that breaks off", broken_list),
    ("a connection that fails by TLS or a name look-up", no_trust),
    ("a server that does not know the newest path of a call", older_server),
    ("an `http://` URL of this machine", plain_http),
    ("`--skipCertVerify` right before the verb", skip_before_the_verb),
    ("`--target`, `--config`, `--filter`, `--columns`, `--output`, `--reveal`", flags_of_ours),
    ("control characters on a terminal", on_a_terminal),
];

#[test]
fn each_row_without_a_recording_holds() {
    let rows = rows();
    let unrecorded: Vec<_> =
        rows.iter().filter(|row| row.recordings.is_empty()).map(|row| row.what).collect();
    assert_eq!(unrecorded, CHECKS.map(|(what, _)| what));
    for (_, check) in CHECKS {
        check();
    }
}

fn ran(url: &str, arguments: &[&str]) -> Output {
    let mut command = cfdot(arguments);
    command.env("BBS_URL", url);
    run(command)
}

const NOWHERE: &str = "http://127.0.0.1:1";

fn assert_error(ran: &Output, status: i32, first: &str) {
    assert!(ran.err.starts_with(first), "{}", ran.err);
    assert_eq!((ran.status, ran.out.as_str()), (Some(status), ""), "{}", ran.err);
}

fn commands_elsewhere() {
    let every = [
        "actual-lrps",
        "cell-state",
        "cell-states",
        "claim-lock",
        "claim-presence",
        "completion",
        "create-desired-lrp",
        "delete-desired-lrp",
        "desired-lrp",
        "desired-lrp-scheduling-infos",
        "desired-lrps",
        "locks",
        "lrp-events",
        "presences",
        "release-lock",
        "retire-actual-lrp",
        "update-desired-lrp",
    ];
    for name in every {
        for arguments in [&[name, "--nope"][..], &["help", name]] {
            let ran = ran(NOWHERE, arguments);
            let begins = format!("Error: '{name}' is about ");
            assert_error(&ran, 255, &begins);
            assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
            let place = if name == "completion" {
                "`taskdeck completions"
            } else {
                "/var/vcap/packages/cfdot/bin/cfdot"
            };
            assert!(ran.err.contains(place), "{}", ran.err);
        }
        assert_eq!(run(command(&[name])).status, Some(255), "under the name taskdeck too");
    }
}

fn sentences_of_ours() {
    for (name, synopsis) in [
        ("task", "task TASK_GUID"),
        ("create-task", "create-task (SPEC|@FILE)"),
        ("cancel-task", "cancel-task TASK_GUID"),
        ("delete-task", "delete-task TASK_GUID"),
        ("task-events", "task-events"),
        ("cells", "cells"),
        ("cell", "cell CELL_ID"),
        ("domains", "domains"),
        ("set-domain", "set-domain DOMAIN"),
    ] {
        let ran = ran(NOWHERE, &["help", name]);
        let (sentence, usage) = ran.out.split_once("\n\n").unwrap();
        assert!(!sentence.is_empty() && !sentence.contains('\n'), "{}", ran.out);
        let begins = format!("Usage:\n  cfdot {synopsis} [flags]\n\nFlags:\n      --bbsURL string  ");
        assert!(usage.starts_with(&begins), "{}", ran.out);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    }
}

fn another_stream() {
    let server = Server::start(vec![Reply::of(200, "Content-Type: text/plain\r\n", b"id: 0\n\n")]);
    assert_error(&ran(&server.url, &["task-events"]), 4, "Error: BBS error\nType 5: InvalidResponse\n");
}

fn broken_stream() {
    let bbs = Bbs::start();
    let events = bbs.begin(&["task-events"]);
    bbs.until_followed_by(1);
    bbs.sim.faults().drop_streams();
    assert_error(&events.finish(), 5, "Error: the event stream broke; events are lost: ");
}

fn resolving() {
    let bbs = Bbs::start();
    bbs.completed("one", "d");
    let quiet = |arguments: &[&str]| assert_eq!(bbs.run(arguments).status, Some(0), "{arguments:?}");
    quiet(&["resolve-task", "one"]);
    let url = bbs.sim.url();
    assert_error(
        &ran(&url, &["delete-task", "one"]),
        4,
        "Error: BBS error\nType 9: InvalidStateTransition\n",
    );
    quiet(&["delete", "one", "--yes"]);
}

fn null() {
    assert_error(&ran(NOWHERE, &["create-task", "null"]), 3, "Error: Invalid JSON: ");
}

fn faulty_json() {
    assert_error(&ran(NOWHERE, &["create-task", "foo"]), 3, "Error: Invalid JSON: ");
}

fn short_ttl() {
    let server = Server::start(vec![Reply::message(200, &TaskLifecycleResponse::default())]);
    let ran = ran(&server.url, &["set-domain", "d", "-t", "5ms"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), ""));
    assert!(ran.err.starts_with("Note: "), "{}", ran.err);
}

fn broken_list() {
    let bbs = Bbs::start();
    for n in 0..50 {
        bbs.desire(&format!("task-{n:02}"), "d");
    }
    bbs.sim.faults().cut_list_after(Some(1000));
    let ran = ran(&bbs.sim.url(), &["tasks"]);
    assert!((1..50).contains(&ran.out.lines().count()), "{}", ran.out);
    assert!(ran.err.starts_with("Error: BBS error\nType 5: InvalidResponse\n"), "{}", ran.err);
    assert_eq!(ran.status, Some(4));
}

fn no_trust() {
    let (ours, other) = (Bbs::with_tls(), Bbs::with_tls());
    let mut command = ours.with_bbs(cfdot(&["domains"]));
    command.env("BBS_URL", other.sim.url());
    assert_error(&run(command), 5, "Error: could not list domains on https://");
}

fn older_server() {
    let unknown = Reply::of(404, "Content-Type: text/plain\r\n", b"404 page not found\n");
    let server = Server::start(vec![unknown, Reply::message(200, &TasksResponse::default())]);
    assert_eq!(ran(&server.url, &["tasks"]).status, Some(0));
    let requested: Vec<_> = server.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(requested, ["POST /v1/tasks/list.r3", "POST /v1/tasks/list.r2"]);
}

fn plain_http() {
    assert_eq!(ran(&Bbs::start().sim.url(), &["domains"]).status, Some(0));
    assert_error(
        &ran("http://10.0.0.1", &["domains"]),
        3,
        "Error: The URL 'http://10.0.0.1' does not have an 'https' scheme.",
    );
}

fn skip_before_the_verb() {
    assert_eq!(ran(&Bbs::start().sim.url(), &["--skipCertVerify", "domains"]).status, Some(0));
}

fn flags_of_ours() {
    let url = Bbs::start();
    let url = url.sim.url();
    for arguments in [
        &["tasks", "--filter", "x"][..],
        &["tasks", "--output", "json", "--reveal"],
        &["--columns", "guid", "tasks"],
    ] {
        assert_eq!(ran(&url, arguments).status, Some(0), "{arguments:?}");
    }
    assert_error(&ran(&url, &["tasks", "--target", "nope"]), 3, "Error: --target is `nope`");
    assert_error(&ran(&url, &["tasks", "--config", "/nope"]), 3, "Error: could not read /nope");
}

/// Needs a terminal, so a test in `tests/pty` covers it.
fn on_a_terminal() {
    let tests = include_str!("../pty/json.rs");
    assert!(tests.contains("fn what_a_terminal_would_obey_is_escaped_and_is_the_same_json()"));
}
