//! A session: everything that belongs to one target, and nothing that belongs to the screen.
//!
//! A session takes [`SessionMsg`](super::SessionMsg)s and returns [`SessionEffect`](super::SessionEffect)s. Neither names a
//! session, so one session cannot act on another's BBS: `App` adds the [`SessionId`] on the way out and finds the session by
//! it on the way in.

mod actions;
mod bulk;
mod creations;
mod detail;
mod feed_notices;
mod group_names;
mod groups;
mod marks;
mod pending;
mod presence;
mod recording;
mod replay;
mod rows;
mod sessions;
mod update;
mod values;
mod writes;

use std::time::Duration;

use crate::clock::Now;
use crate::model::{Cell, CellId, Domain, Sort, TaskFilter};

use super::bulk::BulkRun;
use super::edit::Draft;
use super::feed::Feed;
use super::panes::Detail;
use super::query::{Filter, Query};
use super::recorder::Recorder;
use super::store::{KeepEnded, Store};
use super::views::{Main, View, ViewHistory};
use super::{Pace, Settings, Target};
use creations::Creations;
use marks::OpenRange;
use pending::PendingActions;

pub(super) use feed_notices::duration_text;
pub(super) use group_names::NamedGroup;
pub(super) use marks::FrozenTasks;
pub use pending::{Pending, Phase};
pub use presence::{Presence, SIGNS, Standing};
pub(super) use sessions::Sessions;

/// Names a session. Only `App` makes ids, and never the same one twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(u32);

impl SessionId {
    /// The session that an app starts with.
    pub(super) const FIRST: Self = Self(0);

    /// Returns a number that no other session of this app has.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Everything that belongs to one target.
pub(super) struct Session {
    id: SessionId,
    pub(super) target: Target,
    pub(super) store: Store,
    pub(super) feed: Feed,
    pub(super) query: Query,
    pub(super) views: ViewHistory,
    pub(super) recorder: Recorder,
    pub(super) pending: PendingActions,
    pub(super) creations: Creations,
    /// The text of a new task that was edited and not sent.
    pub(super) draft: Option<Draft>,
    /// The range of rows that is being marked.
    range: Option<OpenRange>,
    /// The last run, also after its end.
    pub(super) run: Option<Box<BulkRun>>,
    pub(super) detail: Option<Detail>,
    /// The filter of the members of a cluster that were shown last, unless the failures were left since.
    pub(super) members: Option<Filter>,
    pub(super) skipped_events: u64,
    /// Rows that the list in flight has corrected.
    healed: usize,
    /// Since when the feed has a problem that the operator was told about.
    problem_since: Option<Duration>,
    pub(super) fresh_domains: Presence<Domain>,
    pub(super) cells: Presence<CellId, Cell>,
    /// Grows with every answer about domains and cells.
    presence_revision: u64,
    /// When domains and cells were listed last.
    presence_asked_at: Option<Duration>,
    /// How many answers to that are awaited.
    presence_awaited: u8,
    /// Until when a locked target is open for writes.
    writes_until: Option<Duration>,
    /// Whether the session is on the screen. If not, its server is asked less often.
    is_shown: bool,
}

/// What a session needs to know of the settings.
#[derive(Debug, Clone)]
pub(super) struct SessionSettings {
    pace: Pace,
    keep_ended: KeepEnded,
    events_kept: usize,
    filter: Filter,
    sort: Sort,
    /// Whether a recording feeds the sessions.
    replay: bool,
}

impl SessionSettings {
    fn of(settings: &Settings) -> Self {
        Self {
            pace: settings.pace,
            keep_ended: KeepEnded {
                number: settings.ended_kept,
                time: settings.ended_for,
                linger: settings.ended_shown,
            },
            events_kept: settings.events_kept,
            filter: settings.filter.clone(),
            sort: settings.sort,
            replay: settings.replay.is_some(),
        }
    }
}

impl Session {
    fn new(id: SessionId, target: Target, settings: &SessionSettings) -> Self {
        let mut query = Query::default();
        query.set_filter(|filter| *filter = settings.filter.clone());
        query.sort_by(settings.sort);
        let view = View { main: Main::Tasks, filter: settings.filter.clone(), sort: settings.sort };
        Self {
            id,
            store: Store::keeping(settings.keep_ended).with_clocks(target.clocks),
            target,
            feed: if settings.replay { Feed::played() } else { Feed::new(settings.pace) },
            query,
            views: ViewHistory::new(view),
            recorder: Recorder::new(settings.events_kept),
            pending: PendingActions::default(),
            creations: Creations::default(),
            draft: None,
            range: None,
            run: None,
            detail: None,
            members: None,
            skipped_events: 0,
            healed: 0,
            problem_since: None,
            fresh_domains: Presence::NeverAsked,
            cells: Presence::NeverAsked,
            presence_revision: 0,
            presence_asked_at: None,
            presence_awaited: 0,
            writes_until: None,
            is_shown: false,
        }
    }

    /// Returns the id.
    pub(super) const fn id(&self) -> SessionId {
        self.id
    }

    /// Puts the session on the screen, or takes it off. Off the screen, it goes on being fed, but its server is asked less
    /// often.
    fn set_shown(&mut self, is_shown: bool, now: Now) {
        self.is_shown = is_shown;
        self.feed.set_shown(is_shown, now);
        if !is_shown {
            self.query.put_off();
        }
    }

    /// Returns how current the rows are, in a word or two.
    pub(super) fn state_word(&self) -> &'static str {
        match () {
            () if self.feed.is_played() => "replay",
            () if !self.feed.has_listed() => "connecting",
            () if !self.feed.is_live() && self.feed.list_fault().is_some() => "stale",
            () if !self.feed.responds() => "not responding",
            () if self.feed.is_live() => "live",
            () => "polling",
        }
    }

    /// Returns a notice about this session. It names the target if another session is shown.
    fn about(&self, text: String) -> String {
        if self.is_shown { text } else { format!("{}: {text}", self.target.label()) }
    }

    /// Returns the tasks to request in a list if the server is to filter them. The filter that `is_typing` changes with
    /// every key is left out: a list does not follow each of them.
    pub(super) fn list_scope(&self, is_typing: bool) -> TaskFilter {
        if is_typing { self.query.filter().pane_filter() } else { self.query.filter().for_list() }
    }
}
