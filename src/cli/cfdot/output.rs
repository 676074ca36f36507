//! Standard output: lines of data, written as they come.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

/// How much is gathered before it is written; a list is long, and a write is a call of the system.
const BUFFER: usize = 64 * 1024;

/// Standard output, for as long as a command runs. A reader that is gone is an error of the kind `BrokenPipe`.
pub(super) struct Output(BufWriter<StdoutLock<'static>>);

impl Output {
    pub(super) fn new() -> Self {
        Self(BufWriter::with_capacity(BUFFER, io::stdout().lock()))
    }

    /// Whether a terminal reads it.
    pub(super) fn is_terminal(&self) -> bool {
        self.0.get_ref().is_terminal()
    }

    /// Writes whole lines.
    pub(super) fn lines(&mut self, lines: &[u8]) -> io::Result<()> {
        self.0.write_all(lines)
    }

    /// Lets the reader see what was written so far. What a drop would write is written silently, so this must be
    /// the last word.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
