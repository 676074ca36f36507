//! Reads and writes the file of the saved state. No problem with it is fatal: the dashboard runs without it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::SavedState;
use crate::platform::files;

/// The file's name in the state directory.
const NAME: &str = "state.toml";

/// The file of the saved state, in the platform's state directory.
#[derive(Debug, Default)]
pub struct StateFile {
    /// None if nothing is kept.
    path: Option<PathBuf>,
    has_failed: bool,
}

impl StateFile {
    /// Returns the file in this directory, which need not exist. Without a directory nothing is kept.
    pub fn in_directory(directory: Option<&Path>) -> Self {
        Self { path: directory.map(|directory| directory.join(NAME)), has_failed: false }
    }

    /// Returns whether anything is kept.
    pub const fn is_kept(&self) -> bool {
        self.path.is_some()
    }

    /// Reads the state. Returns a warning if there is a file that cannot be read; one that is damaged is kept under
    /// another name.
    pub fn load(&self) -> (SavedState, Option<String>) {
        let Some(path) = &self.path else { return (SavedState::default(), None) };
        let warning = match fs::read_to_string(path) {
            Ok(text) => match SavedState::parse(&text) {
                Ok(state) => return (state, None),
                Err(problem) => set_aside(path, &problem),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => return (SavedState::default(), None),
            Err(error) if error.kind() == ErrorKind::InvalidData => set_aside(path, "it is not UTF-8 text"),
            Err(error) => {
                format!(
                    "Could not read the saved state {}: {error}. Starting without filter and command history and last views.",
                    path.display()
                )
            }
        };
        (SavedState::default(), Some(warning))
    }

    /// Saves the state, with what another dashboard has saved meanwhile. Returns a warning for the first failure only.
    pub fn save(&mut self, state: &SavedState) -> Option<String> {
        let path = self.path.as_deref()?;
        let error = write(path, state).err()?;
        if std::mem::replace(&mut self.has_failed, true) {
            return None;
        }
        let path = path.display();
        Some(format!(
            "Could not save the state {path}: {error}. Filter and command history, and last views, will be lost when you quit."
        ))
    }
}

/// Renames a damaged file, so that the next save does not overwrite it.
fn set_aside(path: &Path, problem: &str) -> String {
    let aside = path.with_extension("toml.broken");
    let kept = match fs::rename(path, &aside) {
        Ok(()) => format!("Renamed it to {}.", aside.display()),
        Err(error) => format!("It could not be renamed: {error}."),
    };
    format!(
        "The saved state {} is damaged ({problem}). {kept} Starting without filter and command history and last views.",
        path.display()
    )
}

/// Replaces the file as a whole, so that a crash leaves the old one or the new one.
fn write(path: &Path, state: &SavedState) -> io::Result<()> {
    let stored = fs::read_to_string(path).ok().and_then(|text| SavedState::parse(&text).ok());
    let text = state.merged_with(stored.unwrap_or_default()).to_text().map_err(io::Error::other)?;
    if let Some(directory) = path.parent() {
        files::create_private_directory(directory)?;
    }
    // Each process has its own temporary file.
    let temporary = path.with_extension(format!("toml.{}", std::process::id()));
    let written = create_private(&temporary)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // What is left of it is of no use; the error to report is the first one.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Creates a file that only its owner can read: filters name apps and tasks.
fn create_private(path: &Path) -> io::Result<File> {
    files::private(OpenOptions::new().write(true).create(true).truncate(true)).open(path)
}
