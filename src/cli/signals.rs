//! The signals that ask a command to end: whoever sends them wants it to end well.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::failure::Failure;

/// The signals that ask for the end.
pub(super) struct ShutdownSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl ShutdownSignals {
    /// Listens from now on.
    pub(super) fn listen() -> Result<Self, Failure> {
        let awaited =
            |kind| signal(kind).map_err(|error| Failure::other(format!("no signal can be awaited: {error}")));
        Ok(Self {
            interrupt: awaited(SignalKind::interrupt())?,
            terminate: awaited(SignalKind::terminate())?,
        })
    }

    /// Returns once the end is asked for.
    pub(super) async fn asked_for(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
