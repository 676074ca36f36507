//! A BBS without a network: the simulated machine, the troubles that it can have, and what it answers to a request.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use prost::Message as _;
use taskdeck::bbs::wire::{self, Interner, task_definition::MetricTagsEntry};
use taskdeck::model::lifecycle::Step;
use taskdeck::model::{
    Call, Cell, Domain, Fault, FaultKind, NewTask, RefusedType, RequestId, Task, TaskEvent, TaskFilter,
    TaskGuid, Timestamp,
};
use taskdeck::sim::{Event, Machine};

/// The most tasks that are held at once.
const MOST: usize = 40;
const DOMAINS: [&str; 3] = ["cf-tasks", "cf-app-staging", "batch"];
const CELLS: [&str; 3] = ["cell-a", "cell-b", "cell-c"];

/// What is wrong with a server or the way to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Trouble {
    #[default]
    None,
    /// Connections are refused, and streams break.
    Refuses,
    /// Nothing is answered, and streams stay open without a word.
    Silent,
    /// Streams stay open without a word.
    Mute,
    /// Lists break off.
    CutsLists,
    /// Writes are lost on their way.
    LosesWrites,
    /// Writes are done and not answered.
    KeepsReplies,
    /// Every call fails with 503.
    Migrates,
    /// There is no route for events.
    HasNoStream,
    /// Cells cannot be listed.
    HidesCells,
}

impl Trouble {
    pub(crate) const ALL: [Self; 9] = [
        Self::Refuses,
        Self::Silent,
        Self::Mute,
        Self::CutsLists,
        Self::LosesWrites,
        Self::KeepsReplies,
        Self::Migrates,
        Self::HasNoStream,
        Self::HidesCells,
    ];

    /// Returns how a call fails, if it does, and whether it is ever answered.
    pub(crate) fn fault(self, call: Call) -> Option<FaultKind> {
        let is_write = matches!(call, Call::Cancel | Call::Resolving | Call::Delete | Call::Desire);
        let reset = || FaultKind::Unreachable { cause: "connection reset by peer".into(), sent: true };
        match self {
            Self::Refuses => Some(FaultKind::Unreachable { cause: "connection refused".into(), sent: false }),
            Self::CutsLists if call == Call::ListTasks => Some(reset()),
            Self::LosesWrites | Self::KeepsReplies if is_write => Some(reset()),
            Self::Migrates => Some(not_bbs(503)),
            Self::HasNoStream if call == Call::TaskEvents => Some(not_bbs(404)),
            Self::HidesCells if call == Call::Cells => Some(FaultKind::Refused {
                kind: RefusedType::UNKNOWN,
                message: "\u{1b}[2Jno presence\u{202e}".into(),
            }),
            _ => None,
        }
    }

    /// Returns whether events get through.
    pub(crate) fn passes_events(self) -> bool {
        !matches!(self, Self::Refuses | Self::Silent | Self::Mute | Self::HasNoStream)
    }
}

fn not_bbs(status: u16) -> FaultKind {
    FaultKind::NotBbs {
        status,
        content_type: "text/html".into(),
        router_error: String::new(),
        problem: "something else answered".into(),
    }
}

/// A server.
pub(crate) struct Bbs {
    machine: Machine,
    interner: Interner,
    pub(crate) trouble: Trouble,
    /// How far its clock is ahead of ours.
    skew: i64,
    url: String,
    desired: usize,
    requests: u128,
    hostile: Vec<String>,
}

impl Bbs {
    /// Returns a server with a few tasks. Its guids begin with `name`.
    pub(crate) fn new(url: &str, skew_seconds: i64, hostile: &[String], now: Timestamp) -> Self {
        let mut bbs = Self {
            machine: Machine::new(),
            interner: Interner::default(),
            trouble: Trouble::None,
            skew: skew_seconds * 1_000_000_000,
            url: url.to_owned(),
            desired: 0,
            requests: 0,
            hostile: hostile.to_vec(),
        };
        for cell in CELLS {
            bbs.add_cell(cell.into(), "z1".into());
        }
        (0..16).for_each(|pick| bbs.go_on(pick, 0, now));
        bbs
    }

