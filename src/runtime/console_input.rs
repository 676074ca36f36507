//! Input of the dashboard: keys, pastes and changes of the terminal.

use std::time::Instant;

use crate::app::MouseAction;
use crate::app::ProgramEnd;
use crate::app::key::Key;

/// One input from the operator or the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key, with the time at which it was read.
    Key(Key, Instant),
    /// The mouse, with the time at which its report was read.
    Mouse(MouseReport, Instant),
    /// Pasted text.
    Paste(String),
    /// The terminal's size changed, or its screen was cleared. The next frame must draw every cell.
    Resized,
    /// The terminal has taken all output, after it did not for a while. A frame can be drawn again.
    Drained,
    /// The program in the foreground has ended, and the terminal is ours again.
    ProgramEnded(ProgramEnd),
    /// The terminal is gone, or a signal asked the program to quit.
    Ended,
}

/// What the mouse did, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MouseReport {
    /// What it did.
    pub action: MouseAction,
    /// The column of the screen, counted from 0.
    pub column: u16,
    /// The line of the screen, counted from 0.
    pub line: u16,
}

impl Input {
    /// Returns the input for a key that was read now.
    pub fn key(key: Key) -> Self {
        Self::Key(key, Instant::now())
    }
}
