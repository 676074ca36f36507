//! Files and directories that only their owner can read, and who may use the others.

use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use tempfile::TempDir;

const PRIVATE_FILE: u32 = 0o600;
const PRIVATE_DIRECTORY: u32 = 0o700;

/// Tells a file from others: its device and inode.
pub(crate) type Identity = (u64, u64);

/// Who may use a file.
pub(crate) struct Access {
    /// The id of the user that it belongs to.
    pub(crate) owner: u32,
    /// The permission bits, as `chmod` takes them.
    pub(crate) mode: u32,
}

/// Makes these options create a file that only its owner can read.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options.mode(PRIVATE_FILE)
}

/// Creates a directory that only its owner can enter, and those above it, unless they are there.
pub(crate) fn create_private_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(PRIVATE_DIRECTORY).create(path)
}

/// Takes the right to read a file from all but its owner.
pub(crate) fn close_to_others(file: &File) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(PRIVATE_FILE))
}

/// Creates a directory that only its owner can enter. Dropping it removes it.
pub(crate) fn temporary_directory(prefix: &str, base: &Path) -> io::Result<TempDir> {
    let permissions = Permissions::from_mode(PRIVATE_DIRECTORY);
    tempfile::Builder::new().prefix(prefix).permissions(permissions).tempdir_in(base)
}

/// Returns what tells the file from others.
pub(crate) fn identity(metadata: &Metadata) -> Identity {
    (metadata.dev(), metadata.ino())
}

/// Returns who may use the file, or `None` where the system does not say it in modes.
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
pub(crate) fn access(metadata: &Metadata) -> Option<Access> {
    Some(Access { owner: metadata.uid(), mode: metadata.mode() })
}

/// Returns whether this is a file that may be run as a program.
pub(crate) fn is_executable(file: &Path) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.mode() & 0o111 != 0)
}
