//! `record`: what is in the file, how the command ends, and what happens when it cannot write or is killed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::Signal;
use taskdeck::model::recording::{Entry, Recorded};
use taskdeck::model::{Evidence, State};
use taskdeck::record::{Position, Recording, Run};

use crate::run::{Bbs, Running, TASKDECK};

struct File {
    home: tempfile::TempDir,
}

impl File {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.home.path().join("here.db")
    }

    /// Starts a recording to it, and waits until it has begun.
    fn record(&self, bbs: &Bbs, more: &[&str]) -> Running {
        let path = self.path();
        let mut record = bbs.begin(&[&["record", "--file", path.to_str().unwrap()], more].concat());
        record.wait_for_line(" entries recorded, ");
        record
    }

    /// Returns the runs with their entries.
    fn read(&self) -> Vec<(Run, Vec<Entry>)> {
        let recording = Recording::open(&self.path()).unwrap();
        let entries = |run: &Run| recording.entries(run.id, Position::START).read(100_000).unwrap();
        recording.runs().unwrap().into_iter().map(|run| (run.clone(), entries(&run))).collect()
    }

    /// Returns the guids of the tasks that were seen first, in order.
    fn tasks(&self, run: usize) -> Vec<String> {
        self.read().get(run).map(|(_, entries)| first_seen(entries)).unwrap_or_default()
    }

    fn is_whole(&self) -> bool {
        let db = rusqlite::Connection::open(self.path()).unwrap();
        db.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap() == "ok"
    }
}

fn first_seen(entries: &[Entry]) -> Vec<String> {
    let seen = entries.iter().filter_map(|entry| match &entry.what {
        Recorded::Task(change) if change.before.is_none() => Some(change.task.guid.to_string()),
        _ => None,
    });
    seen.collect()
}

#[test]
fn tasks_are_recorded_until_a_signal_arrives() {
    let (bbs, file) = (Bbs::start(), File::new());
    bbs.started("early", "cf-tasks");
    let record = file.record(&bbs, &[]);
    bbs.completed("late", "cf-tasks");
    bbs.until("the task in the file", || file.tasks(0).len() == 2);
    record.signal(Signal::TERM);
    let ran = record.finish();
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert!(ran.out.contains(" live, 2 tasks, 4 entries recorded, "), "{}", ran.out);
    let [(run, entries)] = &file.read()[..] else { panic!("one run") };
    assert_eq!((run.program.as_str(), run.target.as_str()), ("record", &*bbs.sim.url()));
    assert!(run.ended.is_some());
    let states: Vec<_> = entries
        .iter()
        .filter_map(|entry| match &entry.what {
            Recorded::Task(change) => Some((change.evidence, change.task.state)),
            _ => None,
        })
        .collect();
    let event = |state| (Evidence::Event, state);
    assert_eq!(states[0], (Evidence::List, State::Running));
    assert_eq!(states[1..], [State::Pending, State::Running, State::Completed].map(event));
    let mode = fs::metadata(file.path()).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let files: Vec<_> =
        fs::read_dir(file.home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["here.db"], "everything is moved into the file at the end");
}

