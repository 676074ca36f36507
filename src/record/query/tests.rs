//! Tests of the questions: pushing conditions down to SQL changes no answer, and each uses its index.

use std::path::Path;

use proptest::prelude::*;

use super::plan::Plan;
use super::rows::{LifeRow, Rows, columns};
use super::*;
use crate::model::lifecycle::Step;
use crate::model::plan::{Outcome, Reply};
use crate::model::recording::{
    ActionEntry, Entry, GapEntry, Intent, Progress, Recorded, TaskEntry, WriteCall, recorded,
};
use crate::model::{
    End, Entity, Evidence, Happening, Owner, Ownership, RequestId, State, TaskAction, TaskGuid,
};
use crate::record::{Appender, Position, Program, RecordFault, Recording, RunId, RunInfo};

fn at(millis: i64) -> Timestamp {
    Timestamp::from_nanos((1_700_000_000_000 + millis) * 1_000_000)
}

fn begin(appender: &Appender, target: &str, started: i64) -> RunId {
    let info = RunInfo {
        target: target.to_owned(),
        program: Program::Record,
        user: "vcap".to_owned(),
        host: "jumpbox".to_owned(),
        pid: 1,
        started: at(started),
    };
    appender.recording().begin_run(&info).unwrap()
}

fn appender(path: &Path) -> Appender {
    Appender::new(Recording::create(path).unwrap())
}

fn pick<T: Clone>(from: &[T], number: u8) -> T {
    from[usize::from(number) % from.len()].clone()
}

fn guid(number: u8) -> TaskGuid {
    match number % 4 {
        0 => "not a uuid".into(),
        number => format!("00112233-4455-6677-8899-{number:012x}").into(),
    }
}

/// Makes a change of small numbers.
fn change(millis: i64, [task, state, place, text, evidence, end]: [u8; 6]) -> Entry {
    let name = |text: &str| Entity { guid: format!("{text}-guid"), name: text.to_owned() };
    let app = pick(&["web", "api"], task);
    let owner = Ownership { app: name(app), space: name("prod"), org: Entity::default() };
    let evidence = [
        Evidence::Event,
        Evidence::LateEvent,
        Evidence::List,
        Evidence::Reconciled,
        Evidence::LookUp,
        Evidence::OurAction,
    ][usize::from(evidence % 6)];
    let texts = ["", "out of memory", "no room"];
    let task = Task {
        cell: pick(&[None, Some("cell-1".into()), Some("cell-2".into())], place),
        created_at: at(-1_000),
        updated_at: at(millis - 5),
        failed: text.is_multiple_of(2),
        failure_reason: pick(&texts, text).into(),
        rejection_count: i32::from(place % 3),
        owner: if task == 0 { Owner::default() } else { Owner::new(owner) },
        ..Task::blank(
            guid(task),
            pick(&["cf-tasks", "batch", ""], task).into(),
            State::from_number(i32::from(state % 6)),
        )
    };
    let end = end.is_multiple_of(3).then(|| pick(&End::ALL, end / 3));
    let change = TaskEntry { evidence, before: None, task: recorded(&task), limits: None, end };
    Entry { at: at(millis), what: Recorded::Task(Box::new(change)) }
}

const TERMS: [&str; 24] = [
    "failed:true",
    "failed:false",
    "!failed:false",
    "ended:true",
    "ended:false",
    "state:running",
    "state:pending|completed",
    "!state:running",
    "state:gone",
    "cause:expired|removed",
    "domain:cf-tasks",
    "domain:batch",
    "domain:nothing",
    "!domain:batch",
    "cell:cell-1",
    "cell:\"\"",
    "lastcell:cell-2",
    "guid:00112233-4455-6677-8899-000000000001",
    "guid:\"not a uuid\"",
    "guid:*2|*3",
    "app:web",
    "reason:memory",
    "rejections:>0",
    "room",
];

