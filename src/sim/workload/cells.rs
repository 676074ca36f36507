//! The cells of a simulated foundation: present, or missing for a while.

use bytes::Bytes;

use super::random::Random;
use super::scenario;
use crate::bbs::wire::{CellCapacity, CellPresence, Provider};
use crate::sim::machine::Machine;

#[derive(Debug)]
pub(super) struct Cells {
    scenario: scenario::Cells,
    present: Vec<Bytes>,
    missing: Vec<CellPresence>,
}

impl Cells {
    pub(super) const fn new(scenario: scenario::Cells) -> Self {
        Self { scenario, present: Vec::new(), missing: Vec::new() }
    }

    /// Registers `count` cells, spread over the zones.
    pub(super) fn register(&mut self, count: usize, machine: &mut Machine) {
        for (number, zone) in self.scenario.zones.iter().cycle().take(count).enumerate() {
            let cell = cell(number, zone);
            self.present.push(cell.cell_id.clone());
            machine.add_cell(cell);
        }
    }

    /// Returns a random present cell.
    pub(super) fn choose(&self, random: &mut Random) -> Option<Bytes> {
        random.choose(&self.present)
    }

    /// Returns whether the cell is present.
    pub(super) fn contains(&self, cell: &Bytes) -> bool {
        self.present.contains(cell)
    }

    /// Removes a random cell; never the last one, and never more than the scenario allows.
    pub(super) fn lose(&mut self, random: &mut Random, machine: &mut Machine) {
        if self.present.len() > 1
            && self.missing.len() < self.scenario.max_missing
            && let Some(cell) = random.take(&mut self.present)
        {
            self.missing.extend(machine.remove_cell(&cell));
        }
    }

    /// Brings back the cell that disappeared last.
    pub(super) fn restore(&mut self, machine: &mut Machine) {
        if let Some(cell) = self.missing.pop() {
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
