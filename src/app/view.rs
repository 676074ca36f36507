//! What `ui` reads of the state. Changes nothing, but for the page's size that drawing finds out.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::clock::Now;
use crate::model::{Cell, CellId, Domain, Fault, Sort, TaskAction, TaskGuid, Timestamp};

use super::keymap::Keymap;
use super::{
    App, CellRow, Detail, DomainRow, Entry, EventLog, Filter, Health, ListCost, Notices, Overlay, Pane,
    Pending, Presence, RowId, Scope, Standing, Store, Target, TimeForm, VisibleColumns, Work,
};

impl App {
    /// What the dashboard is pointed at.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// What the feed is worth.
    pub fn health(&self, now: Now) -> Health {
        self.feed.health(now)
    }

    /// What the last list met, while the stream keeps the rows fresh all the same.
    pub fn list_fault(&self) -> Option<&Fault> {
        self.feed.list_fault()
    }

    /// What the last list cost.
    pub fn list_cost(&self) -> Option<ListCost> {
        self.feed.last_cost()
    }

    /// Bytes received, and expected where known, of the list in flight.
    pub fn list_progress(&self) -> Option<(u64, Option<u64>)> {
        self.feed.progress()
    }

    /// How long the list in flight, if any, has been without a first byte.
    pub fn list_silent_for(&self, now: Now) -> Option<Duration> {
        self.feed.list_silent_for(now)
    }

    /// How long the server has been silent, if that is worth a word.
    pub fn silence(&self, now: Now) -> Option<Duration> {
        self.feed.silence(now)
    }

    /// The server's time, as well as we can tell.
    pub fn server_now(&self, now: Now) -> Timestamp {
        self.feed.server_now(now)
    }

    /// The tasks.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What is filtered.
    pub fn filter(&self) -> &Filter {
        self.query.filter()
    }

    /// Returns the sort of the rows.
    pub fn sort(&self) -> Sort {
        self.query.sort()
    }

    /// Returns the columns of the task table.
    pub fn columns(&self) -> &VisibleColumns {
        &self.columns
    }

    /// Whether the rows are held still.
    pub fn paused(&self) -> bool {
        self.query.paused()
    }

    /// How many rows are shown, and how many the scope has.
    pub fn shown_of_total(&self) -> (usize, usize) {
        (self.query.rows().len(), self.query.total())
    }

    /// How many tasks a view has, filtered out or not.
    pub fn count_of(&self, scope: Scope) -> usize {
        let held = self.store.counts().all();
        match scope {
            Scope::Live => held.total(),
            Scope::Failed => held.all_failed(),
            Scope::Ended => self.store.ended_count(),
        }
    }

    /// What takes longer than a frame and is not done yet. Until it is, no news may be taken in, and frames follow one
    /// another.
    pub fn work(&self) -> Option<Work> {
        self.query.work()
    }

    /// The row at `at`.
    pub fn row(&self, at: usize) -> Option<&Entry> {
        self.query.rows().get(at).and_then(|id| self.store.entry(*id))
    }

    /// The rows from `at` on, by what stays the same while they move.
    pub fn rows_from(&self, at: usize) -> impl Iterator<Item = RowId> {
        self.query.rows().iter().skip(at).copied()
    }

    /// Where the selected row is.
    pub fn selected_at(&self) -> usize {
        self.query.selected_at()
    }

    /// The selected task. What keys act on while a detail is open is [`Self::detail_entry`].
    pub fn selected(&self) -> Option<&Entry> {
        self.query.selected().and_then(|guid| self.store.get(guid))
    }

    /// The action under way, or just ended, on a task.
    pub fn pending(&self, guid: &TaskGuid) -> Option<&Pending> {
        self.pending.get(guid)
    }

    /// How many actions await an answer.
    pub fn actions_in_flight(&self) -> usize {
        self.pending.in_flight().count()
    }

    /// The tasks whose actions await an answer, by guid.
    pub fn tasks_in_flight(&self) -> BTreeMap<&TaskGuid, TaskAction> {
        self.pending.in_flight().map(|(guid, pending)| (guid, pending.action)).collect()
    }

    /// The notices.
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// What the event stream told.
    pub fn event_log(&self) -> &EventLog {
        &self.event_log
    }

    /// Events that said nothing we could use.
    pub fn skipped_events(&self) -> u64 {
        self.skipped_events
    }

    /// How many lines the event pane is scrolled back from the newest.
    pub fn events_scroll(&self) -> usize {
        self.events_scroll
    }

    /// Whether the event pane is wanted.
    pub fn events_shown(&self) -> bool {
        self.events_shown
    }

    /// The pane that has the focus.
    pub fn focus(&self) -> Pane {
        self.focus
    }

    /// What lies over the panes.
    pub fn overlay(&self) -> &Overlay {
        &self.overlay
    }

    /// The detail, if it is open.
    pub fn detail(&self) -> Option<&Detail> {
        self.detail.as_ref()
    }

    /// How times are shown.
    pub fn times(&self) -> TimeForm {
        self.times
    }

    /// The keymap.
    pub fn keymap(&self) -> &Keymap {
        &self.keymap
    }

    /// Tells how many lines the focused pane shows, so that a page is a page. `runtime` calls it after a frame.
    pub fn set_page(&mut self, lines: usize) {
        self.page = lines.max(1);
    }

    /// The domains that are kept fresh, as far as that is known.
    pub fn fresh_domains(&self) -> &Presence<Domain> {
        &self.fresh_domains
    }

    /// The cells that are present, as far as that is known.
    pub fn cells(&self) -> &Presence<CellId, Cell> {
        &self.cells
    }

    /// Tells that a frame of this state is on the screen: from then on a question can be read. `runtime` calls it.
    pub fn frame_shown(&mut self, now: Now) {
        match &mut self.overlay {
            Overlay::Confirm(dialog) => dialog.confirmation.shown(now.mono),
            Overlay::Quit(confirmation) => confirmation.shown(now.mono),
            Overlay::Help(_) | Overlay::Filter(_) | Overlay::None => {}
        }
    }

    /// The rows of the domain pane: all, then by name those that have tasks or are fresh.
    pub fn domain_rows(&self) -> Vec<DomainRow> {
        let counts = self.store.counts();
        let chosen = self.filter().domain.as_ref();
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

    /// The rows of the cell pane: all, then by name those that are present or run tasks.
    pub fn cell_rows(&self) -> Vec<CellRow> {
        let counts = self.store.counts();
        let chosen = self.filter().cell.as_ref();
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
