//! The filter of the task table: the view, the side panes' selection, and the filter that was typed.

use super::super::groups::{GroupFilter, GroupKey};
use super::super::store::{Attributes, TaskTexts, Zones};
use crate::filter::{self, TermResults};
use crate::model::{CellId, Domain, TaskFilter};

/// Which tasks a view shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Tasks that the BBS holds, and for a short while those that have just ended.
    #[default]
    Live,
    /// Tasks that the BBS holds, and all ended ones among them.
    LiveAndEnded,
    /// Tasks that failed, whether or not the BBS still holds them.
    Failed,
    /// Tasks that ended while taskdeck was watching.
    Ended,
}

impl Scope {
    /// All scopes, in the order of their keys.
    pub(in crate::app) const ALL: [Self; 4] = [Self::Live, Self::LiveAndEnded, Self::Failed, Self::Ended];

    /// Returns the word for its tasks. Views are saved under it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "held",
            Self::LiveAndEnded => "held and ended",
            Self::Failed => "failed",
            Self::Ended => "ended",
        }
    }

    /// Returns whether the view shows held and ended tasks together, so that they must be told apart.
    pub const fn mixes_ended(self) -> bool {
        matches!(self, Self::Live | Self::LiveAndEnded)
    }

    /// Returns whether the view shows a task with these flags.
    pub(in crate::app) const fn includes(self, ended: bool, failed: bool) -> bool {
        match self {
            Self::Live => !ended,
            Self::LiveAndEnded => true,
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
    /// The groups that were chosen in the panes.
    pub groups: GroupFilter,
    /// The filter that was typed.
    pub terms: filter::Filter,
}

impl Filter {
    /// Returns whether the filter may hide rows of its scope.
    pub fn is_active(&self) -> bool {
        !self.groups.is_empty() || !self.terms.is_empty()
    }

    /// Returns whether `other` admits everything that this filter admits. Conservative: `false` means unknown.
    pub(super) fn is_narrower_than(&self, other: &Self) -> bool {
        self.scope == other.scope
            && self.groups.includes(&other.groups)
            && self.terms.is_narrower_than(&other.terms)
    }

    /// Returns the part of the chosen groups that the server can apply.
    pub(in crate::app) fn pane_filter(&self) -> TaskFilter {
        let id = |key| self.groups.get(key).map(|name| name.id());
        TaskFilter {
            domain: id(GroupKey::Domain).map(Domain::from),
            cell: id(GroupKey::Cell).map(CellId::from),
        }
    }

    /// Returns the part of the filter that the server can apply.
    pub(in crate::app) fn for_list(&self) -> TaskFilter {
        let terms = self.terms.for_list();
        // The server clears the cell of a task that completes.
        let cell = terms.cell.filter(|_| self.scope == Scope::Live);
        let panes = self.pane_filter();
        TaskFilter { domain: panes.domain.or(terms.domain), cell: panes.cell.or(cell) }
    }

    /// Evaluates the filter for all rows with these shared facts; none if it admits none of them.
    pub(super) fn evaluate_attributes(&self, attributes: &Attributes, zones: &Zones) -> Option<TermResults> {
        let is_chosen = self.groups.admits_attributes(attributes, zones);
        is_chosen.then(|| self.terms.evaluate_shared(&attributes.shared()))
    }

    /// Evaluates the typed filter for all rows with these texts.
    pub(super) fn evaluate_texts(&self, texts: &TaskTexts) -> TermResults {
        self.terms.evaluate_texts(&texts.texts())
    }
}
