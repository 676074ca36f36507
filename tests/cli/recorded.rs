//! A small recording of one hour on two targets, the same every time.

use std::path::PathBuf;

use taskdeck::model::lifecycle::Step;
use taskdeck::model::plan::{Outcome, Reply};
use taskdeck::model::recording::{
    ActionEntry, Entry, GapEntry, Intent, Limits, Progress, Recorded, TaskEntry, WriteCall,
};
use taskdeck::model::{
    End, Entity, Evidence, Owner, Ownership, RawDefinition, RequestId, State, Task, TaskAction, Timestamp,
};
use taskdeck::record::{Appender, Program, Recording, RunInfo};
use tempfile::TempDir;

use crate::run::{Output, command, run};

/// 2026-06-01T12:00:00Z, in milliseconds.
const NOON: i64 = 1_780_315_200_000;

/// The guid of a task that was cancelled.
pub(crate) const CANCELLED: &str = "6f1c2a9e-0f6d-4c55-9d0e-0a4f8b7e2d11";

/// The recording in a directory of its own.
pub(crate) struct Afternoon {
    pub(crate) file: PathBuf,
    _home: TempDir,
}

fn at(seconds: f64) -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of an hour")]
    let millis = (seconds * 1_000.0).round() as i64;
    Timestamp::from_nanos((NOON + millis) * 1_000_000)
}

/// A task that lives through a test's steps.
struct Telling {
    task: Task,
    entries: Vec<Entry>,
}

impl Telling {
    fn new(guid: &str, domain: &str, app: &str, created: f64) -> Self {
        let entity = |name: &str| Entity { guid: format!("{name}-guid"), name: name.to_owned() };
        let owner = Ownership { app: entity(app), space: entity("prod"), org: entity("acme") };
        let task = Task {
            created_at: at(created),
            updated_at: at(created),
            owner: if app.is_empty() { Owner::default() } else { Owner::new(owner) },
            definition: RawDefinition::default().with_callback(true),
            ..Task::blank(guid.into(), domain.into(), State::Pending)
        };
        Self { task, entries: Vec::new() }.tell(created, Evidence::Event, None)
    }

    fn tell(mut self, seconds: f64, evidence: Evidence, end: Option<End>) -> Self {
        let limits = Some(Limits { memory_mb: 512, disk_mb: 1_024 });
        let change = TaskEntry { evidence, before: None, task: self.task.clone(), limits, end };
        self.entries.push(Entry { at: at(seconds), what: Recorded::Task(Box::new(change)) });
        self
    }

    fn running(mut self, seconds: f64, cell: &str) -> Self {
        (self.task.state, self.task.cell) = (State::Running, Some(cell.into()));
        self.task.updated_at = at(seconds);
        self.tell(seconds, Evidence::Event, None)
    }

    fn rejected(mut self, seconds: f64, reason: &str) -> Self {
        self.task.rejection_count += 1;
        self.task.rejection_reason = reason.into();
        self.tell(seconds, Evidence::Event, None)
    }

    /// Completes; without a reason, it succeeds.
    fn completed(mut self, seconds: f64, reason: &str) -> Self {
        (self.task.state, self.task.cell) = (State::Completed, None);
        (self.task.first_completed_at, self.task.updated_at) = (at(seconds), at(seconds));
        (self.task.failed, self.task.failure_reason) = (!reason.is_empty(), reason.into());
        self.tell(seconds, Evidence::Event, None)
    }

    fn gone(mut self, seconds: f64, end: End) -> Self {
        (self.task.state, self.task.updated_at) = (State::Resolving, at(seconds));
        self.tell(seconds, Evidence::Event, None).tell(seconds + 0.05, Evidence::Event, Some(end))
    }
}

impl Afternoon {
    pub(crate) fn recorded() -> Self {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("recording.db");
        for (target, entries) in [("production", production()), ("staging", staging())] {
            let mut appender = Appender::new(Recording::create(&file).unwrap());
            let info = RunInfo {
                target: target.to_owned(),
                program: Program::Record,
                user: "vcap".to_owned(),
                host: "jumpbox".to_owned(),
                pid: 4_711,
                started: at(0.0),
            };
            let run = appender.recording().begin_run(&info).unwrap();
            appender.append(run, &entries).unwrap();
            appender.recording().end_run(run, at(3_600.0)).unwrap();
        }
        Self { file, _home: home }
    }

    /// Runs a command on the recording.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let file = self.file.to_str().unwrap();
        run(command(&[arguments, &["--file", file]].concat()))
    }

    /// Returns what a command prints. It must succeed and say nothing else.
    pub(crate) fn printed(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{arguments:?}: {}", ran.out);
        ran.out
    }
}

fn production() -> Vec<Entry> {
    let oom = "Exited with status 137 (out of memory)";
    let tasks = [
        Telling::new("done-1", "cf-tasks", "shop", 60.0)
            .running(61.0, "cell-a")
            .completed(91.0, "")
            .gone(91.01, End::CalledBack),
        Telling::new("oom-1", "cf-tasks", "shop", 120.0)
            .running(121.0, "cell-b")
            .completed(151.0, oom)
            .gone(151.01, End::CalledBack),
        Telling::new("oom-2", "cf-tasks", "shop", 180.0)
            .running(182.5, "cell-b")
            .completed(240.0, oom)
            .gone(240.02, End::CalledBack),
        Telling::new("hostile-1", "batch", "", 300.0)
            .rejected(301.0, "no room")
            .running(303.0, "cell-a")
            .completed(310.0, "out of \u{1b}[31mmemory,\nsee https://user:pw@blobs/x")
            .gone(310.01, End::DeletedByOther),
        Telling::new(CANCELLED, "cf-tasks", "crm", 600.0)
            .running(602.0, "cell-a")
            .completed(660.3, "task was cancelled")
            .gone(660.9, End::DeletedByUs),
        Telling::new("running-1", "cf-tasks", "crm", 3_000.0).running(3_001.0, "cell-a"),
    ];
    let mut entries: Vec<_> = tasks.into_iter().flat_map(|telling| telling.entries).collect();
    entries.extend(cancel());
    let gap = |closed| GapEntry { start: at(610.0), closed, why: "The server ended the event stream".into() };
    entries.push(Entry { at: at(611.0), what: Recorded::Gap(gap(false)) });
    entries.push(Entry { at: at(616.0), what: Recorded::Gap(gap(true)) });
    entries.sort_by_key(|entry| entry.at);
    entries
}

fn cancel() -> [Entry; 4] {
    let call = WriteCall::Step(Step::Cancel);
    let steps = [
        (660.0, Progress::Confirmed { tasks: 1 }),
        (660.1, Progress::Sent { call, request: RequestId(0x00c0_ffee) }),
        (660.2, Progress::Answered { call, reply: Reply::Acknowledged, message: "".into() }),
        (660.4, Progress::Ended { outcome: Outcome::Done, found: "Completed, cancelled".into() }),
    ];
    steps.map(|(seconds, progress)| {
        let intent = Intent::Act(TaskAction::Cancel);
        let entry = ActionEntry { guid: CANCELLED.into(), intent, progress };
        Entry { at: at(seconds), what: Recorded::Action(entry) }
    })
}

fn staging() -> Vec<Entry> {
    Telling::new("staging-1", "cf-app-staging", "shop", 1_800.0)
        .running(1_801.0, "cell-z")
        .completed(1_830.0, "Exited with status 223")
        .gone(1_830.01, End::CalledBack)
        .entries
}
