//! Property: whatever is appended is read back, from any place on and in parts of any size.

use proptest::prelude::*;

use super::*;
use crate::model::lifecycle::Step;
use crate::model::plan::{Outcome, Reply};
use crate::model::recording::{
    ActionEntry, Entry, GapEntry, Intent, Limits, Progress, Recorded, TaskEntry, WriteCall, recorded,
};
use crate::model::{
    End, Entity, Evidence, Owner, Ownership, RawDefinition, RequestId, State, Task, TaskAction, TaskText,
};

const TEXTS: [&str; 4] = ["", "no room", "boom \u{1b}[2J 日本", "it's \"quoted\"; DROP TABLE lives"];
const EVIDENCE: [Evidence; 6] = [
    Evidence::Event,
    Evidence::LateEvent,
    Evidence::List,
    Evidence::Reconciled,
    Evidence::LookUp,
    Evidence::OurAction,
];

/// A step of a random history: small numbers that choose among what is possible.
#[derive(Debug, Clone)]
pub(super) enum Draw {
    Change { task: u8, version: [u8; 6], before: Option<[u8; 6]>, evidence: u8, end: Option<u8> },
    Gap(bool, u8),
    Action(u8, u8),
}

pub(super) fn draw() -> impl Strategy<Value = (u16, Draw)> {
    let version = || any::<[u8; 6]>();
    let change =
        (0..6_u8, version(), prop::option::of(version()), any::<u8>(), prop::option::of(any::<u8>()));
    let draw = prop_oneof![
        8 => change.prop_map(|(task, version, before, evidence, end)| {
            Draw::Change { task, version, before, evidence, end }
        }),
        1 => any::<(bool, u8)>().prop_map(|(closed, why)| Draw::Gap(closed, why)),
        1 => any::<(u8, u8)>().prop_map(|(task, kind)| Draw::Action(task, kind)),
    ];
    // Many entries share their millisecond.
    (prop_oneof![Just(0_u16), 0..2_000_u16], draw)
}

fn pick<T: Copy>(from: &[T], number: u8) -> T {
    from[usize::from(number) % from.len()]
}

fn text(number: u8) -> TaskText {
    pick(&TEXTS, number).into()
}

/// Returns a task of the life that `task` is in after it has ended `ends` times.
fn blank(task: u8, ends: u32) -> Task {
    let guid = match task {
        0 => "not a uuid".to_owned(),
        _ => format!("00112233-4455-6677-8899-{task:012x}"),
    };
    let name = |kind: &str| Entity { guid: format!("{kind}-{task}"), name: kind.to_owned() };
    let owner = Ownership { app: name("app"), space: name("space"), org: Entity::default() };
    let definition = RawDefinition::new(b"secret").with_callback(task.is_multiple_of(2));
    recorded(&Task {
        created_at: Timestamp::from_nanos(1_600_000_000_123_456_789 + i64::from(ends)),
        owner: if task == 1 { Owner::default() } else { Owner::new(owner) },
        definition,
        ..Task::blank(guid.into(), pick(&["cf-tasks", "cf-app-staging"], task).into(), State::Pending)
    })
}

fn version(blank: &Task, [state, cell, time, reason, result, rejections]: [u8; 6]) -> Task {
    let time = |offset: u8| Timestamp::from_nanos(1_600_000_001_000_000_001 + i64::from(time / offset));
    Task {
        state: State::from_number(i32::from(state % 7)),
        cell: (!cell.is_multiple_of(3)).then(|| pick(&["cell-1", "cell-2"], cell).into()),
        updated_at: time(1),
        first_completed_at: if state.is_multiple_of(2) { time(2) } else { Timestamp::UNSET },
        failed: reason.is_multiple_of(2),
        failure_reason: text(reason),
        result: text(result),
        rejection_count: i32::from(rejections),
        rejection_reason: text(rejections),
        ..blank.clone()
    }
}

fn action(kind: u8) -> (Intent, Progress) {
    let intents = TaskAction::ALL.map(Intent::Act);
    let calls = [Step::Cancel, Step::Resolving, Step::Delete].map(WriteCall::Step);
    let (intent, call) = match kind % 4 {
        3 => (Intent::Desire, WriteCall::Desire),
        other => (pick(&intents, other), pick(&calls, other)),
    };
    let message = text(kind / 8);
    let progress = match (kind / 4) % 4 {
        0 => Progress::Confirmed { tasks: u32::from(kind) },
        1 => Progress::Sent { call, request: RequestId(u128::MAX - u128::from(kind)) },
        2 => {
            let reply = pick(&[Reply::Acknowledged, Reply::Refused, Reply::Missing], kind);
            Progress::Answered { call, reply, message }
        }
        _ => {
            let outcome = pick(&[Outcome::Done, Outcome::NotDone, Outcome::Unknown], kind);
            Progress::Ended { outcome, found: message }
        }
    };
    (intent, progress)
}

