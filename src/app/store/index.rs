//! From guids to rows. A row's number and a part of the guid's hash are held, not the guid: of a hundred thousand rows
//! that is a megabyte instead of ten, and the table grows without a look at any of them.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::RowId;
use crate::model::TaskGuid;

/// The rows by their guids, which whoever asks can tell of a row.
#[derive(Debug, Default)]
pub(super) struct Index {
    table: HashTable<(u32, RowId)>,
    hasher: RandomState,
}

impl Index {
    /// The row of this guid; `is_its` says whether a row has it.
    pub(super) fn find(&self, guid: &TaskGuid, is_its: impl Fn(RowId) -> bool) -> Option<RowId> {
        let part = self.part(guid);
        let found = self.table.find(spread(part), |(other, id)| *other == part && is_its(*id));
        found.map(|(_, id)| *id)
    }

    /// Takes in the row of a guid that has none.
    pub(super) fn add(&mut self, guid: &TaskGuid, id: RowId) {
        let part = self.part(guid);
        self.table.insert_unique(spread(part), (part, id), |(part, _)| spread(*part));
    }

    /// Takes the row of this guid out.
    pub(super) fn remove(&mut self, guid: &TaskGuid, is_its: impl Fn(RowId) -> bool) -> Option<RowId> {
        let part = self.part(guid);
        let found = self.table.find_entry(spread(part), |(other, id)| *other == part && is_its(*id));
        found.ok().map(|found| found.remove().0.1)
    }

    /// What is held of a guid's hash.
    fn part(&self, guid: &TaskGuid) -> u32 {
        (self.hasher.hash_one(guid.as_str()) >> 32) as u32
    }
}

/// A hash of all its bits again: the table takes the lowest and the highest.
const fn spread(part: u32) -> u64 {
    (part as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
