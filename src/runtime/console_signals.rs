//! The signals that concern the dashboard's terminal.

use std::io;

use rustix::process::Signal as SignalNumber;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConsoleSignal {
    /// SIGTERM or SIGHUP.
    Quit,
    /// SIGINT: in raw mode no key sends it, but `kill` may.
    Interrupt,
    /// SIGCONT.
    Continued,
    /// SIGWINCH.
    Resized,
}

impl ConsoleSignal {
    /// Returns whether it asks the program to quit.
    pub(super) const fn quits(self) -> bool {
        matches!(self, Self::Quit | Self::Interrupt)
    }
}

/// Receives the signals.
pub(super) struct ConsoleSignals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
    continued: Signal,
    resized: Signal,
}

impl ConsoleSignals {
    /// Installs the handlers.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
            continued: signal(SignalKind::from_raw(SignalNumber::CONT.as_raw()))?,
            resized: signal(SignalKind::window_change())?,
        })
    }

    /// Waits for the next signal. Cancel-safe.
    pub(super) async fn next(&mut self) -> ConsoleSignal {
        tokio::select! {
            biased;
            _ = self.terminate.recv() => ConsoleSignal::Quit,
            _ = self.hang_up.recv() => ConsoleSignal::Quit,
            _ = self.interrupt.recv() => ConsoleSignal::Interrupt,
            _ = self.continued.recv() => ConsoleSignal::Continued,
            _ = self.resized.recv() => ConsoleSignal::Resized,
        }
    }
}
