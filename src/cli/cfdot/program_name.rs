//! The two names under which the program runs.

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;

/// Under which name the program runs: its usage texts say it.
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

/// Whether the program was started as `cfdot`, in whatever folder.
pub(in crate::cli) fn is_cfdot(program: &OsStr) -> bool {
    Path::new(program).file_name().is_some_and(|name| name == "cfdot")
}
