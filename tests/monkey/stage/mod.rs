//! The dashboard on a test screen with a clock of its own, and everything that its effects reach: lines to servers, an editor,
//! programs. Does as the event loop does, at once and in one thread.

mod progress;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use taskdeck::app::own_commands::RunId;
use taskdeck::app::{
    App, CopyReport, DocumentText, Effect, Msg, Purpose, SaveFault, SaveFaultCause, SaveReport, SavedFile,
    SessionEffect, SessionId, SessionMsg, Settings, Target, TerminalCopy,
};
use taskdeck::bbs::{decode_definition, read_summary};
use taskdeck::clock::Now;
use taskdeck::model::recording::Entry;
use taskdeck::runtime::TASK_DOCUMENTS;
use taskdeck::ui::{self, Colours, UiState};

use crate::bbs::Bbs;
use crate::checks;
use crate::figures::Figures;
use crate::ledger::Ledger;
use crate::line::Line;
use crate::player::Player;
use crate::screen;
use crate::targets;

/// More effects than this in one update are not bounded by what was asked for.
const MOST_EFFECTS: usize = 200;
/// The most that may be in flight on a line besides writes: a list, a stream, a ping, domains, cells, and look-ups.
const MOST_READS: usize = 60;
/// The most entries that are kept for a replay.
const MOST_RECORDED: usize = 4_000;

/// What has the terminal.
enum Foreground {
    Editor(DocumentText),
    Program(Purpose),
}

/// The dashboard and its world.
pub(crate) struct Stage {
    pub(crate) app: App,
    ui: UiState,
    /// The colours, and whether the screen is in ASCII.
    look: (Colours, bool),
    screen: Terminal<TestBackend>,
    pub(crate) size: (u16, u16),
    pub(crate) now: Now,
    next_tick: Duration,
    settings: Settings,
    target: Target,
    pub(crate) servers: Vec<Bbs>,
    pub(crate) lines: BTreeMap<SessionId, Line>,
    /// Lines of closed sessions with writes in flight.
    closing: Vec<(SessionId, Line)>,
    opening: Vec<(SessionId, String)>,
    foreground: Option<Foreground>,
    programs: Vec<RunId>,
    answers: Vec<Msg>,
    recorded: BTreeSet<SessionId>,
    /// What was recorded, as a file would have it.
    pub(crate) recording: Vec<Entry>,
    /// The recording that is played, if any.
    player: Option<Player>,
    pub(crate) ledger: Ledger,
    pub(crate) figures: Figures,
    pub(crate) has_quit: bool,
}

fn blank_screen((colours, is_ascii): (Colours, bool)) -> UiState {
    UiState::new(colours).in_ascii(is_ascii)
}

impl Stage {
    pub(crate) fn new(
        settings: Settings,
        target: Target,
        look: (Colours, bool),
        servers: Vec<Bbs>,
        player: Option<Player>,
        now: Now,
    ) -> Self {
        let app = App::new(target.clone(), settings.clone());
        let mut stage = Self {
            app,
            ui: blank_screen(look),
            look,
            screen: Terminal::new(TestBackend::new(80, 24)).unwrap(),
            size: (80, 24),
            now,
            next_tick: now.mono,
            settings,
            target,
            servers,
            lines: BTreeMap::new(),
            closing: Vec::new(),
            opening: Vec::new(),
            foreground: None,
            programs: Vec::new(),
            answers: Vec::new(),
            recorded: BTreeSet::new(),
            recording: Vec::new(),
            player,
            ledger: Ledger::default(),
            figures: Figures::default(),
            has_quit: false,
        };
        stage.begin();
        stage
    }

    /// Begins as the event loop does.
    fn begin(&mut self) {
        self.app.read_summaries_with(read_summary);
        self.app.edit_tasks_with(TASK_DOCUMENTS);
        if self.player.is_none() {
            let to = targets::server_of(&self.target);
            self.lines.insert(self.app.shown_session(), Line::new(to));
        }
        self.draw();
        self.handle(Msg::Tick);
    }

    /// Starts the program again after it has ended, with the state that it saved. Writes that are under way may still arrive.
    pub(crate) fn start_again(&mut self) {
        self.settings.welcome = false;
        self.app = App::new(self.target.clone(), self.settings.clone());
        self.ui = blank_screen(self.look);
        self.lines.clear();
        self.closing.clear();
        self.opening.clear();
        self.programs.clear();
        self.answers.clear();
        (self.foreground, self.has_quit) = (None, false);
        self.recorded.clear();
        self.ledger.close();
        self.figures.starts += 1;
        self.begin();
    }

    /// Returns whether a program has the terminal. Keys are for it, and nothing is drawn.
    pub(crate) const fn is_lent(&self) -> bool {
        self.foreground.is_some()
    }

    /// Updates the state, and performs the effects and what follows from them.
    pub(crate) fn handle(&mut self, msg: Msg) {
        let mut todo = vec![msg];
        while let Some(msg) = todo.pop() {
            if self.has_quit {
                return;
            }
            self.ledger.before(&self.app, &msg, self.settings.number_typed_above);
            let effects = self.app.update(msg, self.now);
            assert!(effects.len() <= MOST_EFFECTS, "{} effects of one message", effects.len());
            self.figures.updates += 1;
            for effect in effects {
                todo.extend(self.perform(effect));
            }
            self.ledger.after(&self.app);
        }
    }

