//! Other programs: how they are asked to end, how they ended, and what they write. There is no signal that asks a program to
//! end: it goes on until it is killed.

use std::io::{self, PipeWriter};
use std::os::windows::io::OwnedHandle;
use std::process::ExitStatus;

use tokio::fs::File;
use tokio::process::{Child, Command};

/// What stands for a process group. A program is killed alone; what it has started goes on.
pub(crate) struct Group;

impl Group {
    /// Leaves the command as it is.
    pub(crate) fn create(command: &mut Command) -> &mut Command {
        command
    }

    /// Returns `None`: there is no group to end.
    pub(crate) const fn of(_child: &Child) -> Option<Self> {
        None
    }

    /// Does nothing.
    #[expect(clippy::unused_self, reason = "as on other systems")]
    pub(crate) const fn ask_to_end(&self) {}

    /// Does nothing.
    #[expect(clippy::unused_self, reason = "as on other systems")]
    pub(crate) const fn kill(&self) {}
}

/// Does nothing.
pub(crate) const fn ask_to_end(_child: &Child) {}

/// Returns `None`: no signal ends a program.
pub(crate) const fn signal_of(_status: ExitStatus) -> Option<i32> {
    None
}

/// Returns `false`: nothing safe tells. What a killed program has left is kept.
pub(crate) const fn has_ended(_pid: i32) -> bool {
    false
}

/// Returns a pipe for the output of a program: the end to read, and the end to hand to the program.
pub(crate) fn output_pipe() -> io::Result<(File, PipeWriter)> {
    let (reader, writer) = io::pipe()?;
    let reader = std::fs::File::from(OwnedHandle::from(reader));
    Ok((File::from_std(reader), writer))
}
