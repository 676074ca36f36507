//! Finds the row of a guid. Stores the row's number and a part of the guid's hash instead of the guid: for 100,000 rows
//! that takes 1 MB instead of 10, and the table grows without reading the guids.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::RowId;
use crate::model::TaskGuid;

/// Maps guids to rows. The caller compares the guids.
#[derive(Debug, Default)]
pub(super) struct Index {
    table: HashTable<(u32, RowId)>,
    hasher: RandomState,
}

impl Index {
    /// Returns the row of this guid; `is_its` says whether a row has it.
    pub(super) fn find(&self, guid: &TaskGuid, is_its: impl Fn(RowId) -> bool) -> Option<RowId> {
        let part = self.part(guid);
        let found = self.table.find(spread(part), |(other, id)| *other == part && is_its(*id));
        found.map(|(_, id)| *id)
    }

    /// Adds the row of a guid that has none.
    pub(super) fn add(&mut self, guid: &TaskGuid, id: RowId) {
        let part = self.part(guid);
        self.table.insert_unique(spread(part), (part, id), |(part, _)| spread(*part));
    }

    /// Removes and returns the row of this guid.
    pub(super) fn remove(&mut self, guid: &TaskGuid, is_its: impl Fn(RowId) -> bool) -> Option<RowId> {
        let part = self.part(guid);
        let found = self.table.find_entry(spread(part), |(other, id)| *other == part && is_its(*id));
        found.ok().map(|found| found.remove().0.1)
    }

    /// Returns the part of the guid's hash that is stored.
    fn part(&self, guid: &TaskGuid) -> u32 {
        (self.hasher.hash_one(guid.as_str()) >> 32) as u32
    }
}

/// Spreads the part over 64 bits, because the table uses the lowest and the highest ones.
const fn spread(part: u32) -> u64 {
    (part as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
