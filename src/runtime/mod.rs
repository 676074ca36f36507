//! The dashboard's only async code: event loop, effects, input, terminal.
//!
//! The event loop awaits only its `select!`, where input comes first. It drains all messages, then draws one frame. The
//! terminal is a parameter ([`Console`]), so that tests run the real loop.

mod cell_writer;
mod clipboard;
mod coalesce;
mod connections;
mod console;
mod console_input;
mod copying;
mod edited_file;
mod effects;
mod environment;
mod foreground;
mod frame_writer;
pub mod headless;
#[cfg(test)]
mod hostile_tests;
#[cfg(unix)]
pub mod input;
mod keyboard;
mod metrics_server;
mod pacing;
mod panic_report;
mod process;
mod programs;
mod recording;
mod renderer;
mod replay;
mod save;
mod saving;
mod sgr;
mod state_saver;
pub mod terminal;
#[cfg(test)]
mod test_console;
#[cfg(test)]
mod tests;
mod view_file;

use std::future::{pending, ready};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::app::{App, DocumentText, EditorEnd, Effect, Msg, ProgramEnd, Purpose, SessionMsg, TaskDocuments};
use crate::bbs::json::document;
use crate::bbs::{decode_definition, read_summary};
use crate::clock::Clock;
use crate::record::WriterOptions;
use crate::state::StateFile;
use crate::ui::{self, Colours, UiState};

pub use clipboard::ClipboardProgram;
pub use connections::Connections;
use connections::{Opened, Opening};
pub use console::{Console, TerminalConsole};
pub use console_input::{Input, MouseReport};
use copying::Copies;
use edited_file::EditedFile;
pub use edited_file::remove_leftovers;
use effects::Clients;
pub use metrics_server::{MetricsPublisher, MetricsServer, Published};
use pacing::{FramePacer, Urgency};
use programs::Programs;
use recording::Recorder;
pub use replay::Reel;
use replay::ReplayThread;
use save::Saves;
use saving::SavesBegun;
use state_saver::StateSaver;

/// The most messages that wait for the event loop. Few, because each part of a list takes some hundred kilobytes. If
/// the queue is full, requests wait, which slows the server down.
const QUEUE_CAPACITY: usize = 6;
/// How long messages are handled before the next check for input.
const DRAIN_BUDGET: Duration = Duration::from_millis(4);
const TICK_INTERVAL: Duration = Duration::from_millis(250);
/// How long quitting waits for the answer to a write in flight.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(500);
/// How long quitting waits for a file that is being written.
const SAVE_TIMEOUT: Duration = Duration::from_secs(5);

/// The text of tasks for the operator's editor, as the format of `bbs` has it.
pub const TASK_DOCUMENTS: TaskDocuments = TaskDocuments {
    template: document::template,
    copy_of: document::copy_of,
    read: document::read,
    annotate: document::annotate,
    lines: document::lines,
    losses: document::losses,
};

/// Where the dashboard gets its tasks.
#[derive(Debug)]
pub enum Source {
    /// The BBSs of targets.
    Servers(Connections),
    /// A recording that is played.
    Recording(Reel),
}

impl From<Connections> for Source {
    fn from(connections: Connections) -> Self {
        Self::Servers(connections)
    }
}

impl From<Reel> for Source {
    fn from(reel: Reel) -> Self {
        Self::Recording(reel)
    }
}

