//! A damaged recording: reading it ends, with entries or with a fault.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use rusqlite::Connection;
use taskdeck::filter::Filter;
use taskdeck::model::lifecycle::Step;
use taskdeck::model::plan::Reply;
use taskdeck::model::recording::{
    ActionEntry, Entry, GapEntry, Intent, Progress, Recorded, TaskEntry, WriteCall,
};
use taskdeck::model::{CellId, End, Evidence, RequestId, State, Task, TaskAction, TaskGuid, Timestamp};
use taskdeck::record::query::LifeQuery;
use taskdeck::record::{Appender, Program, RecordFault, Recording, Result, Run, RunInfo};

/// The tables and columns that the second form of an input changes.
const COLUMNS: [(&str, &[&str]); 7] = [
    ("runs", &["id", "target", "pid", "started", "seen", "ended"]),
    (
        "lives",
        &[
            "id",
            "run",
            "guid",
            "created_at",
            "domain",
            "owner",
            "callback",
            "memory_mb",
            "first",
            "last",
            "started_at",
            "last_cell",
            "failed",
            "ended",
            "end",
            "cause",
        ],
    ),
    (
        "changes",
        &[
            "id",
            "life",
            "source",
            "state",
            "cell",
            "updated_at",
            "first_completed_at",
            "failed",
            "failure_reason",
            "result",
            "rejection_count",
            "end",
        ],
    ),
    ("gap_entries", &["id", "run", "start", "closed", "why"]),
    (
        "action_entries",
        &["id", "run", "guid", "intent", "stage", "tasks", "call", "request", "reply", "outcome", "message"],
    ),
    ("texts", &["id", "hash", "used", "text"]),
    ("owners", &["id", "hash", "app_guid", "app"]),
];

/// A small recording, byte for byte.
static SOUND: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recording.db");
    write(&path).unwrap();
    fs::read(path).unwrap()
});

/// Takes places and bytes that are put there, or, after an odd first byte, values that are put into columns.
pub fn check(input: &[u8]) {
    let Some((form, damage)) = input.split_first() else { return };
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recording.db");
    if form % 2 == 0 {
        fs::write(&path, damaged(damage)).unwrap();
    } else {
        fs::write(&path, &*SOUND).unwrap();
        change_values(&path, damage);
    }
    let _ = read_all(&path);
}

/// Replaces bytes of the file: two bytes of a place, and the byte there. A place behind the end cuts the file there, modulo its
/// length.
fn damaged(damage: &[u8]) -> Vec<u8> {
    let mut bytes = SOUND.clone();
    for change in damage.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]]));
        // The header of the file, and then its pages by turns.
        let at = at.wrapping_mul(if at < 100 { 1 } else { 7 });
        match bytes.len() {
            0 => break,
            length if at >= length => bytes.truncate(at % length),
            _ => bytes[at] = change[2],
        }
    }
    bytes
}

/// Changes values as a program could that has the file open: three bytes of a table, a column and a row, and eight of a value.
fn change_values(path: &Path, damage: &[u8]) {
    let db = Connection::open(path).unwrap();
    for change in damage.chunks_exact(11) {
        let (table, columns) = COLUMNS[usize::from(change[0]) % COLUMNS.len()];
        let column = columns[usize::from(change[1]) % columns.len()];
        let value = i64::from_le_bytes(change[3..].try_into().unwrap());
        let row = change[2] % 4;
        let sql = format!(
            "UPDATE {table} SET {column} = ?1 WHERE rowid = (SELECT rowid FROM {table} LIMIT 1 OFFSET {row})"
        );
        // Two rows cannot have one id.
        let _ = match change[2] / 4 % 4 {
            0 => db.execute(&sql, [value]),
            1 => db.execute(&sql, [format!("{value:x}")]),
            2 => db.execute(&sql, [&change[3..]]),
            _ => db.execute(&sql, [rusqlite::types::Null]),
        };
    }
}

/// Reads everything that commands and the replay read.
fn read_all(path: &Path) -> Result<()> {
    let recording = Recording::open(path)?;
    let runs = recording.runs()?;
    for run in runs.iter().take(4) {
        // A fault of one question must not hide another's.
        let _ = play(&recording, run);
    }
    let filter = Filter::parse("!state:pending").unwrap();
    let query = LifeQuery { filter: &filter, target: None, since: None, until: None, now: at(60_000) };
    let _ = recording.for_each_life(&query, |_| Ok::<_, RecordFault>(()));
    let _ = recording.courses(&TaskGuid::from("task-1"), None).map(|courses| courses.len());
    Ok(())
}

fn play(recording: &Recording, run: &Run) -> Result<()> {
    let stretch = recording.stretch(run);
    let mut player = recording.play(run.id);
    for from in [Timestamp::UNSET, at(2_500), run.started, run.seen] {
        player.seek(from)?;
        // Each part has an entry, and no more entries can come than rows.
        let parts = (0..1_000).take_while(|_| player.read(3).is_ok_and(|entries| !entries.is_empty()));
        assert!(parts.count() < 1_000, "reading does not end");
    }
    stretch.map(drop)
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_nanos((1_780_315_200_000 + millis) * 1_000_000)
}

/// Records two tasks, a gap and an action.
fn write(path: &Path) -> Result<()> {
    let mut appender = Appender::new(Recording::create(path)?);
    let run = appender.recording().begin_run(&RunInfo {
        target: "prod".to_owned(),
        program: Program::Record,
        user: "vcap".to_owned(),
        host: "jumpbox".to_owned(),
        pid: 4_711,
        started: at(0),
    })?;
    let seen = (0..3).map(|nth| change(nth, State::Running, None));
    let left = (0..2).map(|nth| change(nth, State::Completed, Some(End::Expired)));
    let gap = |closed| Recorded::Gap(GapEntry { start: at(900), closed, why: "the stream broke".into() });
    let action = |progress| {
        let (guid, intent) = (TaskGuid::from("task-1"), Intent::Act(TaskAction::Cancel));
        Recorded::Action(ActionEntry { guid, intent, progress })
    };
    let call = WriteCall::Step(Step::Cancel);
    let request = RequestId(0x8c3e);
    let acted = [
        action(Progress::Confirmed { tasks: 1 }),
        action(Progress::Sent { call, request }),
        action(Progress::Answered { call, reply: Reply::Acknowledged, message: "".into() }),
    ];
    let entries = seen.chain([gap(false), gap(true)]).chain(acted).chain(left).zip(0..);
    let entries: Vec<_> = entries.map(|(what, nth)| Entry { at: at(500 * nth), what }).collect();
    appender.append(run, &entries)?;
    appender.recording().end_run(run, at(9_000))
}

fn change(nth: i64, state: State, end: Option<End>) -> Recorded {
    let task = Task {
        created_at: at(-60_000),
        updated_at: at(nth),
        cell: (state == State::Running).then(|| CellId::from("cell-a")),
        failed: end.is_some(),
        failure_reason: if end.is_some() { "out of memory".into() } else { "".into() },
        ..Task::blank(format!("task-{nth}").into(), "cf-tasks".into(), state)
    };
    Recorded::Task(Box::new(TaskEntry { evidence: Evidence::List, before: None, task, limits: None, end }))
}
