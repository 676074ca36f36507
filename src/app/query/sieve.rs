//! A filter put to many rows. What many of them have in common is judged once, so that most need not be looked at.

use super::super::store::{RowId, Store};
use super::bits::Bits;
use super::filter::Filter;
use crate::filter::Decision;
use crate::model::Timestamp;

/// A filter, and what it makes of the rows that the store has now.
pub(super) struct Sieve<'a> {
    filter: &'a Filter,
    now: Timestamp,
    store: &'a Store,
    /// By the place of what the rows have in common.
    decided: Vec<Decision<'a>>,
}

impl<'a> Sieve<'a> {
    pub(super) fn new(filter: &'a Filter, now: Timestamp, store: &'a Store) -> Self {
        let decided = store.columns().commons().iter().map(|common| filter.decides(common)).collect();
        Self { filter, now, store, decided }
    }

    /// Whether the filter admits the row; never one without an entry.
    pub(super) fn admits(&self, id: RowId) -> bool {
        let columns = self.store.columns();
        match columns.common(id).and_then(|common| self.decided.get(common)) {
            Some(Decision::Admitted) => true,
            Some(Decision::ByGuid(test)) => columns.guid(id).is_some_and(|guid| test.admits(guid.as_str())),
            Some(Decision::ByTask) => {
                self.store.entry(id).is_some_and(|entry| self.filter.admits(entry, self.now))
            }
            Some(Decision::Refused) | None => false,
        }
    }

    /// Those that it admits of these rows, in the order of memory, which is quicker to read than that of the rows.
    pub(super) fn admitted(&self, among: impl Fn(RowId) -> bool) -> Bits {
        let mut bits = Bits::none(self.store.slots());
        for id in (0..self.store.slots()).filter_map(RowId::at) {
            if among(id) && self.admits(id) {
                bits.add(id);
            }
        }
        bits
    }
}
