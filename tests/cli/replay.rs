//! What `cfdot` printed in a recorded story, and what we print in the same one: byte for byte, but for the times.
//!
//! Two more things differ: the program's name in a usage text, and the order of a list, which is no promise.

use std::fs;
use std::path::PathBuf;

use taskdeck::bbs::wire::{self, cell_presence::AnnotationsEntry};

use crate::run::{Bbs, Ran, run};

/// What cannot be the same: the words of Go's HTTP client.
const IN_OTHER_WORDS: [(&str, &str); 1] =
    [("refused", "Error: could not list tasks on https://127.0.0.1:1: unreachable: ")];

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cfdot")
}

fn fixture(name: &str) -> String {
    fs::read_to_string(fixtures().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The text with its times blanked.
fn timeless(text: &str) -> String {
    let mut parts = text.split("_at\":");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out.push_str("_at\":T");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<_> = text.lines().map(timeless).collect();
    lines.sort();
    lines
}

/// A cell as the recorded ones are.
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

/// Runs a command where the fixtures are.
fn ran(bbs: &Bbs, arguments: &[&str]) -> Ran {
    let mut command = bbs.command(arguments);
    command.current_dir(fixtures());
    run(command)
}

fn done(bbs: &Bbs, arguments: &[&str]) {
    let nothing = Ran { status: Some(0), out: String::new(), err: String::new() };
    assert_eq!(ran(bbs, arguments), nothing, "{arguments:?}");
}

/// The state in which the recording begins; its tasks are desired as `cfdot` printed them.
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

fn check(name: &str, ran: &Ran) {
    let recorded_err = fixture(&format!("{name}.err")).replace("\n  cfdot ", "\n  taskdeck ");
    match IN_OTHER_WORDS.iter().find(|(other, _)| *other == name) {
        Some((_, sentence)) => {
            assert!(ran.err.starts_with(sentence) && ran.err.lines().count() == 1, "{}", ran.err);
        }
        None => assert_eq!(ran.err, recorded_err, "{name}: standard error"),
    }
    assert_eq!(sorted(&ran.out), sorted(&fixture(&format!("{name}.out"))), "{name}: standard output");
    assert!(ran.out.is_empty() || ran.out.ends_with('\n'), "{name}");
}

#[test]
fn every_recorded_command_says_the_same_here() {
    let bbs = Bbs::with_tls();
    let events = bbs.begin(&["task-events"]);
    bbs.until_followed_by(1);
    populate(&bbs);
    let index = fixture("index.txt");
    for (name, rest) in index.lines().map(|line| line.split_once(" rc=").unwrap()) {
        let (status, command) = rest.split_once(" :: cfdot ").unwrap();
        let ran = ran(&bbs, &command.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.status, Some(status.parse().unwrap()), "{name}: {}", ran.err);
        check(name, &ran);
    }
    for guid in ["everything-1", "small-1", "again-1"] {
        done(&bbs, &["cancel-task", guid]);
        done(&bbs, &["delete-task", guid]);
    }
    bbs.sim.end_streams();
    let events = events.ends();
    assert_eq!((events.status, events.err.as_str()), (Some(0), ""));
    let recorded = fixture("task-events.out");
    assert_eq!(events.out.lines().count(), recorded.lines().count());
    for (ours, recorded) in events.out.lines().zip(recorded.lines()) {
        assert_eq!(timeless(ours), timeless(recorded));
    }
}
