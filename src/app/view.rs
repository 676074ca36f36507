//! Accessors of the state for `ui`, which shows one session. They change nothing but the size of a page and the time of
//! a frame.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::clock::Now;
use crate::model::{Cell, CellId, Domain, Fault, Sort, TaskGuid, Timeline, Timestamp};
use crate::state::SavedState;

use super::keymap::Keymap;
use super::own_commands::{Output, OwnCommands};
use super::session::Session;
use super::{
    App, Detail, EndedRows, Entry, EventLog, Filter, GroupPane, GroupPlace, GroupRow, Health, ListCost,
    MainPane, Notices, Overlay, Pane, Pending, Presence, RowId, Scope, SessionId, Store, TableColumns,
    Target, TimeForm, Work,
};

impl App {
    /// Returns the session that is shown.
    pub fn shown_session(&self) -> SessionId {
        self.session().id()
    }

    /// Returns the target of the session.
    pub fn target(&self) -> &Target {
        &self.session().target
    }

    /// Returns the target of a session, which need not be the one that is shown.
    pub fn target_of(&self, session: SessionId) -> Option<&Target> {
        self.sessions.get(session).map(|session| &session.target)
    }

    /// Returns how many sessions are open besides the one that is shown.
    pub fn other_sessions(&self) -> usize {
        self.sessions.iter().count() - 1
    }

    /// Returns for how long the target, which is read-only otherwise, stays open for writes.
    pub fn writes_open_for(&self, now: Now) -> Option<Duration> {
        self.session().writes_open_for(now)
    }

    /// Returns the health of the feed.
    pub fn health(&self, now: Now) -> Health {
        self.session().feed.health(now)
    }

    /// Returns the fault of the last list. A live stream still keeps the rows current.
    pub fn list_fault(&self) -> Option<&Fault> {
        self.session().feed.list_fault()
    }

    /// Returns the cost of the last list.
    pub fn list_cost(&self) -> Option<ListCost> {
        self.session().feed.last_cost()
    }

    /// Returns the bytes received, and expected if known, of the list in flight.
    pub fn list_progress(&self) -> Option<(u64, Option<u64>)> {
        self.session().feed.progress()
    }

    /// Returns how long the list in flight has been waiting for its first byte.
    pub fn list_silent_for(&self, now: Now) -> Option<Duration> {
        self.session().feed.list_silent_for(now)
    }

    /// Returns how long the server has been silent, if that is long enough to show.
    pub fn silence(&self, now: Now) -> Option<Duration> {
        self.session().feed.silence(now)
    }

    /// Returns the server's time, estimated from its `Date` header.
    pub fn server_now(&self, now: Now) -> Timestamp {
        self.session().feed.server_now(now)
    }

    /// Returns the tasks.
    pub fn store(&self) -> &Store {
        &self.session().store
    }

    /// Returns the tasks of a session, which need not be the one that is shown.
    pub fn store_of(&self, session: SessionId) -> Option<&Store> {
        self.sessions.get(session).map(|session| &session.store)
    }

    /// Returns a task of a session, which need not be the one that is shown.
    pub fn task_in(&self, session: SessionId, guid: &TaskGuid) -> Option<&Entry> {
        self.sessions.get(session).and_then(|session| session.store.get(guid))
    }

    /// Returns the filter.
    pub fn filter(&self) -> &Filter {
        self.session().query.filter()
    }

    /// Returns the sort of the rows.
    pub fn sort(&self) -> Sort {
        self.session().query.sort()
    }

    /// Returns the columns of the task table.
    pub fn columns(&self) -> &TableColumns {
        &self.columns
    }

    /// Limits how far the columns are scrolled: no further than to the last one. `runtime` calls it after a frame.
    pub fn limit_column_scroll(&mut self, most: usize) {
        self.columns.limit_scroll(most);
    }

    /// Returns whether the rows are paused.
    pub fn paused(&self) -> bool {
        self.session().query.paused()
    }

