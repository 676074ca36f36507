//! The console that the dashboard runs on: a trait, and its implementation for a real terminal.

use std::io::{self, Write};

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;
use futures_util::future::poll_immediate;
use ratatui::Frame;
use rustix::process::Signal as SignalNumber;
use signal_hook::low_level::emulate_default_handler;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::task::AbortOnDropHandle;

use super::console_input::Input;
use super::keyboard::Keyboard;
use super::terminal::{self, Screen};
use crate::ui::ScrollHint;

/// A screen with a keyboard.
pub trait Console {
    /// Draws a frame with `paint`, which returns hints at lines that may only have moved.
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>) -> Vec<ScrollHint>) -> io::Result<()>;
    /// Waits for the next input. Cancel-safe.
    fn next(&mut self) -> impl Future<Output = Input>;
    /// Returns the next input if it is available now.
    ///
    /// A future, so that it polls with the event loop's waker. Some sources keep the waker of the first poll; with a
    /// no-op waker, the next key would stay unread until something else wakes the loop.
    fn ready(&mut self) -> impl Future<Output = Option<Input>> {
        poll_immediate(self.next())
    }
    /// Suspends the program (SIGTSTP). Returns when it is continued, with an empty screen.
    fn suspend(&mut self) -> io::Result<()>;
    /// Makes the next frame draw every cell.
    fn repaint(&mut self) -> io::Result<()>;
    /// Copies text to the terminal's clipboard (OSC 52).
    fn copy(&mut self, text: &str) -> io::Result<()>;
}

/// The controlling terminal.
pub struct TerminalConsole {
    // Dropped before the screen: keys that are typed after it is restored belong to the shell.
    keyboard: Option<Keyboard>,
    screen: Screen,
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
    continued: Signal,
    resized: Signal,
    _sigquit_handler: AbortOnDropHandle<()>,
}

impl TerminalConsole {
    /// Sets the terminal up for the dashboard, to draw in ASCII only if wanted. Dropping the console restores it.
    pub fn enter(ascii: bool) -> io::Result<Self> {
        // Installed first, so that no signal can end the program without restoring the terminal.
        let terminate = signal(SignalKind::terminate())?;
        let interrupt = signal(SignalKind::interrupt())?;
        let hang_up = signal(SignalKind::hangup())?;
        let continued = signal(SignalKind::from_raw(SignalNumber::CONT.as_raw()))?;
        let resized = signal(SignalKind::window_change())?;
        let sigquit_handler = handle_sigquit(signal(SignalKind::quit())?);
        let screen = terminal::enter(ascii)?;
        Ok(Self {
            _sigquit_handler: sigquit_handler,
            screen,
            keyboard: None,
            terminate,
            interrupt,
            hang_up,
            continued,
            resized,
        })
    }
}

/// On SIGQUIT, restores the terminal and ends the program by the signal's default action, with a core dump. This is a
/// task of its own because SIGQUIT must work even if the event loop hangs.
fn handle_sigquit(mut quit: Signal) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        if quit.recv().await.is_some() {
            terminal::leave();
            let _ = emulate_default_handler(SignalNumber::QUIT.as_raw());
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
            None => match Keyboard::start() {
                Ok(keyboard) => self.keyboard.insert(keyboard),
                Err(_) => return Input::Ended,
            },
        };
        tokio::select! {
            biased;
            _ = self.terminate.recv() => Input::Ended,
            _ = self.interrupt.recv() => Input::Ended,
            _ = self.hang_up.recv() => Input::Ended,
            _ = self.continued.recv() => match self.screen.reenter() {
                Ok(()) => Input::Resized,
                Err(_) => Input::Ended,
            },
            _ = self.resized.recv() => Input::Resized,
            input = keyboard.next() => input.unwrap_or(Input::Ended),
        }
    }

    fn suspend(&mut self) -> io::Result<()> {
        // Its thread would read keys that are meant for the shell.
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
