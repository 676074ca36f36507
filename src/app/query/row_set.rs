//! A set of rows, a bit each: to ask of a hundred thousand whether they are in it costs no search.

use super::super::store::RowId;

/// A set of rows.
#[derive(Debug, Default)]
pub(super) struct RowSet(Vec<u64>);

impl RowSet {
    /// None of this many.
    pub(super) fn none(slots: usize) -> Self {
        Self(vec![0; slots.div_ceil(64)])
    }

    pub(super) fn of(ids: &[RowId]) -> Self {
        let most = ids.iter().map(|id| id.index() + 1).max().unwrap_or(0);
        let mut bits = Self::none(most);
        for id in ids {
            bits.add(*id);
        }
        bits
    }

    pub(super) fn add(&mut self, id: RowId) {
        if let Some(word) = self.0.get_mut(id.index() / 64) {
            *word |= 1 << (id.index() % 64);
        }
    }

    pub(super) fn has(&self, id: RowId) -> bool {
        self.0.get(id.index() / 64).is_some_and(|word| word >> (id.index() % 64) & 1 == 1)
    }
}
