//! The availability zones of the cells. A cell that is gone keeps its zone here: when a whole zone fails, its tasks must
//! still show where they ran.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::Store;
use crate::model::CellId;

/// The zones of all cells seen so far.
pub(in crate::app) type Zones = HashMap<CellId, Box<str>, RandomState>;

impl Store {
    /// Returns the zone of a cell; empty if it is not known.
    pub fn zone(&self, cell: Option<&CellId>) -> &str {
        cell.and_then(|cell| self.facets.zones().get(cell)).map_or("", |zone| zone)
    }

    /// Records the zones of cells. Returns whether any of them is news.
    pub(in crate::app) fn learn_zones<'a>(
        &mut self,
        cells: impl Iterator<Item = (&'a CellId, &'a str)>,
    ) -> bool {
        self.facets.learn_zones(cells)
    }
}
