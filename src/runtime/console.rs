//! Where the dashboard is seen and typed at: a trait, and the real terminal behind it.

use std::io::{self, Write};

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;
use futures_util::future::poll_immediate;
use ratatui::Frame;
use rustix::process::Signal as Kill;
use signal_hook::low_level::emulate_default_handler;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::task::AbortOnDropHandle;

use super::console_input::Input;
use super::keyboard::Keyboard;
use super::terminal::{self, Screen};
use crate::ui::ScrollHint;

/// A screen with a keyboard.
pub trait Console {
    /// Draws one frame. `paint` says which lines may only have moved.
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>) -> Vec<ScrollHint>) -> io::Result<()>;
    /// The next input. Dropping it while it waits loses nothing.
    fn next(&mut self) -> impl Future<Output = Input>;
    /// The next input if there is one already.
    ///
    /// A future, so that it looks with the loop's own waker: some sources of input wake whoever looked first, and a
    /// look that nobody is woken by would leave the next key unread until something else wakes the loop.
    fn ready(&mut self) -> impl Future<Output = Option<Input>> {
        poll_immediate(self.next())
    }
    /// Stops the program as the shell's job control does, and comes back with an empty screen.
    fn suspend(&mut self) -> io::Result<()>;
    /// Forgets what is on the screen: the next frame draws every cell.
    fn repaint(&mut self) -> io::Result<()>;
    /// Puts a text into the clipboard of the terminal.
    fn copy(&mut self, text: &str) -> io::Result<()>;
}

/// The terminal that the program was started from.
pub struct TerminalConsole {
    // Dropped first: what is typed once the shell's screen is back is the shell's.
    keyboard: Option<Keyboard>,
    screen: Screen,
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
    go_on: Signal,
    resized: Signal,
    _quit: AbortOnDropHandle<()>,
}

impl TerminalConsole {
    /// Takes the terminal over; dropping the console gives it back.
    pub fn enter() -> io::Result<Self> {
        // Listened to before the terminal is another: a signal in between must not leave it so.
        let terminate = signal(SignalKind::terminate())?;
        let interrupt = signal(SignalKind::interrupt())?;
        let hang_up = signal(SignalKind::hangup())?;
        let go_on = signal(SignalKind::from_raw(Kill::CONT.as_raw()))?;
        let resized = signal(SignalKind::window_change())?;
        let quit = die_of_quit(signal(SignalKind::quit())?);
        let screen = terminal::enter()?;
        Ok(Self { _quit: quit, screen, keyboard: None, terminate, interrupt, hang_up, go_on, resized })
    }
}

/// Gives the terminal back when SIGQUIT comes, and dies by it: its sender wants the program gone at once, with a core dump if the
/// system keeps one. A task of its own, for the loop may be what hangs.
fn die_of_quit(mut quit: Signal) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        if quit.recv().await.is_some() {
            terminal::leave();
            let _ = emulate_default_handler(Kill::QUIT.as_raw());
        }
    }))
}

impl Console for TerminalConsole {
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>) -> Vec<ScrollHint>) -> io::Result<()> {
        self.screen.draw(paint)
    }

    async fn next(&mut self) -> Input {
        let keyboard = match &mut self.keyboard {
            Some(keyboard) => keyboard,
            None => match Keyboard::listen() {
                Ok(keyboard) => self.keyboard.insert(keyboard),
                Err(_) => return Input::Ended,
            },
        };
        tokio::select! {
            biased;
            _ = self.terminate.recv() => Input::Ended,
            _ = self.interrupt.recv() => Input::Ended,
            _ = self.hang_up.recv() => Input::Ended,
            _ = self.go_on.recv() => match self.screen.take_over_again() {
                Ok(()) => Input::Resized,
                Err(_) => Input::Ended,
            },
            _ = self.resized.recv() => Input::Resized,
            input = keyboard.next() => input.unwrap_or(Input::Ended),
        }
    }

    fn suspend(&mut self) -> io::Result<()> {
        // Its thread would go on reading what is typed at the shell.
        self.keyboard = None;
        self.screen.suspend()
    }

    fn repaint(&mut self) -> io::Result<()> {
        self.screen.repaint()
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        let mut out = io::stdout();
        execute!(out, CopyToClipboard::to_clipboard_from(text))?;
        out.flush()
    }
}
