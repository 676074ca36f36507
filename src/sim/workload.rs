//! A simulated foundation: clients that desire tasks, and cells that start, complete and reject them, as a scenario
//! has it.
//!
//! Turns are drawn from a seed; the time is handed in, but for [`run`], which takes them by the clock.

mod cells;
mod definition;
mod random;
pub(super) mod scenario;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, MissedTickBehavior, interval};

use self::cells::Cells;
use self::definition::Mould;
use self::random::Random;
use self::scenario::{Begins, Scenario, Turn};
use super::machine::Machine;
use super::shared::Shared;
use crate::model::{State, Timestamp};

/// Seconds; the turns of a high rate are bundled.
const SHORTEST_TICK: f64 = 0.02;
const LONGEST_TICK: f64 = 10.0;

/// Seconds that a task of the first population has at least to begin, to start and to end in.
const YOUNGEST: usize = 100;
/// How long ago the first of them ended, at most; the server's sweep deletes what ended two minutes ago.
const ENDED_SECONDS: usize = 90;

const RESULT: &[u8] = br#"{"exit_status":0}"#;

/// The guids that were left in some state; the machine may have moved on.
#[derive(Debug, Default)]
struct Guids {
    pending: Vec<String>,
    running: Vec<(String, Bytes)>,
    completed: Vec<String>,
}

/// The foundation's clients and cells.
#[derive(Debug)]
pub(super) struct Workload {
    scenario: Scenario,
    random: Random,
    guids: Guids,
    cells: Cells,
    crowded: usize,
    moulds: Vec<Mould>,
}

