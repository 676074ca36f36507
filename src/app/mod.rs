//! The dashboard's state and all of its rules.
//!
//! `App` is owned by one loop. [`App::update`] takes a [`Msg`] and the time and returns [`Effect`]s; it does no
//! I/O, reads no clock and draws nothing. What belongs to one BBS is in a session; `ui` reads the session that is shown
//! through the accessors here.

mod abbreviation;
mod actions;
mod bulk;
mod choosers;
mod column_commands;
mod columns;
mod command_prompt;
pub mod commands;
mod confirmation;
mod copy;
mod difference;
mod dispatch;
mod edit;
mod event_log;
mod failures;
mod feed;
mod figures;
mod file;
mod filter_prompt;
mod find;
mod groups;
mod help;
pub mod key;
mod key_name;
pub mod keymap;
mod marks;
mod mouse;
mod msg;
mod named_filters;
mod notice;
pub mod own_commands;
mod panes;
mod program;
mod prompt;
mod pulse;
mod query;
mod quit;
mod recorder;
mod recording;
mod replay;
mod save_view;
mod session;
mod settings;
mod store;
mod stuck;
mod target;
mod targets;
#[cfg(test)]
mod tests;
mod themes;
mod timelines;
mod view;
mod views;
mod welcome;

use std::time::Duration;

use crate::clock::Now;
use crate::model::{ReadSummary, Sort};
use crate::state::{SavedState, SavedView};
use crate::theme::Themes;

pub use bulk::{BulkQuestion, BulkRun, ChosenBy, Ending, OutcomePane, Outcomes, Stop, Tally, TaskOutcome};
pub use choosers::{ColumnChooser, SortChooser};
pub use columns::{BadColumn, ColumnChoice, TableColumns, column_keys, sort_by};
pub use command_prompt::{
    CommandPrompt, aliases_markdown, argument_commands, markdown as argument_commands_markdown,
};
pub use confirmation::{ANSWER_AFTER, Answer, Confirmation, Form, Typed};
pub use copy::{
    CopyContent, CopyItem, CopyMenu, CopyReport, ITEMS as COPY_ITEMS, ProgramCopy, Source as CopySource,
    TerminalCopy, ToCopy,
};
pub use edit::{
    DesireQuestion, Diff, DiffLine, DocumentText, DraftOrigin, EditorEnd, LineChange, TaskDocuments,
};
pub use event_log::{EventLog, LogEntry, LogKind, Reconciled, Transition};
pub use failures::{FailureKind, FailureRow, FailureSearch, FailureSort, FailuresPane};
pub use feed::{Health, ListCost, Pace};
pub use file::{FileToSave, IfExists, SaveFault, SaveFaultCause, SaveReport, SavedFile};
pub use filter_prompt::FilterPrompt;
pub use find::{Find, Hit, HitKind};
pub use groups::{
    GROUPS, GroupChooser, GroupFilter, GroupKey, GroupName, GroupPane, GroupPlace, GroupRow, GroupSearch,
    GroupSort, GroupSpec,
};
pub use help::Help;
pub use key_name::{BadKey, parse_key};
pub use mouse::{MouseAction, Pointed};
pub use msg::{Effect, Msg, SessionEffect, SessionMsg, StreamId};
pub use named_filters::NamedFilters;
pub use notice::{Notice, Notices, Severity};
pub use panes::{ActionQuestion, Detail, DetailTab, MainPane, Overlay, Pane, TimeForm};
pub use program::{ForegroundRun, Pause, Program, ProgramEnd, Purpose};
pub use prompt::{Candidate, Completion, Completions, LinePrompt, Note};
pub use pulse::{PulseFacts, PulsePane, PulseRow, PulseSort, RowName};
pub use query::{EndedRows, Filter, Scope, Work};
pub use recording::RecordingState;
pub use replay::{Place, ReadPart, ReadRequest, Replay, ReplaySettings, SeekId, Speed};
pub use save_view::{FileFormat, ViewToSave};
pub use session::{Pending, Phase, Presence, SIGNS, SessionId, Standing};
pub use settings::Settings;
pub use store::{
    Applied, Change, ChangeReader, Entry, Gap, GroupCounts, KeepEnded, Mark, RowId, Snapshot, Source,
    StateCounts, Store, StuckCounts, TaskChange,
};
pub use target::{AnsiColour, ConfirmPolicy, Target, TargetColour};
pub use targets::{Asks, KnownTarget, TargetQuestion};
pub use themes::ThemeChooser;
pub use views::{Main, View, ViewHistory};