/// Runs the dashboard until the operator quits, the terminal is gone, or a signal ends it. Returns the terminal's
/// errors.
pub async fn run<C: Console>(
    mut app: App,
    source: impl Into<Source>,
    clock: &dyn Clock,
    console: &mut C,
    colours: Colours,
    state_file: StateFile,
    recording: Option<WriterOptions>,
) -> io::Result<()> {
    app.read_summaries_with(read_summary);
    app.edit_tasks_with(TASK_DOCUMENTS);
    let (sender, messages) = mpsc::channel(QUEUE_CAPACITY);
    let recorder = Recorder::start(recording, Vec::new(), &sender);
    let (connections, reel) = match source.into() {
        Source::Servers(connections) => (Some(connections), None),
        Source::Recording(reel) => (None, Some(reel)),
    };
    let replay = ReplayThread::start(reel, &sender);
    let mut dashboard = Dashboard::new(app, connections, sender.clone(), clock, console);
    dashboard.replay = replay;
    dashboard.ui = UiState::new(colours).in_ascii(dashboard.console.is_ascii());
    dashboard.state = StateSaver::new(state_file, sender);
    dashboard.recorder = recorder;
    let result = dashboard.run(messages).await;
    dashboard.programs.finish().await;
    dashboard.finish_saving();
    dashboard.clients.finish(SHUTDOWN_TIMEOUT).await;
    dashboard.saves.finish(SAVE_TIMEOUT).await;
    dashboard.state.finish(SAVE_TIMEOUT).await;
    dashboard.recorder.finish();
    result
}

struct Dashboard<'a, C> {
    app: App,
    ui: UiState,
    clients: Clients,
    opening: Opening,
    copies: Copies,
    saves: Saves,
    programs: Programs,
    recorder: Recorder,
    replay: ReplayThread,
    saves_begun: SavesBegun,
    state: StateSaver,
    clock: &'a dyn Clock,
    console: &'a mut C,
    /// What the program that has the terminal is run for. Nothing is drawn meanwhile.
    foreground: Option<Purpose>,
    /// The file that is open in the operator's editor.
    edited: Option<EditedFile>,
    should_quit: bool,
}

/// What woke the event loop.
enum Wakeup {
    Input(Input),
    Message(Option<Box<Msg>>),
    Opened(Box<Opened>),
    Tick,
    FrameDue,
    /// The app has something to do at this time.
    AppDue,
    /// There is incremental work to do.
    Work,
}

/// Waits until a time, or forever if there is none.
async fn sleep_until_due(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}

impl<'a, C: Console> Dashboard<'a, C> {
    /// Creates a loop that draws without colours, keeps no state and records nothing. `sender` is for the replies to its effects.
    fn new(
        app: App,
        connections: Option<Connections>,
        sender: mpsc::Sender<Msg>,
        clock: &'a dyn Clock,
        console: &'a mut C,
    ) -> Self {
        let (copies, saves) = (Copies::new(sender.clone()), Saves::new(sender.clone()));
        let programs = Programs::new(sender.clone());
        let state = StateSaver::new(StateFile::default(), sender.clone());
        let mut clients = Clients::new(sender);
        let others = connections.map(|Connections { first, others }| {
            clients.insert(app.shown_session(), first);
            others
        });
        Self {
            app,
            ui: UiState::new(Colours::None),
            clients,
            opening: Opening::new(others.unwrap_or_default()),
            copies,
            saves,
            programs,
            saves_begun: SavesBegun::default(),
            recorder: Recorder::default(),
            replay: ReplayThread::default(),
            state,
            clock,
            console,
            foreground: None,
            edited: None,
            should_quit: false,
        }
    }
}

