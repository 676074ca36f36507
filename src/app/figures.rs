//! Reads the figures of a session for metrics, from what the store and the feed hold.

use crate::clock::Now;
use crate::model::{FeedHealth, FeedTotals, Figures, Stuck};

use super::feed::Health;
use super::session::Session;
use super::{App, SessionId};

impl App {
    /// Returns what a session counts. Costs a pass over the combinations of attributes that its tasks have, not over the
    /// tasks.
    pub fn figures(&self, session: SessionId, now: Now) -> Option<Figures> {
        self.sessions.get(session).map(|session| session.figures(now))
    }
}

impl Session {
    fn figures(&self, now: Now) -> Figures {
        let stuck = self.store.stuck(self.feed.server_now(now));
        Figures {
            tasks: self.store.task_counts().collect(),
            stuck: Stuck::ALL.map(|kind| (kind, stuck.of(kind))).into(),
            health: in_one_word(&self.feed.health(now)),
            feed: FeedTotals { skipped_events: self.skipped_events, ..*self.feed.totals() },
        }
    }
}

const fn in_one_word(health: &Health) -> FeedHealth {
    match health {
        // A replay is connected to no server, and no metrics are made of it.
        Health::Connecting { .. } | Health::Replay => FeedHealth::Connecting,
        Health::Live => FeedHealth::Live,
        Health::Polling { .. } => FeedHealth::Polling,
        Health::Silent { .. } => FeedHealth::Silent,
        Health::Stale { .. } => FeedHealth::Stale,
    }
}
