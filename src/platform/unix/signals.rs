//! The signals that the program handles.

use std::io;

use rustix::process::Signal as SignalNumber;
use signal_hook::low_level::emulate_default_handler;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::platform::ConsoleSignal;

/// The signals that ask a command to shut down cleanly: SIGINT and SIGTERM.
pub(crate) struct ShutdownSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl ShutdownSignals {
    /// Installs the handlers.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Returns once one of them arrives.
    pub(crate) async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// SIGQUIT, which ends a program with a core dump.
pub(crate) struct QuitSignal(Signal);

impl QuitSignal {
    /// Installs the handler.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self(signal(SignalKind::quit())?))
    }

    /// Returns once it arrives. Returns `false` if it cannot arrive any more.
    pub(crate) async fn received(&mut self) -> bool {
        self.0.recv().await.is_some()
    }

    /// Ends the program by the signal's default action.
    pub(crate) fn end_program() {
        let _ = emulate_default_handler(SignalNumber::QUIT.as_raw());
    }
}

/// The signals that concern a program on a terminal.
pub(crate) struct ConsoleSignals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
    continued: Signal,
    resized: Signal,
}

impl ConsoleSignals {
    /// Installs the handlers.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
            continued: signal(SignalKind::from_raw(SignalNumber::CONT.as_raw()))?,
            resized: signal(SignalKind::window_change())?,
        })
    }

    /// Waits for the next signal. Cancel-safe.
    pub(crate) async fn next(&mut self) -> ConsoleSignal {
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
