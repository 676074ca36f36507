//! The dashboard on a test screen with a clock of its own, and everything that its effects reach: lines to servers, an editor,
//! programs. Does as the event loop does, at once and in one thread.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use taskdeck::app::own_commands::RunId;
use taskdeck::app::{
    App, CopyReport, DocumentText, EditorEnd, Effect, Msg, ProgramEnd, Purpose, SaveFault, SaveFaultCause,
    SaveReport, SavedFile, SessionEffect, SessionId, SessionMsg, Settings, Target, TaskDocuments,
    TerminalCopy,
};
use taskdeck::bbs::json::document;
use taskdeck::bbs::{decode_definition, read_summary};
use taskdeck::clock::Now;
use taskdeck::model::StreamItem;
use taskdeck::model::recording::Entry;
use taskdeck::ui::{self, Colours, UiState};

use crate::bbs::Bbs;
use crate::checks;
use crate::figures::Figures;
use crate::ledger::Ledger;
use crate::line::Line;
use crate::player::Player;
use crate::screen;
use crate::targets;

const TICK: Duration = Duration::from_millis(250);
/// More effects than this in one update are not bounded by what was asked for.
const MOST_EFFECTS: usize = 200;
/// The most that may be in flight on a line besides writes: a list, a stream, a ping, domains, cells, and look-ups.
const MOST_READS: usize = 60;
/// How often the dashboard may be woken up without time passing.
const MOST_WAKE_UPS: usize = 500;
/// The most entries that are kept for a replay.
const MOST_RECORDED: usize = 4_000;