    fn perform(&mut self, effect: Effect) -> Option<Msg> {
        match effect {
            Effect::Session(id, request) => self.request(id, request),
            Effect::OpenTarget { session, name } => self.opening.push((session, name)),
            Effect::CloseSession(id) => {
                if let Some(mut line) = self.lines.remove(&id)
                    && line.close()
                {
                    self.closing.push((id, line));
                }
                self.recorded.remove(&id);
            }
            Effect::Decode { session, guid, definition } => {
                let result = decode_definition(&definition).map(Arc::new);
                return Some(Msg::Session(session, SessionMsg::Decoded { guid, result }));
            }
            Effect::ToggleUnderCursor => return self.ui.toggle_under_cursor(),
            Effect::Copy(copy) => {
                let report = CopyReport { what: copy.what, terminal: TerminalCopy::Sent, program: None };
                return Some(Msg::Copied(report));
            }
            Effect::Edit(text) => self.lend(Foreground::Editor(text)),
            Effect::RunInForeground(run) => {
                if let Purpose::OwnCommand(name) = &run.purpose {
                    self.ledger.program(&self.app, name, self.now);
                }
                self.lend(Foreground::Program(run.purpose));
            }
            Effect::SaveFile(file) => {
                let result = Ok(SavedFile { path: file.path, bytes: 1, replaced: false });
                self.answers.push(Msg::FileSaved(SaveReport { what: file.what, result }));
            }
            Effect::SaveView(view) => {
                let result = Err(SaveFault { path: view.path, cause: SaveFaultCause::IsDirectory });
                self.answers.push(Msg::FileSaved(SaveReport { what: "rows".into(), result }));
            }
            Effect::BeginRecording { session, .. } => {
                self.recorded.insert(session);
            }
            Effect::Record(session, entries) => {
                assert!(self.recorded.contains(&session), "entries come before their session");
                let room = MOST_RECORDED.saturating_sub(self.recording.len());
                if session == self.app.shown_session() {
                    self.recording.extend(entries.into_iter().take(room));
                }
            }
            Effect::Read(request) => self.player.as_mut().unwrap().ask(request),
            Effect::StartProgram { run, .. } => {
                let name = self.app.output().unwrap().run.command.name.clone();
                self.ledger.program(&self.app, &name, self.now);
                self.programs.push(run);
            }
            Effect::StopProgram(run) => self.programs.retain(|running| *running != run),
            Effect::SaveState(state) => self.settings.saved = state,
            Effect::Suspend | Effect::Repaint | Effect::UseMouse(_) => {}
            Effect::Quit => self.has_quit = true,
        }
        None
    }

    fn lend(&mut self, foreground: Foreground) {
        assert!(self.foreground.is_none(), "the terminal is lent twice");
        self.foreground = Some(foreground);
    }

    fn request(&mut self, id: SessionId, request: SessionEffect) {
        assert!(self.player.is_none(), "a replay sends {request:?}");
        self.ledger.request(&self.app, id, &request, self.now);
        let line = self.lines.get_mut(&id).expect("a session has a client before it sends");
        line.start(request, self.now);
        let (requests, writes) = line.in_flight();
        assert!(requests - writes <= MOST_READS, "{requests} requests are in flight");
    }

    /// Draws a frame, checks it and the state, and tells the dashboard what the frame showed.
    pub(crate) fn draw(&mut self) {
        if self.is_lent() {
            return;
        }
        if let Some(effect) = self.app.before_frame()
            && let Some(msg) = self.perform(effect)
        {
            self.handle(msg);
        }
        let (app, ui, now) = (&self.app, &mut self.ui, self.app.now(self.now));
        let frame = self.screen.draw(|frame| drop(ui::draw(app, ui, now, frame))).unwrap();
        screen::check(frame.buffer);
        self.ledger.saw(app, self.now, self.size, || screen::text(frame.buffer));
        self.app.frame_shown(self.now);
        self.app.set_page(self.ui.page());
        self.app.set_overlay_bounds(self.ui.overlay_scroll());
        self.app.limit_column_scroll(self.ui.column_scroll());
        self.app.limit_output_scroll(self.ui.output_scroll());
        self.app.set_detail_bounds(self.ui.detail_lines().saturating_sub(1));
        checks::state(&self.app, &self.settings);
        self.figures.frames += 1;
        for place in checks::places(&self.app) {
            *self.figures.places.entry(place).or_default() += 1;
        }
    }

    /// Draws the state at another size, without a trace.
    pub(crate) fn peek(&mut self, (width, height): (u16, u16)) {
        if self.is_lent() {
            return;
        }
        let mut screen = Terminal::new(TestBackend::new(width, height)).unwrap();
        let (app, mut ui, now) = (&self.app, self.ui.clone(), self.app.now(self.now));
        let frame = screen.draw(|frame| drop(ui::draw(app, &mut ui, now, frame))).unwrap();
        screen::check(frame.buffer);
        self.figures.sizes += 1;
    }

    pub(crate) fn resize(&mut self, (width, height): (u16, u16)) {
        self.size = (width, height);
        self.screen.backend_mut().resize(width, height);
        self.figures.sizes += 1;
    }

    /// Returns the message of a mouse report: what it is about was on the last frame.
    pub(crate) fn pointed(&self, action: taskdeck::app::MouseAction, column: u16, line: u16) -> Msg {
        Msg::Mouse(action, self.ui.pointed_at(column, line), self.now.mono)
    }
}
