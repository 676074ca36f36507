//! Tests of the writer's turns: what is written, and what is said of a file that does not work.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Mutex;

use rusqlite::Connection;

use super::*;
use crate::model::recording::{Recorded, TaskEntry, recorded};
use crate::model::{End, Evidence, State, Task};
use crate::record::{Position, Recording};

const SESSION: SessionKey = SessionKey(7);
const START: Timestamp = Timestamp::from_nanos(1_700_000_000_000_000_000);

fn options(path: &Path) -> WriterOptions {
    WriterOptions {
        path: path.to_owned(),
        replace_foreign: true,
        retention: Retention { max_bytes: 1 << 30, max_age: Duration::from_secs(3_600) },
        program: Program::Record,
        user: "vcap".to_owned(),
        host: "jumpbox".to_owned(),
        interval: WriterOptions::INTERVAL,
    }
}

/// A writer whose turns the test takes.
struct Turns {
    file: FileWriter,
    news: Arc<Mutex<Vec<RecorderNews>>>,
    shared: Arc<Shared>,
    now: Timestamp,
    wall: Arc<Mutex<Timestamp>>,
}

impl Turns {
    fn new(options: WriterOptions) -> Self {
        let (shared, news, wall) =
            (Arc::default(), Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(START)));
        let (heard, clock) = (Arc::clone(&news), Arc::clone(&wall));
        let file = FileWriter::new(
            options,
            Arc::clone(&shared),
            Box::new(move || *clock.lock().unwrap()),
            Box::new(move |news| heard.lock().unwrap().push(news)),
        );
        Self { file, news, shared, now: START, wall }
    }

    fn turn(&mut self, requests: Vec<Request>) {
        for request in &requests {
            if let Request::Record { entries, .. } = request {
                self.shared.waiting.fetch_add(entries.len(), Ordering::Relaxed);
            }
        }
        self.file.take(requests.into_iter());
    }

    fn begin(&mut self) {
        self.turn(vec![Request::Begin { session: SESSION, target: "prod".to_owned(), at: self.now }]);
    }

    /// Records the first sight of tasks with these numbers, a second after what was recorded before.
    fn record(&mut self, tasks: std::ops::Range<u32>) {
        self.now = self.now.plus(Duration::from_secs(1));
        *self.wall.lock().unwrap() = self.now;
        let entries = tasks.map(|task| sight(task, self.now, None)).collect();
        self.turn(vec![Request::Record { session: SESSION, entries }]);
    }

    fn news(&self) -> Vec<RecorderNews> {
        std::mem::take(&mut *self.news.lock().unwrap())
    }
}

fn sight(number: u32, at: Timestamp, end: Option<End>) -> Entry {
    let task = Task {
        created_at: START,
        result: "0123456789".repeat(40).into(),
        ..Task::blank(format!("task-{number}").into(), "cf-tasks".into(), State::Completed)
    };
    let change =
        TaskEntry { evidence: Evidence::Event, before: None, task: recorded(&task), limits: None, end };
    Entry { at, what: Recorded::Task(Box::new(change)) }
}

/// Returns how many entries each run of a file has.
fn entries(path: &Path) -> Vec<usize> {
    let recording = Recording::open(path).unwrap();
    let count = |run| recording.entries(run, Position::START).read(usize::MAX >> 1).unwrap().len();
    recording.runs().unwrap().into_iter().map(|run| count(run.id)).collect()
}

fn fails(news: &[RecorderNews]) -> Option<&str> {
    match news {
        [RecorderNews::Fails { why, .. }] => Some(why),
        _ => None,
    }
}

#[test]
fn a_file_and_its_directory_are_private() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("state/taskdeck/recording.db");
    let mut turns = Turns::new(options(&path));
    turns.begin();
    turns.record(0..10);
    assert_eq!((entries(&path), turns.news()), (vec![10], vec![RecorderNews::Works]));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(path.parent().unwrap()), mode(&path)), (0o700, 0o600));
    assert_eq!(mode(&path.with_extension("db-wal")), 0o600);
    turns.file.finish();
    let run = Recording::open(&path).unwrap().runs().unwrap().remove(0);
    assert_eq!((run.target.as_str(), run.program.as_str(), run.user.as_str()), ("prod", "record", "vcap"));
    assert_eq!((run.started, run.ended), (START, Some(turns.now)));
}

