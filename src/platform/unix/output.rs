//! The terminal's output. It never blocks the event loop.
//!
//! A terminal may take nothing for a while: a frozen SSH connection, a paused emulator. A write that waits for it would hold
//! up everything, signals included. What the terminal does not take waits here, and no frame is drawn meanwhile.
//!
//! `O_NONBLOCK` belongs to the open file, which standard output shares with the shell and its other programs. So the
//! terminal is opened once more by its name. Where that fails (after `su` it may be another user's), writes do wait.

use std::io::{self, Stdout, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::termios::{QueueSelector, tcflush, ttyname};
use tokio::net::unix::pipe::Sender;
use tokio::time::sleep;

/// How long to wait before the next try if a terminal takes nothing. Some systems say that it would.
const RETRY_INTERVAL: Duration = Duration::from_millis(10);

/// Output to a terminal, and what it has not taken yet.
pub(crate) struct TerminalOutput {
    terminal: Descriptor,
    backlog: Vec<u8>,
}

/// The terminal's file descriptor.
enum Descriptor {
    /// One of our own. Writes return at once.
    Own(OwnedFd),
    /// The one that other programs use too. Writes wait.
    Shared(Stdout),
}

impl AsFd for Descriptor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Own(own) => own.as_fd(),
            Self::Shared(stdout) => stdout.as_fd(),
        }
    }
}

impl TerminalOutput {
    /// Opens the terminal that standard output is.
    pub(crate) fn open() -> Self {
        let stdout = io::stdout();
        let terminal = reopen(&stdout).map_or(Descriptor::Shared(stdout), Descriptor::Own);
        Self { terminal, backlog: Vec::new() }
    }

    /// Returns whether there is output that the terminal has not taken.
    pub(crate) const fn has_backlog(&self) -> bool {
        !self.backlog.is_empty()
    }

    /// Waits until the terminal has taken all output. Cancel-safe.
    pub(crate) async fn drained(&mut self) -> io::Result<()> {
        while self.has_backlog() {
            // Registered only while there is a backlog: otherwise each read by the terminal would wake us. Tokio has no other
            // safe way to wait for a file descriptor; nothing of this needs a pipe.
            let waiting = Sender::from_owned_fd_unchecked(self.terminal.as_fd().try_clone_to_owned()?)?;
            waiting.writable().await?;
            if !self.send_some()? {
                sleep(RETRY_INTERVAL).await;
            }
        }
        Ok(())
    }

    /// Waits until the terminal has taken all output, but no longer than `limit`. Returns whether it has. Blocks.
    pub(crate) fn drain(&mut self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        while let Ok(is_moving) = self.send_some()
            && self.has_backlog()
        {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            if !is_moving {
                wait(&mut [], RETRY_INTERVAL.min(left));
            }
            wait(&mut [PollFd::new(&self.terminal, PollFlags::OUT)], left);
        }
        !self.has_backlog()
    }

    /// Sends what the terminal takes now. Returns whether it has taken anything.
    fn send_some(&mut self) -> io::Result<bool> {
        let before = self.backlog.len();
        self.flush()?;
        Ok(self.backlog.len() < before)
    }

    /// Drops the backlog, and what the terminal has taken but not read. So there is room again, but the last sequence may
    /// be cut.
    pub(crate) fn discard(&mut self) {
        self.backlog.clear();
        let _ = tcflush(&self.terminal, QueueSelector::OFlush);
    }
}

impl Write for TerminalOutput {
    /// Takes all of the bytes, whatever the terminal takes of them.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = if self.has_backlog() { 0 } else { send(&self.terminal, bytes)? };
        self.backlog.extend_from_slice(bytes.get(sent..).unwrap_or_default());
        Ok(bytes.len())
    }

    /// Sends what the terminal takes now.
    fn flush(&mut self) -> io::Result<()> {
        let sent = send(&self.terminal, &self.backlog)?;
        self.backlog.drain(..sent);
        Ok(())
    }
}

/// Waits for a file descriptor, but no longer than `limit`. An error shows at the next write.
fn wait(fds: &mut [PollFd<'_>], limit: Duration) {
    let _ = poll(fds, Timespec::try_from(limit).ok().as_ref());
}

/// Opens a terminal once more, without waiting on writes.
fn reopen(terminal: &Stdout) -> Option<OwnedFd> {
    let name = ttyname(terminal, Vec::new()).ok()?;
    let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    open(name.as_c_str(), flags, Mode::empty()).ok()
}

/// Sends as much as the terminal takes now. Returns the number of bytes.
fn send(terminal: &Descriptor, bytes: &[u8]) -> io::Result<usize> {
    let mut sent = 0;
    while let Some(rest @ [_, ..]) = bytes.get(sent..) {
        match rustix::io::write(terminal, rest) {
            Ok(0) | Err(Errno::AGAIN) => break,
            Ok(count) => sent += count,
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(sent)
}

#[cfg(test)]
mod tests {
    use std::io::{PipeReader, Read};

    use rustix::fs::{fcntl_getfl, fcntl_setfl};

    use super::*;

    const MORE_THAN_A_PIPE_HOLDS: usize = 300_000;

    /// A pipe takes as much as its buffer holds, like a terminal that is not read.
    fn pipe() -> (PipeReader, TerminalOutput) {
        let (reader, writer) = io::pipe().unwrap();
        let own = OwnedFd::from(writer);
        fcntl_setfl(&own, fcntl_getfl(&own).unwrap() | OFlags::NONBLOCK).unwrap();
        (reader, TerminalOutput { terminal: Descriptor::Own(own), backlog: Vec::new() })
    }

    fn text() -> Vec<u8> {
        (0..MORE_THAN_A_PIPE_HOLDS).map(|nth| u8::try_from(nth % 251).unwrap()).collect()
    }

    #[test]
    fn what_the_terminal_takes_leaves_no_backlog() {
        let (mut reader, mut output) = pipe();
        output.write_all(b"a frame").unwrap();
        assert!(!output.has_backlog());
        drop(output);
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        assert_eq!(read, b"a frame");
    }

    #[tokio::test]
    async fn what_it_does_not_take_waits_and_arrives_in_order() {
        let (mut reader, mut output) = pipe();
        output.write_all(&text()).unwrap();
        output.write_all(b"the next frame").unwrap();
        assert!(output.has_backlog(), "a write does not wait");
        assert!(!output.drain(Duration::from_millis(1)), "nobody reads");
        let reading = tokio::task::spawn_blocking(move || {
            let mut read = Vec::new();
            reader.read_to_end(&mut read).map(|_| read)
        });
        output.drained().await.unwrap();
        assert!(!output.has_backlog());
        drop(output);
        assert_eq!(reading.await.unwrap().unwrap(), [&text()[..], b"the next frame"].concat());
    }

    #[test]
    fn a_terminal_that_is_gone_is_an_error() {
        let (reader, mut output) = pipe();
        output.write_all(&text()).unwrap();
        drop(reader);
        assert!(!output.drain(Duration::from_secs(30)), "it does not wait for it");
        output.discard();
        output.write_all(b"more").unwrap_err();
    }
}
