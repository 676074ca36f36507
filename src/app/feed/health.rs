//! What the feed is worth, and since when the server has been silent.

use std::time::Duration;

use crate::clock::Now;
use crate::model::Fault;

use super::{Feed, Listing, Stream};

/// What the feed is worth, for the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// No list has come yet. `cause` is what the last try met.
    Connecting {
        /// What went wrong, if a try was made.
        cause: Option<Fault>,
        /// Tries made.
        tries: u32,
        /// Until the next try.
        next_in: Duration,
    },
    /// Events arrive as they happen.
    Live,
    /// Lists are the feed.
    Polling {
        /// Between two lists.
        every: Duration,
        /// Whether the server has no event stream at all, or we lost it and try again.
        unsupported: bool,
    },
    /// Nothing was heard from the server for so long that what is shown may be old; the rows are kept.
    Silent {
        /// Since it was last heard.
        since: Duration,
        /// What the last ping met.
        cause: Option<Fault>,
    },
    /// What is shown is old; the rows are kept.
    Stale {
        /// How old it is.
        since: Duration,
        /// What the last try met.
        cause: Fault,
        /// Tries made.
        tries: u32,
        /// Until the next try.
        next_in: Duration,
    },
}

impl Feed {
    /// What the feed is worth now.
    pub(in crate::app) fn health(&self, now: Now) -> Health {
        let next_in = match self.listing {
            Listing::Idle { next_at } => next_at.saturating_sub(now.mono),
            Listing::InFlight { .. } => Duration::ZERO,
        };
        match (self.last_list_at, &self.list_fault) {
            (None, cause) => Health::Connecting { cause: cause.clone(), tries: self.list_tries, next_in },
            (Some(at), Some(cause)) if !self.is_live() => Health::Stale {
                since: now.mono.saturating_sub(at),
                cause: cause.clone(),
                tries: self.list_tries,
                next_in,
            },
            _ if self.pulse.is_silent(now) => {
                Health::Silent { since: self.pulse.silence(now), cause: self.pulse.fault().cloned() }
            }
            _ if self.is_live() => Health::Live,
            _ => Health::Polling { every: self.interval(), unsupported: self.stream == Stream::Unsupported },
        }
    }

    /// Whether the server has been silent for so long that nothing counts as live.
    pub(in crate::app) fn is_silent(&self, now: Now) -> bool {
        self.is_in_force() && self.pulse.is_silent(now)
    }

    /// How long the server has been silent, if that is longer than a ping takes.
    pub(in crate::app) fn silence(&self, now: Now) -> Option<Duration> {
        self.pulse.is_late(now).then(|| self.pulse.silence(now))
    }

    /// When the server was last heard.
    pub(in crate::app) fn heard_at(&self) -> Duration {
        self.pulse.heard_at()
    }

    /// Whether the feed is as good as it gets here, with a list that came after `trouble` began.
    pub(in crate::app) fn has_recovered(&self, trouble: Duration, now: Now) -> bool {
        let is_as_usual = self.is_live() || self.stream == Stream::Unsupported;
        is_as_usual
            && self.list_fault.is_none()
            && !self.is_silent(now)
            && self.last_list_at.is_some_and(|at| at > trouble)
    }
}
