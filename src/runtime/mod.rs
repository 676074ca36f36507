//! The dashboard's only async code: event loop, effects, input, terminal.
//!
//! The event loop awaits only its `select!`, where input comes first. It drains all messages, then draws one frame. The
//! terminal is a parameter ([`Console`]), so that tests run the real loop.

mod cell_writer;
mod coalesce;
mod console;
mod console_input;
mod console_signals;
mod edited_file;
mod effects;
mod environment;
mod foreground;
mod frame_writer;
mod input;
mod keyboard;
mod pacing;
mod renderer;
mod save;
mod sgr;
pub mod terminal;
#[cfg(test)]
mod test_console;
#[cfg(test)]
mod tests;

use std::future::{pending, ready};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::app::{App, DocumentText, EditorEnd, Effect, Msg, ProgramEnd, Purpose, SessionMsg, TaskDocuments};
use crate::bbs::json::document;
use crate::bbs::{Client, decode_definition, read_summary};
use crate::clock::Clock;
use crate::state::StateFile;
use crate::ui::{self, Colours, UiState};

pub use console::{Console, TerminalConsole};
pub use console_input::Input;
use edited_file::EditedFile;
pub use edited_file::remove_leftovers;
use effects::Clients;
use pacing::{FramePacer, Urgency};
use save::Saves;

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

/// The text of tasks for the operator's editor.
const TASK_DOCUMENTS: TaskDocuments = TaskDocuments {
    template: document::template,
    copy_of: document::copy_of,
    read: document::read,
    annotate: document::annotate,
    lines: document::lines,
    losses: document::losses,
};

/// Runs the dashboard until the operator quits, the terminal is gone, or a signal ends it. Returns the terminal's
/// errors.
pub async fn run<C: Console>(
    mut app: App,
    client: Client,
    clock: &dyn Clock,
    console: &mut C,
    colours: Colours,
    state_file: StateFile,
) -> io::Result<()> {
    app.read_summaries_with(read_summary);
    app.edit_tasks_with(TASK_DOCUMENTS);
    let (sender, messages) = mpsc::channel(QUEUE_CAPACITY);
    let saves = Saves::new(sender.clone());
    let mut clients = Clients::new(sender);
    clients.insert(app.shown_session(), client);
    let ui = UiState::new(colours);
    let mut dashboard = Dashboard {
        app,
        ui,
        clients,
        saves,
        state_file,
        clock,
        console,
        foreground: None,
        edited: None,
        should_quit: false,
    };
    let result = dashboard.run(messages).await;
    dashboard.clients.finish(SHUTDOWN_TIMEOUT).await;
    dashboard.saves.finish(SAVE_TIMEOUT).await;
    result
}

struct Dashboard<'a, C> {
    app: App,
    ui: UiState,
    clients: Clients,
    saves: Saves,
    state_file: StateFile,
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
    Tick,
    FrameDue,
    /// The app has incremental work to do.
    Work,
}

/// Waits until a time, or forever if there is none.
async fn sleep_until_due(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}

impl<C: Console> Dashboard<'_, C> {
    async fn run(&mut self, mut messages: mpsc::Receiver<Msg>) -> io::Result<()> {
        self.draw()?;
        self.handle(Msg::Tick)?;
        let mut ticks = interval(TICK_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pacer = FramePacer::new(Instant::now());
        pacer.request(Urgency::Soon, Instant::now());
        while !self.should_quit {
            // The work is done before a frame.
            let has_work = self.foreground.is_none() && self.app.work().is_some();
            let wakeup = tokio::select! {
                biased;
                input = self.console.next() => Wakeup::Input(input),
                () = ready(()), if has_work => Wakeup::Work,
                () = sleep_until_due(pacer.due()) => Wakeup::FrameDue,
                msg = messages.recv() => Wakeup::Message(msg.map(Box::new)),
                _ = ticks.tick() => Wakeup::Tick,
            };
            match wakeup {
                Wakeup::Input(input) => {
                    self.handle_input(input).await?;
                    pacer.request(Urgency::Immediate, Instant::now());
                }
                Wakeup::Work => pacer.request(Urgency::Immediate, Instant::now()),
                Wakeup::FrameDue => {}
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
            if pacer.is_due(now) {
                self.draw()?;
                pacer.frame_drawn(now, Instant::now());
            }
        }
        Ok(())
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
                Input::Paste(text) => self.handle(Msg::Paste(text))?,
                Input::Resized => {}
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
            Effect::ToggleUnderCursor => return Ok(self.ui.toggle_under_cursor()),
            Effect::Copy(text) => {
                let failed = self.console.copy(&text).err();
                return Ok(failed.map(|error| Msg::Note(format!("Could not copy the guid: {error}"))));
            }
            Effect::SaveFile(file) => self.saves.start(file),
            Effect::SaveState(state) => return Ok(self.state_file.save(&state).map(Msg::Note)),
            Effect::Suspend => self.console.suspend()?,
            Effect::RunInForeground(run) => {
                self.console.run_in_foreground(&run)?;
                self.foreground = Some(run.purpose);
            }
            Effect::Edit(text) => return self.edit(&text),
            Effect::Repaint => self.console.repaint()?,
            Effect::Quit => self.should_quit = true,
        }
        Ok(None)
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
        let (app, ui, now) = (&self.app, &mut self.ui, self.clock.now());
        self.console.draw(|frame| ui::draw(app, ui, now, frame))?;
        self.app.frame_shown(self.clock.now());
        self.app.set_page(self.ui.page());
        self.app.set_help_bounds(self.ui.help_scroll());
        self.app.limit_column_scroll(self.ui.column_scroll());
        self.app.set_detail_bounds(self.ui.detail_lines().saturating_sub(1));
        Ok(())
    }
}
