//! What POSIX systems have. The only module that may call what other systems lack.

pub(crate) mod files;
pub(crate) mod output;
pub(crate) mod processes;
pub(crate) mod signals;
pub(crate) mod terminal;
pub(crate) mod user;
