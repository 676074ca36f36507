//! Rows of the side panes and of the task table.

use std::collections::BTreeSet;

use crate::model::CellId;

use super::{Session, Standing};
use crate::app::{CellRow, DomainRow, Entry, Scope};

impl Session {
    /// Returns the row at `at`.
    pub(in crate::app) fn row(&self, at: usize) -> Option<&Entry> {
        self.query.rows().get(at).and_then(|id| self.store.entry(*id))
    }

    /// Returns the selected task.
    pub(in crate::app) fn selected(&self) -> Option<&Entry> {
        self.query.selected().and_then(|guid| self.store.get(guid))
    }

    /// Returns how many tasks a view has, filtered out or not.
    pub(in crate::app) fn count_of(&self, scope: Scope) -> usize {
        let held = self.store.counts().all();
        match scope {
            Scope::Live => held.total(),
            Scope::Failed => held.all_failed(),
            Scope::Ended => self.store.ended_count(),
        }
    }

    /// Returns the rows of the domain pane: all, then by name those that have tasks or are fresh.
    pub(in crate::app) fn domain_rows(&self) -> Vec<DomainRow> {
        let counts = self.store.counts();
        let chosen = self.query.filter().domain.as_ref();
        let named: BTreeSet<_> =
            counts.domains().keys().chain(self.fresh_domains.keys()).chain(chosen).collect();
        let all = DomainRow {
            domain: None,
            freshness: Standing::Present,
            counts: counts.all(),
            selected: chosen.is_none(),
        };
        let rows = named.into_iter().map(|domain| DomainRow {
            domain: Some(domain.clone()),
            freshness: self.fresh_domains.of(domain),
            counts: counts.domains().get(domain).copied().unwrap_or_default(),
            selected: chosen == Some(domain),
        });
        std::iter::once(all).chain(rows).collect()
    }

    /// Returns the rows of the cell pane: all, then by name those that are present or run tasks.
    pub(in crate::app) fn cell_rows(&self) -> Vec<CellRow> {
        let counts = self.store.counts();
        let chosen = self.query.filter().cell.as_ref();
        let named: BTreeSet<&CellId> = counts.cells().keys().chain(self.cells.keys()).chain(chosen).collect();
        let all = CellRow {
            cell: None,
            zone: None,
            presence: Standing::Present,
            counts: counts.all(),
            selected: chosen.is_none(),
        };
        let rows = named.into_iter().map(|id| CellRow {
            cell: Some(id.clone()),
            zone: self.cells.get(id).map(|cell| cell.zone.clone()),
            presence: self.cells.of(id),
            counts: counts.cells().get(id).copied().unwrap_or_default(),
            selected: chosen == Some(id),
        });
        std::iter::once(all).chain(rows).collect()
    }
}
