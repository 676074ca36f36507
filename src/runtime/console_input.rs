//! The input of the dashboard: what the operator typed, and what happened to the terminal.

use std::time::Instant;

use crate::app::key::Key;

/// One input from the operator or the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was read at this time.
    Key(Key, Instant),
    /// Text was pasted.
    Paste(String),
    /// The size changed, or the screen is empty: the next frame must draw every cell.
    Resized,
    /// The terminal is gone, or a signal asks the program to end.
    Ended,
}

impl Input {
    /// Returns a key that is read now.
    pub fn key(key: Key) -> Self {
        Self::Key(key, Instant::now())
    }
}
