//! The controlling terminal: its size, its modes, what is typed on it; and the pipe that output may go to.

use std::io::{self, PipeReader};
use std::os::fd::AsFd as _;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Signal, kill_current_process_group};
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::io::Interest;
use tokio::net::unix::pipe::Sender;

/// The modes of the terminal, such as echo.
pub(crate) struct Modes(Termios);

impl Modes {
    /// Reads the modes.
    pub(crate) fn read() -> io::Result<Self> {
        Ok(Self(tcgetattr(io::stdin())?))
    }

    /// Sets the modes again.
    pub(crate) fn restore(&self) -> io::Result<()> {
        Ok(tcsetattr(io::stdin(), OptionalActions::Now, &self.0)?)
    }
}

/// Returns the width and height, in cells; 0 if unknown.
pub(crate) fn size() -> io::Result<(u16, u16)> {
    // crossterm would open the terminal's device each time.
    let size = tcgetwinsize(io::stdout())?;
    Ok((size.ws_col, size.ws_row))
}

/// Stops the program, with the others of its job. Returns when it is continued.
pub(crate) fn suspend() -> io::Result<()> {
    Ok(kill_current_process_group(Signal::TSTP)?)
}

/// Drops what was typed and not yet read. Returns whether a program could have read any of it.
pub(crate) fn drop_input() -> io::Result<bool> {
    let stdin = io::stdin();
    let was_typed = {
        let mut typed = [PollFd::new(&stdin, PollFlags::IN)];
        poll(&mut typed, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }))? > 0
    };
    tcflush(&stdin, QueueSelector::IFlush)?;
    Ok(was_typed)
}

/// Waits for input, or until `stopped` is closed or the time has passed. Returns whether there is input, or `None` if the pipe
/// was closed.
pub(crate) fn wait_for_input(stopped: &PipeReader, timeout: Option<Duration>) -> Option<bool> {
    // Rounded up: a poll that wakes too early would have to be repeated.
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout + Duration::from_millis(1)).ok());
    let stdin = io::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(stopped, PollFlags::IN)];
    match poll(&mut fds, timeout.as_ref()) {
        Ok(_) => {}
        Err(Errno::INTR) => return Some(false),
        Err(_) => return None,
    }
    let [is_readable, is_stopped] = fds.map(|fd| !fd.revents().is_empty());
    (!is_stopped).then_some(is_readable)
}

/// Reads available input. Returns its length, which may be 0, or an error if the terminal is gone.
pub(crate) fn read_input(buffer: &mut [u8]) -> io::Result<usize> {
    match rustix::io::read(io::stdin(), buffer) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(length) => Ok(length),
        Err(Errno::INTR | Errno::AGAIN) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// Returns once the reader of standard output has closed its pipe. Fails if standard output is no pipe.
pub(crate) async fn output_closed() -> io::Result<()> {
    let stdout = io::stdout().as_fd().try_clone_to_owned()?;
    // Unchecked: the checked constructor would make the pipe non-blocking, also for the writes.
    Sender::from_owned_fd_unchecked(stdout)?.ready(Interest::ERROR).await?;
    Ok(())
}