const DOCUMENTS: TaskDocuments = TaskDocuments {
    template: document::template,
    copy_of: document::copy_of,
    read: document::read,
    annotate: document::annotate,
    lines: document::lines,
    losses: document::losses,
};

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
        self.app.edit_tasks_with(DOCUMENTS);
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

    /// Lets time pass: ticks, what the dashboard wants to be woken up for, and the client's timeouts.
    pub(crate) fn pass(&mut self, by: Duration) {
        let end = self.now.mono + by;
        while self.now.mono < end && !self.has_quit {
            let due = self.app.due().unwrap_or(Duration::MAX);
            let next = self.next_tick.min(due).clamp(self.now.mono, end);
            self.now = self.now.plus(next.saturating_sub(self.now.mono));
            if self.now.mono >= self.next_tick {
                self.next_tick = self.now.mono + TICK;
                self.handle(Msg::Tick);
            }
            self.wake_up();
            self.time_out();
        }
    }

    /// Lets the clocks jump, as after a sleep of the machine.
    pub(crate) fn sleep(&mut self, by: Duration) {
        self.now = self.now.plus(by);
        self.next_tick = self.now.mono;
        self.pass(TICK);
    }

    /// Does what is due now. It must come to an end.
    fn wake_up(&mut self) {
        let is_due =
            |stage: &Self| !stage.has_quit && stage.app.due().is_some_and(|due| due <= stage.now.mono);
        let wake_ups = (0..=MOST_WAKE_UPS).take_while(|_| {
            let is_due = is_due(self);
            if is_due {
                self.handle(Msg::Due);
            }
            is_due
        });
        assert!(wake_ups.count() <= MOST_WAKE_UPS, "the dashboard is always due");
    }

    fn time_out(&mut self) {
        let now = self.now;
        for id in self.lines.keys().copied().collect::<Vec<_>>() {
            let line = self.lines.get_mut(&id).unwrap();
            let to = line.to;
            for msg in line.time_out(&mut self.servers[to], now) {
                self.handle(Msg::Session(id, msg));
            }
            self.publish(to);
        }
    }

    /// Puts what has happened on a server on the streams to it.
    pub(crate) fn publish(&mut self, server: usize) {
        let events: Vec<_> = self.servers[server].take_events().into_iter().map(StreamItem::Event).collect();
        self.figures.events += events.len() as u64;
        let trouble = self.servers[server].trouble;
        for line in self.lines.values_mut().filter(|line| line.to == server) {
            line.publish(&events, trouble);
        }
    }

    /// Delivers some of the events of a session.
    pub(crate) fn deliver(&mut self, pick: usize, luck: u8) {
        let Some(id) = self.session(pick) else { return };
        let msg = self.lines.get_mut(&id).unwrap().deliver(luck);
        if let Some(msg) = msg {
            self.handle(Msg::Session(id, msg));
        }
    }

    /// Answers something of what a session has requested, or a part of it.
    pub(crate) fn answer(&mut self, pick: usize) {
        let Some(id) = self.session(pick) else { return };
        let line = self.lines.get_mut(&id).unwrap();
        let to = line.to;
        let msg = line.answer(pick, &mut self.servers[to], self.now);
        self.publish(to);
        if let Some(msg) = msg {
            self.handle(Msg::Session(id, msg));
        }
    }

    pub(crate) fn end_stream(&mut self, pick: usize, is_clean: bool) {
        let Some(id) = self.session(pick) else { return };
        let line = self.lines.get_mut(&id).unwrap();
        let to = line.to;
        if let Some(msg) = line.end_stream(&self.servers[to], is_clean) {
            self.handle(Msg::Session(id, msg));
        }
    }

    fn session(&self, pick: usize) -> Option<SessionId> {
        self.lines.keys().nth(pick % self.lines.len().max(1)).copied()
    }

    /// Lets everything else that is under way come one step further: targets, files, programs, readers, closed sessions.
    pub(crate) fn go_on(&mut self, pick: usize, hostile: &[String]) {
        if let Some((session, name)) = self.opening.pop() {
            let fails = pick.is_multiple_of(6);
            if !fails {
                self.lines.insert(session, Line::new(targets::server_named(&name)));
            }
            let result = if fails { Err("\u{1b}[31mno certificate".to_owned()) } else { Ok(()) };
            self.handle(Msg::TargetOpened(session, result));
        }
        if let Some(msg) = self.answers.pop() {
            self.handle(msg);
        }
        if let Some(run) = self.programs.get(pick % self.programs.len().max(1)).copied() {
            let text = &hostile[pick % hostile.len()];
            self.handle(Msg::ProgramOutput { run, bytes: format!("{text}\r\nline\n").into_bytes() });
            if pick.is_multiple_of(5) {
                self.programs.retain(|running| *running != run);
                self.handle(Msg::ProgramFinished {
                    run,
                    end: ProgramEnd::Exited(i32::from(pick.is_multiple_of(2))),
                });
            }
        }
        if let Some((seek, part)) = self.player.as_mut().and_then(Player::answer) {
            self.handle(Msg::Read(seek, part));
        }
        self.answer_closed(pick);
    }

    /// Answers writes of closed sessions. The dashboard drops the answers.
    fn answer_closed(&mut self, pick: usize) {
        let Some((id, mut line)) = self.closing.pop() else { return };
        let msg = line.answer(pick, &mut self.servers[line.to], self.now);
        self.publish(line.to);
        if line.in_flight().1 > 0 {
            self.closing.push((id, line));
        }
        if let Some(msg) = msg {
            self.handle(Msg::Session(id, msg));
        }
    }

    /// Ends the program that has the terminal.
    pub(crate) fn take_back(&mut self, luck: u8) {
        let msg = match self.foreground.take() {
            None => return,
            Some(Foreground::Editor(text)) => Msg::Edited(edited(&text, luck)),
            Some(Foreground::Program(purpose)) => {
                Msg::ProgramEnded { purpose, end: ProgramEnd::Exited(i32::from(luck % 2)) }
            }
        };
        self.handle(msg);
    }
}

/// Returns how an editor ends: with the text as it was, edited well or badly, emptied, or not at all.
fn edited(text: &DocumentText, luck: u8) -> EditorEnd {
    let text = text.as_str();
    let new = match luck % 8 {
        0 => text.to_owned(),
        1 => String::new(),
        2 => text.replacen('{', "{{", 1),
        3 => text.replacen("/bin", "", 1),
        4 => {
            return EditorEnd::Failed {
                why: "exited with status 1".into(),
                text: Some(DocumentText::new(text.to_owned() + "\n")),
            };
        }
        _ => text.replacen("hello", &format!("hello {luck}"), 1) + "\n",
    };
    EditorEnd::Closed(DocumentText::new(new))
}
