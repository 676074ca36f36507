//! A set of rows: one bit per row, so that a membership test of a hundred thousand rows needs no search.

use fixedbitset::FixedBitSet;

use super::super::store::RowId;

/// A set of rows.
#[derive(Debug, Default)]
pub(super) struct RowSet(FixedBitSet);

impl RowSet {
    /// Returns an empty set with room for `slots` rows.
    pub(super) fn with_capacity(slots: usize) -> Self {
        Self(FixedBitSet::with_capacity(slots))
    }

    /// Adds a row, and grows the set if the row is beyond its capacity.
    pub(super) fn insert(&mut self, id: RowId) {
        self.0.grow_and_insert(id.index());
    }

    /// Returns the number of rows.
    pub(super) fn len(&self) -> usize {
        self.0.count_ones(..)
    }

    /// Returns whether the set has the row; rows beyond its capacity are not in it.
    pub(super) fn contains(&self, id: RowId) -> bool {
        self.0.contains(id.index())
    }
}

impl FromIterator<RowId> for RowSet {
    fn from_iter<I: IntoIterator<Item = RowId>>(ids: I) -> Self {
        Self(ids.into_iter().map(RowId::index).collect())
    }
}
