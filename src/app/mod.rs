//! The dashboard's state and every rule of it.
//!
//! `App` is owned by one loop. [`App::update`] takes a [`Msg`] and the time and returns [`Effect`]s; it does no
//! I/O, reads no clock and draws nothing. `ui` reads it through the accessors here.

mod actions;
mod columns;
pub mod commands;
mod confirmation;
mod detail;
mod dispatch;
mod event_log;
mod feed;
mod feed_notices;
mod filter_prompt;
pub mod key;
pub mod keymap;
mod msg;
mod notice;
mod panes;
mod pending;
mod presence;
mod query;
mod store;
#[cfg(test)]
mod tests;
mod view;

use crate::clock::Now;
use crate::model::{Cell, CellId, Domain, Fault, StreamItem, Task, TaskFilter};

pub use columns::VisibleColumns;
pub use confirmation::{ANSWER_AFTER, Answer, Confirmation};
pub use event_log::{EventLog, LogEntry, LogKind, Transition};
pub use feed::{Health, ListCost, Pace};
pub use msg::{Effect, Msg, StreamId};
pub use notice::{Notice, Notices, Severity};
pub use panes::{CellRow, Detail, DomainRow, FilterPrompt, Overlay, Pane, TimeForm};
pub use pending::{Dialog, Pending, Phase};
pub use presence::{Presence, SIGNS, Standing};
pub use query::{Filter, Scope, Work};
pub use store::{
    Applied, Change, ChangeReader, Counts, Entry, Gap, Mark, RowId, Snapshot, Source, StateCounts, Store,
    TaskChange,
};

use feed::Feed;
use keymap::Keymap;
use pending::PendingActions;
use query::Query;

/// Between two looks at the domains and the cells.
const PRESENCE_EVERY: std::time::Duration = std::time::Duration::from_secs(15);

/// What the dashboard is pointed at, for the header and for what it may do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// Its name in the configuration.
    pub name: Option<String>,
    /// Scheme, host and port.
    pub url: String,
    /// Whether actions are refused.
    pub read_only: bool,
    /// Whether the server's certificate is not verified.
    pub unverified: bool,
    /// Whether it is the simulated BBS of the demo.
    pub simulated: bool,
}

/// What the dashboard starts with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How often the server is asked.
    pub pace: Pace,
    /// Ended tasks that are kept.
    pub ended_kept: usize,
    /// Entries of the event log that are kept.
    pub events_kept: usize,
    /// How times are shown at first.
    pub times: TimeForm,
    /// Which keys run which commands.
    pub keymap: Keymap,
    /// What is filtered at first.
    pub filter: Filter,
    /// What the operator should know at the start; said once.
    pub warning: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pace: Pace::default(),
            ended_kept: 2_000,
            events_kept: 5_000,
            times: TimeForm::default(),
            keymap: Keymap::default(),
            filter: Filter::default(),
            warning: None,
        }
    }
}

/// All state of the dashboard.
pub struct App {
    target: Target,
    store: Store,
    feed: Feed,
    query: Query,
    pending: PendingActions,
    notices: Notices,
    event_log: EventLog,
    skipped_events: u64,
    healed: usize,
    /// Since when something that was said is wrong with the feed.
    trouble: Option<std::time::Duration>,
    fresh_domains: Presence<Domain>,
    cells: Presence<CellId, Cell>,
    presence_due: std::time::Duration,
    focus: Pane,
    overlay: Overlay,
    detail: Option<Detail>,
    events_shown: bool,
    events_scroll: usize,
    columns: VisibleColumns,
    times: TimeForm,
    keymap: Keymap,
    page: usize,
}

impl App {
    /// The state before anything has happened.
    pub fn new(target: Target, settings: Settings) -> Self {
        let mut query = Query::default();
        query.set_filter(|filter| *filter = settings.filter);
        query.sort_by(columns::first_sort());
        let mut notices = Notices::default();
        if let Some(warning) = settings.warning {
            notices.say(Severity::Warn, warning, Now::default());
        }
        Self {
            target,
            store: Store::new(settings.ended_kept),
            feed: Feed::new(settings.pace),
            query,
            pending: PendingActions::default(),
            notices,
            event_log: EventLog::new(settings.events_kept),
            skipped_events: 0,
            healed: 0,
            trouble: None,
            fresh_domains: Presence::NeverAsked,
            cells: Presence::NeverAsked,
            presence_due: std::time::Duration::ZERO,
            focus: Pane::default(),
            overlay: Overlay::default(),
            detail: None,
            events_shown: true,
            events_scroll: 0,
            columns: VisibleColumns::default(),
            times: settings.times,
            keymap: settings.keymap,
            page: 10,
        }
    }

