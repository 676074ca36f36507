//! Sets the terminal up for the dashboard and restores it on every way out: quit, error, panic, hang-up.
//!
//! Restoring ignores errors: a terminal that is gone cannot be restored, and a panic within a panic would abort. It does not
//! wait long for a terminal that takes nothing.
//!
//! Some terminals have no alternate screen: the Linux console, GNU screen by default. So the screen is erased on both ways.

use std::backtrace::Backtrace;
use std::io::{self, IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::layout::Size;
use ratatui::{Frame, Terminal};
use termprofile::{DetectorSettings, TermProfile};

use super::edited_file;
use super::environment::{Charset, can_erase_cells, is_monochrome, is_tmux, says_truecolor, terminal_size};
use super::panic_report;
use super::renderer::Renderer;
use crate::platform::{self, output::TerminalOutput};
use crate::ui::{self, Colours, ScrollHint};

/// The exit status after a panic.
const PANIC_EXIT_STATUS: i32 = 101;

/// Takes the terminal over: alternate screen, plain style, everything erased, pastes in brackets.
const TAKE_OVER: &[u8] = b"\x1b[?1049h\x1b[0m\x1b[H\x1b[2J\x1b[?2004h";
/// Cancels a sequence that was cut, which would swallow what comes next.
const CANCEL: &[u8] = b"\x18";
/// Gives it back, wherever a frame was cut: plain style, no scrolling region, mouse and pastes as usual, everything erased,
/// the screen from before, a visible cursor, no synchronized update.
const GIVE_BACK: &[u8] =
    b"\x1b[0m\x1b[r\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[H\x1b[2J\x1b[?1049l\x1b[?25h\x1b[?2026l";
/// How long a terminal may take for the last output.
const LEAVE_TIMEOUT: Duration = Duration::from_millis(500);

/// Whether the terminal is the dashboard's. What gives it back may run twice, or in another thread, and must not erase what
/// the shell shows.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// Makes the terminal report buttons and the wheel, as text of any length (modes 1000 and 1006). Not the motion, as crossterm's
/// command does: nothing needs it, and every report is a wakeup.
const REPORT_MOUSE: &[u8] = b"\x1b[?1000h\x1b[?1006h";
/// Leaves the mouse to the terminal.
const IGNORE_MOUSE: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// The terminal while the dashboard uses it. Dropping it restores the terminal.
pub struct Screen {
    // Never dropped: ratatui's `Drop` writes to standard error, which panics if that is closed.
    terminal: ManuallyDrop<Terminal<Renderer<TerminalOutput>>>,
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

fn set_up() -> io::Result<Terminal<Renderer<TerminalOutput>>> {
    enable_raw_mode()?;
    IS_TAKEN.store(true, Ordering::SeqCst);
    let mut output = TerminalOutput::open();
    let terminal = output.write_all(TAKE_OVER).and_then(|()| {
        let renderer = Renderer::new(output, profile(), size);
        Terminal::new(if can_erase_cells(variable) { renderer } else { renderer.without_erasing_cells() })
    });
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
    if !IS_TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = disable_raw_mode();
    // An output of its own: another thread may be writing a frame.
    let mut output = TerminalOutput::open();
    if !send_last(&mut output) {
        output.discard();
        send_last(&mut output);
    }
}

/// Sends what gives the terminal back. Returns whether the terminal has taken it.
fn send_last(output: &mut TerminalOutput) -> bool {
    let written = output.write_all(CANCEL).and_then(|()| output.write_all(GIVE_BACK));
    written.is_ok() && output.drain(LEAVE_TIMEOUT)
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

    /// Returns whether the terminal has not taken all output yet.
    pub(super) fn has_backlog(&self) -> bool {
        self.terminal.backend().output().has_backlog()
    }

    /// Waits until the terminal has taken all output. Cancel-safe.
    pub(super) async fn drained(&mut self) -> io::Result<()> {
        self.output().drained().await
    }

    /// Sends a sequence that is no part of a frame.
    pub(super) fn write(&mut self, sequence: &[u8]) -> io::Result<()> {
        self.output().write_all(sequence)
    }

    fn output(&mut self) -> &mut TerminalOutput {
        self.terminal.backend_mut().output_mut()
    }

    /// Restores the terminal, after it has taken what was sent before, such as a copy. What it does not take soon is dropped.
    pub(super) fn release(&mut self) {
        if !self.output().drain(LEAVE_TIMEOUT) {
            self.output().discard();
        }
        leave();
    }

    /// Restores the terminal and suspends the program. Sets the terminal up again when the program is continued.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        self.release();
        platform::terminal::suspend()?;
        self.reenter()
    }

    /// Sets the terminal up again after the program was stopped. The screen is empty afterwards.
    pub(super) fn reenter(&mut self) -> io::Result<()> {
        // crossterm skips a terminal that it believes to be raw, but the shell may have changed the mode.
        let _ = disable_raw_mode();
        if self.has_backlog() {
            // The rest of that frame is not sent any more.
            self.output().discard();
            self.write(CANCEL)?;
        }
        *self.terminal = set_up()?;
        self.report_mouse()
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub(super) fn use_mouse(&mut self, used: bool) -> io::Result<()> {
        self.uses_mouse = used;
        self.report_mouse()
    }

    /// Makes the terminal report the mouse if it is used.
    pub(super) fn report_mouse(&mut self) -> io::Result<()> {
        self.write(if self.uses_mouse { REPORT_MOUSE } else { IGNORE_MOUSE })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.release();
    }
}

/// Installs a panic hook that restores the terminal, reports the panic and ends the program. Otherwise tokio would
/// catch a task's panic, and the dashboard would go on without the task.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        leave();
        edited_file::remove_open();
        let panic = panic_report::describe(panic);
        tracing::error!(panic, backtrace = %Backtrace::force_capture(), "panicked");
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
    if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || is_monochrome(variable) {
        return TermProfile::NoColor;
    }
    // Without asking `tmux info`: a program that is waited for. tmux shows colours that its terminal lacks as others, so what
    // COLORTERM says holds inside it as well.
    let detected = TermProfile::detect(&io::stdout(), DetectorSettings::default().enable_tmux_info(false));
    if detected == TermProfile::Ansi256 && is_tmux(variable) && says_truecolor(variable) {
        return TermProfile::TrueColor;
    }
    detected
}
