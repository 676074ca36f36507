//! A busy foundation: tasks that are created at a steady rate, each with about five changes. The same every time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use fastrand::Rng;
use taskdeck::model::recording::{Entry, Limits, Recorded, TaskEntry};
use taskdeck::model::{
    CellId, Domain, End, Entity, Evidence, Owner, Ownership, RawDefinition, State, Task, TaskText, Timestamp,
};

/// How many tasks are created a second.
pub(crate) const PER_SECOND: u64 = 50;
const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MILLISECOND;
const APPS: usize = 2_000;
const CELLS: usize = 200;

/// The changes of all tasks, in order of time.
pub(crate) struct Workload {
    random: Rng,
    pub(crate) start: Timestamp,
    /// When the last task was created.
    pub(crate) end: Timestamp,
    lives: u64,
    created: u64,
    second: i64,
    /// When the next change of a task is due.
    due: BinaryHeap<Reverse<(i64, u64)>>,
    tasks: BTreeMap<u64, Life>,
    apps: Vec<App>,
    cells: Vec<CellId>,
    domains: [Domain; 3],
}

struct App {
    owner: Owner,
    result: TaskText,
}

struct Life {
    task: Task,
    app: usize,
    fails: bool,
    /// How often cells will reject it yet.
    rejections: u8,
}

impl Workload {
    pub(crate) fn new(start: Timestamp, lives: u64) -> Self {
        let mut random = Rng::with_seed(14);
        let apps = (0..APPS).map(|nth| app(nth, &mut random)).collect();
        let cells =
            (0..CELLS).map(|nth| CellId::from(format!("cell-z{}-{}", nth % 3 + 1, nth / 3))).collect();
        let end = start.shifted(i64::try_from(lives / PER_SECOND).unwrap() * SECOND);
        let domains = ["cf-tasks", "cf-app-staging", "batch"].map(Domain::from);
        let (due, tasks) = (BinaryHeap::new(), BTreeMap::new());
        Self { random, start, end, lives, created: 0, second: 0, due, tasks, apps, cells, domains }
    }

    /// Returns the guid of one of the tasks.
    pub(crate) fn some_guid(&self) -> String {
        guid(self.lives / 2)
    }

    /// Returns the changes of the next second; none at the end.
    pub(crate) fn next_second(&mut self) -> Option<Vec<Entry>> {
        if self.created == self.lives && self.due.is_empty() {
            return None;
        }
        let begin = self.start.as_nanos() + self.second * SECOND;
        self.second += 1;
        for nth in 0..PER_SECOND.min(self.lives - self.created) {
            let at = begin + i64::try_from(nth * 1_000 / PER_SECOND).unwrap() * MILLISECOND;
            self.due.push(Reverse((at, self.created)));
            self.created += 1;
        }
        let mut entries = Vec::new();
        while let Some(Reverse((at, number))) =
            self.due.peek().copied().filter(|Reverse((at, _))| *at < begin + SECOND)
        {
            self.due.pop();
            let change = self.change(Timestamp::from_nanos(at), number);
            entries.push(Entry { at: Timestamp::from_nanos(at), what: Recorded::Task(Box::new(change)) });
        }
        Some(entries)
    }

    fn change(&mut self, at: Timestamp, number: u64) -> TaskEntry {
        let Some(mut life) = self.tasks.remove(&number) else { return self.create(at, number) };
        let before = life.task.clone();
        let end = (before.state == State::Resolving).then_some(End::CalledBack);
        if end.is_none() {
            let delay = self.advance(&mut life, at);
            self.due.push(Reverse((at.as_nanos() + delay * MILLISECOND, number)));
        }
        let limits = Some(Limits { memory_mb: 1_024, disk_mb: 2_048 });
        let task = life.task.clone();
        if end.is_none() {
            self.tasks.insert(number, life);
        }
        TaskEntry { evidence: Evidence::Event, before: Some(before), task, limits, end }
    }

