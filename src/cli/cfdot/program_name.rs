//! The names under which the program runs.

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;

/// The name under which the program runs, as usage texts show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum ProgramName {
    Cfdot,
    Taskdeck,
}

impl fmt::Display for ProgramName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Cfdot => "cfdot",
            Self::Taskdeck => "taskdeck",
        })
    }
}

/// Returns whether the program was started as `cfdot`, from any directory.
pub(in crate::cli) fn is_cfdot(program: &OsStr) -> bool {
    Path::new(program).file_name().is_some_and(|name| name == "cfdot")
}
