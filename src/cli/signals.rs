//! Handles the signals that ask a command to shut down cleanly.

use super::failure::Failure;
pub(super) use crate::platform::signals::ShutdownSignals;

/// Installs the handlers of SIGINT and SIGTERM, or of what stands for them.
pub(super) fn listen() -> Result<ShutdownSignals, Failure> {
    ShutdownSignals::listen()
        .map_err(|error| Failure::other(format!("could not install a signal handler: {error}")))
}
