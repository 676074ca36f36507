//! Simulates the clients and cells of a foundation: runs the operations of a scenario against the [`Machine`].
//!
//! Deterministic: the same seed and times give the same operations. Only [`run`] reads the clock.

mod apps;
mod cells;
mod definition;
mod random;
pub(super) mod scenario;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, MissedTickBehavior, interval};

use self::apps::Apps;
use self::cells::Cells;
use self::definition::Template;
use self::random::Random;
use self::scenario::{InitialState, Operation, Scenario};
use super::machine::Machine;
use super::shared::Shared;
use crate::model::{State, Timestamp};

/// Bounds of the tick in seconds. At a high rate one tick runs several operations.
const MIN_TICK: f64 = 0.02;
const MAX_TICK: f64 = 10.0;

/// Minimum age of an initial task in seconds. It leaves time to start and complete the task before now.
const MIN_AGE_SECONDS: usize = 100;
/// Maximum seconds since an initial task completed. The sweep deletes tasks two minutes after they complete.
const MAX_COMPLETED_SECONDS: usize = 90;

const RESULT: &[u8] = br#"{"exit_status":0}"#;

/// The guids by the state that the workload last put them in. The machine's sweep may have changed the state since.
#[derive(Debug, Default)]
struct Guids {
    pending: Vec<Pending>,
    running: Vec<(String, Bytes)>,
    /// Running tasks whose kind says how long they run, by the end of their run.
    timed: BinaryHeap<Reverse<(Timestamp, String, Bytes)>>,
    completed: Vec<String>,
}

/// A task that waits for its start, and how many seconds it runs then, if its kind says that.
#[derive(Debug)]
struct Pending {
    guid: String,
    run: Option<usize>,
}

/// The clients and cells of a simulated foundation.
#[derive(Debug)]
pub(super) struct Workload {
    scenario: Scenario,
    random: Random,
    guids: Guids,
    /// Number of guids made.
    desired: usize,
    /// The seconds that have passed, and how many operations were done in them.
    passed: f64,
    done: f64,
    cells: Cells,
    max_tasks: usize,
    templates: Vec<Template>,
    apps: Apps,
}

impl Workload {
    pub(super) fn new(scenario: Scenario, seed: u64) -> Self {
        Self {
            apps: Apps::default(),
            random: Random::new(seed),
            guids: Guids::default(),
            desired: 0,
            passed: 0.0,
            done: 0.0,
            cells: Cells::new(scenario.cells.clone()),
            max_tasks: scenario.size.max_tasks,
            templates: scenario.kinds.iter().map(Template::new).collect(),
            scenario,
        }
    }

    /// Registers cells and domains and creates the initial tasks in the states that the scenario asks for.
    pub(super) fn populate(&mut self, machine: &mut Machine, cells: usize, tasks: usize, now: Timestamp) {
        self.apps = Apps::new(&self.scenario.apps, tasks, &mut self.random);
        self.cells.register(cells, machine);
        for kind in &self.scenario.kinds {
            // Only an empty domain is refused, and a scenario cannot have one.
            let _ = machine.upsert_domain(&kind.domain, 0, now);
        }
        self.max_tasks = tasks.max(self.scenario.size.max_tasks);
        // Initial tasks cause no events: nobody can have subscribed yet.
        machine.without_events(|machine| (0..tasks).for_each(|_| self.add_initial(machine, now)));
        // Set last, so that callbacks do not change the states of the initial tasks.
        machine.set_callbacks(self.scenario.callbacks);
        machine.set_unavailable_hosts(self.scenario.unavailable_hosts.clone());
    }