#[test]
fn a_full_disk_is_said_once_and_recording_begins_again_when_there_is_room() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recording.db");
    let mut turns = Turns::new(options(&path));
    turns.begin();
    turns.record(0..10);
    turns.file.limit_pages(60);
    turns.record(10..5_000);
    let news = turns.news();
    assert_eq!(fails(&news[1..]), Some("the disk is full"), "{news:?}");
    assert_eq!(turns.shared.waiting.load(Ordering::Relaxed), 0);
    assert_eq!(turns.shared.dropped.load(Ordering::Relaxed), 4_990);
    assert_eq!(entries(&path), [10], "a transaction is written as a whole or not at all");
    // Nothing is written until it is time to try again.
    for task in 0..20 {
        turns.record(task..task + 1);
    }
    assert_eq!((entries(&path), turns.news()), (vec![10], vec![]));
    turns.record(0..5);
    assert_eq!(turns.news(), [RecorderNews::BeginAgain]);
    turns.begin();
    turns.record(0..50);
    assert_eq!((entries(&path), turns.news()), (vec![10, 50], vec![RecorderNews::Works]));
    assert_eq!(turns.shared.waiting.load(Ordering::Relaxed), 0);
}

#[test]
fn a_directory_that_cannot_be_written_to_is_said_once() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("taken"), "a file where the directory should be").unwrap();
    let mut turns = Turns::new(options(&home.path().join("taken/recording.db")));
    turns.begin();
    let news = turns.news();
    assert!(fails(&news).is_some(), "{news:?}");
    for _ in 0..200 {
        turns.record(0..1);
    }
    assert_eq!(turns.news(), [], "it is tried again, and nothing new is said");
    fs::remove_file(home.path().join("taken")).unwrap();
    for _ in 0..200 {
        turns.record(0..1);
    }
    assert_eq!(turns.news(), [RecorderNews::BeginAgain, RecorderNews::Works]);
}

#[test]
fn a_damaged_file_is_renamed_and_a_new_one_begun() {
    // Damaged where it is read first, and where it is only read when something is written.
    for (from, loses_entries) in [(8_192, false), (100_000, true)] {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("of-any-name.db");
        let options = WriterOptions { replace_foreign: false, ..options(&path) };
        let mut turns = Turns::new(options.clone());
        turns.begin();
        turns.record(0..3_000);
        turns.file.finish();
        drop(turns);
        let mut bytes = fs::read(&path).unwrap();
        bytes[from..].fill(0xa5);
        fs::write(&path, &bytes).unwrap();
        let mut turns = Turns::new(options);
        turns.begin();
        turns.record(0..10);
        turns.record(10..20);
        let news = turns.news();
        let news: Vec<_> = news.iter().skip_while(|news| **news == RecorderNews::Works).collect();
        let [RecorderNews::SetAside { aside, .. }, next] = &news[..] else { panic!("{from}: {news:?}") };
        assert_eq!(fs::read(aside).unwrap().len(), bytes.len());
        let expected = if loses_entries { RecorderNews::BeginAgain } else { RecorderNews::Works };
        assert_eq!(**next, expected, "{from}");
        turns.begin();
        turns.record(0..10);
        assert_eq!(entries(&path).last(), Some(&10));
    }
}

#[test]
fn another_file_is_replaced_only_under_our_own_name() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("notes.txt");
    let text =
        "notes of the operator, long enough for a header of SQLite, which has a hundred bytes. ".repeat(8);
    fs::write(&path, &text).unwrap();
    let mut turns = Turns::new(WriterOptions { replace_foreign: false, ..options(&path) });
    turns.begin();
    let news = turns.news();
    assert_eq!(fails(&news), Some("it is not a recording"));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let mut turns = Turns::new(options(&path));
    turns.begin();
    turns.record(0..1);
    assert!(matches!(turns.news()[..], [RecorderNews::SetAside { .. }, RecorderNews::Works]));
    assert_eq!(entries(&path), [1]);
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recording.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE mine (id INTEGER)").unwrap();
    let before = fs::read(&path).unwrap();
    let mut turns = Turns::new(options(&path));
    turns.begin();
    assert_eq!(fails(&turns.news()), Some("it is a database of another program"));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_newer_schema_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recording.db");
    Recording::create(&path).unwrap().db.pragma_update(None, "user_version", 99).unwrap();
    let mut turns = Turns::new(options(&path));
    turns.begin();
    let news = turns.news();
    assert!(fails(&news).unwrap().starts_with("a newer taskdeck wrote it (schema 99"), "{news:?}");
    assert_eq!(Recording::open(&path).unwrap_err().to_string(), fails(&news).unwrap());
}

#[test]
fn what_comes_while_another_program_has_locked_the_file_is_written_later() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recording.db");
    let mut turns = Turns::new(options(&path));
    turns.begin();
    turns.file.give_up_soon();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    turns.record(0..3);
    turns.record(3..5);
    let waits = RecorderNews::Waits { path: path.display().to_string() };
    assert_eq!(turns.news(), [RecorderNews::Works, waits]);
    assert_eq!(turns.shared.waiting.load(Ordering::Relaxed), 5);
    other.execute_batch("COMMIT").unwrap();
    turns.record(5..6);
    assert_eq!((entries(&path), turns.news()), (vec![6], vec![RecorderNews::Works]));
}

