//! Writes data to standard output and messages to standard error. On a terminal, both are sanitized.

use std::future;
use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write};

use clap::Args;
use serde::Serialize;

use crate::bbs::json::Secrets;
use crate::platform::terminal::output_closed;
use crate::present::json::escape_for_terminal;
use crate::present::sanitise;

/// Heading of the flags about the output.
pub(in crate::cli) const OUTPUT: &str = "Output";

/// The `--reveal` flag.
#[derive(Debug, Args)]
pub(in crate::cli) struct Reveal {
    /// Show secrets: environment values, passwords, mount configurations, file contents, credentials in URLs
    #[arg(long, help_heading = OUTPUT)]
    reveal: bool,
}

impl Reveal {
    pub(in crate::cli) fn secrets(&self) -> Secrets {
        if self.reveal { Secrets::Shown } else { Secrets::Masked }
    }
}

/// Bytes to buffer before a write: a list is long, and every write is a system call.
const BUFFER: usize = 64 * 1024;

/// Buffered standard output. Writing after the reader has gone returns a `BrokenPipe` error.
pub(in crate::cli) struct Output {
    writer: BufWriter<StdoutLock<'static>>,
    is_terminal: bool,
}

impl Output {
    pub(in crate::cli) fn new() -> Self {
        let stdout = io::stdout().lock();
        let is_terminal = stdout.is_terminal();
        Self { writer: BufWriter::with_capacity(BUFFER, stdout), is_terminal }
    }

    /// Returns whether standard output is a terminal.
    pub(in crate::cli) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Writes whole lines, which must be JSON or safe for a terminal.
    pub(in crate::cli) fn lines(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.is_terminal {
            self.writer.write_all(&escape_for_terminal(lines))
        } else {
            self.writer.write_all(lines)
        }
    }

    /// Flushes the buffer. Call it last: dropping the writer would hide an error.
    pub(in crate::cli) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Runs work that may never end, until it ends or the reader of standard output goes away.
pub(in crate::cli) async fn while_read<T, E: From<io::Error>>(
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    tokio::select! {
        biased;
        done = work => done,
        () = reader_gone() => Err(io::Error::from(io::ErrorKind::BrokenPipe).into()),
    }
}

/// Returns once the reader of a pipe has closed it, which no write notices while nothing is written. Never returns for a
/// file.
async fn reader_gone() {
    if output_closed().await.is_err() {
        future::pending::<()>().await;
    }
}

/// Prints a message on standard error. Sanitizes it: parts may come from a server or a tenant.
pub(in crate::cli) fn print_message(message: &str) {
    // There is nowhere to report this error.
    let _ = writeln!(io::stderr(), "taskdeck: {}", sanitise::clean(message));
}

/// Prints indented lines on standard error, below a message.
pub(in crate::cli) fn print_indented(lines: &str) {
    for line in lines.lines() {
        let _ = writeln!(io::stderr(), "  {}", sanitise::clean(line));
    }
}

/// Serializes the value as a line of JSON.
pub(in crate::cli) fn json_line(value: &impl Serialize) -> Vec<u8> {
    // Cannot fail: the values are plain structs of strings and numbers.
    let mut line = serde_json::to_vec(value).unwrap_or_default();
    line.push(b'\n');
    line
}