    fn add_initial(&mut self, machine: &mut Machine, now: Timestamp) {
        let ago = |seconds: usize| now.shifted(-1_000_000_000 * i64::try_from(seconds).unwrap_or(0));
        let oldest = usize::try_from(self.scenario.size.oldest).unwrap_or(0);
        let age = MIN_AGE_SECONDS + self.random.below(oldest.saturating_sub(MIN_AGE_SECONDS));
        let without_callback = self.kind_without_callback();
        let allowed = |state| state != InitialState::Completed || without_callback.is_some();
        let state = self.scenario.population.choose(&mut self.random, allowed);
        let kind = match (state, without_callback) {
            (Some(InitialState::Completed), Some(kind)) => kind,
            _ => self.any_kind(),
        };
        self.desire(machine, kind, ago(age));
        match state {
            Some(InitialState::Rejected) => self.reject_newest(machine, ago(age - 1)),
            Some(InitialState::Running) => {
                // One that runs for a fixed time still has some of it before it.
                let run = self.templates.get(kind).and_then(Template::run_seconds);
                let since = run.map_or(age - 2, |run| self.random.below(run).min(age - 2));
                self.start_newest(machine, ago(since));
            }
            Some(InitialState::Completed) => {
                self.start_newest(machine, ago(age - 2));
                let ended = self.random.below(MAX_COMPLETED_SECONDS);
                self.finish_newest(machine, ago(ended));
            }
            Some(InitialState::Pending) | None => {}
        }
    }

    /// Chooses a kind without a callback: its completed tasks stay until they are deleted.
    fn kind_without_callback(&mut self) -> Option<usize> {
        let weights =
            self.scenario.kinds.iter().map(|kind| if kind.callback.is_none() { kind.weight } else { 0 });
        self.random.weighted_index(weights)
    }

    fn any_kind(&mut self) -> usize {
        self.random.weighted_index(self.scenario.kinds.iter().map(|kind| kind.weight)).unwrap_or(0)
    }

    /// Does what is due once `seconds` more have passed, at `rate` operations a second.
    pub(super) fn advance(&mut self, shared: &Shared, seconds: f64, rate: f64) {
        self.passed += seconds;
        while self.done + 1.0 <= rate * self.passed {
            self.done += 1.0;
            shared.with(|machine, now| self.step(machine, now));
        }
        shared.with(|machine, now| self.finish_due(machine, now));
    }

    /// Returns the number of operations a second that the scenario asks for.
    pub(super) const fn rate(&self) -> f64 {
        self.scenario.size.churn
    }

    /// Runs one random operation.
    pub(super) fn step(&mut self, machine: &mut Machine, now: Timestamp) {
        let is_over = self.scenario.size.total.is_some_and(|total| self.desired >= total);
        let is_full = is_over || machine.len() > self.max_tasks;
        let allowed = |operation| operation != Operation::Desire || !is_full;
        match self.scenario.operations.choose(&mut self.random, allowed) {
            Some(Operation::Desire) => {
                let kind = self.any_kind();
                self.desire(machine, kind, now);
            }
            Some(Operation::Start) => self.start(machine, now),
            Some(Operation::Finish) => self.finish(machine, now),
            Some(Operation::Reject) => self.reject(machine, now),
            Some(Operation::Cancel) => self.cancel(machine, now),
            Some(Operation::Delete) => self.delete(machine, now),
            Some(Operation::Resolve) => self.resolve(machine, now),
            Some(Operation::LoseCell) => self.cells.lose(&mut self.random, machine),
            Some(Operation::FindCell) => self.cells.restore(machine),
            None => {}
        }
    }

    fn desire(&mut self, machine: &mut Machine, kind: usize, now: Timestamp) {
        let guid = self.next_guid();
        let Some(template) = self.templates.get(kind) else { return };
        let run = template.run_seconds();
        let definition = template.instantiate(&guid, &self.apps, &mut self.random);
        if machine.desire(&guid, template.domain(), definition, now).is_ok() {
            self.guids.pending.push(Pending { guid, run });
        }
    }

    fn next_guid(&mut self) -> String {
        self.desired += 1;
        let Some(prefix) = &self.scenario.guid_prefix else { return self.random.guid() };
        format!("{prefix}{:06}", self.desired)
    }

    fn start(&mut self, machine: &mut Machine, now: Timestamp) {
        self.random.swap_to_end(&mut self.guids.pending);
        self.start_newest(machine, now);
    }