#[test]
fn a_file_that_is_moved_away_is_left_and_a_new_one_begun() {
    let home = tempfile::tempdir().unwrap();
    let (path, moved) = (home.path().join("recording.db"), home.path().join("ticket.db"));
    let mut turns = Turns::new(options(&path));
    turns.begin();
    turns.record(0..3);
    fs::rename(&path, &moved).unwrap();
    turns.record(3..5);
    assert_eq!(turns.news(), [RecorderNews::Works, RecorderNews::BeginAgain]);
    turns.begin();
    turns.record(0..4);
    assert_eq!(entries(&path), [4]);
}

#[test]
fn what_exceeds_the_queue_is_a_gap_at_the_end_of_its_run() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recording.db");
    let mut turns = Turns::new(options(&path));
    // A writer whose thread does nothing yet: its requests are taken by hand.
    let ((requests, incoming), (wake, _woken)) = (channel(), channel());
    let shared = Arc::clone(&turns.shared);
    let mut writer = Writer { requests, wake, shared, lost: None, most_waiting: 10 };
    writer.begin(SESSION, "prod", START);
    for first in [0, 4, 8, 12] {
        writer.record(SESSION, (first..first + 4).map(|task| sight(task, START, None)).collect());
    }
    turns.file.take(incoming.try_iter());
    assert_eq!((entries(&path), turns.news()), (vec![8], vec![RecorderNews::Works]));
    // The next entries come after the loss.
    writer.record(SESSION, vec![sight(16, START, None)]);
    turns.file.take(incoming.try_iter());
    assert_eq!(turns.news(), [RecorderNews::Lost(8), RecorderNews::BeginAgain, RecorderNews::Works]);
    let recording = Recording::open(&path).unwrap();
    let run = recording.runs().unwrap().remove(0);
    let last = recording.entries(run.id, Position::START).read(100).unwrap().pop().unwrap();
    let Recorded::Gap(gap) = last.what else { panic!("{last:?}") };
    assert_eq!(&*gap.why, "the recorder could not keep up: 8 changes lost");
    assert!(run.ended.is_some());
}

#[test]
fn the_oldest_tasks_go_when_the_file_is_too_large_or_they_are_too_old() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recording.db");
    let retention = Retention { max_bytes: 700_000, max_age: Duration::from_secs(60) };
    let mut turns = Turns::new(WriterOptions { retention, ..options(&path) });
    turns.begin();
    for first in (0..6_000).step_by(500) {
        turns.now = turns.now.plus(Duration::from_secs(1));
        *turns.wall.lock().unwrap() = turns.now;
        let ended = |task| sight(task, turns.now, Some(End::Expired));
        let entries = (first..first + 500).map(ended).collect();
        turns.turn(vec![Request::Record { session: SESSION, entries }]);
    }
    // One that goes on is kept, however old it is.
    turns.record(9_000..9_001);
    let bytes = || Recording::open(&path).unwrap().bytes().unwrap();
    assert!(bytes() > 900_000, "{}", bytes());
    (0..200).for_each(|_| turns.turn(Vec::new()));
    let kept = entries(&path)[0];
    assert!((1_000..5_000).contains(&kept), "{kept}");
    assert!(bytes() <= 700_000, "{}", bytes());
    let oldest: String = {
        let db = Recording::open(&path).unwrap().db;
        db.query_row("SELECT guid FROM tasks ORDER BY life LIMIT 1", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(oldest, format!("task-{}", 6_001 - kept), "the oldest ones went first");
    *turns.wall.lock().unwrap() = turns.now.plus(Duration::from_secs(120));
    (0..700).for_each(|_| turns.turn(Vec::new()));
    assert_eq!(entries(&path), [1]);
    let texts = |db: &Connection| db.query_row("SELECT count(*) FROM texts", [], |row| row.get::<_, i64>(0));
    assert!(texts(&Recording::open(&path).unwrap().db).unwrap() > 0, "what is used stays");
}

#[test]
fn the_thread_writes_by_itself_and_at_the_end() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recording.db");
    let (heard, news) = channel();
    let clock = Box::new(|| START);
    let mut writer =
        Writer::start(options(&path), clock, Box::new(move |news| heard.send(news).unwrap())).unwrap();
    writer.begin(SESSION, "prod", START);
    writer.record(SESSION, vec![sight(1, START, None)]);
    assert_eq!(news.recv_timeout(Duration::from_secs(30)), Ok(RecorderNews::Works));
    assert!(writer.flush(Duration::from_secs(30)));
    assert_eq!(entries(&path), [1]);
    writer.record(SESSION, vec![sight(2, START, None)]);
    let status = writer.finish(Duration::from_secs(30)).unwrap();
    assert_eq!((status.written, entries(&path)), (2, vec![2]));
    assert_eq!(Recording::open(&path).unwrap().runs().unwrap()[0].ended, Some(START));
}
