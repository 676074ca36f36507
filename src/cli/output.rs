//! Standard output: lines of data, written as they come. And standard error: what is to know beside them.

use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write};

use serde::Serialize;

use crate::present::sanitise;

/// How much is gathered before it is written; a list is long, and a write is a call of the system.
const BUFFER: usize = 64 * 1024;

/// Standard output, for as long as a command runs. A reader that is gone is an error of the kind `BrokenPipe`.
pub(in crate::cli) struct Output(BufWriter<StdoutLock<'static>>);

impl Output {
    pub(in crate::cli) fn new() -> Self {
        Self(BufWriter::with_capacity(BUFFER, io::stdout().lock()))
    }

    /// Whether a terminal reads it.
    pub(in crate::cli) fn is_terminal(&self) -> bool {
        self.0.get_ref().is_terminal()
    }

    /// Writes whole lines.
    pub(in crate::cli) fn lines(&mut self, lines: &[u8]) -> io::Result<()> {
        self.0.write_all(lines)
    }

    /// Lets the reader see what was written so far. What a drop would write is written silently, so this must be
    /// the last word.
    pub(in crate::cli) fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Says on standard error what is to know that ends nothing. Part of it may be a server's or a tenant's words.
pub(in crate::cli) fn say(sentence: &str) {
    // Nobody is left to be told when this fails.
    let _ = writeln!(io::stderr(), "taskdeck: {}", sanitise::clean(sentence));
}

/// Draws lines below what was said.
pub(in crate::cli) fn draw(lines: &str) {
    for line in lines.lines() {
        let _ = writeln!(io::stderr(), "  {}", sanitise::clean(line));
    }
}

/// A line of JSON.
pub(in crate::cli) fn json_line(of: &impl Serialize) -> Vec<u8> {
    // What is written here are texts and numbers of our own types: there is nothing to go wrong.
    let mut line = serde_json::to_vec(of).unwrap_or_default();
    line.push(b'\n');
    line
}
