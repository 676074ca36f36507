//! Whoever takes the entries of a recording while they come, besides the file: metrics.

use super::{SessionKey, WriterStatus};
use crate::model::Figures;
use crate::model::recording::Entry;

/// Takes the entries of a recording while they come. Must not block: the event loop calls it.
pub trait Observer: Send {
    /// A session begins, or begins anew: every task that its BBS holds follows.
    fn begin(&mut self, session: SessionKey, target: &str);

    /// Something happened in a session.
    fn observe(&mut self, session: SessionKey, entries: &[Entry]);

    /// Tells about once a second what a session counts, and how far the writer is.
    fn figures(&mut self, session: SessionKey, figures: &Figures, written: WriterStatus);
}
