//! Replays recorded sessions of `cfdot` and compares the output byte for byte, except for times and the order of lists,
//! which the API does not define.
//!
//! docs/guide/cfdot.md lists the deliberate deviations; `tests/fixtures/cfdot/differs` has taskdeck's output for them.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use taskdeck::bbs::wire::{self, TaskLifecycleResponse, cell_presence::AnnotationsEntry};

use crate::deviations;
use crate::run::{Bbs, Output, cfdot, run};
use crate::scripted::{Reply, Server};

/// The servers of the recorded commands.
const REAL_BBS: &str = "https://127.0.0.1:8889";
const SCRIPTED: &str = "https://127.0.0.1:19101";

/// A recorded command.
struct Recording {
    name: String,
    status: i32,
    words: Vec<String>,
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cfdot")
}

fn fixture(name: &str) -> String {
    fs::read_to_string(fixtures().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn recordings(index: &str) -> Vec<Recording> {
    let recording = |line: &str| {
        let (name, rest) = line.split_once(" rc=").unwrap();
        let (status, command) = rest.split_once(" :: cfdot").unwrap();
        let words = command.split_whitespace().map(str::to_owned).collect();
        Recording { name: name.to_owned(), status: status.parse().unwrap(), words }
    };
    fixture(index).lines().map(recording).collect()
}

/// Replaces times by a placeholder.
fn without_times(text: &str) -> String {
    let mut parts = text.split("_at\":");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out.push_str("_at\":T");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<_> = text.lines().map(without_times).collect();
    lines.sort();
    lines
}

/// Returns a cell like the recorded ones.
fn cell(id: &str) -> wire::CellPresence {
    let provider = |name: &'static str, properties: &[&'static str]| wire::Provider {
        name: name.into(),
        properties: properties.iter().map(|property| (*property).into()).collect(),
    };
    wire::CellPresence {
        cell_id: id.to_owned().into(),
        rep_address: "http://127.0.0.1:1800".into(),
        zone: "z1".into(),
        capacity: Some(wire::CellCapacity { memory_mb: 32768, disk_mb: 131_072, containers: 250 }),
        rootfs_providers: vec![provider("preloaded", &["cflinuxfs4"]), provider("docker", &[])],
        optional_placement_tags: vec!["gpu".into()],
        rep_url: format!("https://{id}.cell.service.cf.internal:1801").into(),
        annotations: vec![AnnotationsEntry { key: "az".into(), value: "1".into() }],
        ..wire::CellPresence::default()
    }
}

/// Returns the recorded command, with the BBS in its environment unless its flags name one.
fn command(bbs: &Bbs, words: &[String]) -> Command {
    let (ca, cert, key) = bbs.sim.tls_files().unwrap();
    let place = |word: &String| match word.strip_prefix("/certs/") {
        Some(file) => {
            [&ca, &cert, &key].into_iter().find(|path| path.ends_with(file)).unwrap().display().to_string()
        }
        None => word
            .replace("=/certs", &format!("={}", ca.parent().unwrap().display()))
            .replace(REAL_BBS, &bbs.sim.url()),
    };
    let placed: Vec<_> = words.iter().map(place).collect();
    let mut command = cfdot(&placed.iter().map(String::as_str).collect::<Vec<_>>());
    command.current_dir(fixtures());
    if placed == words { bbs.with_bbs(command) } else { command }
}

fn done(bbs: &Bbs, arguments: &[&str]) {
    let nothing = Output { status: Some(0), out: String::new(), err: String::new() };
    let words: Vec<_> = arguments.iter().map(ToString::to_string).collect();
    assert_eq!(run(command(bbs, &words)), nothing, "{arguments:?}");
}

/// Creates the initial state of the recording; its tasks are created from the recorded output of `cfdot`.
fn populate(bbs: &Bbs) {
    bbs.with(|machine, now| {
        machine.add_cell(cell("cell-a"));
        machine.add_cell(cell("cell-b"));
        machine.upsert_domain("cf-apps-staging", 0, now).unwrap();
    });
    let reason = "Exited with status 223: \u{1b}[31mno buildpack\u{1b}[0m <&> é".as_bytes();
    let tasks = fixture("tasks.out");
    let spec = |guid: &str| tasks.lines().find(|line| line.contains(&format!("\"{guid}\""))).unwrap();
    for (guid, cell) in [("everything-1", None), ("small-1", Some("cell-a")), ("done-1", Some("cell-b"))] {
        done(bbs, &["create-task", spec(guid)]);
        if let Some(cell) = cell {
            bbs.with(|machine, now| machine.start(guid, cell, now)).unwrap();
        }
    }
    bbs.with(|machine, now| machine.complete("done-1", "cell-b", Err(reason), now)).unwrap();
}

/// Compares the output with the recording, or with ours for a deliberate deviation.
fn check(recording: &Recording, ran: &Output, url: &str) {
    let name = &recording.name;
    let ours = recordings("differs/index.txt").into_iter().find(|ours| ours.name == *name);
    let (status, folder) = ours.map_or((recording.status, ""), |ours| (ours.status, "differs/"));
    let expected = |end: &str| fixture(&format!("{folder}{name}.{end}")).replace(SCRIPTED, url);
    assert_eq!(ran.status, Some(status), "{name}: {}", ran.err);
    assert_eq!(without_request_id(&ran.err), expected("err"), "{name}: standard error");
    assert_eq!(sorted(&ran.out), sorted(&expected("out")), "{name}: standard output");
    assert!(ran.out.is_empty() || ran.out.ends_with('\n'), "{name}");
}

/// Removes the ids of requests, which taskdeck adds to its own messages.
fn without_request_id(text: &str) -> String {
    let mut parts = text.split("request ");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out.push_str("request ");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    out
}

/// Returns the scripted server's reply for a recording, by the prefix of its name.
fn script(name: &str) -> Option<Reply> {
    let deadlock = wire::Error { r#type: 28, message: "deadlock".into() };
    let refusal = TaskLifecycleResponse { error: Some(deadlock) };
    Some(match name.split_once('-')?.0 {
        "hang" => Reply::Silence,
        "500pb" => Reply::message(500, &refusal),
        "500text" => Reply::of(500, "Content-Type: text/plain\r\n", b"sorry"),
        "router" => Reply::of(404, "X-Cf-Routererror: unknown_route\r\n", b""),
        "noct" => Reply::of(200, "", b""),
        _ => return None,
    })
}

/// Returns the recordings of the session, of the scripted server, and of an empty BBS.
fn parts() -> [Vec<Recording>; 3] {
    let mut all = recordings("index.txt");
    let mut rest = all.split_off(all.iter().position(|one| script(&one.name).is_some()).unwrap());
    let empty = rest.split_off(rest.iter().rposition(|one| script(&one.name).is_some()).unwrap() + 1);
    [all, rest, empty]
}

#[test]
fn the_recorded_session_matches() {
    let [story, ..] = parts();
    assert!(story.len() > 20);
    let bbs = Bbs::with_tls();
    let events = bbs.begin(&["task-events"]);
    bbs.until_followed_by(1);
    populate(&bbs);
    for recording in &story {
        let ran = run(command(&bbs, &recording.words));
        check(recording, &ran, "");
    }
    for guid in ["everything-1", "small-1", "again-1"] {
        done(&bbs, &["cancel-task", guid]);
        done(&bbs, &["delete-task", guid]);
    }
    bbs.sim.end_streams();
    let events = events.finish();
    assert_eq!((events.status, events.err.as_str()), (Some(0), ""));
    let recorded = fixture("task-events.out");
    assert_eq!(events.out.lines().count(), recorded.lines().count());
    for (ours, recorded) in events.out.lines().zip(recorded.lines()) {
        assert_eq!(without_times(ours), without_times(recorded));
    }
}

/// Runs in parallel, since some recordings wait for a timeout.
#[test]
fn errors_of_the_server_match_the_recordings() {
    let [_, scripted, _] = parts();
    assert!(scripted.len() > 30);
    thread::scope(|scope| {
        for recording in &scripted {
            scope.spawn(|| {
                let server = Server::start(vec![script(&recording.name).unwrap()]);
                let mut command = cfdot(&recording.words.iter().map(String::as_str).collect::<Vec<_>>());
                command.env("BBS_URL", &server.url);
                if recording.name.starts_with("hang-") {
                    command.env("CFDOT_TIMEOUT", "1");
                }
                check(recording, &run(command), &server.url);
                assert_eq!(server.requests().len(), 1, "{}: one request", recording.name);
            });
        }
    });
}

#[test]
fn flag_positions_and_help_match_the_recordings() {
    let [.., empty] = parts();
    assert!(empty.len() > 20);
    let bbs = Bbs::with_tls();
    for recording in &empty {
        check(recording, &run(command(&bbs, &recording.words)), "");
    }
}

/// No other output may differ, and the table may not list what does not.
#[test]
fn deviations_are_those_listed_in_the_readme() {
    let differs = recordings("differs/index.txt");
    let names: BTreeSet<_> = differs.iter().map(|ours| ours.name.clone()).collect();
    let listed: BTreeSet<_> = deviations::rows().into_iter().flat_map(|row| row.recordings).collect();
    assert_eq!(names, listed);
    let all = recordings("index.txt");
    for ours in differs {
        let recorded = all.iter().find(|one| one.name == ours.name).unwrap();
        let read = |folder: &str, end: &str| fixture(&format!("{folder}{}.{end}", ours.name));
        let is_same = ours.status == recorded.status
            && ["out", "err"].iter().all(|end| read("", end) == read("differs/", end));
        assert!(!is_same, "{}: it does not differ", ours.name);
    }
}
