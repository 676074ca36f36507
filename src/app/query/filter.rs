//! What a row must be like: the view, the side panes' choice, and what was typed.

use crate::filter::{self, Known, Subject};
use crate::model::{CellId, Domain, TaskFilter, Timestamp};

use super::super::store::{Common, Entry, Said};

/// Which tasks are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Those that the BBS holds.
    #[default]
    Live,
    /// Those that failed, held or ended.
    Failed,
    /// Those that ended while we watched.
    Ended,
}

impl Scope {
    /// Whether a task is looked at that has ended or failed, or has not.
    pub(super) const fn has(self, ended: bool, failed: bool) -> bool {
        match self {
            Self::Live => !ended,
            Self::Failed => failed,
            Self::Ended => ended,
        }
    }
}

/// What a row must be like.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// Which tasks.
    pub scope: Scope,
    /// Only of this domain.
    pub domain: Option<Domain>,
    /// Only of this cell, or last on it.
    pub cell: Option<CellId>,
    /// Only what these terms admit.
    pub terms: filter::Filter,
}

impl Filter {
    /// Whether it hides anything of its scope.
    pub fn is_active(&self) -> bool {
        self.domain.is_some() || self.cell.is_some() || !self.terms.is_empty()
    }

    /// Whether all that it admits is admitted by `other` too, as far as can be told at a glance.
    pub(super) fn is_narrower_than(&self, other: &Self) -> bool {
        self.scope == other.scope
            && (other.domain.is_none() || self.domain == other.domain)
            && (other.cell.is_none() || self.cell == other.cell)
            && self.terms.is_narrower_than(&other.terms)
    }

    /// What of the side panes' choice the server can apply: all of it.
    pub(in crate::app) fn of_panes(&self) -> TaskFilter {
        TaskFilter { domain: self.domain.clone(), cell: self.cell.clone() }
    }

    /// What of it the server can apply.
    pub(in crate::app) fn for_list(&self) -> TaskFilter {
        let terms = self.terms.for_list();
        // The server has forgotten where a task ran that failed or ended.
        let cell = terms.cell.filter(|_| self.scope == Scope::Live);
        let panes = self.of_panes();
        TaskFilter { domain: panes.domain.or(terms.domain), cell: panes.cell.or(cell) }
    }

    /// Whether the row is like that.
    pub(super) fn admits(&self, entry: &Entry, now: Timestamp) -> bool {
        let Self { domain, cell, terms, .. } = self;
        let subject =
            || Subject { task: &entry.task, cell: entry.last_cell.as_ref(), ended: entry.end.is_some(), now };
        domain.as_ref().is_none_or(|domain| *domain == entry.task.domain)
            && cell.as_ref().is_none_or(|cell| entry.last_cell.as_ref() == Some(cell))
            && terms.admits(&subject())
    }

    /// What it knows of the rows that have this in common; none if it admits none of them.
    pub(super) fn knows_of(&self, common: &Common) -> Option<Known> {
        let is_chosen = self.domain.as_ref().is_none_or(|domain| *domain == common.domain)
            && self.cell.as_ref().is_none_or(|cell| common.cell.as_ref() == Some(cell));
        is_chosen.then(|| self.terms.knows_of_shared(&common.shared()))
    }

    /// What it knows of the rows that have these texts.
    pub(super) fn knows_of_texts(&self, said: &Said) -> Known {
        self.terms.knows_of_texts(&said.texts())
    }
}
