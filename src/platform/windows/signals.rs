//! The control events that the program handles.

use std::{future, io};

use tokio::signal::windows::{
    CtrlBreak, CtrlC, CtrlClose, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown,
};

use crate::platform::ConsoleSignal;

/// The events that ask a command to shut down cleanly: Ctrl-C and Ctrl-Break.
pub(crate) struct ShutdownSignals {
    interrupt: CtrlC,
    terminate: CtrlBreak,
}

impl ShutdownSignals {
    /// Installs the handlers.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: ctrl_c()?, terminate: ctrl_break()? })
    }

    /// Returns once one of them arrives.
    pub(crate) async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Stands for a signal that ends a program with a core dump. There is none.
pub(crate) struct QuitSignal;

impl QuitSignal {
    /// Installs nothing.
    #[expect(clippy::unnecessary_wraps, reason = "other systems may fail")]
    pub(crate) const fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// Never returns.
    pub(crate) async fn received(&mut self) -> bool {
        future::pending().await
    }

    /// Does nothing.
    pub(crate) const fn end_program() {}
}

/// The control events that concern a program on a console.
pub(crate) struct ConsoleSignals {
    close: CtrlClose,
    shutdown: CtrlShutdown,
    interrupt: CtrlC,
    terminate: CtrlBreak,
}

impl ConsoleSignals {
    /// Installs the handlers.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            close: ctrl_close()?,
            shutdown: ctrl_shutdown()?,
            interrupt: ctrl_c()?,
            terminate: ctrl_break()?,
        })
    }

    /// Waits for the next event. Cancel-safe.
    pub(crate) async fn next(&mut self) -> ConsoleSignal {
        tokio::select! {
            biased;
            _ = self.close.recv() => ConsoleSignal::Quit,
            _ = self.shutdown.recv() => ConsoleSignal::Quit,
            _ = self.interrupt.recv() => ConsoleSignal::Interrupt,
            _ = self.terminate.recv() => ConsoleSignal::Interrupt,
        }
    }
}
