//! Other programs: how they are asked to end, how they ended, and what they write.

use std::io::{self, PipeWriter};
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process, kill_process_group, test_kill_process};
use tokio::net::unix::pipe::Receiver;
use tokio::process::{Child, Command};

/// A process group: a program with what it has started.
pub(crate) struct Group(Pid);

impl Group {
    /// Makes a command start in a group of its own.
    pub(crate) fn create(command: &mut Command) -> &mut Command {
        command.process_group(0)
    }

    /// Returns the group that a program was started in, or `None` if the program has ended.
    pub(crate) fn of(child: &Child) -> Option<Self> {
        pid(child).map(Self)
    }

    /// Asks all of them to end.
    pub(crate) fn ask_to_end(&self) {
        self.send(Signal::TERM);
        // One that was stopped, for reading the terminal perhaps, takes the signal only when it goes on.
        self.send(Signal::CONT);
    }

    /// Kills all of them.
    pub(crate) fn kill(&self) {
        self.send(Signal::KILL);
    }

    fn send(&self, signal: Signal) {
        // There may be none of them left.
        let _ = kill_process_group(self.0, signal);
    }
}

fn pid(child: &Child) -> Option<Pid> {
    child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?))
}

/// Asks a program to end.
pub(crate) fn ask_to_end(child: &Child) {
    if let Some(pid) = pid(child) {
        let _ = kill_process(pid, Signal::TERM);
    }
}

/// Returns the number of the signal that ended a program, if one did.
pub(crate) fn signal_of(status: ExitStatus) -> Option<i32> {
    status.signal()
}

/// Returns whether there is no process of this id.
pub(crate) fn has_ended(pid: i32) -> bool {
    Pid::from_raw(pid).is_none_or(|pid| test_kill_process(pid) == Err(Errno::SRCH))
}

/// Returns a pipe for the output of a program: the end to read, and the end to hand to the program.
pub(crate) fn output_pipe() -> io::Result<(Receiver, PipeWriter)> {
    let (reader, writer) = io::pipe()?;
    Ok((Receiver::from_owned_fd(reader.into())?, writer))
}