impl Workload {
    pub(super) fn new(scenario: Scenario, seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            guids: Guids::default(),
            cells: Cells::new(scenario.cells.clone()),
            crowded: scenario.size.crowded,
            moulds: scenario.kinds.iter().map(Mould::of).collect(),
            scenario,
        }
    }

    /// Registers cells and domains and puts tasks into the states that the scenario has them in.
    pub(super) fn populate(&mut self, machine: &mut Machine, cells: usize, tasks: usize, now: Timestamp) {
        self.cells.register(cells, machine);
        for kind in &self.scenario.kinds {
            // Refused is only a domain without a name, which no scenario has.
            let _ = machine.upsert_domain(&kind.domain, 0, now);
        }
        self.crowded = tasks.max(self.scenario.size.crowded);
        // What was born before the start is not news.
        machine.in_silence(|machine| (0..tasks).for_each(|_| self.add_old(machine, now)));
        // Only now: the first tasks are to be in the state that they were put into.
        machine.set_callbacks(self.scenario.callbacks);
    }

    fn add_old(&mut self, machine: &mut Machine, now: Timestamp) {
        let ago = |seconds: usize| now.shifted(-1_000_000_000 * i64::try_from(seconds).unwrap_or(0));
        let oldest = usize::try_from(self.scenario.size.oldest).unwrap_or(0);
        let age = YOUNGEST + self.random.below(oldest.saturating_sub(YOUNGEST));
        let stays = self.stays();
        let admits = |begins| begins != Begins::Completed || stays.is_some();
        let begins = self.scenario.population.draw(&mut self.random, admits);
        let kind = match (begins, stays) {
            (Some(Begins::Completed), Some(kind)) => kind,
            _ => self.some_kind(),
        };
        self.desire(machine, kind, ago(age));
        match begins {
            Some(Begins::Rejected) => self.reject_newest(machine, ago(age - 1)),
            Some(Begins::Running) => self.start_newest(machine, ago(age - 2)),
            Some(Begins::Completed) => {
                self.start_newest(machine, ago(age - 2));
                let ended = self.random.below(ENDED_SECONDS);
                self.finish_newest(machine, ago(ended));
            }
            Some(Begins::Pending) | None => {}
        }
    }

    /// A kind whose tasks stay when they have ended: one with a callback would be gone.
    fn stays(&mut self) -> Option<usize> {
        let weights =
            self.scenario.kinds.iter().map(|kind| if kind.callback.is_none() { kind.weight } else { 0 });
        self.random.weighted(weights)
    }

    fn some_kind(&mut self) -> usize {
        self.random.weighted(self.scenario.kinds.iter().map(|kind| kind.weight)).unwrap_or(0)
    }

    /// One turn in the life of some task, or of a cell.
    pub(super) fn step(&mut self, machine: &mut Machine, now: Timestamp) {
        let is_crowded = machine.len() > self.crowded;
        let admits = |turn| turn != Turn::Desire || !is_crowded;
        match self.scenario.turns.draw(&mut self.random, admits) {
            Some(Turn::Desire) => {
                let kind = self.some_kind();
                self.desire(machine, kind, now);
            }
            Some(Turn::Start) => self.start(machine, now),
            Some(Turn::Finish) => self.finish(machine, now),
            Some(Turn::Reject) => self.reject(machine, now),
            Some(Turn::Cancel) => self.cancel(machine, now),
            Some(Turn::Delete) => self.delete(machine, now),
            Some(Turn::Resolve) => self.resolve(machine, now),
            Some(Turn::LoseCell) => self.cells.lose(&mut self.random, machine),
            Some(Turn::FindCell) => self.cells.find(machine),
            None => {}
        }
    }

    fn desire(&mut self, machine: &mut Machine, kind: usize, now: Timestamp) {
        let Some(mould) = self.moulds.get(kind) else { return };
        let guid = self.random.guid();
        let definition = mould.cast(&guid, &mut self.random);
        if machine.desire(&guid, mould.domain(), definition, now).is_ok() {
            self.guids.pending.push(guid);
        }
    }

    fn start(&mut self, machine: &mut Machine, now: Timestamp) {
        self.random.choose_last(&mut self.guids.pending);
        self.start_newest(machine, now);
    }

    fn start_newest(&mut self, machine: &mut Machine, now: Timestamp) {
        let Some(cell) = self.cells.pick(&mut self.random) else { return };
        let Some(guid) = self.guids.pending.pop() else { return };
        if machine.start(&guid, &cell, now).is_ok() {
            self.guids.running.push((guid, cell));
        }
    }

    fn finish(&mut self, machine: &mut Machine, now: Timestamp) {
        self.random.choose_last(&mut self.guids.running);
        self.finish_newest(machine, now);
    }

    fn finish_newest(&mut self, machine: &mut Machine, now: Timestamp) {
        let Some((guid, cell)) = self.guids.running.pop() else { return };
        if !self.cells.has(&cell) {
            // It went with its cell: the server's sweep ends it, unless the cell is back before.
            if machine.task(&guid).is_ok_and(|task| task.state == State::Running.number()) {
                self.guids.running.push((guid, cell));
            }
            return;
        }
        let failed = self.random.below(100) < self.scenario.failures.percent;
        let reason = self.random.pick(&self.scenario.failures.reasons).unwrap_or_default();
        let outcome = if failed { Err(reason.as_bytes()) } else { Ok(RESULT) };
        if machine.complete(&guid, &cell, outcome, now).is_ok() {
            self.guids.completed.push(guid);
        }
    }

    fn reject(&mut self, machine: &mut Machine, now: Timestamp) {
        self.random.choose_last(&mut self.guids.pending);
        self.reject_newest(machine, now);
    }

    fn reject_newest(&mut self, machine: &mut Machine, now: Timestamp) {
        let Some(guid) = self.guids.pending.pop() else { return };
        let reason = self.random.pick(&self.scenario.rejections.reasons).unwrap_or_default();
        if machine.reject(&guid, reason, now).is_ok() {
            self.guids.pending.push(guid);
        }
    }

    fn cancel(&mut self, machine: &mut Machine, now: Timestamp) {
        let Some((guid, _)) = self.random.take(&mut self.guids.running) else { return };
        if machine.cancel(&guid, now).is_ok() {
            self.guids.completed.push(guid);
        }
    }

    /// A client without a callback tidies up after its task; the sweep may have been first.
    fn delete(&mut self, machine: &mut Machine, now: Timestamp) {
        let Some(guid) = self.random.take(&mut self.guids.completed) else { return };
        if machine.resolving(&guid, now).is_ok() {
            let _ = machine.delete(&guid);
        }
    }

    /// A client claims a deletion, and is never heard of again.
    fn resolve(&mut self, machine: &mut Machine, now: Timestamp) {
        if let Some(guid) = self.random.take(&mut self.guids.completed) {
            let _ = machine.resolving(&guid, now);
        }
    }
}

/// Takes turns at the rate, by the clock, until it is dropped.
pub(super) async fn run(mut workload: Workload, shared: Arc<Shared>, rate: f64) {
    let period = (1.0 / rate).clamp(SHORTEST_TICK, LONGEST_TICK);
    let mut ticks = interval(Duration::from_secs_f64(period));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    // By what has passed, not by ticks: those that were missed are made up for.
    let (begun, mut taken) = (Instant::now(), 0.0);
    loop {
        ticks.tick().await;
        let due = rate * begun.elapsed().as_secs_f64();
        while taken + 1.0 <= due {
            taken += 1.0;
            shared.with(|machine, now| workload.step(machine, now));
        }
    }
}
