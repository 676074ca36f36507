//! The only async of the dashboard: the loop, the effects, the terminal.
//!
//! The loop awaits nothing but its `select!`, input first; it drains what has come and draws once. The terminal
//! is a parameter ([`Console`]), so that the loop that is tested is the loop that is shipped.

mod cell_writer;
mod coalesce;
mod console;
mod console_input;
mod effects;
mod environment;
mod input;
mod keyboard;
mod pacing;
mod renderer;
mod sgr;
#[cfg(test)]
mod stream_tests;
pub mod terminal;
#[cfg(test)]
mod tests;

use std::future::{pending, ready};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::app::{App, Effect, Msg, SessionMsg};
use crate::bbs::{Client, decode_definition, read_summary};
use crate::clock::Clock;
use crate::ui::{self, Colours, UiState};

pub use console::{Console, TerminalConsole};
pub use console_input::Input;
use effects::Remotes;
use pacing::{Pacing, Urgency};

/// News that wait for the loop, of a list some hundred kilobytes each: what waits needs memory. When it is full the senders
/// wait, and the server sees a slow consumer.
const INBOX: usize = 6;
/// Between two looks at the keyboard news are taken in for so long at most.
const DEAF: Duration = Duration::from_millis(4);
const TICK: Duration = Duration::from_millis(250);
/// How long the end waits for the answer to a write that was sent.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Runs the dashboard until it is quit, the terminal goes away, or a signal ends it.
pub async fn run<C: Console>(
    mut app: App,
    client: Client,
    clock: &dyn Clock,
    console: &mut C,
    colours: Colours,
) -> io::Result<()> {
    app.read_summaries_with(read_summary);
    let (sender, inbox) = mpsc::channel(INBOX);
    let mut remotes = Remotes::new(sender);
    remotes.connect(app.shown_session(), client);
    let mut dashboard = Dashboard { app, ui: UiState::new(colours), remotes, clock, console, ended: false };
    let result = dashboard.watch(inbox).await;
    dashboard.remotes.finish(LAST_WORDS).await;
    result
}

struct Dashboard<'a, C> {
    app: App,
    ui: UiState,
    remotes: Remotes,
    clock: &'a dyn Clock,
    console: &'a mut C,
    ended: bool,
}

/// What woke the loop.
enum Woken {
    Input(Input),
    News(Option<Box<Msg>>),
    Tick,
    /// A frame is due.
    Frame,
    /// The state has more to do.
    Work,
}

/// Waits until then, or for ever.
async fn reach(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}

impl<C: Console> Dashboard<'_, C> {
    async fn watch(&mut self, mut inbox: mpsc::Receiver<Msg>) -> io::Result<()> {
        self.draw()?;
        self.take(Msg::Tick)?;
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pacing = Pacing::new(Instant::now());
        pacing.want(Urgency::Soon, Instant::now());
        while !self.ended {
            let is_at_work = self.app.work().is_some();
            let woken = tokio::select! {
                biased;
                input = self.console.next() => Woken::Input(input),
                () = ready(()), if is_at_work => Woken::Work,
                () = reach(pacing.due()) => Woken::Frame,
                news = inbox.recv() => Woken::News(news.map(Box::new)),
                _ = ticks.tick() => Woken::Tick,
            };
            match woken {
                Woken::Input(input) => {
                    self.take_input(input).await?;
                    pacing.want(Urgency::AtOnce, Instant::now());
                }
                Woken::Work => pacing.want(Urgency::AtOnce, Instant::now()),
                Woken::Frame => {}
                Woken::Tick => {
                    self.take(Msg::Tick)?;
                    pacing.want_clocks(Instant::now());
                }
                Woken::News(news) => {
                    let urgency = self.take_news(news.map(|news| *news), &mut inbox)?;
                    pacing.want(urgency, Instant::now());
                }
            }
            if self.ended {
                // The terminal may be gone: one more frame would be an error.
                break;
            }
            let now = Instant::now();
            if pacing.is_due(now) {
                self.draw()?;
                pacing.drew(now, Instant::now());
            }
        }
        Ok(())
    }

    /// Takes news and what has come after them; says how soon they should be seen.
    fn take_news(&mut self, first: Option<Msg>, inbox: &mut mpsc::Receiver<Msg>) -> io::Result<Urgency> {
        let (begun, mut next, mut urgency) = (Instant::now(), first, Urgency::Stream);
        while let Some(news) = next.take() {
            urgency = urgency.min(Urgency::of(&news));
            self.take(news)?;
            next = if begun.elapsed() < DEAF { inbox.try_recv().ok() } else { None };
        }
        Ok(urgency)
    }

    /// Takes an input and all that came with it: three hundred keys of a paste are one frame.
    async fn take_input(&mut self, first: Input) -> io::Result<()> {
        let mut next = Some(first);
        while let Some(input) = next.take() {
            match input {
                Input::Key(key, read) => {
                    // Before anything is drawn: what was read earlier stays earlier.
                    let read_at = self.clock.now().mono.saturating_sub(read.elapsed());
                    self.take(Msg::Key(key, read_at))?;
                }
                Input::Paste(text) => self.take(Msg::Paste(text))?,
                Input::Resized => {}
                Input::Ended => self.ended = true,
            }
            if !self.ended {
                next = self.console.ready().await;
            }
        }
        Ok(())
    }

    fn take(&mut self, msg: Msg) -> io::Result<()> {
        let mut todo = vec![msg];
        while let Some(msg) = todo.pop() {
            for effect in self.app.update(msg, self.clock.now()) {
                todo.extend(self.carry_out(effect)?);
            }
        }
        Ok(())
    }

    /// Carries out at once what this machine does; `remotes` sends requests to the BBS.
    fn carry_out(&mut self, effect: Effect) -> io::Result<Option<Msg>> {
        match effect {
            Effect::Decode { session, guid, definition } => {
                let result = decode_definition(&definition).map(Arc::new);
                return Ok(Some(Msg::Session(session, SessionMsg::Decoded { guid, result })));
            }
            Effect::Session(id, request) => self.remotes.start(id, request),
            Effect::ToggleUnderCursor => return Ok(self.ui.toggle_under_cursor()),
            Effect::Copy(text) => {
                let failed = self.console.copy(&text).err();
                return Ok(failed.map(|error| Msg::Note(format!("The guid could not be copied: {error}"))));
            }
            Effect::Suspend => self.console.suspend()?,
            Effect::Repaint => self.console.repaint()?,
            Effect::Quit => self.ended = true,
        }
        Ok(None)
    }

    fn draw(&mut self) -> io::Result<()> {
        if let Some(effect) = self.app.before_frame()
            && let Some(msg) = self.carry_out(effect)?
        {
            self.take(msg)?;
        }
        let (app, ui, now) = (&self.app, &mut self.ui, self.clock.now());
        self.console.draw(|frame| ui::draw(app, ui, now, frame))?;
        self.app.frame_shown(self.clock.now());
        self.app.set_page(self.ui.page());
        self.app.limit_column_scroll(self.ui.column_scroll());
        self.app.set_detail_bounds(self.ui.detail_lines().saturating_sub(1));
        Ok(())
    }
}
