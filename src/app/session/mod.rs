//! A session: everything that belongs to one target, and nothing that belongs to the screen.
//!
//! A session takes [`SessionMsg`](super::SessionMsg)s and returns [`SessionEffect`](super::SessionEffect)s. Neither names a
//! session, so one session cannot act on another's BBS: `App` adds the [`SessionId`] on the way out and finds the session by
//! it on the way in.

mod actions;
mod creations;
mod detail;
mod feed_notices;
mod group_names;
mod groups;
mod marks;
mod pending;
mod presence;
mod rows;
mod update;
mod values;

use std::time::Duration;

use crate::model::{Cell, CellId, DefinitionSummary, Domain, ReadSummary, TaskFilter};

use super::edit::Draft;
use super::event_log::EventLog;
use super::feed::Feed;
use super::panes::Detail;
use super::query::Query;
use super::store::{KeepEnded, Store};
use super::views::{Main, View, ViewHistory};
use super::{Settings, Target};
use creations::Creations;
use marks::Marks;
use pending::PendingActions;

pub(super) use group_names::NamedGroup;
pub(super) use marks::MarkedRows;
pub use pending::{Pending, Phase};
pub use presence::{Presence, SIGNS, Standing};

/// Names a session. Only `App` makes ids, and never the same one twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(u32);

impl SessionId {
    /// The session that an app starts with.
    pub(super) const FIRST: Self = Self(0);
}

/// Everything that belongs to one target.
pub(super) struct Session {
    id: SessionId,
    pub(super) target: Target,
    pub(super) store: Store,
    pub(super) feed: Feed,
    pub(super) query: Query,
    pub(super) views: ViewHistory,
    pub(super) event_log: EventLog,
    pub(super) pending: PendingActions,
    pub(super) creations: Creations,
    /// The text of a new task that was edited and not sent.
    pub(super) draft: Option<Draft>,
    pub(super) marks: Marks,
    pub(super) detail: Option<Detail>,
    pub(super) skipped_events: u64,
    /// Rows that the list in flight has corrected.
    healed: usize,
    /// Since when the feed has a problem that the operator was told about.
    problem_since: Option<Duration>,
    pub(super) fresh_domains: Presence<Domain>,
    pub(super) cells: Presence<CellId, Cell>,
    /// Grows with every answer about domains and cells.
    presence_revision: u64,
    /// When domains and cells are listed next.
    presence_due: Duration,
}

impl Session {
    fn new(id: SessionId, target: Target, settings: &Settings) -> Self {
        let mut query = Query::default();
        query.set_filter(|filter| *filter = settings.filter.clone());
        query.sort_by(settings.sort);
        let Settings { ended_kept, ended_for, ended_shown, .. } = *settings;
        let keep = KeepEnded { number: ended_kept, time: ended_for, linger: ended_shown };
        let view = View { main: Main::Tasks, filter: settings.filter.clone(), sort: settings.sort };
        Self {
            id,
            target,
            store: Store::keeping(keep),
            feed: Feed::new(settings.pace),
            query,
            views: ViewHistory::new(view),
            event_log: EventLog::new(settings.events_kept),
            pending: PendingActions::default(),
            creations: Creations::default(),
            draft: None,
            marks: Marks::default(),
            detail: None,
            skipped_events: 0,
            healed: 0,
            problem_since: None,
            fresh_domains: Presence::NeverAsked,
            cells: Presence::NeverAsked,
            presence_revision: 0,
            presence_due: Duration::ZERO,
        }
    }

    /// Returns the id.
    pub(super) const fn id(&self) -> SessionId {
        self.id
    }

    /// Returns the tasks to request in a list if the server is to filter them. The filter that `is_typing` changes with
    /// every key is left out: a list does not follow each of them.
    pub(super) fn list_scope(&self, is_typing: bool) -> TaskFilter {
        if is_typing { self.query.filter().pane_filter() } else { self.query.filter().for_list() }
    }
}

/// The sessions, one of which is shown.
pub(super) struct Sessions {
    shown: Session,
    others: Vec<Session>,
    next_id: u32,
    read_summary: ReadSummary,
}

impl Sessions {
    /// Returns the first session, shown.
    pub(super) fn new(target: Target, settings: &Settings) -> Self {
        Self {
            shown: Session::new(SessionId::FIRST, target, settings),
            others: Vec::new(),
            next_id: SessionId::FIRST.0 + 1,
            read_summary: |_| DefinitionSummary::default(),
        }
    }

    /// Opens another session, which is not shown.
    pub(super) fn open(&mut self, target: Target, settings: &Settings) -> SessionId {
        let id = SessionId(self.next_id);
        self.next_id += 1;
        let mut session = Session::new(id, target, settings);
        session.store.read_summaries_with(self.read_summary);
        self.others.push(session);
        id
    }

    /// Reads summaries of definitions with `read`, also in sessions that are opened later.
    pub(super) fn read_summaries_with(&mut self, read: ReadSummary) {
        self.read_summary = read;
        self.iter_mut().for_each(|session| session.store.read_summaries_with(read));
    }

    /// Returns the function that reads summaries of definitions.
    pub(super) const fn read_summary(&self) -> ReadSummary {
        self.read_summary
    }

    /// Shows another session. Returns whether there is one with this id.
    pub(super) fn show(&mut self, id: SessionId) -> bool {
        if let Some(other) = self.others.iter_mut().find(|session| session.id == id) {
            std::mem::swap(&mut self.shown, other);
        }
        self.shown.id == id
    }

    /// Returns the session that is shown.
    pub(super) const fn shown(&self) -> &Session {
        &self.shown
    }

    /// Returns the session that is shown.
    pub(super) const fn shown_mut(&mut self) -> &mut Session {
        &mut self.shown
    }

    /// Returns the session with this id.
    pub(super) fn get(&self, id: SessionId) -> Option<&Session> {
        self.iter().find(|session| session.id == id)
    }

    /// Returns the session with this id.
    pub(super) fn get_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        self.iter_mut().find(|session| session.id == id)
    }

    /// Returns all sessions.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Session> {
        std::iter::once(&self.shown).chain(&self.others)
    }

    /// Returns all sessions.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Session> {
        std::iter::once(&mut self.shown).chain(&mut self.others)
    }
}
