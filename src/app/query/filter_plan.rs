//! Applies a filter to many rows. What rows share is evaluated once, so that most rows need no look at their tasks.

use std::cell::OnceCell;

use super::super::store::{Entry, FacetIndexes, RowId, Store, TaskTexts};
use super::filter::Filter;
use super::row_set::RowSet;
use crate::filter::{Decision, Subject, TermResults};
use crate::model::{Owner, Timestamp};

/// A filter with its results for what the store's rows share.
pub(super) struct FilterPlan<'a> {
    filter: &'a Filter,
    now: Timestamp,
    store: &'a Store,
    /// Results by the index of shared facts; none if no such row is admitted.
    by_attributes: Vec<Option<TermResults>>,
    /// Results by the index of texts, evaluated when the first row with these texts is: a slice needs only those of
    /// its own rows.
    by_texts: Vec<Lazy<'a, TaskTexts>>,
    /// Results by the index of owners, likewise.
    by_owner: Vec<Lazy<'a, Owner>>,
    /// Whether a chosen group is one of texts or owners.
    needs_row: bool,
}

/// A facet that rows share, and the filter's results for it once a row needs them.
struct Lazy<'a, T> {
    facet: Option<&'a T>,
    results: OnceCell<TermResults>,
    is_in_groups: OnceCell<bool>,
}

impl<'a, T> Lazy<'a, T> {
    fn all(facets: impl Iterator<Item = Option<&'a T>>) -> Vec<Self> {
        facets.map(|facet| Self { facet, results: OnceCell::new(), is_in_groups: OnceCell::new() }).collect()
    }

    fn results(&self, evaluate: impl Fn(&T) -> TermResults) -> TermResults {
        *self.results.get_or_init(|| self.facet.map(evaluate).unwrap_or_default())
    }

    fn is_in_groups(&self, admits: impl Fn(&T) -> bool) -> bool {
        *self.is_in_groups.get_or_init(|| self.facet.is_some_and(admits))
    }
}

impl<'a> FilterPlan<'a> {
    pub(super) fn new(filter: &'a Filter, now: Timestamp, store: &'a Store) -> Self {
        let facets = store.facets();
        let by_attributes = facets
            .attributes()
            .map(|attributes| filter.evaluate_attributes(attributes?, facets.zones()))
            .collect();
        let (by_texts, by_owner) = (Lazy::all(facets.texts()), Lazy::all(facets.owners()));
        Self { filter, now, store, by_attributes, by_texts, by_owner, needs_row: filter.groups.needs_row() }
    }

    /// Returns whether the filter admits the row; false for a row without an entry.
    pub(super) fn admits(&self, id: RowId) -> bool {
        self.decision(id).is_some_and(|decision| self.admits_by(decision, id))
    }

    /// Returns none if the filter excludes the row.
    fn decision(&self, id: RowId) -> Option<Decision> {
        let indexes = self.store.facets().indexes(id)?;
        let attributes = self.by_attributes.get(indexes.attributes).copied().flatten()?;
        if self.needs_row && !self.is_in_groups(indexes) {
            return None;
        }
        match self.filter.terms.decides(attributes) {
            Decision::Excluded => None,
            Decision::Admitted => Some(Decision::Admitted),
            Decision::NeedsGuid(_) | Decision::NeedsTask => {
                Some(self.filter.terms.decides(attributes.and(self.own_results(indexes))))
            }
        }
    }

    /// Returns whether the chosen groups admit a row's texts and owner.
    fn is_in_groups(&self, indexes: FacetIndexes) -> bool {
        let groups = &self.filter.groups;
        let texts = self.by_texts.get(indexes.texts);
        let owner = self.by_owner.get(indexes.owner);
        texts.is_some_and(|texts| texts.is_in_groups(|texts| groups.admits_texts(texts)))
            && owner.is_some_and(|owner| owner.is_in_groups(|owner| groups.admits_owner(owner)))
    }

    /// Returns the results for a row's texts and owner.
    fn own_results(&self, indexes: FacetIndexes) -> TermResults {
        let texts = self
            .by_texts
            .get(indexes.texts)
            .map(|texts| texts.results(|texts| self.filter.evaluate_texts(texts)));
        let owner = self
            .by_owner
            .get(indexes.owner)
            .map(|owner| owner.results(|owner| self.filter.terms.evaluate_owner(owner)));
        texts.unwrap_or_default().and(owner.unwrap_or_default())
    }

    fn admits_by(&self, decision: Decision, id: RowId) -> bool {
        match decision {
            Decision::Admitted => true,
            Decision::Excluded => false,
            Decision::NeedsGuid(undecided) => {
                let guid = self.store.facets().guid(id);
                guid.is_some_and(|guid| self.filter.terms.admits_guid(undecided, guid.as_str()))
            }
            Decision::NeedsTask => self
                .store
                .entry(id)
                .is_some_and(|entry| self.filter.terms.admits(&subject(self.store, entry, self.now))),
        }
    }

    /// Returns the admitted rows of those that `among` selects. Visits them in memory order, which is faster than row
    /// order.
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

fn subject<'a>(store: &Store, entry: &'a Entry, now: Timestamp) -> Subject<'a> {
    let stuck = store.stuck_of(entry, now);
    Subject { task: &entry.task, cell: entry.last_cell.as_ref(), cause: entry.cause(), stuck, now }
}