/// Reads everything, without a condition and with all duplicates.
fn read_all(recording: &Recording) -> Vec<LifeRow> {
    let query = LifeQuery { filter: &Filter::default(), target: None, since: None, until: None, now: at(0) };
    let runs = recording.runs().unwrap();
    let mut rows = Rows::new(recording, &runs);
    let sql = Plan::new(&query, &[]).sql(&columns());
    let mut select = recording.db.prepare(&sql).unwrap();
    let mut found = select.query([]).unwrap();
    let mut all = Vec::new();
    while let Some(row) = found.next().unwrap() {
        all.push(rows.read(row).unwrap());
    }
    all
}

/// Answers a question the plain way.
fn answer<'a>(all: &'a [LifeRow], query: &LifeQuery<'_>) -> Vec<&'a LifeRow> {
    let is_seen = |row: &&LifeRow| query.until.is_none_or(|until| row.life.first_seen < until);
    let is_same = |one: &LifeRow, other: &LifeRow| {
        let identity =
            |row: &LifeRow| (row.life.target.clone(), row.life.task.guid.clone(), row.life.task.created_at);
        identity(one) == identity(other)
    };
    let seen: Vec<_> = all.iter().filter(is_seen).collect();
    let speaks = |row: &&LifeRow| !seen.iter().any(|other| is_same(row, other) && other.last > row.last);
    let is_asked = |row: &&LifeRow| {
        query.target.is_none_or(|target| *row.life.target == *target)
            && query.since.is_none_or(|since| row.life.last_changed >= since)
            && query.filter.admits(&row.life.subject(query.now))
    };
    seen.iter().copied().filter(speaks).filter(is_asked).collect()
}

fn facts(life: &RecordedLife) -> String {
    format!("{life:?}")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn pushing_down_changes_nothing(
        batches in prop::collection::vec((0..4_usize, prop::collection::vec((0..90_u8, any::<[u8; 6]>()), 1..12)), 1..8),
        filters in prop::collection::vec(prop::collection::vec(prop::sample::select(&TERMS[..]), 0..4), 12),
        target in prop::sample::select(&[None, Some("prod"), Some("staging"), Some("none")][..]),
        since in prop::option::of(-10..1_500_i64),
        until in prop::option::of(-10..1_500_i64),
    ) {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("recording.db");
        let mut appenders = [appender(&path), appender(&path)];
        let runs: Vec<_> = [("prod", 0), ("staging", 0), ("prod", 200), ("prod", 500)]
            .into_iter()
            .map(|(target, started)| begin(&appenders[0], target, started))
            .collect();
        let mut millis = 0;
        for (run, draws) in batches {
            let entries = draws.into_iter().map(|(later, draw)| {
                millis += i64::from(later);
                change(millis, draw)
            });
            let entries: Vec<_> = entries.collect();
            appenders[run % 2].append(runs[run], &entries).unwrap();
        }
        let recording = Recording::open(&path).unwrap();
        let all = read_all(&recording);
        for terms in filters {
            let filter = Filter::parse(&terms.join(" ")).unwrap();
            let (since, until) = (since.map(at), until.map(at));
            let query = LifeQuery { filter: &filter, target, since, until, now: at(2_000) };
            let mut found = Vec::new();
            let read = recording.for_each_life(&query, |life| -> Result<(), RecordFault> {
                found.push(facts(life));
                Ok(())
            });
            read.unwrap();
            let expected: Vec<_> = answer(&all, &query).into_iter().map(|row| facts(&row.life)).collect();
            prop_assert_eq!(&found, &expected, "{:?}", query);
        }
    }
}

