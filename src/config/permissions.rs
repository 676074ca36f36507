//! Checks who can write the configuration file, and who can use a private key. The file names programs to run, so nobody but
//! its owner may change it. A new file is its owner's alone.

use std::path::Path;

use crate::platform::files::{self, Access};
use crate::platform::user;

/// Returns why the file is not to be trusted with programs, with what to do about it, or `None` if only the operator and
/// root can change it.
pub(super) fn distrust(file: &Path) -> Option<String> {
    let Some(us) = user::id() else {
        return Some(format!("taskdeck cannot check on this platform who can change {}", file.display()));
    };
    // Links on the way are followed, and where they lead is checked: what is read is there.
    let real = match file.canonicalize() {
        Ok(real) => real,
        Err(error) => return Some(format!("could not check who can write to {}: {error}", file.display())),
    };
    let beside_link = file.parent().filter(|parent| Some(*parent) != real.parent());
    let folders = real.ancestors().skip(1).chain(beside_link.into_iter().flat_map(Path::ancestors));
    std::iter::once(real.as_path())
        .chain(folders.filter(|folder| !folder.as_os_str().is_empty()))
        .find_map(|path| writable_by_others(path, us))
}

/// Returns how others can change what is at this path.
fn writable_by_others(path: &Path, us: u32) -> Option<String> {
    const WRITE_BY_OTHERS: u32 = 0o022;
    const STICKY: u32 = 0o1000;

    let shown = path.display();
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) => return Some(format!("could not check who can write to {shown}: {error}")),
    };
    let Access { owner, mode } = files::access(&metadata)?;
    if owner != us && owner != 0 {
        return Some(format!("{shown} belongs to user {owner}, who can change it; make it yours"));
    }
    // In a sticky folder such as /tmp, others cannot replace what is not theirs.
    let is_sticky = metadata.is_dir() && mode & STICKY != 0;
    let is_writable = mode & WRITE_BY_OTHERS != 0 && !is_sticky;
    is_writable.then(|| format!("others can change {shown}; run `chmod go-w {shown}`"))
}

/// Returns a warning if others can read or change a private key, with what to do about it.
///
/// A group may read a key of root: that is how BOSH lets its jobs read one.
pub(super) fn exposure(key: &Path) -> Option<String> {
    const BY_OTHERS: u32 = 0o077;
    const BY_OTHERS_OF_ROOTS: u32 = 0o037;

    // A key that is not there is an error of the connection.
    let Access { owner, mode } = files::access(&key.metadata().ok()?)?;
    let forbidden = if owner == 0 { BY_OTHERS_OF_ROOTS } else { BY_OTHERS };
    let shown = key.display();
    (mode & forbidden != 0)
        .then(|| format!("others can use the private key {shown}; run `chmod go-rwx {shown}`"))
}

#[cfg(test)]
#[path = "permissions_tests.rs"]
mod tests;
