//! How many bytes a task takes on disk.

use super::*;
use crate::model::recording::{Entry, Limits, Recorded, TaskEntry, recorded};
use crate::model::{End, Entity, Evidence, Owner, Ownership, RawDefinition, State, Task};

/// The most bytes that a life of five changes may take, everything included.
const MOST: u64 = 600;

/// Returns the five changes of a task of Cloud Controller, in order.
fn life(random: &mut fastrand::Rng, start: i64) -> Vec<Entry> {
    let uuid = |random: &mut fastrand::Rng| guid::uuid_text(random.u128(..));
    let mut shared = fastrand::Rng::with_seed(random.u64(0..500));
    let mut entity = |name: &str| Entity { guid: uuid(&mut shared), name: name.to_owned() };
    let owner = Ownership { app: entity("web"), space: entity("dev"), org: entity("shop") };
    let failed = random.u8(..) < 26;
    let reason = [
        "Exited with status 1",
        "Exited with status 137 (out of memory)",
        "cell disappeared before completion",
    ];
    let time = |millis: i64| Timestamp::from_nanos(at(millis).as_nanos() + 123_457);
    let pending = Task {
        created_at: time(start),
        updated_at: time(start),
        owner: Owner::new(owner),
        definition: RawDefinition::default().with_callback(true),
        ..Task::blank(uuid(random).as_str().into(), "cf-tasks".into(), State::Pending)
    };
    let cell = format!("cell-{:02}", random.u8(0..40));
    let (started, ran) = (start + random.i64(50..3_000), random.i64(500..120_000));
    let running = Task {
        state: State::Running,
        cell: Some(cell.as_str().into()),
        updated_at: time(started),
        ..pending.clone()
    };
    let completed = Task {
        state: State::Completed,
        cell: None,
        updated_at: time(started + ran),
        first_completed_at: time(started + ran),
        failed,
        failure_reason: if failed { random.choice(reason).unwrap() } else { "" }.into(),
        ..running.clone()
    };
    let resolving =
        Task { state: State::Resolving, updated_at: time(started + ran + 20), ..completed.clone() };
    let limits = Some(Limits { memory_mb: 1_024, disk_mb: 2_048 });
    let change = |millis, before: Option<&Task>, task: &Task, end| Entry {
        at: at(millis),
        what: Recorded::Task(Box::new(TaskEntry {
            evidence: Evidence::Event,
            before: before.map(recorded),
            task: recorded(task),
            limits,
            end,
        })),
    };
    vec![
        change(start + 5, None, &pending, None),
        change(started + 5, Some(&pending), &running, None),
        change(started + ran + 5, Some(&running), &completed, None),
        change(started + ran + 25, Some(&completed), &resolving, None),
        change(started + ran + 30, Some(&resolving), &resolving, Some(End::CalledBack)),
    ]
}

#[test]
fn a_life_of_five_changes_takes_at_most_600_bytes() {
    let lives: u64 = std::env::var("LIVES").map_or(6_000, |lives| lives.parse().unwrap());
    let mut random = fastrand::Rng::with_seed(14);
    // 50 lives a second.
    let starts = (0..lives).map(|nth| i64::try_from(nth).unwrap() * 20);
    let mut entries: Vec<_> = starts.flat_map(|start| life(&mut random, start)).collect();
    entries.sort_by_key(|entry| entry.at);
    let home = tempfile::tempdir().unwrap();
    let mut appender = appender(&home.path().join("recording.db"));
    let run = appender.recording().begin_run(&info("prod")).unwrap();
    for batch in entries.chunks(125) {
        appender.append(run, batch).unwrap();
    }
    let bytes = appender.recording().bytes().unwrap() / lives;
    println!("{bytes} bytes a life");
    assert!(bytes <= MOST, "{bytes}");
    assert!(bytes > 200, "{bytes}: something was not written");
}
