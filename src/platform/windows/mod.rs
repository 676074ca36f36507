//! What Windows has. Where it has nothing of the kind, the function says so, or does nothing.

pub(crate) mod files;
pub(crate) mod output;
pub(crate) mod processes;
pub(crate) mod signals;
pub(crate) mod terminal;
pub(crate) mod user;