    fn now(&self, ours: Timestamp) -> Timestamp {
        ours.shifted(self.skew)
    }

    pub(crate) fn clock(&self, ours: Timestamp) -> Timestamp {
        self.now(ours)
    }

    /// Lets something happen: a task comes, takes a step of its life, or a sweep.
    pub(crate) fn go_on(&mut self, pick: u32, kind: u8, ours: Timestamp) {
        let now = self.now(ours);
        let guids: Vec<_> = self.held().into_keys().collect();
        let guid = guids.get(pick as usize % guids.len().max(1)).cloned();
        match (kind % 12, guid) {
            (0..3, _) | (_, None) => self.desire_one(pick, now),
            (3, _) => self.machine.sweep(now),
            (4, _) => self.change_cells(pick),
            (5, _) => drop(self.machine.upsert_domain(self.domain(pick), 60 * (pick % 3), now)),
            (_, Some(guid)) => self.take_step(guid.as_str(), pick, kind, now),
        }
    }

    fn take_step(&mut self, guid: &str, pick: u32, kind: u8, now: Timestamp) {
        let cell = self.task(guid).and_then(|task| task.cell).map(|cell| cell.as_str().to_owned());
        let text = self.text(pick);
        let machine = &mut self.machine;
        // A step that the state does not allow does nothing.
        let _ = match kind % 8 {
            0..3 => machine.start(guid, CELLS[pick as usize % CELLS.len()], now).map(drop),
            3 => machine.start(guid, &text, now).map(drop),
            4 => machine.reject(guid, &text, now),
            5 => machine.cancel(guid, now),
            6 => machine.resolving(guid, now).and_then(|()| machine.delete(guid)),
            _ => {
                let outcome = if pick.is_multiple_of(2) { Ok(text.as_bytes()) } else { Err(text.as_bytes()) };
                machine.complete(guid, cell.unwrap_or_default(), outcome, now)
            }
        };
    }

    fn desire_one(&mut self, pick: u32, now: Timestamp) {
        if self.machine.len() >= MOST {
            return;
        }
        self.desired += 1;
        // A guid may be used again.
        let guid = format!("task-{}", if pick.is_multiple_of(7) { pick as usize % 20 } else { self.desired });
        let definition = definition(&self.text(pick), pick);
        let _ = self.machine.desire(guid, self.domain(pick), definition, now);
    }

    fn change_cells(&mut self, pick: u32) {
        let cell = CELLS[pick as usize % CELLS.len()];
        if self.machine.remove_cell(cell).is_none() {
            self.add_cell(cell.into(), self.text(pick).into());
        }
    }

    fn add_cell(&mut self, cell: Bytes, zone: Bytes) {
        self.machine.add_cell(wire::CellPresence { cell_id: cell, zone, ..wire::CellPresence::default() });
    }

    fn domain(&self, pick: u32) -> String {
        if pick.is_multiple_of(5) {
            self.text(pick)
        } else {
            DOMAINS[pick as usize % DOMAINS.len()].to_owned()
        }
    }

    /// Returns a text that a tenant wrote.
    fn text(&self, pick: u32) -> String {
        let nth = pick as usize / 3;
        match pick % 3 {
            0 => "Exited with status 1".to_owned(),
            1 => format!("no room on cell-{}", nth % 5),
            _ => self.hostile[nth % self.hostile.len()].clone(),
        }
    }

    /// Returns the tasks that it holds.
    pub(crate) fn held(&mut self) -> BTreeMap<TaskGuid, Task> {
        let tasks = self.machine.list("", "").unwrap();
        tasks.iter().map(|task| self.decoded(task)).map(|task| (task.guid.clone(), task)).collect()
    }

    pub(crate) fn listed(&mut self, filter: &TaskFilter) -> Vec<Task> {
        self.held().into_values().filter(|task| filter.admits(task)).collect()
    }

    pub(crate) fn task(&mut self, guid: &str) -> Option<Task> {
        let task = self.machine.task(guid).ok()?;
        Some(self.decoded(&task))
    }

