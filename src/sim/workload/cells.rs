//! The foundation's cells: there, or away for a while.

use bytes::Bytes;

use super::random::Random;
use super::scenario;
use crate::bbs::wire::{CellCapacity, CellPresence, Provider};
use crate::sim::machine::Machine;

#[derive(Debug)]
pub(super) struct Cells {
    scenario: scenario::Cells,
    present: Vec<Bytes>,
    away: Vec<CellPresence>,
}

impl Cells {
    pub(super) const fn new(scenario: scenario::Cells) -> Self {
        Self { scenario, present: Vec::new(), away: Vec::new() }
    }

    /// As many cells register their presence.
    pub(super) fn register(&mut self, count: usize, machine: &mut Machine) {
        for (number, zone) in self.scenario.zones.iter().cycle().take(count).enumerate() {
            let cell = cell(number, zone);
            self.present.push(cell.cell_id.clone());
            machine.add_cell(cell);
        }
    }

    /// One that is there.
    pub(super) fn pick(&self, random: &mut Random) -> Option<Bytes> {
        random.pick(&self.present)
    }

    /// Whether it is there.
    pub(super) fn has(&self, cell: &Bytes) -> bool {
        self.present.contains(cell)
    }

    /// One disappears, but for the last, and not more than the scenario allows.
    pub(super) fn lose(&mut self, random: &mut Random, machine: &mut Machine) {
        if self.present.len() > 1
            && self.away.len() < self.scenario.away
            && let Some(cell) = random.take(&mut self.present)
        {
            self.away.extend(machine.remove_cell(&cell));
        }
    }

    /// The one that disappeared last is back.
    pub(super) fn find(&mut self, machine: &mut Machine) {
        if let Some(cell) = self.away.pop() {
            self.present.push(cell.cell_id.clone());
            machine.add_cell(cell);
        }
    }
}

fn cell(number: usize, zone: &str) -> CellPresence {
    let address = format!("10.0.{}.{}", number / 200, 16 + number % 200);
    CellPresence {
        cell_id: format!("cell-{:02}", number + 1).into(),
        rep_address: format!("http://{address}:1800").into(),
        zone: zone.to_owned().into(),
        capacity: Some(CellCapacity { memory_mb: 32_768, disk_mb: 131_072, containers: 250 }),
        rootfs_providers: vec![
            Provider { name: "preloaded".into(), properties: vec!["cflinuxfs4".into()] },
            Provider { name: "docker".into(), properties: Vec::new() },
        ],
        rep_url: format!("https://cell-{:02}.cell.service.cf.internal:1801", number + 1).into(),
        ..CellPresence::default()
    }
}
