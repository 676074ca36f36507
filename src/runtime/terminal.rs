//! Sets the terminal up for the dashboard and restores it on every way out: quit, error, panic, hang-up.
//!
//! Restoring ignores errors: a terminal that is gone cannot be restored, and a panic within a panic would abort.

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
use termprofile::{DetectorSettings, TermProfile};

use super::edited_file;
use super::environment::{Charset, terminal_size};
use super::renderer::Renderer;
use crate::platform;
use crate::ui::{self, Colours, ScrollHint};

/// The exit status after a panic.
const PANIC_EXIT_STATUS: i32 = 101;

/// Makes the terminal report buttons and the wheel, as text of any length (modes 1000 and 1006). Not the motion, as crossterm's
/// command does: nothing needs it, and every report is a wakeup.
const REPORT_MOUSE: &[u8] = b"\x1b[?1000h\x1b[?1006h";
/// Leaves the mouse to the terminal.
const IGNORE_MOUSE: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// The terminal while the dashboard uses it. Dropping it restores the terminal.
pub struct Screen {
    // Never dropped: ratatui's `Drop` writes to standard error, which panics if that is closed.
    terminal: ManuallyDrop<Terminal<Renderer<Stdout>>>,
    charset: Charset,
    /// Whether the terminal reports the mouse.
    uses_mouse: bool,
}

/// Checks that there is a terminal which can show the dashboard. The error is a message for the user.
pub fn check() -> Result<(), &'static str> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err("the dashboard needs a terminal, but standard input or output is not one");
    }
    match variable("TERM").as_deref() {
        // Windows has one kind of terminal, and no such variable.
        None if cfg!(windows) => Ok(()),
        None => Err("TERM is not set, so the terminal's type is unknown; \
             set it (for example TERM=xterm-256color), or use `taskdeck tasks`"),
        Some("dumb") => Err("TERM is dumb: a terminal without a cursor cannot show the dashboard; \
             use another terminal, or `taskdeck tasks`"),
        Some(_) => Ok(()),
    }
}

/// Returns an environment variable that is set and not empty.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Switches the terminal to raw mode and the alternate screen. Leaves the mouse to the terminal.
pub fn enter(ascii: bool) -> io::Result<Screen> {
    let charset = if ascii { Charset::Ascii } else { Charset::detect(variable) };
    Ok(Screen { terminal: ManuallyDrop::new(set_up()?), charset, uses_mouse: false })
}

fn set_up() -> io::Result<Terminal<Renderer<Stdout>>> {
    enable_raw_mode()?;
    let terminal = execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste)
        .and_then(|()| Terminal::new(Renderer::new(io::stdout(), profile(), size)));
    if terminal.is_err() {
        leave();
    }
    terminal
}

fn size() -> io::Result<Size> {
    // Called for every frame.
    let (width, height) = platform::terminal::size()?;
    Ok(terminal_size(width, height, variable))
}

/// Restores the terminal. May be called at any time and repeatedly.
pub fn leave() {
    let _ = disable_raw_mode();
    let _ = io::stdout().write_all(IGNORE_MOUSE);
    let _ = execute!(io::stdout(), DisableBracketedPaste, EndSynchronizedUpdate, LeaveAlternateScreen, Show);
}

impl Screen {
    /// Draws a frame with `paint`, which returns hints at lines that may only have moved.
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

    pub(super) fn is_ascii(&self) -> bool {
        self.charset == Charset::Ascii
    }

    /// Makes the next frame draw every cell. `Terminal::clear` does not work here: it queries the cursor position, and
    /// the keyboard thread would read the reply.
    pub(super) fn repaint(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    /// Restores the terminal and suspends the program. Sets the terminal up again when the program is continued.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        leave();
        platform::terminal::suspend()?;
        self.reenter()
    }

    /// Sets the terminal up again after the program was stopped. The screen is empty afterwards.
    pub(super) fn reenter(&mut self) -> io::Result<()> {
        // crossterm skips a terminal that it believes to be raw, but the shell may have changed the mode.
        let _ = disable_raw_mode();
        *self.terminal = set_up()?;
        self.report_mouse()
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub(super) fn use_mouse(&mut self, used: bool) -> io::Result<()> {
        self.uses_mouse = used;
        self.report_mouse()
    }

    /// Makes the terminal report the mouse if it is used.
    pub(super) fn report_mouse(&self) -> io::Result<()> {
        let mut out = io::stdout();
        out.write_all(if self.uses_mouse { REPORT_MOUSE } else { IGNORE_MOUSE })?;
        out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

/// Installs a panic hook that restores the terminal, reports the panic and ends the program. Otherwise tokio would
/// catch a task's panic, and the dashboard would go on without the task.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        leave();
        edited_file::remove_open();
        tracing::error!(%panic, backtrace = %Backtrace::force_capture(), "panicked");
        let _ =
            writeln!(io::stderr(), "taskdeck: {panic}\nThis is a bug in taskdeck; the BBS is not affected.");
        exit_after_panic();
    }));
}

#[expect(clippy::disallowed_methods, clippy::exit, reason = "a panic hook cannot return to main")]
fn exit_after_panic() {
    std::process::exit(PANIC_EXIT_STATUS);
}

/// Returns the colours to use: those of the terminal, or none if `NO_COLOR` is set.
pub fn colours() -> Colours {
    match profile() {
        TermProfile::NoTty | TermProfile::NoColor => Colours::None,
        TermProfile::Ansi16 => Colours::Sixteen,
        TermProfile::Ansi256 | TermProfile::TrueColor => Colours::Full,
    }
}

fn profile() -> TermProfile {
    // Any value counts, even `NO_COLOR=0`. Left to crossterm, `NO_COLOR` would remove bold and underline too.
    if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        return TermProfile::NoColor;
    }
    TermProfile::detect(&io::stdout(), DetectorSettings::default())
}
