//! What programs have written: files below a directory, and streams.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Files and streams by their names.
#[derive(Default)]
pub(super) struct Written {
    all: Vec<(String, Vec<u8>)>,
    /// The directories and files with their modes.
    paths: Vec<PathBuf>,
}

impl Written {
    /// Reads all files below a directory.
    pub(super) fn below(directory: &Path) -> Self {
        let mut written = Self::default();
        written.walk(directory);
        written
    }

    fn walk(&mut self, directory: &Path) {
        self.paths.push(directory.to_owned());
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.walk(&path);
            } else if let Ok(bytes) = fs::read(&path) {
                // One that is gone by now was a temporary file.
                self.all.push((path.file_name().unwrap().to_str().unwrap().to_owned(), bytes));
                self.paths.push(path);
            }
        }
    }

    pub(super) fn add(&mut self, name: &str, bytes: Vec<u8>) {
        self.all.push((name.to_owned(), bytes));
    }

    pub(super) fn extend(&mut self, more: Self) {
        self.all.extend(more.all);
    }

    /// Returns the rest, without the files and streams of these names.
    pub(super) fn without(mut self, names: &[&str]) -> Self {
        self.all.retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.all.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// Returns whether a text is in the file or stream of this name.
    pub(super) fn has(&self, name: &str, text: &str) -> bool {
        let has = |bytes: &[u8]| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        self.all().any(|(other, bytes)| other == name && has(bytes))
    }

    /// Asserts that only the owner can read the files, and enter the directories.
    pub(super) fn assert_private(&self) {
        for path in &self.paths {
            // SQLite removes its files when the last program closes them.
            if path.exists() {
                assert_mode(path, if path.is_dir() { 0o700 } else { 0o600 });
            }
        }
    }
}

pub(super) fn assert_mode(path: &Path, expected: u32) {
    let mode = path.metadata().unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode, expected, "{} has mode {mode:o}", path.display());
}