use edit::TaskEditor;
use groups::GroupPanes;
use keymap::Keymap;
use msg::effects_of;
use own_commands::{Output, OwnCommands, RunId};
use recording::Recording;
use session::{Session, Sessions};
use targets::Targets;

/// All state of the dashboard: the sessions, and what belongs to the screen.
pub struct App {
    sessions: Sessions,
    targets: Targets,
    notices: Notices,
    focus: Pane,
    main_pane: MainPane,
    group_panes: GroupPanes,
    failures: FailuresPane,
    pulse: PulsePane,
    overlay: Overlay,
    events_shown: bool,
    events_scroll: usize,
    columns: TableColumns,
    times: TimeForm,
    keymap: Keymap,
    mouse: bool,
    themes: Themes,
    filters: NamedFilters,
    own_commands: OwnCommands,
    /// The output of the own command that was run last in the pane.
    output: Option<Box<Output>>,
    next_run: RunId,
    number_typed_above: usize,
    saved: SavedState,
    /// The last views that earlier runs have saved.
    last_views: Vec<SavedView>,
    /// The sort of a view that no sort is saved of.
    initial_sort: Sort,
    /// When changed views are to be saved.
    views_due: Option<Duration>,
    welcome: bool,
    page: usize,
    editor: TaskEditor,
    recording: Recording,
    /// The playback, if a recording is played.
    replay: Option<Replay>,
}

impl App {
    /// Returns the state at the start, with one session.
    pub fn new(target: Target, mut settings: Settings) -> Self {
        let warning = settings.warning.take();
        let last_views = settings.saved.take_views();
        if let Some(theme) = settings.saved.theme().filter(|_| !settings.themes.is_configured()) {
            settings.themes.keep(theme);
        }
        let mut app = Self {
            sessions: Sessions::new(target, &settings),
            targets: Targets::new(settings.targets),
            notices: Notices::default(),
            focus: Pane::default(),
            main_pane: MainPane::default(),
            group_panes: GroupPanes::new(settings.groups),
            failures: FailuresPane::default(),
            pulse: PulsePane::default(),
            overlay: Overlay::default(),
            events_shown: true,
            events_scroll: 0,
            columns: settings.columns,
            times: settings.times,
            keymap: settings.keymap,
            mouse: settings.mouse,
            themes: settings.themes,
            filters: settings.filters,
            own_commands: settings.own_commands,
            output: None,
            next_run: RunId::default(),
            number_typed_above: settings.number_typed_above,
            saved: settings.saved,
            last_views: if settings.restore_view { last_views } else { Vec::new() },
            initial_sort: settings.sort,
            views_due: None,
            welcome: settings.welcome,
            page: 10,
            editor: TaskEditor::new(settings.guid_seed),
            recording: Recording::new(settings.record),
            replay: settings.replay.map(Replay::new),
        };
        app.restore_view(SessionId::FIRST, Now::default());
        if let Some(warning) = warning {
            app.notices.say(Severity::Warn, warning, Now::default());
        }
        app
    }

    /// Reads summaries of definitions with `read`. Without it, columns that show fields of definitions stay empty: the
    /// encoding is known to `bbs` alone. `runtime` calls it at the start.
    pub fn read_summaries_with(&mut self, read: ReadSummary) {
        self.sessions.read_summaries_with(read);
    }

    const fn session(&self) -> &Session {
        self.sessions.shown()
    }

    const fn session_mut(&mut self) -> &mut Session {
        self.sessions.shown_mut()
    }

