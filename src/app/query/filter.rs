//! The filter of the task table: the view, the side panes' selection, and the filter that was typed.

use crate::filter::{self, Subject, TermResults};
use crate::model::{CellId, Domain, TaskFilter, Timestamp};

use super::super::store::{Common, Entry, Said};

/// Which tasks a view shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Tasks that the BBS holds.
    #[default]
    Live,
    /// Tasks that failed, whether or not the BBS still holds them.
    Failed,
    /// Tasks that ended while taskdeck was watching.
    Ended,
}

impl Scope {
    /// Returns whether the view shows a task with these flags.
    pub(in crate::app) const fn includes(self, ended: bool, failed: bool) -> bool {
        match self {
            Self::Live => !ended,
            Self::Failed => failed,
            Self::Ended => ended,
        }
    }
}

/// The filter of the task table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// The view.
    pub scope: Scope,
    /// The selected domain.
    pub domain: Option<Domain>,
    /// The selected cell: the current or last cell of a task.
    pub cell: Option<CellId>,
    /// The filter that was typed.
    pub terms: filter::Filter,
}

impl Filter {
    /// Returns whether the filter may hide rows of its scope.
    pub fn is_active(&self) -> bool {
        self.domain.is_some() || self.cell.is_some() || !self.terms.is_empty()
    }

    /// Returns whether `other` admits everything that this filter admits. Conservative: `false` means unknown.
    pub(super) fn is_narrower_than(&self, other: &Self) -> bool {
        self.scope == other.scope
            && (other.domain.is_none() || self.domain == other.domain)
            && (other.cell.is_none() || self.cell == other.cell)
            && self.terms.is_narrower_than(&other.terms)
    }

    /// Returns the side panes' selection, all of which the server can apply.
    pub(in crate::app) fn pane_filter(&self) -> TaskFilter {
        TaskFilter { domain: self.domain.clone(), cell: self.cell.clone() }
    }

    /// Returns the part of the filter that the server can apply.
    pub(in crate::app) fn for_list(&self) -> TaskFilter {
        let terms = self.terms.for_list();
        // The server clears the cell of a task that completes.
        let cell = terms.cell.filter(|_| self.scope == Scope::Live);
        let panes = self.pane_filter();
        TaskFilter { domain: panes.domain.or(terms.domain), cell: panes.cell.or(cell) }
    }

    /// Returns whether the filter admits the row.
    pub(super) fn admits(&self, entry: &Entry, now: Timestamp) -> bool {
        let Self { domain, cell, terms, .. } = self;
        let subject =
            || Subject { task: &entry.task, cell: entry.last_cell.as_ref(), ended: entry.end.is_some(), now };
        domain.as_ref().is_none_or(|domain| *domain == entry.task.domain)
            && cell.as_ref().is_none_or(|cell| entry.last_cell.as_ref() == Some(cell))
            && terms.admits(&subject())
    }

    /// Evaluates the filter for all rows with these shared facts; none if it admits none of them.
    pub(super) fn evaluate_common(&self, common: &Common) -> Option<TermResults> {
        let is_chosen = self.domain.as_ref().is_none_or(|domain| *domain == common.domain)
            && self.cell.as_ref().is_none_or(|cell| common.cell.as_ref() == Some(cell));
        is_chosen.then(|| self.terms.evaluate_shared(&common.shared()))
    }

    /// Evaluates the typed filter for all rows with these texts.
    pub(super) fn evaluate_texts(&self, said: &Said) -> TermResults {
        self.terms.evaluate_texts(&said.texts())
    }
}
