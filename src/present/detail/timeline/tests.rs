//! What the timeline says: phases to scale, loops by their names, changes with the fields that differ.

use std::sync::Arc;
use std::time::Duration;

use super::phases::{Until, bar, phases};
use super::*;
use crate::model::lifecycle::Step;
use crate::model::{CellId, Clocks, End, RequestId, State, Task, Unseen, Version, VersionChange};

const SECOND: i64 = 1_000_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_nanos((36_000 + seconds) * SECOND)
}

/// A task that was created at second 0 and completed, if it has, at second 40.
fn task(state: State) -> Task {
    let has_completed = matches!(state, State::Completed | State::Resolving);
    Task {
        cell: (state == State::Running).then(|| CellId::from("cell-3")),
        created_at: at(0),
        updated_at: at(40),
        first_completed_at: if has_completed { at(40) } else { Timestamp::UNSET },
        ..Task::blank("a".into(), "cf-tasks".into(), state)
    }
}

fn change(seconds: i64, evidence: Evidence, before: Option<&Task>, after: &Task, end: Option<End>) -> Record {
    let version = |task: &Task| Arc::new(Version::from(task));
    let what = Happening::Change(VersionChange {
        evidence,
        before: before.map(version),
        after: version(after),
        end,
    });
    Record { at: at(seconds), what }
}

/// A task and what is known of it.
struct Course {
    task: Task,
    started_at: Timestamp,
    end: Option<Ended>,
    records: Vec<Record>,
    gaps: Vec<LostEvents>,
}

impl Course {
    fn of(task: Task) -> Self {
        Self { task, started_at: Timestamp::UNSET, end: None, records: Vec::new(), gaps: Vec::new() }
    }

