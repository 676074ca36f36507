//! Writes data to standard output and messages to standard error. On a terminal, both are sanitized.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::future;
use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write};
use std::os::fd::AsFd as _;

use clap::Args;
use serde::Serialize;
use tokio::io::Interest;
use tokio::net::unix::pipe::Sender;

use crate::bbs::json::Secrets;
use crate::present::sanitise;

/// The `--reveal` flag.
#[derive(Debug, Args)]
pub(in crate::cli) struct Reveal {
    /// Show secrets: environment values, passwords, mount configurations, file contents, credentials in URLs
    #[arg(long)]
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

/// Escapes every character that a terminal would interpret or hide; the JSON stays equivalent. JSON itself escapes only
/// the first 32 control characters.
fn escape_for_terminal(lines: &[u8]) -> Cow<'_, [u8]> {
    if lines.iter().all(|byte| matches!(byte, b'\n' | b' '..=b'~')) {
        return Cow::Borrowed(lines);
    }
    let mut escaped = String::with_capacity(lines.len());
    for c in String::from_utf8_lossy(lines).chars() {
        if c == '\n' || !sanitise::is_invisible(c) {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    Cow::Owned(escaped.into_bytes())
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
    if closed().await.is_err() {
        future::pending::<()>().await;
    }
}

/// Waits for the pipe to close. Uses the unchecked constructor because a checked one would make the pipe non-blocking,
/// also for the writes.
async fn closed() -> io::Result<()> {
    let stdout = io::stdout().as_fd().try_clone_to_owned()?;
    Sender::from_owned_fd_unchecked(stdout)?.ready(Interest::ERROR).await?;
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_json_is_equivalent_and_has_no_control_characters() {
        let hostile = "a\u{7f}b\u{9b}2Jc\u{85}d\u{202e}e\u{200b}f\u{e0041}é日";
        let line = json_line(&hostile);
        let escaped = escape_for_terminal(&line);
        assert_eq!(
            str::from_utf8(&escaped).unwrap(),
            "\"a\\u007fb\\u009b2Jc\\u0085d\\u202ee\\u200bf\\udb40\\udc41é日\"\n"
        );
        assert_eq!(serde_json::from_slice::<String>(&escaped).unwrap(), hostile);
        let plain = b"{\"a\":\"b c\"}\n{}\n";
        assert!(matches!(escape_for_terminal(plain), Cow::Borrowed(same) if same == plain));
    }
}
