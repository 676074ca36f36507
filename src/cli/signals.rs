//! Handles the signals that ask a command to shut down cleanly.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::failure::Failure;

/// SIGINT and SIGTERM.
pub(super) struct ShutdownSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl ShutdownSignals {
    /// Installs the handlers.
    pub(super) fn listen() -> Result<Self, Failure> {
        let handler = |kind| {
            signal(kind)
                .map_err(|error| Failure::other(format!("could not install a signal handler: {error}")))
        };
        Ok(Self {
            interrupt: handler(SignalKind::interrupt())?,
            terminate: handler(SignalKind::terminate())?,
        })
    }

    /// Returns once one of them arrives.
    pub(super) async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
