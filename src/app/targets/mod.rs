//! The targets of the configuration: `:target` shows one, `:close` closes one, `:write` opens one for actions.
//!
//! Each open target has a session, which keeps its rows, filter, sort and actions while another one is shown. Its event
//! stream stays open, and its lists come less often.

mod close;
mod question;
mod switch;
mod write;

use super::Target;
use super::session::SessionId;

pub use question::{Asks, TargetQuestion};

/// A target of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownTarget {
    /// Its name.
    pub name: String,
    /// The target, or why its configuration cannot be used.
    pub target: Result<Target, String>,
}

/// The targets that can be opened, and those that are being opened.
#[derive(Debug, Default)]
pub(super) struct Targets {
    known: Vec<KnownTarget>,
    opening: Vec<(SessionId, Target)>,
}

impl Targets {
    pub(super) const fn new(known: Vec<KnownTarget>) -> Self {
        Self { known, opening: Vec::new() }
    }
}