    /// Returns how many rows are shown, and how many tasks the view has.
    pub fn shown_of_total(&self) -> (usize, usize) {
        (self.session().query.rows().len(), self.session().query.total())
    }

    /// Returns how many of these are ended tasks that stand among held ones.
    pub fn ended_rows(&self) -> EndedRows {
        self.session().query.ended()
    }

    /// Returns how many tasks a view has, filtered out or not.
    pub fn count_of(&self, scope: Scope) -> usize {
        self.session().count_of(scope)
    }

    /// Returns the work that takes longer than a frame and is not done yet. Until it is, no message is taken in but
    /// input, and frames follow one another.
    pub fn work(&self) -> Option<Work> {
        self.session().query.work()
    }

    /// Returns the row at `at`.
    pub fn row(&self, at: usize) -> Option<&Entry> {
        self.session().row(at)
    }

    /// Returns the ids of the rows from `at` on; a row keeps its id when it moves.
    pub fn rows_from(&self, at: usize) -> impl Iterator<Item = RowId> {
        self.session().query.rows().iter().skip(at).copied()
    }

    /// Returns the index of the selected row.
    pub fn selected_at(&self) -> usize {
        self.session().query.selected_at()
    }

    /// Returns the selected task. What keys act on while a detail is open is [`Self::detail_entry`].
    pub fn selected(&self) -> Option<&Entry> {
        self.session().selected()
    }

    /// Returns the action in flight, or just ended, on a task.
    pub fn pending(&self, guid: &TaskGuid) -> Option<&Pending> {
        self.session().pending.get(guid)
    }

    /// Returns how many actions of all sessions await an answer.
    pub fn actions_in_flight(&self) -> usize {
        let in_flight =
            |session: &Session| session.pending.in_flight().count() + session.creations.guids().len();
        self.sessions.iter().map(in_flight).sum()
    }

