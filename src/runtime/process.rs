//! What programs with and without the terminal have in common: how one is started, and how its end is reported.

use std::io::{self, ErrorKind};
use std::process::ExitStatus;

use tokio::process::Command;

use crate::app::{Program, ProgramEnd};
use crate::platform::processes::signal_of;

/// Returns the command that starts a program, with our environment and working directory.
pub(super) fn command(program: &Program) -> Command {
    let mut command = Command::new(&program.name);
    command.args(&program.arguments);
    command
}

/// Returns the end that a status tells of.
pub(super) fn end_of(status: ExitStatus) -> ProgramEnd {
    match (status.code(), signal_of(status)) {
        (Some(code), _) => ProgramEnd::Exited(code),
        (None, Some(signal)) => ProgramEnd::Signalled(signal),
        (None, None) => ProgramEnd::Failed(status.to_string()),
    }
}

/// Returns the end of a program that could not be started, or not be waited for.
pub(super) fn failure(error: &io::Error) -> ProgramEnd {
    ProgramEnd::Failed(match error.kind() {
        ErrorKind::NotFound => "there is no such program, or it is not on the PATH".to_owned(),
        ErrorKind::PermissionDenied => "you do not have permission to execute it".to_owned(),
        ErrorKind::ArgumentListTooLong => "its arguments are too long".to_owned(),
        _ => error.to_string(),
    })
}