    pub(crate) fn domains(&self, ours: Timestamp) -> Vec<Domain> {
        let domains = self.machine.domains(self.now(ours)).unwrap();
        domains.iter().map(|domain| Domain::from(wire::text(domain).as_str())).collect()
    }

    pub(crate) fn cells(&self) -> Vec<Cell> {
        self.machine.cells().unwrap().iter().map(wire::cell_to_model).collect()
    }

    /// Returns what has happened since the last call.
    pub(crate) fn take_events(&mut self) -> Vec<TaskEvent> {
        let events = self.machine.take_events();
        let to_event = |event: &Event| match event {
            Event::Created(task) => TaskEvent::Created(self.decoded(task)),
            Event::Changed(change) => {
                let (before, after) = &**change;
                let [before, after] = [before, after].map(|task| Box::new(self.decoded(task)));
                TaskEvent::Changed { before, after }
            }
            Event::Removed(task) => TaskEvent::Removed(self.decoded(task)),
        };
        events.iter().map(to_event).collect()
    }

    /// Does a step of an action.
    pub(crate) fn act(&mut self, guid: &TaskGuid, step: Step, ours: Timestamp) -> Result<(), FaultKind> {
        let (now, guid) = (self.now(ours), guid.as_str());
        let done = match step {
            Step::Cancel => self.machine.cancel(guid, now),
            Step::Resolving => self.machine.resolving(guid, now),
            Step::Delete => self.machine.delete(guid),
        };
        done.map_err(|error| refused(&error))
    }

    pub(crate) fn desire(&mut self, task: &NewTask, ours: Timestamp) -> Result<(), FaultKind> {
        let definition = wire::TaskDefinition::decode(task.definition.as_bytes()).unwrap();
        let now = self.now(ours);
        self.machine
            .desire(task.guid.as_str(), task.domain.as_str(), definition, now)
            .map_err(|error| refused(&error))
    }

    /// Returns the fault of a call to it.
    pub(crate) fn fault(&self, call: Call, kind: FaultKind) -> Fault {
        Fault { call, target: self.url.clone(), request: Some(RequestId(self.requests)), kind }
    }

    pub(crate) fn timed_out(&self, call: Call, after: Duration) -> Fault {
        self.fault(call, FaultKind::TimedOut { after })
    }

    pub(crate) fn next_request(&mut self) -> RequestId {
        self.requests += 1;
        RequestId(self.requests)
    }

    /// Converts a task as the client does, from its encoding.
    fn decoded(&mut self, task: &wire::Task) -> Task {
        wire::read_task(&task.encode_to_vec(), &mut self.interner).unwrap()
    }
}

fn refused(error: &wire::Error) -> FaultKind {
    FaultKind::Refused { kind: RefusedType(error.r#type), message: wire::text(&error.message) }
}

/// Returns a definition that names an app, and holds a tenant's text wherever one can be.
fn definition(text: &str, pick: u32) -> wire::TaskDefinition {
    let bytes = || Bytes::from(text.to_owned());
    let tag = |key: &'static str, value: Bytes| MetricTagsEntry {
        key: key.into(),
        value: Some(wire::MetricTagValue { r#static: value, ..wire::MetricTagValue::default() }),
    };
    let run = wire::RunAction {
        path: "/bin/sh".into(),
        args: vec![bytes()],
        env: vec![wire::EnvironmentVariable { name: "TOKEN".into(), value: bytes() }],
        user: "vcap".into(),
        ..wire::RunAction::default()
    };
    wire::TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".into(),
        action: Some(wire::Action { kind: Some(wire::action::Kind::RunAction(run)) }),
        annotation: bytes(),
        result_file: bytes(),
        log_source: bytes(),
        memory_mb: i32::try_from(pick % 512).unwrap(),
        metric_tags: vec![
            tag("app_id", format!("app-{}", pick % 4).into()),
            tag("app_name", bytes()),
            tag("space_name", bytes()),
            tag("organization_name", "org".into()),
        ],
        ..wire::TaskDefinition::default()
    }
}