    /// Takes a message, and returns what to do outside.
    pub fn update(&mut self, msg: Msg, now: Now) -> Vec<Effect> {
        let now = self.now(now);
        let is_input = self.begin_input(&msg);
        // First, so that a message that comes late finds its target closed.
        let closed = self.close_due_writes(now);
        let mut effects = match msg {
            Msg::Key(key, read_at) => {
                // The state is saved first: the key may quit.
                let saves = self.end_welcome().into_iter();
                saves.chain(self.press(key, read_at, now)).collect()
            }
            Msg::Paste(text) => self.paste(&text),
            Msg::Mouse(action, pointed, read_at) => self.use_mouse(action, pointed, read_at, now),
            Msg::Tick => self.tick(now),
            // What is due follows from the state, as after every message.
            Msg::Due => Vec::new(),
            Msg::Session(id, msg) => self.update_session(id, msg, now),
            Msg::ToggleSecret(secret) => {
                self.session_mut().toggle_secret(secret);
                Vec::new()
            }
            Msg::ToggleSection(title) => {
                self.session_mut().toggle_section(title);
                Vec::new()
            }
            Msg::ProgramEnded { purpose, end } => {
                self.program_ended(&purpose, &end, now);
                Vec::new()
            }
            Msg::ProgramOutput { run, bytes } => {
                self.take_output(run, &bytes);
                Vec::new()
            }
            Msg::ProgramFinished { run, end } => {
                self.end_output(run, end, now);
                Vec::new()
            }
            Msg::Edited(end) => self.edited(end, now),
            Msg::TargetOpened(session, result) => {
                self.target_opened(session, result, now);
                Vec::new()
            }
            Msg::Note(text) => {
                self.notices.say(Severity::Warn, text, now);
                Vec::new()
            }
            Msg::Copied(report) => {
                self.copied(&report, now);
                Vec::new()
            }
            Msg::FileSaved(report) => {
                self.file_saved(&report, now);
                Vec::new()
            }
            Msg::Recorder(news) => {
                self.hear_recorder(news, now);
                Vec::new()
            }
            Msg::Read(seek, part) => {
                self.take_read(seek, part, now);
                Vec::new()
            }
        };
        effects.splice(..0, closed);
        self.end_input(is_input, &mut effects, now);
        effects.extend(self.advance(now));
        self.advance_replay(&mut effects, now);
        self.refresh_pulse(now);
        self.record(&mut effects, now);
        effects
    }

    /// Hands a message to its session. One for a session that is closed is late, and dropped.
    fn update_session(&mut self, id: SessionId, msg: SessionMsg, now: Now) -> Vec<Effect> {
        let Some(session) = self.sessions.get_mut(id) else { return Vec::new() };
        effects_of(id, session.update(msg, &mut self.notices, now)).collect()
    }

    /// Says how a program in the foreground ended if it failed. A program that succeeded has said so itself.
    fn program_ended(&mut self, purpose: &Purpose, end: &ProgramEnd, now: Now) {
        match purpose {
            Purpose::OwnCommand(name) if !end.is_success() => {
                self.notices.say(Severity::Warn, format!("`{name}` {end}."), now);
            }
            Purpose::OwnCommand(_) | Purpose::EditTask => {}
        }
    }

    fn tick(&mut self, now: Now) -> Vec<Effect> {
        self.sessions.iter_mut().flat_map(|session| effects_of(session.id(), session.tick(now))).collect()
    }

    /// Closes the targets whose time for writes has passed.
    fn close_due_writes(&mut self, now: Now) -> Vec<Effect> {
        let notices = &mut self.notices;
        let close = |session: &mut Session| {
            let closes = session.close_writes_if_due(notices, now)?;
            Some(Effect::Session(session.id(), closes))
        };
        self.sessions.iter_mut().filter_map(close).collect()
    }

    /// Lets every session go on, and returns what they request.
    fn advance(&mut self, now: Now) -> Vec<Effect> {
        let (shown, is_typing) = (self.shown_session(), matches!(self.overlay, Overlay::Filter(_)));
        let mut effects = Vec::new();
        for session in self.sessions.iter_mut() {
            let id = session.id();
            let due = session.advance(is_typing && id == shown, &mut self.notices, now);
            effects.extend(effects_of(id, due));
        }
        effects
    }

    /// Brings the rows of the shown session up to date, once for all that was taken in since the last frame.
    pub fn before_frame(&mut self) -> Option<Effect> {
        self.refresh_groups();
        self.refresh_failures();
        self.refresh_outcomes();
        let session = self.session_mut();
        let (guid, definition) = session.before_frame()?;
        Some(Effect::Decode { session: session.id(), guid, definition })
    }
}