#[test]
fn every_question_uses_its_index_and_sorts_nothing() {
    let home = tempfile::tempdir().unwrap();
    let appender = appender(&home.path().join("recording.db"));
    let recording = appender.recording();
    for (text, index, sorts) in [
        ("", "lives_by_last (last>?)", false),
        ("reason:memory", "lives_by_last (last>?)", false),
        ("failed:true", "failed_lives (last>?)", false),
        ("failed:true domain:cf-tasks reason:memory", "failed_lives (last>?)", false),
        ("failed:false", "lives_by_last (last>?)", false),
        // One guid has few lives.
        ("guid:a failed:true", "lives_by_guid (guid=?)", true),
    ] {
        let filter = Filter::parse(text).unwrap();
        let query = LifeQuery {
            filter: &filter,
            target: Some("prod"),
            since: Some(at(0)),
            until: Some(at(9)),
            now: at(9),
        };
        let plan = Plan::new(&query, &[RunId(1)]);
        let sql = format!("EXPLAIN QUERY PLAN {}", plan.sql(&columns()));
        let mut explain = recording.db.prepare(&sql).unwrap();
        let steps =
            explain.query_map(rusqlite::params_from_iter(&plan.values), |row| row.get::<_, String>(3));
        let steps: Vec<_> = steps.unwrap().map(Result::unwrap).collect();
        let lives = format!("SEARCH lives USING INDEX {index}");
        assert_eq!(steps[0], lives, "{text}: {steps:?}");
        let changes = "SEARCH changes USING INTEGER PRIMARY KEY (rowid=?)";
        assert!(steps.iter().any(|step| step == changes), "{text}: {steps:?}");
        assert_eq!(steps.iter().any(|step| step.contains("TEMP B-TREE")), sorts, "{text}: {steps:?}");
    }
}

/// A change of the task `guid(1)`.
fn told(millis: i64, state: State, evidence: Evidence, end: Option<End>) -> Entry {
    let task = Task {
        created_at: at(0),
        updated_at: at(millis),
        cell: (state == State::Running).then(|| "cell-1".into()),
        ..Task::blank(guid(1), "cf-tasks".into(), state)
    };
    let change = TaskEntry { evidence, before: None, task, limits: None, end };
    // A program learns of it a little later.
    Entry { at: at(millis + 2), what: Recorded::Task(Box::new(change)) }
}

fn later(entry: &Entry, millis: i64) -> Entry {
    Entry { at: Timestamp::from_nanos(entry.at.as_nanos() + millis * 1_000_000), ..entry.clone() }
}

/// Returns the states that the changes of a course tell.
fn states(course: &Course) -> Vec<String> {
    let told = course.records.iter().filter_map(|record| match &record.what {
        Happening::Change(change) => Some(match change.end {
            Some(end) => words::end(end).to_owned(),
            None => change.after.state.to_string(),
        }),
        Happening::Sent(..) | Happening::Unanswered(..) => None,
    });
    told.collect()
}

#[test]
fn what_two_programs_were_told_is_one_course_and_one_task() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recording.db");
    let (mut one, mut other) = (appender(&path), appender(&path));
    let runs = [begin(&one, "prod", 0), begin(&other, "prod", 0)];
    let entries = [
        told(10, State::Pending, Evidence::Event, None),
        told(20, State::Running, Evidence::Event, None),
        told(30, State::Completed, Evidence::Event, None),
        told(30, State::Completed, Evidence::Event, Some(End::Expired)),
    ];
    one.append(runs[0], &entries).unwrap();
    // It is slow, and loses an event.
    let slow: Vec<_> = [&entries[0], &entries[2], &entries[3]].map(|entry| later(entry, 15)).into();
    other.append(runs[1], &slow).unwrap();
    let recording = Recording::open(&path).unwrap();
    let courses = recording.courses(&guid(1), None).unwrap();
    assert_eq!(courses.len(), 1);
    let course = &courses[0];
    assert_eq!(states(course), ["Pending", "Running", "Completed", "expired"]);
    assert_eq!(course.life.started_at, at(20), "the other one did not see the start");
    assert_eq!(course.life.cell, Some("cell-1".into()));
    assert_eq!(course.gaps, []);
    let mut found = 0;
    let query = LifeQuery { filter: &Filter::default(), target: None, since: None, until: None, now: at(99) };
    let count = recording.for_each_life(&query, |_| -> Result<(), RecordFault> {
        found += 1;
        Ok(())
    });
    count.unwrap();
    assert_eq!(found, 1);
}