    /// Takes in what happened, and returns what should happen outside.
    pub fn update(&mut self, msg: Msg, now: Now) -> Vec<Effect> {
        if msg.proves_server_up() {
            self.feed.heard(now);
        }
        let mut effects = match msg {
            Msg::Key(key, read_at) => self.press(key, read_at, now),
            Msg::Paste(text) => self.paste(&text),
            Msg::Tick => self.tick(now),
            Msg::Acted { guid, step, result } => self.acted(guid, step, result, now),
            Msg::Got { guid, mark, result } => self.got(&guid, mark, result, now),
            Msg::Decoded { guid, result } => {
                if let Some(detail) = &mut self.detail
                    && detail.of == guid
                {
                    detail.definition = Some(result);
                }
                Vec::new()
            }
            Msg::ToggleSecret(secret) => {
                self.toggle_secret(secret);
                Vec::new()
            }
            Msg::ToggleSection(title) => {
                self.toggle_section(title);
                Vec::new()
            }
            Msg::Note(text) => {
                self.notices.say(Severity::Warn, text, now);
                Vec::new()
            }
            Msg::Pinged(result) => {
                self.feed.pinged(result);
                Vec::new()
            }
            Msg::Domains(result) => {
                self.fresh_domains.take(result.map(|all| all.into_iter().map(|domain| (domain, ()))), now);
                Vec::new()
            }
            Msg::Cells(result) => {
                self.cells.take(result.map(|all| all.into_iter().map(|cell| (cell.id.clone(), cell))), now);
                Vec::new()
            }
            news => self.hear(news, now),
        };
        effects.extend(self.advance(now));
        effects
    }

    /// News of the feed: lists and the stream.
    fn hear(&mut self, news: Msg, now: Now) -> Vec<Effect> {
        match news {
            Msg::ListOpened { mark, expected, server_time } => {
                self.feed.list_opened(mark, expected, server_time, now);
            }
            Msg::ListPart { mark, tasks, received } if self.feed.expects_list(mark) => {
                self.feed.list_grew(mark, received);
                self.take_listed(mark, tasks, now);
            }
            Msg::ListDone { mark, filter, received } if self.feed.expects_list(mark) => {
                self.healed += self.store.finish_list(mark, &filter, now.wall, &mut self.event_log);
                self.feed.list_done(mark, received, std::mem::take(&mut self.healed), now);
            }
            Msg::ListFailed { mark, fault } if self.feed.expects_list(mark) => {
                self.healed = 0;
                if self.feed.has_listed() && self.feed.list_fault().is_none() {
                    let text =
                        format!("Could not refresh the list; showing the last known tasks. Cause: {fault}.");
                    self.report_problem(Severity::Bad, text, now);
                }
                self.feed.list_failed(mark, fault, now);
            }
            Msg::StreamOpened(stream) if self.feed.expects_stream(stream) => {
                self.feed.stream_opened(stream, now);
                self.store.resume_stream(now.wall);
            }
            Msg::StreamItems(stream, items) if self.feed.expects_stream(stream) => {
                self.take_items(items, now);
            }
            Msg::StreamEnded(stream, fault) if self.feed.expects_stream(stream) => {
                self.lose_stream(fault.as_ref(), now);
            }
            // What is left is late: news of a list or a stream that was given up.
            _ => {}
        }
        Vec::new()
    }

    fn take_listed(&mut self, mark: Mark, tasks: Vec<Task>, now: Now) {
        for task in tasks {
            let applied = self.store.apply_listed(mark, task, now.wall, &mut self.event_log);
            self.healed += usize::from(applied == Applied::Changed);
        }
    }

    fn take_items(&mut self, items: Vec<StreamItem>, now: Now) {
        self.feed.stream_heard();
        for item in items {
            match item {
                StreamItem::Event(event) => {
                    let by_us = self.pending.is_deleting(event.guid());
                    self.store.apply_event(event, by_us, now.wall, &mut self.event_log);
                }
                StreamItem::Skipped(_) => self.skipped_events += 1,
            }
        }
    }

    fn lose_stream(&mut self, fault: Option<&Fault>, now: Now) {
        if self.feed.is_live() {
            let why = match fault {
                Some(fault) => format!("The event stream broke: {fault}"),
                None => "The server ended the event stream".to_owned(),
            };
            let text = format!("{why}; what happened since then shows with the next list.");
            self.store.open_gap(&text, now.wall, &mut self.event_log);
            self.report_problem(Severity::Warn, text, now);
        }
        self.feed.stream_ended(fault, now);
    }

    fn tick(&mut self, now: Now) -> Vec<Effect> {
        self.pending.tidy(now);
        if now.mono < self.presence_due || !self.feed.has_listed() {
            return Vec::new();
        }
        self.presence_due = now.mono + PRESENCE_EVERY;
        vec![Effect::ListDomains, Effect::ListCells]
    }

    /// What follows from the state as it is now, whatever the message was.
    fn advance(&mut self, now: Now) -> Vec<Effect> {
        self.query.pass_time(self.feed.server_now(now));
        let scope = self.list_scope();
        let store = &mut self.store;
        let mut effects = self.feed.due(now, &scope, || store.mark());
        effects.retain(|effect| match effect {
            Effect::Note(text) => {
                self.report_problem(Severity::Warn, text.clone(), now);
                self.store.open_gap(text, now.wall, &mut self.event_log);
                false
            }
            _ => true,
        });
        self.claim_deletions(now);
        self.update_feed_notice(now);
        effects
    }

    /// Which tasks a list is asked for where the server is to filter. What is being typed changes with every letter,
    /// and a list does not.
    fn list_scope(&self) -> TaskFilter {
        match self.overlay {
            Overlay::Filter(_) => self.query.filter().pane_filter(),
            _ => self.query.filter().for_list(),
        }
    }

    /// Brings the rows up to date, once for all that was taken in since the last frame.
    pub fn before_frame(&mut self) -> Option<Effect> {
        self.query.refresh(&mut self.store, self.feed.has_listed());
        self.refresh_detail()
    }
}