impl<C: Console> Dashboard<'_, C> {
    async fn run(&mut self, mut messages: mpsc::Receiver<Msg>) -> io::Result<()> {
        self.draw()?;
        if self.app.uses_mouse() {
            self.console.use_mouse(true)?;
        }
        self.handle(Msg::Tick)?;
        let mut ticks = interval(TICK_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pacer = FramePacer::new(Instant::now());
        pacer.request(Urgency::Soon, Instant::now());
        while !self.should_quit {
            // The work is done before a frame.
            let has_work = self.foreground.is_none() && self.has_work();
            let app_due = self.app_due();
            let wakeup = tokio::select! {
                biased;
                input = self.console.next() => Wakeup::Input(input),
                () = ready(()), if has_work => Wakeup::Work,
                () = sleep_until_due(pacer.due()), if !self.console.has_backlog() => Wakeup::FrameDue,
                () = sleep_until_due(app_due) => Wakeup::AppDue,
                msg = messages.recv() => Wakeup::Message(msg.map(Box::new)),
                opened = self.opening.next() => Wakeup::Opened(Box::new(opened)),
                _ = ticks.tick() => Wakeup::Tick,
            };
            match wakeup {
                Wakeup::Input(input) => {
                    self.handle_input(input).await?;
                    pacer.request(Urgency::Immediate, Instant::now());
                }
                Wakeup::Opened(opened) => {
                    self.target_opened(*opened)?;
                    pacer.request(Urgency::Immediate, Instant::now());
                }
                Wakeup::Work => {
                    self.go_on_saving()?;
                    pacer.request(Urgency::Immediate, Instant::now());
                }
                Wakeup::FrameDue => {}
                Wakeup::AppDue => {
                    self.handle(Msg::Due)?;
                    pacer.request(Urgency::Soon, Instant::now());
                }
                Wakeup::Tick => {
                    self.handle(Msg::Tick)?;
                    pacer.request_clocks(Instant::now());
                }
                Wakeup::Message(msg) => {
                    let urgency = self.handle_messages(msg.map(|msg| *msg), &mut messages)?;
                    pacer.request(urgency, Instant::now());
                }
            }
            if self.should_quit {
                // The terminal may be gone, so do not draw another frame.
                break;
            }
            let now = Instant::now();
            if pacer.is_due(now) && !self.console.has_backlog() {
                self.draw()?;
                pacer.frame_drawn(now, Instant::now());
            }
        }
        Ok(())
    }

    /// Returns when the app has something to do, on tokio's clock.
    fn app_due(&self) -> Option<Instant> {
        let due = self.app.due()?;
        Some(Instant::now() + due.saturating_sub(self.clock.now().mono))
    }

    /// Returns whether there is incremental work, in the app or of a save.
    fn has_work(&self) -> bool {
        self.app.work().is_some() || !self.saves_begun.is_empty()
    }

    /// Handles a message and those that wait behind it. Returns how soon the result must be visible.
    fn handle_messages(
        &mut self,
        first: Option<Msg>,
        messages: &mut mpsc::Receiver<Msg>,
    ) -> io::Result<Urgency> {
        let (begun, mut next, mut urgency) = (Instant::now(), first, Urgency::Stream);
        while let Some(msg) = next.take() {
            urgency = urgency.min(Urgency::of(&msg));
            self.handle(msg)?;
            next = if begun.elapsed() < DRAIN_BUDGET { messages.try_recv().ok() } else { None };
        }
        Ok(urgency)
    }

    /// Handles an input and all that is available after it, so that a burst of keys is drawn in one frame.
    async fn handle_input(&mut self, first: Input) -> io::Result<()> {
        let mut next = Some(first);
        while let Some(input) = next.take() {
            match input {
                Input::Key(key, read) => {
                    // When the key was read, not when it is handled: the app ignores keys older than a question.
                    let read_at = self.clock.now().mono.saturating_sub(read.elapsed());
                    self.handle(Msg::Key(key, read_at))?;
                }
                Input::Mouse(MouseReport { action, column, line }, read) => {
                    let read_at = self.clock.now().mono.saturating_sub(read.elapsed());
                    let pointed = self.ui.pointed_at(column, line);
                    self.handle(Msg::Mouse(action, pointed, read_at))?;
                }
                Input::Paste(text) => self.handle(Msg::Paste(text))?,
                Input::Resized | Input::Drained => {}
                Input::ProgramEnded(end) => self.program_ended(end)?,
                Input::Ended => self.should_quit = true,
            }
            if !self.should_quit {
                next = self.console.ready().await;
            }
        }
        Ok(())
    }

    /// Updates the state, and performs the effects and what follows from them.
    fn handle(&mut self, msg: Msg) -> io::Result<()> {
        let mut todo = vec![msg];
        while let Some(msg) = todo.pop() {
            for effect in self.app.update(msg, self.clock.now()) {
                todo.extend(self.perform(effect)?);
            }
        }
        Ok(())
    }

    /// Performs an effect. Returns the message that follows from it, if any. Requests to the BBS are only started.
    fn perform(&mut self, effect: Effect) -> io::Result<Option<Msg>> {
        match effect {
            Effect::Decode { session, guid, definition } => {
                let result = decode_definition(&definition).map(Arc::new);
                return Ok(Some(Msg::Session(session, SessionMsg::Decoded { guid, result })));
            }
            Effect::Session(id, request) => self.clients.start(id, request),
            Effect::OpenTarget { session, name } => self.opening.start(session, &name),
            Effect::CloseSession(id) => {
                self.clients.close(id);
                self.recorder.end(id, self.clock.now());
            }
            Effect::BeginRecording { session, target } => {
                self.recorder.begin(session, &target, self.clock.now());
            }
            Effect::Record(session, entries) => self.recorder.record(session, entries),
            Effect::Read(request) => self.replay.read(request),
            Effect::ToggleUnderCursor => return Ok(self.ui.toggle_under_cursor()),
            Effect::Copy(copy) => return Ok(self.copy(copy)),
            Effect::SaveFile(file) => self.saves.start(file),
            Effect::SaveView(file) => self.begin_save(file),
            Effect::SaveState(state) => self.state.save(state),
            Effect::Suspend => self.console.suspend()?,
            Effect::RunInForeground(run) => {
                self.console.run_in_foreground(&run)?;
                self.foreground = Some(run.purpose);
            }
            Effect::StartProgram { run, program } => self.programs.start(run, program),
            Effect::StopProgram(run) => self.programs.stop(run),
            Effect::Edit(text) => return self.edit(&text),
            Effect::Repaint => self.console.repaint()?,
            Effect::UseMouse(used) => self.console.use_mouse(used)?,
            Effect::Quit => self.should_quit = true,
        }
        Ok(None)
    }

    fn target_opened(&mut self, Opened { session, result }: Opened) -> io::Result<()> {
        let result = result.map(|client| self.clients.insert(session, client));
        self.handle(Msg::TargetOpened(session, result))
    }

    /// Opens a text in the operator's editor. Returns the message that follows if it cannot.
    fn edit(&mut self, text: &DocumentText) -> io::Result<Option<Msg>> {
        match EditedFile::create(text) {
            Ok((file, run)) => {
                self.console.run_in_foreground(&run)?;
                (self.foreground, self.edited) = (Some(run.purpose), Some(file));
                Ok(None)
            }
            Err(why) => Ok(Some(Msg::Edited(EditorEnd::Failed { why, text: None }))),
        }
    }

    fn program_ended(&mut self, end: ProgramEnd) -> io::Result<()> {
        let Some(purpose) = self.foreground.take() else { return Ok(()) };
        if let Some(file) = self.edited.take() {
            return self.handle(Msg::Edited(file.end(&end)));
        }
        self.handle(Msg::ProgramEnded { purpose, end })
    }

    fn draw(&mut self) -> io::Result<()> {
        if self.foreground.is_some() {
            return Ok(());
        }
        if let Some(effect) = self.app.before_frame()
            && let Some(msg) = self.perform(effect)?
        {
            self.handle(msg)?;
        }
        let (app, ui, now) = (&self.app, &mut self.ui, self.app.now(self.clock.now()));
        self.console.draw(|frame| ui::draw(app, ui, now, frame))?;
        if !self.console.has_backlog() {
            self.app.frame_shown(self.clock.now());
        }
        self.app.set_page(self.ui.page());
        self.app.set_overlay_bounds(self.ui.overlay_scroll());
        self.app.limit_column_scroll(self.ui.column_scroll());
        self.app.limit_output_scroll(self.ui.output_scroll());
        self.app.set_detail_bounds(self.ui.detail_lines().saturating_sub(1));
        Ok(())
    }
}
