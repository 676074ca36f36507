//! Standard output: lines of data, written as they come. And standard error: what is to know beside them.

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

/// Whether secrets are shown.
#[derive(Debug, Args)]
pub(in crate::cli) struct Reveal {
    /// Show what is secret: values of environments, passwords, mount configurations, content of files, logins in URLs
    #[arg(long)]
    reveal: bool,
}

impl Reveal {
    pub(in crate::cli) fn secrets(&self) -> Secrets {
        if self.reveal { Secrets::Shown } else { Secrets::Masked }
    }
}

/// How much is gathered before it is written; a list is long, and a write is a call of the system.
const BUFFER: usize = 64 * 1024;

/// Standard output, for as long as a command runs. A reader that is gone is an error of the kind `BrokenPipe`.
pub(in crate::cli) struct Output {
    to: BufWriter<StdoutLock<'static>>,
    is_terminal: bool,
}

impl Output {
    pub(in crate::cli) fn new() -> Self {
        let stdout = io::stdout().lock();
        let is_terminal = stdout.is_terminal();
        Self { to: BufWriter::with_capacity(BUFFER, stdout), is_terminal }
    }

    /// Whether a terminal reads it.
    pub(in crate::cli) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Writes whole lines: of JSON, or of what is safe on a terminal.
    pub(in crate::cli) fn lines(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.is_terminal { self.to.write_all(&seen(lines)) } else { self.to.write_all(lines) }
    }

    /// Lets the reader see what was written so far. What a drop would write is written silently, so this must be
    /// the last word.
    pub(in crate::cli) fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// The same JSON, with what a terminal would obey or hide written as escapes. JSON itself escapes only the first 32
/// controls; a program that reads it gets it as it is.
fn seen(lines: &[u8]) -> Cow<'_, [u8]> {
    if lines.iter().all(|byte| matches!(byte, b'\n' | b' '..=b'~')) {
        return Cow::Borrowed(lines);
    }
    let mut seen = String::with_capacity(lines.len());
    for c in String::from_utf8_lossy(lines).chars() {
        if c == '\n' || !sanitise::is_invisible(c) {
            seen.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // A String takes every text.
            let _ = write!(seen, "\\u{unit:04x}");
        }
    }
    Cow::Owned(seen.into_bytes())
}

/// Does what may go on for ever, for as long as somebody can read what it prints.
pub(in crate::cli) async fn while_read<T, E: From<io::Error>>(
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    tokio::select! {
        biased;
        done = work => done,
        () = reader_gone() => Err(io::Error::from(io::ErrorKind::BrokenPipe).into()),
    }
}

/// Returns once the reader of a pipe has closed it: between two writes, no write tells. Never of a file.
async fn reader_gone() {
    if closed().await.is_err() {
        future::pending::<()>().await;
    }
}

/// Only waits: a mode of its own for this end of the pipe would be one for the writes too.
async fn closed() -> io::Result<()> {
    let stdout = io::stdout().as_fd().try_clone_to_owned()?;
    Sender::from_owned_fd_unchecked(stdout)?.ready(Interest::ERROR).await?;
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_on_a_terminal_is_the_same_json_and_moves_no_cursor() {
        let hostile = "a\u{7f}b\u{9b}2Jc\u{85}d\u{202e}e\u{200b}f\u{e0041}é日";
        let line = json_line(&hostile);
        let seen = seen(&line);
        assert_eq!(
            str::from_utf8(&seen).unwrap(),
            "\"a\\u007fb\\u009b2Jc\\u0085d\\u202ee\\u200bf\\udb40\\udc41é日\"\n"
        );
        assert_eq!(serde_json::from_slice::<String>(&seen).unwrap(), hostile);
        let plain = b"{\"a\":\"b c\"}\n{}\n";
        assert!(matches!(super::seen(plain), Cow::Borrowed(same) if same == plain));
    }
}