#[test]
fn a_course_goes_on_in_the_next_run_and_says_what_was_not_recorded() {
    let home = tempfile::tempdir().unwrap();
    let mut appender = appender(&home.path().join("recording.db"));
    let first = begin(&appender, "prod", 0);
    appender.append(first, &[told(10, State::Pending, Evidence::Event, None)]).unwrap();
    appender.recording().end_run(first, at(50)).unwrap();
    let second = begin(&appender, "prod", 100);
    let lost = |closed| GapEntry { start: at(150), closed, why: "The server ended the event stream".into() };
    let entries = [
        told(110, State::Running, Evidence::List, None),
        Entry { at: at(160), what: Recorded::Gap(lost(false)) },
        told(110, State::Running, Evidence::Reconciled, Some(End::Vanished)),
    ];
    let gone = Entry { at: at(170), ..entries[2].clone() };
    let closed = Entry { at: at(170), what: Recorded::Gap(lost(true)) };
    appender.append(second, &[entries[0].clone(), entries[1].clone(), closed, gone]).unwrap();
    let courses = appender.recording().courses(&guid(1), Some("prod")).unwrap();
    let course = &courses[0];
    assert_eq!(states(course), ["Pending", "Running", "vanished"]);
    let gaps: Vec<_> = course.gaps.iter().map(|gap| (gap.start, gap.end, &*gap.why)).collect();
    let expected = [
        (at(50), Some(at(100)), "nothing was recorded"),
        (at(150), Some(at(170)), "The server ended the event stream"),
    ];
    assert_eq!(gaps, expected);
    let unseen = course.life.end.and_then(|end| end.unseen).map(|unseen| (unseen.since, unseen.is_gap));
    assert_eq!(unseen, Some((at(150), true)));
    let Happening::Change(change) = &course.records[1].what else { panic!("{:?}", course.records) };
    let before = change.before.as_ref().map(|before| before.state);
    assert_eq!(before, Some(State::Pending), "the run before told it");
    assert_eq!(appender.recording().courses(&guid(1), Some("staging")).unwrap().len(), 0);
}

#[test]
fn our_actions_belong_to_the_task_that_they_were_about() {
    let home = tempfile::tempdir().unwrap();
    let mut appender = appender(&home.path().join("recording.db"));
    let run = begin(&appender, "prod", 0);
    let act = |millis, intent, progress| {
        let entry = ActionEntry { guid: guid(1), intent, progress };
        Entry { at: at(millis), what: Recorded::Action(entry) }
    };
    let (cancel, call) = (Intent::Act(TaskAction::Cancel), WriteCall::Step(Step::Cancel));
    let again = |mut entry: Entry| {
        if let Recorded::Task(change) = &mut entry.what {
            change.task.created_at = at(60);
        }
        entry
    };
    let entries = [
        act(1, Intent::Desire, Progress::Confirmed { tasks: 1 }),
        told(10, State::Pending, Evidence::Event, None),
        act(20, cancel, Progress::Sent { call, request: RequestId(7) }),
        act(21, cancel, Progress::Answered { call, reply: Reply::Refused, message: "no".into() }),
        act(22, cancel, Progress::Ended { outcome: Outcome::NotDone, found: "still Pending".into() }),
        told(30, State::Pending, Evidence::Event, Some(End::DeletedByOther)),
        act(50, Intent::Desire, Progress::Confirmed { tasks: 1 }),
        again(told(60, State::Pending, Evidence::Event, None)),
    ];
    appender.append(run, &entries).unwrap();
    let courses = appender.recording().courses(&guid(1), None).unwrap();
    let stages =
        |course: &Course| course.acts.iter().map(|act| (act.at, act.words().stage)).collect::<Vec<_>>();
    assert_eq!(courses.len(), 2);
    let first = [(at(1), "confirmed"), (at(20), "sent"), (at(21), "answered"), (at(22), "ended")];
    assert_eq!(stages(&courses[0]), first);
    assert_eq!(stages(&courses[1]), [(at(50), "confirmed")]);
    let requests = courses[0].records.iter().filter(|record| !matches!(record.what, Happening::Change(_)));
    assert_eq!(requests.count(), 2);
    let words = courses[0].acts[2].words();
    assert_eq!((words.call, words.reply, words.message), (Some("cancel"), Some("refused"), Some("no")));
    assert_eq!((&*courses[0].acts[0].user, &*courses[0].acts[0].host), ("vcap", "jumpbox"));
    assert_eq!(Position::at(at(7)).time(), at(7));
}
