//! What operating systems do differently: who may read a file, users, signals, processes, the modes of a terminal.
//!
//! `unix` and `windows` have the same functions. Nothing outside them calls what only one system has. Must not know any
//! other module of the program.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{files, output, processes, signals, terminal, user};
#[cfg(windows)]
pub(crate) use windows::{files, output, processes, signals, terminal, user};

/// What a signal means to a program on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(windows, expect(dead_code, reason = "no program is stopped there, and a new size is an input"))]
pub(crate) enum ConsoleSignal {
    /// The program is asked to end: SIGTERM or SIGHUP.
    Quit,
    /// SIGINT: in raw mode no key sends it, but `kill` may.
    Interrupt,
    /// The program was stopped and goes on: SIGCONT.
    Continued,
    /// The terminal has another size: SIGWINCH.
    Resized,
}

impl ConsoleSignal {
    /// Returns whether it asks the program to quit.
    pub(crate) const fn quits(self) -> bool {
        matches!(self, Self::Quit | Self::Interrupt)
    }
}
