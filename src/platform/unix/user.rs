//! The user and the machine that the program runs for and on.

/// Returns the id of the user whose files are ours, or `None` where users have no number.
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
pub(crate) fn id() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

/// Returns what to call a user whose environment does not name one.
pub(crate) fn unnamed() -> String {
    rustix::process::getuid().as_raw().to_string()
}

/// Returns the name of the machine.
pub(crate) fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}