/// Makes a history of it: a change names the version before, except the first one of a life.
pub(super) fn history(draws: Vec<(u16, Draw)>) -> Vec<Entry> {
    let (mut millis, mut ends, mut seen) = (0, [0_u32; 6], [const { None::<Task> }; 6]);
    let mut entries = Vec::new();
    for (later, draw) in draws {
        millis += i64::from(later);
        let what = match draw {
            Draw::Gap(closed, why) => {
                Recorded::Gap(GapEntry { start: at(millis - 7), closed, why: text(why) })
            }
            Draw::Action(task, kind) => {
                let (intent, progress) = action(kind);
                Recorded::Action(ActionEntry { guid: blank(task % 6, 0).guid, intent, progress })
            }
            Draw::Change { task, version: numbers, before, evidence, end } => {
                let nth = usize::from(task);
                let blank = blank(task, ends[nth]);
                let task = version(&blank, numbers);
                let before = before.map(|numbers| version(&blank, numbers)).or_else(|| seen[nth].take());
                let end = end.filter(|end| end.is_multiple_of(4)).map(|end| pick(&End::ALL, end));
                seen[nth] = Some(task.clone());
                // The next change is told of an ended task, or of another life.
                if evidence.is_multiple_of(2) && end.is_some() {
                    ends[nth] += 1;
                    seen[nth] = None;
                }
                let limits = (nth > 2).then_some(Limits { memory_mb: 64 << nth, disk_mb: 0 });
                let evidence = pick(&EVIDENCE, evidence);
                Recorded::Task(Box::new(TaskEntry { evidence, before, task, limits, end }))
            }
        };
        entries.push(Entry { at: at(millis), what });
    }
    entries
}

/// Equality of definitions says nothing about the callback.
fn callbacks(entries: &[Entry]) -> Vec<Option<bool>> {
    let callback = |entry: &Entry| match &entry.what {
        Recorded::Task(change) => Some(change.task.definition.names_callback()),
        Recorded::Gap(_) | Recorded::Action(_) => None,
    };
    entries.iter().map(callback).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn what_is_appended_is_read_back(
        draws in prop::collection::vec(draw(), 1..60),
        batch in 1..20_usize,
        part in 1..20_usize,
        from in any::<prop::sample::Index>(),
    ) {
        let entries = history(draws);
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("recording.db");
        // Two programs write the same things to one file, in turns.
        let (mut one, mut other) = (appender(&path), appender(&path));
        let (run, second) = (one.recording().begin_run(&info("prod")), other.recording().begin_run(&info("prod")));
        let (run, second) = (run.unwrap(), second.unwrap());
        for batch in entries.chunks(batch) {
            one.append(run, batch).unwrap();
            other.append(second, batch).unwrap();
        }
        for run in [run, second] {
            let all = read_all(&path, run, Position::START, part);
            prop_assert_eq!(&all, &entries);
            prop_assert_eq!(callbacks(&all), callbacks(&entries));
            let time = from.get(&entries).at;
            let later: Vec<_> = entries.iter().filter(|entry| entry.at >= time).cloned().collect();
            prop_assert_eq!(read_all(&path, run, Position::at(time), part), later);
        }
    }
}

#[test]
fn readable_views_have_every_entry() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recording.db");
    let mut appender = appender(&path);
    let run = appender.recording().begin_run(&info("prod")).unwrap();
    let task = version(&blank(3, 0), [3, 1, 5, 2, 1, 0]);
    let change =
        TaskEntry { evidence: Evidence::Event, before: None, task, limits: None, end: Some(End::Expired) };
    appender.append(run, &[Entry { at: at(0), what: Recorded::Task(Box::new(change)) }]).unwrap();
    let db = &appender.recording().db;
    let row: (String, String, String, String, String) = db
        .query_row("SELECT guid, state, cell, ended_at, cause FROM failures", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
        .unwrap();
    let expected = (
        "00112233-4455-6677-8899-000000000003",
        "Completed",
        "cell-2",
        "2023-11-14T22:13:20.000Z",
        "expired",
    );
    let (guid, state, cell, ended, cause) = &row;
    assert_eq!((&**guid, &**state, &**cell, &**ended, &**cause), expected);
    for view in ["tasks", "task_changes", "gaps", "actions"] {
        let count: i64 = db.query_row(&format!("SELECT count(*) FROM {view}"), [], |row| row.get(0)).unwrap();
        assert_eq!(count, i64::from(view.starts_with("task")), "{view}");
    }
}
