//! The availability zones of the cells. A cell that is gone keeps its zone here: when a whole zone fails, its tasks must
//! still show where they ran.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::Store;
use crate::model::CellId;

/// How many zones are kept although nobody asks for them: those of cells that are gone and have no tasks. A late event may
/// still name such a cell. Each deployment that recreates the cells gives them new ids.
pub(super) const MOST_UNUSED: usize = 4_096;

/// The zones of cells, whether these are present or not.
pub(in crate::app) type Zones = HashMap<CellId, Box<str>, RandomState>;

/// Forgets the zones of all other cells once too many are unused.
pub(super) fn forget_unused<'a>(zones: &mut Zones, used: impl Iterator<Item = &'a CellId>) {
    let used: HashSet<&CellId, RandomState> = used.collect();
    if zones.keys().filter(|cell| !used.contains(cell)).count() > MOST_UNUSED {
        zones.retain(|cell, _| used.contains(cell));
    }
}

impl Store {
    /// Returns the zone of a cell; empty if it is not known.
    pub fn zone(&self, cell: Option<&CellId>) -> &str {
        cell.and_then(|cell| self.facets.zones().get(cell)).map_or("", |zone| zone)
    }

    /// Returns what is kept of cells that are not present and have no tasks: what it is, how many, and how many at most.
    #[cfg(test)]
    pub(in crate::app) fn bound_of_zones(
        &self,
        is_present: impl Fn(&CellId) -> bool,
    ) -> (&'static str, usize, usize) {
        let with_tasks: HashSet<_> =
            self.facets.attributes().flatten().filter_map(|of| of.cell.as_ref()).collect();
        let is_unused = |cell: &&CellId| !is_present(cell) && !with_tasks.contains(cell);
        let unused = self.facets.zones().keys().filter(is_unused).count();
        ("zones of cells that are gone and have no tasks", unused, MOST_UNUSED)
    }

    /// Records the zones of the cells that are present. Returns whether any of them is news.
    pub(in crate::app) fn learn_zones<'a>(
        &mut self,
        present: impl Iterator<Item = (&'a CellId, &'a str)> + Clone,
    ) -> bool {
        self.facets.learn_zones(present)
    }
}
