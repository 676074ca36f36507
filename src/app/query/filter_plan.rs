//! A filter put to many rows. What many of them share is judged once, so that most need not be looked at.

use std::cell::OnceCell;

use super::super::store::{RowId, Said, Store};
use super::filter::Filter;
use super::row_set::RowSet;
use crate::filter::{Decision, Known};
use crate::model::Timestamp;

/// A filter, and what it makes of the rows that the store has now.
pub(super) struct FilterPlan<'a> {
    filter: &'a Filter,
    now: Timestamp,
    store: &'a Store,
    /// By the place of what the rows have in common; none where no such row is admitted.
    of_commons: Vec<Option<Known>>,
    /// By the place of their texts, which are judged when the first row that has them is asked: of a slice of the rows
    /// only those that stand in it.
    of_texts: Vec<Text<'a>>,
}

/// Texts that rows have, and what the filter knows by them.
struct Text<'a> {
    said: Option<&'a Said>,
    known: OnceCell<Known>,
}

impl<'a> FilterPlan<'a> {
    pub(super) fn new(filter: &'a Filter, now: Timestamp, store: &'a Store) -> Self {
        let columns = store.facets();
        let of_commons = columns.commons().map(|common| filter.knows_of(common?)).collect();
        let of_texts = columns.said().map(|said| Text { said, known: OnceCell::new() }).collect();
        Self { filter, now, store, of_commons, of_texts }
    }

    /// Whether the filter admits the row; never one without an entry.
    pub(super) fn admits(&self, id: RowId) -> bool {
        self.decision(id).is_some_and(|decision| self.admits_by(decision, id))
    }

    /// None is a refusal.
    fn decision(&self, id: RowId) -> Option<Decision> {
        let (common, said) = self.store.facets().parts(id)?;
        let common = self.of_commons.get(common).copied().flatten()?;
        match self.filter.terms.decides(common) {
            Decision::Refused => None,
            Decision::Admitted => Some(Decision::Admitted),
            Decision::ByGuid(_) | Decision::ByTask => {
                Some(self.filter.terms.decides(common.and(self.known_by_texts(said))))
            }
        }
    }

    fn known_by_texts(&self, said: usize) -> Known {
        let judged = |text: &Text<'_>| {
            *text
                .known
                .get_or_init(|| text.said.map(|said| self.filter.knows_of_texts(said)).unwrap_or_default())
        };
        self.of_texts.get(said).map(judged).unwrap_or_default()
    }

    fn admits_by(&self, decision: Decision, id: RowId) -> bool {
        match decision {
            Decision::Admitted => true,
            Decision::Refused => false,
            Decision::ByGuid(open) => {
                let guid = self.store.facets().guid(id);
                guid.is_some_and(|guid| self.filter.terms.admits_guid(open, guid.as_str()))
            }
            Decision::ByTask => self.store.entry(id).is_some_and(|entry| self.filter.admits(entry, self.now)),
        }
    }

    /// Those that it admits of these rows, in the order of memory, which is quicker to read than that of the rows.
    pub(super) fn admitted(&self, among: impl Fn(RowId) -> bool) -> RowSet {
        let mut admitted = RowSet::with_capacity(self.store.slots());
        for id in (0..self.store.slots()).filter_map(RowId::at) {
            if among(id) && self.admits(id) {
                admitted.insert(id);
            }
        }
        admitted
    }
}