    /// Reads the facts at second 100, when our clock is 5 s behind the server's.
    fn read<T>(&self, read: impl FnOnce(&TimelineFacts<'_>) -> T) -> T {
        let (started_at, ended) = (self.started_at, self.end.is_some());
        let life = Life { task: &self.task, started_at, ended, clocks: &Clocks::DEFAULT };
        let timeline = Timeline {
            records: self.records.iter().collect(),
            gaps: self.gaps.iter().collect(),
            is_cut: false,
        };
        read(&TimelineFacts {
            life,
            end: self.end.as_ref(),
            timeline: &timeline,
            now: at(100),
            offset_ns: 5 * SECOND,
            zone: &TimeZone::UTC,
            bar_cells: 20,
        })
    }

    /// The lines of a section.
    fn section(&self, title: &str) -> Vec<String> {
        let lines = self.read(lines);
        let after = lines.into_iter().skip_while(|line| line.section != Some(title)).skip(1);
        let fields = after.take_while(|line| line.section.is_none());
        fields
            .map(|line| format!("{}{} {}", ">".repeat(line.indent.into()), line.label, line.value))
            .collect()
    }

    fn phases(&self) -> Vec<(&'static str, i64, Option<Until>)> {
        let seconds = |at: Timestamp| at.as_nanos() / SECOND - 36_000;
        let phases = self.read(phases).into_iter();
        phases.map(|phase| (phase.name, seconds(phase.since), Some(phase.until))).collect()
    }
}

#[test]
fn phases_follow_one_another_as_far_as_they_are_known() {
    let then = |seconds| Some(Until::At(at(seconds)));
    let (now, unknown) = (Some(Until::Now), Some(Until::Unknown));
    let ended = Ended::new(End::CalledBack, at(85));
    let unseen = Ended { unseen: Some(Unseen { since: at(50), is_gap: true }), ..ended };
    let (unset, started) = (Timestamp::UNSET, at(10));
    let table = [
        (State::Pending, unset, None, vec![("waited", 0, now)]),
        (State::Running, started, None, vec![("waited", 0, then(10)), ("ran", 10, now)]),
        (
            State::Completed,
            started,
            None,
            vec![("waited", 0, then(10)), ("ran", 10, then(40)), ("unresolved", 40, now)],
        ),
        (State::Completed, unset, None, vec![("until completion", 0, then(40)), ("unresolved", 40, now)]),
        (
            State::Resolving,
            started,
            Some(ended),
            vec![("waited", 0, then(10)), ("ran", 10, then(40)), ("unresolved", 40, then(90))],
        ),
        (State::Running, started, Some(unseen), vec![("waited", 0, then(10)), ("ran", 10, unknown)]),
    ];
    for (state, started_at, end, expected) in table {
        let course = Course { started_at, end, ..Course::of(task(state)) };
        assert_eq!(course.phases(), expected, "{state} {end:?}");
    }
}

#[test]
fn bars_are_to_scale_in_their_place_and_never_empty() {
    let seconds = Duration::from_secs;
    let drawn = |from, to| bar((seconds(from), seconds(to)), seconds(100), 20);
    assert_eq!(drawn(0, 100), "█".repeat(20));
    assert_eq!(drawn(0, 50), "█".repeat(10));
    assert_eq!(drawn(50, 100), format!("{}{}", " ".repeat(10), "█".repeat(10)));
    assert_eq!(drawn(0, 0), "█");
    assert_eq!(drawn(100, 100), format!("{}█", " ".repeat(19)));
    assert_eq!(bar((Duration::ZERO, Duration::ZERO), Duration::ZERO, 20), "█");
    let long = Duration::MAX;
    assert_eq!(bar((Duration::ZERO, long), long, 3), "███");
}

#[test]
fn each_phase_has_its_bar_and_its_length() {
    let course = Course { started_at: at(10), ..Course::of(task(State::Completed)) };
    assert_eq!(
        course.section("Phases"),
        [
            ">waited ██ 10.0 s".to_owned(),
            format!(">ran   {} 30.0 s", "█".repeat(6)),
            format!(">unresolved {}{} 1m00s so far", " ".repeat(8), "█".repeat(12)),
        ]
    );
}

#[test]
fn each_change_has_its_source_and_the_fields_that_differ() {
    let (pending, running) = (task(State::Pending), task(State::Running));
    let failed = Task {
        failed: true,
        failure_reason: "exit status 1 (out of memory), says the container".into(),
        result: "secret".into(),
        ..task(State::Completed)
    };
    let records = vec![
        change(0, Evidence::Event, None, &pending, None),
        change(10, Evidence::List, Some(&pending), &running, None),
        Record { at: at(39), what: Happening::Sent(Step::Cancel, RequestId(0xab)) },
        change(40, Evidence::Event, Some(&running), &failed, None),
        change(41, Evidence::Event, Some(&failed), &failed, Some(End::CalledBack)),
    ];
    let course = Course { records, ..Course::of(failed) };
    assert_eq!(
        course.section("Changes"),
        [
            ">10:00:00 created (event)",
            ">10:00:10 started (list)",
            ">>state Pending → Running",
            ">>cell_id none → cell-3",
            ">10:00:39 cancel requested (our action)",
            ">>request 000000000000000000000000000000ab",
            ">10:00:40 failed (event)",
            ">>state Running → Completed",
            ">>cell_id cell-3 → none",
            ">>failed no → yes",
            ">>failure_reason none →\nexit status 1 (out of memory), says the container",
            ">>result none → present",
            ">>first_completed_at none → 1970-01-01 10:00:40",
            ">10:00:41 removed by its callback (event)",
        ]
    );
    assert!(course.section("Loops").is_empty());
}

#[test]
fn a_task_whose_creation_was_not_seen_has_it_from_its_own_record_by_our_clock() {
    let course = Course::of(task(State::Pending));
    assert_eq!(course.section("Changes"), [">09:59:55 created (according to the task; not seen)"]);
}

#[test]
fn credentials_in_reasons_are_masked() {
    let reason = "cannot fetch https://user:hunter2@blobs.example/app?signature=abc";
    let failed = Task { failed: true, failure_reason: reason.into(), ..task(State::Completed) };
    let rejected = Task { rejection_count: 1, rejection_reason: reason.into(), ..task(State::Pending) };
    for after in [failed, rejected] {
        let records = vec![
            change(1, Evidence::Event, Some(&task(State::Running)), &after, None),
            Record { at: at(2), what: Happening::Unanswered(Step::Cancel, reason.into()) },
        ];
        let course = Course { records, ..Course::of(after) };
        let all = [course.section("Changes"), course.section("Loops")].concat().join("\n");
        assert!(
            all.contains("blobs.example/app") && !all.contains("hunter2") && !all.contains("abc"),
            "{all}"
        );
    }
}

#[test]
fn loops_have_names_and_numbers() {
    let mut resolving = task(State::Resolving);
    resolving.definition = resolving.definition.with_callback(true);
    let completed = Task { state: State::Completed, ..resolving.clone() };
    let claim = |seconds| change(seconds, Evidence::Event, Some(&completed), &resolving, None);
    let demote = |seconds, evidence| change(seconds, evidence, Some(&resolving), &completed, None);
    let records = vec![
        claim(41),
        demote(75, Evidence::Event),
        claim(76),
        demote(110, Evidence::Reconciled),
        demote(111, Evidence::LateEvent),
        claim(112),
    ];
    let course = Course { records, ..Course::of(resolving.clone()) };
    let titles: Vec<_> =
        course.section("Changes").into_iter().filter(|line| !line.starts_with(">>")).skip(1).collect();
    assert_eq!(
        titles,
        [
            ">10:00:41 claimed (event)",
            ">10:01:15 demoted to Completed: not deleted in time (event)",
            ">10:01:16 callback tried again (event)",
            ">10:01:50 demoted to Completed: not deleted in time (reconciled by a list)",
            ">10:01:51 demoted to Completed: not deleted in time (late event)",
            ">10:01:52 callback tried again (event)",
        ]
    );
    assert_eq!(
        course.section("Loops"),
        [
            ">demoted twice: Resolving for too long, so the sweep made it Completed",
            ">callback tried again twice",
        ]
    );
    let without_callback = Course { task: task(State::Resolving), ..course };
    assert!(without_callback.section("Loops").contains(&">claimed again twice".to_owned()));
}

#[test]
fn rejections_have_their_reasons_and_say_how_many_were_seen() {
    let rejected =
        |count| Task { rejection_count: count, rejection_reason: "no room".into(), ..task(State::Pending) };
    let records = vec![
        change(5, Evidence::Event, Some(&rejected(1)), &rejected(2), None),
        change(9, Evidence::Event, Some(&task(State::Running)), &rejected(3), None),
    ];
    let course = Course { records, ..Course::of(rejected(3)) };
    assert_eq!(course.section("Loops"), [">rejected 3 times, 2 of them seen", ">>last reason no room"]);
    let changes = course.section("Changes");
    assert!(changes.contains(&">10:00:05 rejected (event)".to_owned()), "{changes:?}");
    assert!(changes.contains(&">>rejection_count 1 → 2".to_owned()), "{changes:?}");
    assert!(changes.contains(&">>rejection_reason none → no room".to_owned()), "{changes:?}");
}

#[test]
fn gaps_stand_where_they_began_and_before_what_a_list_revealed() {
    let (pending, running) = (task(State::Pending), task(State::Running));
    let gap = |start, end| LostEvents { start: at(start), end, why: "The stream broke".into() };
    let records = vec![
        change(3, Evidence::Event, None, &pending, None),
        change(10, Evidence::Reconciled, Some(&pending), &running, None),
    ];
    let gaps = vec![gap(3, Some(at(10))), gap(10, Some(at(12))), gap(50, None)];
    let course = Course { records, gaps, ..Course::of(running) };
    let lines = course.section("Changes");
    let main: Vec<_> = lines.iter().filter(|line| !line.starts_with(">>")).collect();
    assert_eq!(
        main,
        [
            ">10:00:03 created (event)",
            ">10:00:03 events lost for 7.0 s, until 10:00:10",
            ">10:00:10 events lost for 2.0 s, until 10:00:12",
            ">10:00:10 started (reconciled by a list)",
            ">10:00:50 events lost since then",
        ]
    );
    assert_eq!(lines.iter().filter(|line| *line == ">>why The stream broke").count(), 3);
}