#[test]
fn it_ends_by_itself_after_its_time() {
    let (bbs, file) = (Bbs::start(), File::new());
    let path = file.path();
    let ran = bbs.run(&["record", "--file", path.to_str().unwrap(), "--for", "1s"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert!(file.read()[0].0.ended.is_some());
}

/// What is in the file is a prefix of what happened, and whole.
#[test]
fn a_recording_that_is_killed_keeps_what_it_has_written() {
    let (bbs, file) = (Bbs::start(), File::new());
    let record = file.record(&bbs, &[]);
    let told = std::cell::Cell::new(0);
    let seen = || {
        told.set(told.get() + 1);
        bbs.desire(&format!("task-{:04}", told.get()), "cf-tasks");
        file.tasks(0)
    };
    bbs.until("tasks in the file", || seen().len() > 50);
    let before = file.tasks(0);
    record.signal(Signal::KILL);
    assert_eq!(record.finish().status, None);
    assert!(file.is_whole());
    let kept = file.tasks(0);
    assert!(kept.len() >= before.len() && kept.len() <= told.get());
    let all: Vec<_> = (1..=kept.len()).map(|task| format!("task-{task:04}")).collect();
    assert_eq!(kept, all, "nothing is missing in between");
    assert_eq!(file.read()[0].0.ended, None, "nobody has ended the run");
    // The next one goes on in the same file.
    let record = file.record(&bbs, &[]);
    record.signal(Signal::TERM);
    assert_eq!(record.finish().status, Some(0));
    assert_eq!(file.tasks(1).len(), told.get());
}

#[test]
fn two_recordings_write_to_one_file_at_once() {
    let (bbs, file) = (Bbs::start(), File::new());
    let recordings = [file.record(&bbs, &[]), file.record(&bbs, &[])];
    for task in 0..300 {
        bbs.completed(&format!("task-{task:03}"), "cf-tasks");
    }
    bbs.until("every task in the file", || [0, 1].iter().all(|run| file.tasks(*run).len() == 300));
    for record in recordings {
        record.signal(Signal::INT);
        let ran = record.finish();
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    }
    assert!(file.is_whole());
    for (run, entries) in file.read() {
        assert_eq!(entries.len(), 900, "{run:?}");
    }
}

#[test]
fn a_server_that_fails_over_leaves_a_gap() {
    let (bbs, file) = (Bbs::start(), File::new());
    bbs.desire("before", "cf-tasks");
    let mut record = file.record(&bbs, &[]);
    bbs.sim.faults().refuse_connections(true);
    record.wait_for_error("The event stream broke");
    bbs.desire("meanwhile", "cf-tasks");
    bbs.sim.faults().refuse_connections(false);
    let is_closed = |entry: &Entry| matches!(&entry.what, Recorded::Gap(gap) if gap.closed);
    bbs.until("the end of the gap", || file.read()[0].1.iter().any(is_closed));
    bbs.desire("after", "cf-tasks");
    bbs.until("the task after it", || file.tasks(0).len() == 3);
    record.signal(Signal::TERM);
    assert_eq!(record.finish().status, Some(0));
    let entries = file.read().remove(0).1;
    assert_eq!(first_seen(&entries), ["before", "meanwhile", "after"]);
    let opened = entries.iter().position(|entry| matches!(&entry.what, Recorded::Gap(gap) if !gap.closed));
    let closed = entries.iter().position(is_closed);
    let found = entries.iter().position(|entry| match &entry.what {
        Recorded::Task(change) => change.evidence == Evidence::Reconciled,
        _ => false,
    });
    assert!(opened < found && found < closed, "{opened:?} {found:?} {closed:?}");
}

/// Returns a directory in which nothing can be created, also not by root.
fn read_only_directory(home: &Path) -> PathBuf {
    let directory = home.join("read-only");
    fs::create_dir(&directory).unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o500)).unwrap();
    match fs::create_dir(directory.join("probe")) {
        Ok(()) => PathBuf::from("/sys"),
        Err(_) => directory,
    }
}

#[test]
fn a_file_that_cannot_be_written_to_is_said_at_once() {
    let (bbs, file) = (Bbs::start(), File::new());
    let directory = read_only_directory(file.home.path());
    let newer = file.home.path().join("newer.db");
    drop(Recording::create(&newer).unwrap());
    rusqlite::Connection::open(&newer).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let notes = file.home.path().join("notes.txt");
    fs::write(&notes, "notes ".repeat(100)).unwrap();
    for (path, why) in [
        (directory.join("recording.db"), "no permission to write to it"),
        (newer, "a newer taskdeck wrote it (schema 99, and this one knows up to 1)"),
        (notes.clone(), "it is not a recording"),
    ] {
        let ran = bbs.run(&["record", "--file", path.to_str().unwrap()]);
        let message = format!("taskdeck: could not open the recording {}: {why}\n", path.display());
        assert_eq!((ran.status, ran.out.as_str(), ran.err), (Some(5), "", message));
    }
    assert_eq!(fs::read_to_string(notes).unwrap(), "notes ".repeat(100));
}

/// A limit of the file's size stops writes as a full disk does.
#[test]
fn a_disk_that_fills_up_is_said_and_does_not_end_the_recording() {
    let (bbs, file) = (Bbs::start(), File::new());
    bbs.desire("before", "cf-tasks");
    // The signal that comes with the limit is ignored, so that the write fails.
    let script =
        format!("trap '' XFSZ; ulimit -f 400; exec {} record --file {}", TASKDECK, file.path().display());
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &script]).env_clear().env("HOME", "/nonexistent");
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut record = Running::start(bbs.with_bbs(shell));
    record.wait_for_line(" entries recorded, ");
    for task in 0..3_000 {
        bbs.desire(&format!("{task:04}-{}", "x".repeat(200)), "cf-tasks");
    }
    record.wait_for_error("Cannot record to ");
    record.signal(Signal::TERM);
    let ran = record.finish();
    assert!(ran.out.contains(" live, ") && ran.out.contains("NOT RECORDING"), "{}", ran.out);
    assert_eq!(ran.status, Some(5));
    assert!(ran.err.ends_with("taskdeck: the last changes could not be recorded\n"), "{}", ran.err);
    assert!(file.is_whole());
    assert!(file.tasks(0).contains(&"before".to_owned()));
}