    fn create(&mut self, at: Timestamp, number: u64) -> TaskEntry {
        // A few apps have most of the tasks.
        let most = self.random.usize(1..=APPS);
        let app = self.random.usize(0..most);
        let domain = match self.random.u8(0..100) {
            0..15 => &self.domains[1],
            15..85 => &self.domains[0],
            _ => &self.domains[2],
        };
        let task = Task {
            created_at: at,
            updated_at: at,
            owner: self.apps[app].owner.clone(),
            definition: RawDefinition::default().with_callback(true),
            ..Task::blank(guid(number).into(), domain.clone(), State::Pending)
        };
        let fails = self.random.u8(0..100) < 6;
        let rejections = if self.random.u8(0..100) < 4 { self.random.u8(1..4) } else { 0 };
        self.tasks.insert(number, Life { task: task.clone(), app, fails, rejections });
        self.due.push(Reverse((at.as_nanos() + self.random.i64(40..900) * MILLISECOND, number)));
        let limits = Some(Limits { memory_mb: 1_024, disk_mb: 2_048 });
        TaskEntry { evidence: Evidence::Event, before: None, task, limits, end: None }
    }

    /// Lets a task take its next step. Returns how many milliseconds the one after that takes.
    fn advance(&mut self, life: &mut Life, at: Timestamp) -> i64 {
        let task = &mut life.task;
        task.updated_at = at;
        match task.state {
            State::Pending if life.rejections > 0 => {
                life.rejections -= 1;
                task.rejection_count += 1;
                task.rejection_reason = "insufficient resources: memory".into();
                self.random.i64(200..2_000)
            }
            State::Pending => {
                task.state = State::Running;
                task.cell = Some(self.cells[self.random.usize(0..CELLS)].clone());
                self.random.i64(800..60_000)
            }
            State::Running => {
                task.state = State::Completed;
                (task.cell, task.first_completed_at, task.failed) = (None, at, life.fails);
                if life.fails {
                    task.failure_reason = self.reason().into();
                } else if task.domain == self.domains[1] {
                    task.result = self.apps[life.app].result.clone();
                }
                self.random.i64(5..40)
            }
            _ => {
                task.state = State::Resolving;
                self.random.i64(5..200)
            }
        }
    }

    /// Returns a failure reason. Some have something in them that no other has.
    fn reason(&mut self) -> String {
        let number = self.random.u32(..);
        match self.random.u8(0..100) {
            0..40 => "APP/TASK/migrate: Exited with status 1".to_owned(),
            40..60 => "APP/TASK/report: Exited with status 137 (out of memory)".to_owned(),
            60..75 => "Exited with status 223 (staging failed: no start command)".to_owned(),
            75..85 => "cell disappeared before completion".to_owned(),
            85..92 => {
                format!("failed to download https://blobstore.internal/droplets/{number:08x}: status 503")
            }
            _ => format!("failed to create container {number:08x}: insufficient disk on /var/vcap/data"),
        }
    }
}

fn guid(number: u64) -> String {
    // Mixed, so that guids of neighbours are far apart.
    let mixed = (u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let digits = format!("{mixed:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

fn app(nth: usize, random: &mut Rng) -> App {
    let entity = |kind: &str, nth: usize| Entity {
        guid: guid(1_000_000_000 + nth as u64),
        name: format!("{kind}-{nth}"),
    };
    let owner = Ownership {
        app: entity("orders-service", nth),
        space: entity("space", nth % 60),
        org: entity("org", nth % 12),
    };
    let result = format!(
        "{{\"lifecycle_metadata\":{{\"detected_buildpack\":\"java\",\"buildpacks\":[{{\"key\":\"java_buildpack\",\
         \"version\":\"4.{}\"}}]}},\"process_types\":{{\"web\":\"JAVA_OPTS=-Xmx{}m java -jar app.jar\"}},\
         \"execution_metadata\":\"\",\"lifecycle_type\":\"buildpack\"}}",
        random.u8(1..90),
        random.u16(256..2_048)
    );
    App { owner: Owner::new(owner), result: result.into() }
}