    /// Returns the tasks of all sessions whose actions await an answer, by session and guid, with what is being done.
    pub fn tasks_in_flight(&self) -> BTreeMap<(SessionId, &TaskGuid), &'static str> {
        let in_flight = self.sessions.iter().flat_map(|session| {
            let id = session.id();
            let acting = session.pending.in_flight().map(|(guid, pending)| (guid, pending.action.doing()));
            let creating = session.creations.guids().map(|guid| (guid, "creating"));
            acting.chain(creating).map(move |(guid, doing)| ((id, guid), doing))
        });
        in_flight.collect()
    }

    /// Returns the notices.
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Returns what the event stream reported.
    pub fn event_log(&self) -> &EventLog {
        &self.session().recorder.event_log
    }

    /// Returns what is known of the course of a task. `offset_ns` is how far the server's clock is ahead of ours.
    pub fn timeline(&self, entry: &Entry, offset_ns: i64) -> Timeline<'_> {
        self.session().recorder.timelines.of(entry, offset_ns)
    }

    /// Returns how many events were skipped because they could not be used.
    pub fn skipped_events(&self) -> u64 {
        self.session().skipped_events
    }

    /// Returns how many lines the event pane is scrolled back from the newest.
    pub fn events_scroll(&self) -> usize {
        self.events_scroll
    }

    /// Returns whether the event pane is on.
    pub fn events_shown(&self) -> bool {
        self.events_shown
    }

    /// Returns the pane that has the focus.
    pub fn focus(&self) -> Pane {
        self.focus
    }

    /// Returns the overlay over the panes.
    pub fn overlay(&self) -> &Overlay {
        &self.overlay
    }

    /// Returns the detail, if it is open.
    pub fn detail(&self) -> Option<&Detail> {
        self.session().detail.as_ref()
    }

    /// Returns how times are shown.
    pub fn times(&self) -> TimeForm {
        self.times
    }

    /// Returns what is kept between runs.
    pub fn saved(&self) -> &SavedState {
        &self.saved
    }

    /// Returns the keymap.
    pub fn keymap(&self) -> &Keymap {
        &self.keymap
    }

    /// Returns the operator's own commands.
    pub fn own_commands(&self) -> &OwnCommands {
        &self.own_commands
    }

    /// Returns the output of an own command, if its pane is open.
    pub fn output(&self) -> Option<&Output> {
        self.output.as_deref()
    }

    /// Limits how far the output pane is scrolled back. `runtime` calls it after a frame.
    pub fn limit_output_scroll(&mut self, most: usize) {
        if let Some(output) = &mut self.output {
            output.limit_scroll(most);
        }
    }

    /// Sets how many lines a page has: those that the focused pane shows. `runtime` calls it after a frame.
    pub fn set_page(&mut self, lines: usize) {
        self.page = lines.max(1);
    }

    /// Returns the domains that are fresh, as far as that is known.
    pub fn fresh_domains(&self) -> &Presence<Domain> {
        &self.session().fresh_domains
    }

    /// Returns the cells that are present, as far as that is known.
    pub fn cells(&self) -> &Presence<CellId, Cell> {
        &self.session().cells
    }

    /// Records that a frame of this state is on the screen: from now on a question can be read. `runtime` calls it.
    pub fn frame_shown(&mut self, now: Now) {
        match &mut self.overlay {
            Overlay::Confirm(dialog) => dialog.confirmation.shown(now.mono),
            Overlay::Target(question) => question.confirmation.shown(now.mono),
            Overlay::BulkQuestion(question) => question.confirmation.shown(now.mono),
            Overlay::Quit(confirmation) => confirmation.shown(now.mono),
            Overlay::OwnCommand(question) => question.confirmation.shown(now.mono),
            Overlay::Desire(dialog) => dialog.confirmation.shown(now.mono),
            Overlay::Help(_)
            | Overlay::Outcomes(_)
            | Overlay::Filter(_)
            | Overlay::Command(_)
            | Overlay::Find(_)
            | Overlay::Sort(_)
            | Overlay::Columns(_)
            | Overlay::Copy(_)
            | Overlay::Groups(_)
            | Overlay::Theme(_)
            | Overlay::GroupSearch(_)
            | Overlay::FailureSearch(_)
            | Overlay::OwnCommands(_)
            | Overlay::None => {}
        }
    }

    /// Returns the pane of groups at a place. The one in the main view need not be open.
    pub fn group_pane(&self, place: GroupPlace) -> &GroupPane {
        self.group_panes.get(place)
    }

    /// Returns what is in the main view.
    pub fn main_pane(&self) -> MainPane {
        self.main_pane
    }

    /// Returns whether groups take the place of the task table.
    pub fn main_groups_open(&self) -> bool {
        self.main_pane == MainPane::Groups
    }

    /// Returns the rows of a pane of groups from `at` on. The first is that of all tasks.
    pub fn group_rows_from(&self, place: GroupPlace, at: usize) -> impl Iterator<Item = GroupRow<'_>> {
        let (pane, session) = (self.group_pane(place), self.session());
        (at..pane.rows()).map(|at| session.group_row(pane.key(), pane.name_at(at).map(AsRef::as_ref)))
    }

    /// Returns the row under the cursor of a pane of groups.
    pub fn group_at_cursor(&self, place: GroupPlace) -> Option<GroupRow<'_>> {
        self.group_rows_from(place, self.group_pane(place).cursor_at()).next()
    }

    /// Returns the task of the open detail: as it is, or as it was last seen.
    pub fn detail_entry(&self) -> Option<&Entry> {
        self.session().detail_entry()
    }

    /// Returns whether the detail's task is still known: held by the BBS, or kept as ended.
    pub fn knows_detail(&self) -> bool {
        self.session().knows_detail()
    }

    /// Returns whether the detail's task is in the row under the cursor.
    pub fn selects_detail(&self) -> bool {
        self.session().selects_detail()
    }
}
