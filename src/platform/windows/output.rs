//! The terminal's output: standard output itself. A console that takes nothing, such as one with a selection, holds it up.

use std::io::{self, Stdout, Write};
use std::time::Duration;

/// Output to the console.
pub(crate) struct TerminalOutput(Stdout);

impl TerminalOutput {
    /// Takes standard output.
    pub(crate) fn open() -> Self {
        Self(io::stdout())
    }

    /// Returns `false`: writes wait until all is taken.
    #[expect(clippy::unused_self, reason = "as on other systems")]
    pub(crate) const fn has_backlog(&self) -> bool {
        false
    }

    /// Returns at once.
    #[expect(clippy::unused_async, reason = "as on other systems")]
    pub(crate) async fn drained(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Returns `true`: all is taken.
    #[expect(clippy::unused_self, reason = "as on other systems")]
    pub(crate) const fn drain(&mut self, _limit: Duration) -> bool {
        true
    }

    /// Does nothing.
    #[expect(clippy::unused_self, reason = "as on other systems")]
    pub(crate) const fn discard(&mut self) {}
}

impl Write for TerminalOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
