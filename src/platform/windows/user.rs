//! The user and the machine that the program runs for and on.

/// Returns `None`: users have no number.
pub(crate) const fn id() -> Option<u32> {
    None
}

/// Returns what to call a user whose environment does not name one.
pub(crate) fn unnamed() -> String {
    variable("USERNAME")
}

/// Returns the name of the machine.
pub(crate) fn host() -> String {
    variable("COMPUTERNAME")
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| "unknown".to_owned())
}
