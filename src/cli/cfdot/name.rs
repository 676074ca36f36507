//! The two names under which the program runs.

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;

/// Under which name the program runs: its usage texts say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Name {
    Cfdot,
    Taskdeck,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Cfdot => "cfdot",
            Self::Taskdeck => "taskdeck",
        })
    }
}

/// Whether the program was started as `cfdot`, in whatever folder.
pub(in crate::cli) fn is_its_name(program: &OsStr) -> bool {
    Path::new(program).file_name().is_some_and(|name| name == "cfdot")
}
