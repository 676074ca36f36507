//! Gives the terminal to a program, and takes it back when the program ends.
//!
//! The program stays in our process group, as with `system(3)`: `^C` and `^\` reach it, and we ignore them meanwhile;
//! `^Z` stops both, and `fg` continues both. A group of its own would be stopped alone, and the shell would not notice.
//!
//! While the program runs, nothing here reads the terminal or changes its modes.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::terminal::enable_raw_mode;
use tokio::process::Child;
use tokio::time::{Instant, sleep_until};

use super::console_input::Input;
use super::keyboard::Keyboard;
use super::process::{command, end_of, failure};
use super::sleep_until_due;
use crate::app::key::{Key, KeyCode};
use crate::app::{ForegroundRun, Pause, ProgramEnd};
use crate::platform::ConsoleSignal;
use crate::platform::processes::ask_to_end;
use crate::platform::signals::ConsoleSignals;
use crate::platform::terminal::{Modes, drop_input};
use crate::present::sanitise;

/// How long a program that was asked to end may take before it is killed.
const END_TIMEOUT: Duration = Duration::from_secs(2);
/// How long signals are ignored after the program has ended: one that `^C` sent to both of us may be handled by another
/// thread, and later than the end.
const SETTLE_TIME: Duration = Duration::from_millis(20);
/// Undoes what a program that failed may have left behind: character sets, scrolling region, origin, insert and keypad
/// modes, no wrapping, attributes, mouse reports.
pub(super) const RESET: &[u8] = b"\x0f\x1b(B\x1b[r\x1b[?6l\x1b[4l\x1b[?1l\x1b>\x1b[?7h\x1b[0m\
    \x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l";

/// Whether a program has the terminal. Shared with the handler of SIGQUIT.
#[derive(Clone, Default)]
pub(super) struct IsLent(Arc<AtomicBool>);

impl IsLent {
    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A program that has the terminal. Dropping it kills the program.
pub(super) struct Foreground {
    stage: Stage,
    pause: Pause,
    /// The terminal's modes before the program.
    modes: Modes,
    /// Whether a signal asked us to quit.
    quits: bool,
    is_lent: IsLent,
}

enum Stage {
    /// The program runs.
    Running { child: Child, kill_at: Option<Instant> },
    /// The program has ended.
    Settling { end: ProgramEnd, until: Instant },
    /// The operator reads its output.
    Pausing { end: ProgramEnd, keyboard: Keyboard },
    /// The terminal can be taken back.
    Done(ProgramEnd),
}

impl Foreground {
    /// Starts a program. The terminal must have been restored for it, and nothing may read its input.
    pub(super) fn start(run: &ForegroundRun, is_lent: &IsLent) -> io::Result<Self> {
        let modes = Modes::read()?;
        if let Some(heading) = &run.heading {
            writeln!(io::stdout(), "{}", sanitise::clean(heading))?;
        }
        is_lent.0.store(true, Ordering::Release);
        let stage = match command(&run.program).kill_on_drop(true).spawn() {
            Ok(child) => Stage::Running { child, kill_at: None },
            Err(error) => Stage::settling(failure(&error)),
        };
        Ok(Self { stage, pause: run.pause, modes, quits: false, is_lent: is_lent.clone() })
    }

    /// Waits until the program has ended and the operator has read its output. Returns [`Input::ProgramEnded`], or
    /// [`Input::Ended`] if a signal asked us to quit meanwhile. Cancel-safe.
    pub(super) async fn next(&mut self, signals: &mut ConsoleSignals) -> io::Result<Input> {
        loop {
            if let Some(stage) = self.stage.next(signals, &mut self.quits).await {
                self.stage = self.enter(stage)?;
            }
            if let Stage::Done(end) = &self.stage {
                let ended = Input::ProgramEnded(end.clone());
                return Ok(if self.quits { Input::Ended } else { ended });
            }
        }
    }

    /// Prepares the next stage.
    fn enter(&self, stage: Stage) -> io::Result<Stage> {
        let Stage::Done(end) = stage else { return Ok(stage) };
        if self.quits || !self.pause.applies_to(&end) || matches!(self.stage, Stage::Pausing { .. }) {
            return Ok(Stage::Done(end));
        }
        self.restore_modes()?;
        writeln!(io::stdout(), "\nThe program {end}.\nPress Enter to return to taskdeck.")?;
        enable_raw_mode()?;
        Ok(Stage::Pausing { end, keyboard: Keyboard::start()? })
    }

    /// Sets the terminal's modes as they were before the program. Drops input that the program has not read: it was
    /// not meant for the dashboard.
    pub(super) fn restore_modes(&self) -> io::Result<()> {
        self.modes.restore()?;
        drop_input().map(drop)
    }
}

impl Drop for Foreground {
    fn drop(&mut self) {
        self.is_lent.0.store(false, Ordering::Release);
    }
}

impl Stage {
    fn settling(end: ProgramEnd) -> Self {
        Self::Settling { end, until: Instant::now() + SETTLE_TIME }
    }

    /// Waits for the end of this stage, or for a signal. Returns the next stage. Cancel-safe.
    async fn next(&mut self, signals: &mut ConsoleSignals, quits: &mut bool) -> Option<Self> {
        match self {
            Self::Running { child, kill_at } => tokio::select! {
                biased;
                signal = signals.next() => {
                    if signal == ConsoleSignal::Quit {
                        *quits = true;
                        ask_to_end(child);
                        kill_at.get_or_insert(Instant::now() + END_TIMEOUT);
                    }
                    None
                }
                status = child.wait() => {
                    Some(Self::settling(status.map_or_else(|error| failure(&error), end_of)))
                }
                () = sleep_until_due(*kill_at) => {
                    let _ = child.start_kill();
                    *kill_at = None;
                    None
                }
            },
            Self::Settling { end, until } => tokio::select! {
                biased;
                signal = signals.next() => {
                    *quits |= signal == ConsoleSignal::Quit;
                    None
                }
                () = sleep_until(*until) => Some(Self::Done(end.clone())),
            },
            Self::Pausing { end, keyboard } => {
                let (input, quit) = tokio::select! {
                    biased;
                    signal = signals.next() => (None, signal.quits()),
                    input = keyboard.next() => (input.clone(), input.is_none()),
                };
                *quits |= quit;
                (quit || input.is_some_and(|input| is_return(&input))).then(|| Self::Done(end.clone()))
            }
            Self::Done(_) => None,
        }
    }
}

/// Returns whether a key returns to the dashboard: Enter, Escape or `^C`.
fn is_return(input: &Input) -> bool {
    let Input::Key(key, _) = input else { return false };
    let ctrl_c = Key { ctrl: true, ..Key::char('c') };
    *key == ctrl_c || matches!(key.code, KeyCode::Enter | KeyCode::Esc)
}
