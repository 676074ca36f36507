//! The user and the machine that the program runs for and on.

/// Returns `None`: users have no number.
pub(crate) const fn id() -> Option<u32> {
    None
}

/// Returns what to call a user whose environment does not name one.
pub(crate) fn unnamed() -> String {
    "unknown".to_owned()
}

/// Returns the name of the machine.
pub(crate) fn host() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_else(|_| "unknown".to_owned())
}
