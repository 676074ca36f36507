//! Whoever takes the entries of a recording while they come, besides the file: metrics.

use super::SessionKey;
use crate::model::recording::{Entry, FeedStatus};

/// Takes the entries of a recording while they come. Must not block: the event loop calls it.
pub trait Observer: Send {
    /// A session begins, or begins anew: every task that its BBS holds follows.
    fn begin(&mut self, session: SessionKey, target: &str);

    /// Something happened in a session.
    fn observe(&mut self, session: SessionKey, entries: &[Entry]);

    /// Tells a few times a second how current a session is.
    fn feed(&mut self, session: SessionKey, feed: &FeedStatus);
}
