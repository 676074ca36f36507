//! The console that the dashboard runs on: a trait, and its implementation for a real terminal.

use std::io;

use futures_util::future::poll_immediate;
use ratatui::Frame;
use tokio_util::task::AbortOnDropHandle;

use super::clipboard::{self, ClipboardProgram};
use super::console_input::Input;
use super::foreground::{self, Foreground, IsLent};
use super::keyboard::Keyboard;
use super::terminal::{self, Screen};
use crate::app::ForegroundRun;
use crate::platform::ConsoleSignal;
use crate::platform::signals::{ConsoleSignals, QuitSignal};
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
    /// Gives the terminal to a program. When it ends, [`Self::next`] returns [`Input::ProgramEnded`], with an empty
    /// screen. Nothing may be drawn until then.
    fn run_in_foreground(&mut self, run: &ForegroundRun) -> io::Result<()>;
    /// Takes the mouse, or leaves it to the terminal.
    fn use_mouse(&mut self, used: bool) -> io::Result<()>;
    /// Returns whether the terminal has only ASCII.
    fn is_ascii(&self) -> bool {
        false
    }
    /// Returns whether the terminal has not taken all output yet. Nothing may be drawn until [`Self::next`] returns
    /// [`Input::Drained`].
    fn has_backlog(&self) -> bool {
        false
    }
    /// Makes the next frame draw every cell.
    fn repaint(&mut self) -> io::Result<()>;
    /// Copies text to the terminal's clipboard (OSC 52).
    fn copy(&mut self, text: &str) -> io::Result<()>;
    /// Returns the programs that may serve the clipboard of the desktop that the terminal is on, the best first.
    fn clipboard_programs(&self) -> Vec<ClipboardProgram> {
        Vec::new()
    }
}

/// The controlling terminal.
pub struct TerminalConsole {
    // Dropped before the screen: keys that are typed after it is restored belong to the shell.
    keyboard: Option<Keyboard>,
    /// The program that has the terminal.
    foreground: Option<Foreground>,
    screen: Screen,
    signals: ConsoleSignals,
    is_lent: IsLent,
    _sigquit_handler: AbortOnDropHandle<()>,
}

impl TerminalConsole {
    /// Sets the terminal up for the dashboard, to draw in ASCII only if wanted. Dropping the console restores it.
    pub fn enter(ascii: bool) -> io::Result<Self> {
        // Installed first, so that no signal can end the program without restoring the terminal.
        let (signals, is_lent) = (ConsoleSignals::listen()?, IsLent::default());
        let sigquit_handler = handle_sigquit(QuitSignal::listen()?, is_lent.clone());
        let screen = terminal::enter(ascii)?;
        Ok(Self {
            _sigquit_handler: sigquit_handler,
            screen,
            keyboard: None,
            foreground: None,
            signals,
            is_lent,
        })
    }

    /// Takes the terminal back from a program. `ended` is what its run ended with.
    fn take_back(&mut self, ended: io::Result<Input>) -> io::Result<Input> {
        if let Some(foreground) = self.foreground.take() {
            foreground.restore_modes()?;
        }
        self.screen.reenter()?;
        self.screen.write(foreground::RESET)?;
        self.screen.report_mouse()?;
        ended
    }
}

/// On SIGQUIT, restores the terminal and ends the program by the signal's default action, with a core dump. This is a
/// task of its own because SIGQUIT must work even if the event loop hangs. While a program has the terminal, `^\` is
/// meant for that program.
fn handle_sigquit(mut quit: QuitSignal, is_lent: IsLent) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        while quit.received().await {
            if is_lent.get() {
                continue;
            }
            terminal::leave();
            QuitSignal::end_program();
        }
    }))
}

impl Console for TerminalConsole {
    fn is_ascii(&self) -> bool {
        self.screen.is_ascii()
    }

    fn has_backlog(&self) -> bool {
        self.screen.has_backlog()
    }

    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>) -> Vec<ScrollHint>) -> io::Result<()> {
        self.screen.draw(paint)
    }

    async fn next(&mut self) -> Input {
        if let Some(foreground) = &mut self.foreground {
            let ended = foreground.next(&mut self.signals).await;
            return self.take_back(ended).unwrap_or(Input::Ended);
        }
        let keyboard = match &mut self.keyboard {
            Some(keyboard) => keyboard,
            None => match Keyboard::start() {
                Ok(keyboard) => self.keyboard.insert(keyboard),
                Err(_) => return Input::Ended,
            },
        };
        tokio::select! {
            biased;
            signal = self.signals.next() => match signal {
                ConsoleSignal::Quit | ConsoleSignal::Interrupt => Input::Ended,
                ConsoleSignal::Continued if self.screen.reenter().is_err() => Input::Ended,
                ConsoleSignal::Continued | ConsoleSignal::Resized => Input::Resized,
            },
            input = keyboard.next() => input.unwrap_or(Input::Ended),
            drained = self.screen.drained(), if self.screen.has_backlog() => {
                if drained.is_ok() { Input::Drained } else { Input::Ended }
            }
        }
    }

    fn suspend(&mut self) -> io::Result<()> {
        // Its thread would read keys that are meant for the shell.
        self.keyboard = None;
        self.screen.suspend()
    }

    fn run_in_foreground(&mut self, run: &ForegroundRun) -> io::Result<()> {
        // Its thread would read keys that are meant for the program.
        self.keyboard = None;
        self.screen.release();
        self.foreground = Some(Foreground::start(run, &self.is_lent)?);
        Ok(())
    }

    fn use_mouse(&mut self, used: bool) -> io::Result<()> {
        self.screen.use_mouse(used)
    }

    fn repaint(&mut self) -> io::Result<()> {
        self.screen.repaint()
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.screen.write(&clipboard::sequence(text)?)
    }

    fn clipboard_programs(&self) -> Vec<ClipboardProgram> {
        clipboard::programs(|name| std::env::var(name).ok())
    }
}
