//! Evaluates a filter on parts of a task. A part that many tasks share is evaluated once for all of them; the results
//! of several parts are then combined for each task, with one bit per term.

use super::term::Term;
use super::{Filter, Shared, Texts};
use crate::model::Owner;

/// Which terms hold and which fail. A term in neither set is still undecided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TermResults {
    holds: TermSet,
    fails: TermSet,
}

impl TermResults {
    /// Combines the results for two parts of the same task.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { holds: self.holds.union(other.holds), fails: self.fails.union(other.fails) }
    }
}

/// A set of a filter's terms, by position. Terms beyond the first 64 have no bit and are evaluated for each task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TermSet(u64);

impl TermSet {
    pub(super) fn matching(terms: &[Term], is_match: impl Fn(&Term) -> bool) -> Self {
        let bits = terms.iter().zip(0..u64::BITS).filter(|(term, _)| is_match(term)).map(|(_, nth)| 1 << nth);
        Self(bits.fold(0, |all, bit| all | bit))
    }

    const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    const fn is_empty(self) -> bool {
        self.0 == 0
    }

    const fn contains(self, nth: u32) -> bool {
        self.0 >> nth & 1 == 1
    }
}

/// What the results of its parts decide about a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The filter admits the task.
    Admitted,
    /// The filter does not admit the task.
    Excluded,
    /// The guid decides these terms: [`Filter::admits_guid`].
    NeedsGuid(TermSet),
    /// Only the whole task decides: [`Filter::admits`].
    NeedsTask,
}

impl Filter {
    /// Evaluates the terms for all tasks with these shared facts.
    pub fn evaluate_shared(&self, shared: &Shared<'_>) -> TermResults {
        self.evaluate(|term| term.evaluate_shared(shared))
    }

    /// Evaluates the terms for all tasks with these texts.
    pub fn evaluate_texts(&self, texts: &Texts<'_>) -> TermResults {
        self.evaluate(|term| term.evaluate_texts(texts))
    }

    /// Evaluates the terms for all tasks of this owner.
    pub fn evaluate_owner(&self, owner: &Owner) -> TermResults {
        self.evaluate(|term| term.evaluate_owner(owner))
    }

    fn evaluate(&self, evaluate: impl Fn(&Term) -> Option<bool>) -> TermResults {
        let with_result = |wanted| TermSet::matching(&self.terms, |term| evaluate(term) == Some(wanted));
        TermResults { holds: with_result(true), fails: with_result(false) }
    }

    /// Decides about a task from the combined results of its shared facts, its texts and its owner.
    pub fn decides(&self, results: TermResults) -> Decision {
        let undecided = self.all.without(results.holds);
        let is_whole = self.terms.len() <= u64::BITS as usize;
        match () {
            () if !results.fails.is_empty() => Decision::Excluded,
            () if !is_whole || !undecided.without(self.by_guid).is_empty() => Decision::NeedsTask,
            () if undecided.is_empty() => Decision::Admitted,
            () => Decision::NeedsGuid(undecided),
        }
    }

    /// Returns whether the guid passes the undecided terms.
    pub fn admits_guid(&self, undecided: TermSet, guid: &str) -> bool {
        let mut terms = self.terms.iter().zip(0..u64::BITS);
        terms.all(|(term, nth)| !undecided.contains(nth) || term.holds_for_guid(guid))
    }
}
