//! A busy foundation: clients that desire tasks, and cells that start, complete and reject them.
//!
//! Steps are drawn from a seed; the time is handed in, but for [`run`], which steps by the clock.

mod definition;
mod random;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{MissedTickBehavior, interval};

use self::definition::Kind;
use self::random::Random;
use super::machine::Machine;
use super::shared::Shared;
use crate::bbs::wire::{CellCapacity, CellPresence, Provider};
use crate::model::Timestamp;

const FAILURES: [&str; 6] = [
    "Exited with status 1",
    "Exited with status 137 (out of memory)",
    "Exited with status 143",
    "Exited with status 223 (fork/exec: resource temporarily unavailable)",
    "exceeded 1h0m0s timeout",
    "failed to download cached artifacts: bad status code: 503",
];

const REJECTIONS: [&str; 4] = [
    "insufficient resources: memory",
    "insufficient resources: disk",
    "found no compatible cell with placement tags [\"gpu\"]",
    "unable to communicate to compatible cells",
];

/// Seconds; the steps of a high rate are bundled.
const SHORTEST_TICK: f64 = 0.02;
const LONGEST_TICK: f64 = 10.0;

/// How much older than the youngest a task of the first population can be.
const OLDEST_SECONDS: usize = 1_500;

const RESULT: &[u8] = br#"{"exit_status":0}"#;

/// Below this many tasks the foundation is not crowded.
const SMALLEST_TARGET: usize = 40;

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
    random: Random,
    guids: Guids,
    cells: Vec<Bytes>,
    gone: Option<CellPresence>,
    target: usize,
}

impl Workload {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            guids: Guids::default(),
            cells: Vec::new(),
            gone: None,
            target: SMALLEST_TARGET,
        }
    }

    /// Registers cells and domains and puts tasks into every state.
    pub(super) fn populate(&mut self, machine: &mut Machine, cells: usize, tasks: usize, now: Timestamp) {
        for number in 0..cells {
            let cell = cell(number);
            self.cells.push(cell.cell_id.clone());
            machine.add_cell(cell);
        }
        for kind in Kind::ALL {
            // Refused is only a domain without a name.
            let _ = machine.upsert_domain(kind.domain(), 0, now);
        }
        self.target = tasks.max(SMALLEST_TARGET);
        for _ in 0..tasks {
            self.add_old(machine, now);
        }
        // Nobody has subscribed yet; what was born before the start is not news.
        machine.take_events();
    }

    fn add_old(&mut self, machine: &mut Machine, now: Timestamp) {
        let ago = |seconds: usize| now.shifted(-1_000_000_000 * i64::try_from(seconds).unwrap_or(0));
        let age = 100 + self.random.below(OLDEST_SECONDS);
        // A task with a callback is gone once it ends, so only the others are seen completed.
        let ends = self.random.below(10) < 2;
        let kind = if ends { Kind::Batch } else { self.random.pick(&Kind::ALL).unwrap_or(Kind::Batch) };
        self.desire(machine, kind, ago(age));
        match self.random.below(10) {
            0 if !ends => {}
            1 if !ends => self.reject_newest(machine, ago(age - 1)),
            _ => self.start_newest(machine, ago(age - 2)),
        }
        if ends {
            let ended = self.random.below(90);
            self.finish_newest(machine, ago(ended));
        }
    }

    /// One step in the life of some task, or of a cell.
    pub(super) fn step(&mut self, machine: &mut Machine, now: Timestamp) {
        let is_crowded = machine.len() > self.target;
        match self.random.below(1000) {
            0..300 if !is_crowded => {
                let kind = self.random.pick(&Kind::ALL).unwrap_or(Kind::Batch);
                self.desire(machine, kind, now);
            }
            0..600 => self.start(machine, now),
            600..900 => self.finish(machine, now),
            900..940 => self.reject(machine, now),
            940..950 => self.cancel(machine, now),
            950..998 => self.delete(machine, now),
            _ => self.lose_or_find_cell(machine),
        }
    }

    fn desire(&mut self, machine: &mut Machine, kind: Kind, now: Timestamp) {
        let guid = self.random.guid();
        let definition = definition::of(kind, &guid, &mut self.random);
        if machine.desire(&guid, kind.domain(), definition, now).is_ok() {
            self.guids.pending.push(guid);
        }
    }

    fn start(&mut self, machine: &mut Machine, now: Timestamp) {
        self.random.choose_last(&mut self.guids.pending);
        self.start_newest(machine, now);
    }

    fn start_newest(&mut self, machine: &mut Machine, now: Timestamp) {
        let Some(cell) = self.random.pick(&self.cells) else { return };
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
        let failed = self.random.below(4) == 0;
        let reason = self.random.pick(&FAILURES).unwrap_or_default();
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
        let reason = self.random.pick(&REJECTIONS).unwrap_or_default();
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

    /// One cell at most is away, and never the last.
    fn lose_or_find_cell(&mut self, machine: &mut Machine) {
        if let Some(cell) = self.gone.take() {
            self.cells.push(cell.cell_id.clone());
            machine.add_cell(cell);
        } else if self.cells.len() > 1
            && let Some(cell) = self.random.take(&mut self.cells)
        {
            self.gone = machine.remove_cell(&cell);
        }
    }
}

/// Steps at the rate, by the clock, until it is dropped.
pub(super) async fn run(mut workload: Workload, shared: Arc<Shared>, rate: f64) {
    let period = (1.0 / rate).clamp(SHORTEST_TICK, LONGEST_TICK);
    let mut ticks = interval(Duration::from_secs_f64(period));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut due = 0.0;
    loop {
        ticks.tick().await;
        due += rate * period;
        while due >= 1.0 {
            due -= 1.0;
            shared.with(|machine, now| workload.step(machine, now));
        }
    }
}

fn cell(number: usize) -> CellPresence {
    let zone = number % 3 + 1;
    let address = format!("10.0.{}.{}", number / 200, 16 + number % 200);
    CellPresence {
        cell_id: format!("cell-{:02}", number + 1).into(),
        rep_address: format!("http://{address}:1800").into(),
        zone: format!("z{zone}").into(),
        capacity: Some(CellCapacity { memory_mb: 32_768, disk_mb: 131_072, containers: 250 }),
        rootfs_providers: vec![
            Provider { name: "preloaded".into(), properties: vec!["cflinuxfs4".into()] },
            Provider { name: "docker".into(), properties: Vec::new() },
        ],
        rep_url: format!("https://cell-{:02}.cell.service.cf.internal:1801", number + 1).into(),
        ..CellPresence::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::State;

    fn grown(seed: u64) -> Machine {
        let (mut machine, mut workload) = (Machine::new(), Workload::new(seed));
        let mut now = Timestamp::from_nanos(1_795_434_074_000_000_000);
        workload.populate(&mut machine, 4, 100, now);
        for _ in 0..3000 {
            now = now.plus(Duration::from_millis(10));
            workload.step(&mut machine, now);
        }
        machine
    }

    #[test]
    fn the_first_population_is_as_large_as_asked_and_in_every_state_that_lasts() {
        let mut machine = Machine::new();
        Workload::new(7).populate(&mut machine, 4, 200, Timestamp::from_nanos(1_795_434_074_000_000_000));
        let tasks = machine.list("", "").unwrap();
        assert_eq!(tasks.len(), 200);
        for state in [State::Pending, State::Running, State::Completed] {
            assert!(tasks.iter().any(|task| task.state == state.number()), "{state}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_story() {
        assert_eq!(grown(3).take_events(), grown(3).take_events());
        assert_ne!(grown(3).take_events(), grown(4).take_events());
    }
}
