//! Files that the operator asks for: what to write, and the answer. `runtime` writes them, each with mode 0600.

use std::fmt;
use std::path::PathBuf;

use crate::clock::Now;
use crate::present::format;

use super::{App, Severity};

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileToSave {
    /// What it holds, for the notices: "12 rows".
    pub what: String,
    /// Where, as the operator typed it: `~/` is the home directory, a relative path is in the current one.
    pub path: PathBuf,
    /// What to do if there is such a file.
    pub if_exists: IfExists,
    /// Its text.
    pub contents: String,
}

/// What to do if there is a file where another is to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfExists {
    /// Leave it as it is, and say how to replace it: "Replace it with :save! FILE".
    Refuse {
        /// The sentence that says so, without a period.
        remedy: String,
    },
    /// Replace it.
    Replace,
}

/// The answer to a [`FileToSave`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveReport {
    /// What the file holds: "12 rows".
    pub what: String,
    /// The file, or why there is none.
    pub result: Result<SavedFile, SaveFault>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFile {
    /// Its absolute path.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Whether it took the place of another.
    pub replaced: bool,
}

/// Why a file was not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveFault {
    /// Its path, absolute if that could be told.
    pub path: PathBuf,
    /// The cause.
    pub cause: SaveFaultCause,
}

/// What is wrong with a place for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveFaultCause {
    /// There is such a file.
    Exists {
        /// How to replace it.
        remedy: String,
    },
    /// There is a directory with this name.
    IsDirectory,
    /// There is a symbolic link with this name. It may lead to somebody else's file.
    IsLink,
    /// There is a device, a pipe or a socket with this name.
    IsSpecial,
    /// The directory of the file is not there.
    NoDirectory(PathBuf),
    /// The path begins with `~`, and the home directory is not known.
    NoHome,
    /// The system refused it; the error in its words. What was there before is unchanged.
    Failed(String),
}

impl fmt::Display for SaveFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.cause {
            SaveFaultCause::Exists { remedy } => write!(f, "{path} exists and is unchanged. {remedy}"),
            SaveFaultCause::IsDirectory => write!(f, "{path} is a directory. Name a file in it"),
            SaveFaultCause::IsLink => write!(f, "{path} is a symbolic link. Name the file itself"),
            SaveFaultCause::IsSpecial => write!(f, "{path} is not a regular file. Name another"),
            SaveFaultCause::NoDirectory(directory) => {
                write!(f, "{} does not exist. Create the directory first", directory.display())
            }
            SaveFaultCause::NoHome => {
                write!(f, "{path} names an unknown home directory. Type the full path")
            }
            SaveFaultCause::Failed(error) => {
                write!(f, "{path}: {error}. Nothing was written; try another directory")
            }
        }
    }
}

impl std::error::Error for SaveFault {}

impl App {
    /// Says whether a file was saved, and where.
    pub(super) fn file_saved(&mut self, report: &SaveReport, now: Now) {
        let SaveReport { what, result } = report;
        match result {
            Ok(SavedFile { path, bytes, replaced }) => {
                let (path, size) = (path.display(), format::bytes(*bytes));
                let replaced = if *replaced { "; it replaces the old file" } else { "" };
                let text = format!("Saved {what} to {path} ({size}, mode 0600){replaced}.");
                self.notices.say(Severity::Good, text, now);
            }
            Err(fault) => {
                self.notices.say(Severity::Bad, format!("Could not save {what}: {fault}."), now);
            }
        }
    }
}
