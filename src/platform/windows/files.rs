//! Files and directories. They take the access list of the directory that they are in: a user's profile is closed to others.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::MetadataExt as _;
use std::path::Path;

use tempfile::TempDir;

/// Tells a file from others: when it was created, to 100 ns. Its index on the volume is not to be had.
pub(crate) type Identity = u64;

/// Who may use a file. Windows has access lists instead, which are not read here.
pub(crate) struct Access {
    pub(crate) owner: u32,
    pub(crate) mode: u32,
}

/// Leaves the options as they are.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Creates a directory, and those above it, unless they are there.
pub(crate) fn create_private_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Leaves the file as it is.
#[expect(clippy::unnecessary_wraps, reason = "other systems may fail")]
pub(crate) fn close_to_others(_file: &File) -> io::Result<()> {
    Ok(())
}

/// Creates a directory. Dropping it removes it.
pub(crate) fn temporary_directory(prefix: &str, base: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new().prefix(prefix).tempdir_in(base)
}

/// Returns what tells the file from others.
pub(crate) fn identity(metadata: &Metadata) -> Identity {
    metadata.creation_time()
}

/// Returns `None`: nothing is known of who may use a file.
pub(crate) fn access(_metadata: &Metadata) -> Option<Access> {
    None
}

/// Returns whether this is a file, by itself or with the extension of a program.
pub(crate) fn is_executable(file: &Path) -> bool {
    file.is_file() || file.with_extension("exe").is_file()
}
