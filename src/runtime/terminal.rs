//! The terminal taken over and given back, whatever happens: quit, error, panic, hang-up.
//!
//! Leaving ignores every error: a terminal that is gone can't be restored, and a panic within a panic would abort.
//! Nothing here draws.

use std::backtrace::Backtrace;
use std::io::{self, IsTerminal, Stdout, Write};
use std::mem::ManuallyDrop;

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::layout::Size;
use ratatui::{Frame, Terminal};
use rustix::process::{Signal, kill_current_process_group};
use termprofile::{DetectorSettings, TermProfile};

use super::environment::{Charset, terminal_size};
use super::renderer::Renderer;
use crate::ui::{self, Colours, ScrollHint};

/// The exit status after a panic.
const PANICKED: i32 = 101;

/// The terminal, taken over. Dropping it gives it back.
pub struct Screen {
    // Its own drop writes to standard error, which panics when that is gone.
    terminal: ManuallyDrop<Terminal<Renderer<Stdout>>>,
    charset: Charset,
}

/// Looks whether there is a terminal that a dashboard can be drawn on; the error is a sentence.
pub fn check() -> Result<(), &'static str> {
    // At one end something is drawn, at the other somebody types.
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err("the dashboard needs a terminal: standard input or output is not one");
    }
    match variable("TERM").as_deref() {
        None => Err("TERM is not set, so nothing is known about this terminal; \
             set it (for example TERM=xterm-256color), or use `taskdeck tasks`"),
        Some("dumb") => Err("TERM is dumb: a terminal without a cursor cannot show the dashboard; \
             use another terminal, or `taskdeck tasks`"),
        Some(_) => Ok(()),
    }
}

/// A variable of the environment that says something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Takes the terminal over: raw, on its alternate screen, without the mouse.
pub fn enter() -> io::Result<Screen> {
    Ok(Screen { terminal: ManuallyDrop::new(take_over()?), charset: Charset::detect(variable) })
}

fn take_over() -> io::Result<Terminal<Renderer<Stdout>>> {
    enable_raw_mode()?;
    let taken = execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste)
        .and_then(|()| Terminal::new(Renderer::new(io::stdout(), profile(), size)));
    if taken.is_err() {
        leave();
    }
    taken
}

fn size() -> io::Result<Size> {
    // Asked for every frame: crossterm would open the terminal's device each time.
    let size = rustix::termios::tcgetwinsize(io::stdout())?;
    Ok(terminal_size(size.ws_col, size.ws_row, variable))
}

/// Gives the terminal back. May be called at any time and any number of times.
pub fn leave() {
    let _ = disable_raw_mode();
    let _ = execute!(io::stdout(), DisableBracketedPaste, EndSynchronizedUpdate, LeaveAlternateScreen, Show);
}

impl Screen {
    /// Draws one frame, which the terminal shows whole. `paint` says what may only have moved.
    pub(super) fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>) -> Vec<ScrollHint>) -> io::Result<()> {
        let mut hints = Vec::new();
        let charset = self.charset;
        self.terminal.draw(|frame| {
            hints = paint(frame);
            if charset == Charset::Ascii {
                ui::to_ascii(frame.buffer_mut());
            }
        })?;
        self.terminal.backend_mut().show(&hints)
    }

    /// Forgets what is shown, so that the next frame draws every cell. `Terminal::clear` would ask the terminal for
    /// its cursor and wait for an answer that the input thread swallows.
    pub(super) fn repaint(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    /// Stops as the shell's job control does, and takes the terminal over anew when it says so.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        leave();
        kill_current_process_group(Signal::TSTP)?;
        self.take_over_again()
    }

    /// Takes the terminal over anew, whatever was done to it while we were stopped. Its screen is empty then.
    pub(super) fn take_over_again(&mut self) -> io::Result<()> {
        // What is raw already would be left as the shell has set it.
        let _ = disable_raw_mode();
        *self.terminal = take_over()?;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

/// Makes a panic, in whatever task, give the terminal back, say where it was, and end the program: tokio would
/// catch it and go on drawing on the shell's screen.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        leave();
        tracing::error!(%panic, backtrace = %Backtrace::force_capture(), "panicked");
        let _ = writeln!(
            io::stderr(),
            "taskdeck: {panic}\nThis is a fault of taskdeck; the BBS is not affected."
        );
        end();
    }));
}

#[expect(clippy::disallowed_methods, clippy::exit, reason = "a panicked program returns to no main")]
fn end() {
    std::process::exit(PANICKED);
}

/// The colours that the terminal has and the operator wants (`NO_COLOR`).
pub fn colours() -> Colours {
    match profile() {
        TermProfile::NoTty | TermProfile::NoColor => Colours::None,
        TermProfile::Ansi16 => Colours::Sixteen,
        TermProfile::Ansi256 | TermProfile::TrueColor => Colours::Full,
    }
}

fn profile() -> TermProfile {
    // Set to whatever: `NO_COLOR=0` is no wish for colours, and crossterm, which drops them then, drops bold with them.
    if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        return TermProfile::NoColor;
    }
    TermProfile::detect(&io::stdout(), DetectorSettings::default())
}