    fn start_newest(&mut self, machine: &mut Machine, now: Timestamp) {
        let Some(cell) = self.cells.choose(&mut self.random) else { return };
        let Some(Pending { guid, run }) = self.guids.pending.pop() else { return };
        if machine.start(&guid, &cell, now).is_err() {
            return;
        }
        match run {
            Some(seconds) => self.guids.timed.push(Reverse((after(now, seconds), guid, cell))),
            None => self.guids.running.push((guid, cell)),
        }
    }

    fn finish(&mut self, machine: &mut Machine, now: Timestamp) {
        self.random.swap_to_end(&mut self.guids.running);
        self.finish_newest(machine, now);
    }

    fn finish_newest(&mut self, machine: &mut Machine, now: Timestamp) {
        let Some((guid, cell)) = self.guids.running.pop() else { return };
        if !self.cells.contains(&cell) {
            // The cell is missing: the sweep fails the task unless the cell returns first.
            if machine.task(&guid).is_ok_and(|task| task.state == State::Running.number()) {
                self.guids.running.push((guid, cell));
            }
            return;
        }
        self.complete(machine, guid, &cell, now);
    }

    /// Completes the tasks whose run is over.
    fn finish_due(&mut self, machine: &mut Machine, now: Timestamp) {
        while self.guids.timed.peek().is_some_and(|Reverse((due, ..))| *due <= now) {
            let Some(Reverse((due, guid, cell))) = self.guids.timed.pop() else { return };
            // What ran on a missing cell is the sweep's.
            if self.cells.contains(&cell) {
                self.complete(machine, guid, &cell, due);
            }
        }
    }

    fn complete(&mut self, machine: &mut Machine, guid: String, cell: &Bytes, now: Timestamp) {
        let failed = self.random.below(100) < self.scenario.failures.percent;
        let reason = self.random.choose(&self.scenario.failures.reasons).unwrap_or_default();
        let outcome = if failed { Err(reason.as_bytes()) } else { Ok(RESULT) };
        if machine.complete(&guid, cell, outcome, now).is_ok() {
            self.guids.completed.push(guid);
        }
    }

    fn reject(&mut self, machine: &mut Machine, now: Timestamp) {
        self.random.swap_to_end(&mut self.guids.pending);
        self.reject_newest(machine, now);
    }

    fn reject_newest(&mut self, machine: &mut Machine, now: Timestamp) {
        let Some(pending) = self.guids.pending.pop() else { return };
        let reason = self.random.choose(&self.scenario.rejections.reasons).unwrap_or_default();
        if machine.reject(&pending.guid, reason, now).is_ok() {
            self.guids.pending.push(pending);
        }
    }

    fn cancel(&mut self, machine: &mut Machine, now: Timestamp) {
        let Some((guid, _)) = self.random.take(&mut self.guids.running) else { return };
        if machine.cancel(&guid, now).is_ok() {
            self.guids.completed.push(guid);
        }
    }

    /// Resolves and deletes a completed task, as a client without a callback does. The sweep may have deleted it already.
    fn delete(&mut self, machine: &mut Machine, now: Timestamp) {
        let Some(guid) = self.random.take(&mut self.guids.completed) else { return };
        if machine.resolving(&guid, now).is_ok() {
            let _ = machine.delete(&guid);
        }
    }

    /// Resolves a completed task and never deletes it, as if the client had crashed in between.
    fn resolve(&mut self, machine: &mut Machine, now: Timestamp) {
        if let Some(guid) = self.random.take(&mut self.guids.completed) {
            let _ = machine.resolving(&guid, now);
        }
    }
}

fn after(at: Timestamp, seconds: usize) -> Timestamp {
    at.plus(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// Runs `rate` operations a second until the future is dropped.
pub(super) async fn run(mut workload: Workload, shared: Arc<Shared>, rate: f64) {
    let period = (1.0 / rate).clamp(MIN_TICK, MAX_TICK);
    let mut ticks = interval(Duration::from_secs_f64(period));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    // Counted by elapsed time, not by ticks, so that missed ticks are made up for.
    let mut last = Instant::now();
    loop {
        ticks.tick().await;
        let now = Instant::now();
        workload.advance(&shared, (now - last).as_secs_f64(), rate);
        last = now;
    }
}
