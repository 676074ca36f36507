//! Reports the feed's health: how current the rows are, and how long the server has been silent.

use std::time::Duration;

use crate::clock::Now;
use crate::model::Fault;

use super::{Feed, Listing};

/// How current the rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// No list has completed yet.
    Connecting {
        /// The fault of the last try, if any.
        cause: Option<Fault>,
        /// Tries made so far.
        tries: u32,
        /// Time until the next try.
        next_in: Duration,
    },
    /// Events arrive as they happen.
    Live,
    /// Lists are the feed.
    Polling {
        /// Time between two lists.
        every: Duration,
        /// Whether the server has no event stream at all. Otherwise the stream was lost, and is tried again.
        unsupported: bool,
    },
    /// The server has been silent for so long that the rows may be out of date. They are kept.
    Silent {
        /// Time since the server was last heard.
        since: Duration,
        /// The fault of the last ping.
        cause: Option<Fault>,
    },
    /// A recording is played, and all is known of its place.
    Replay,
    /// Lists fail, and the rows are out of date. They are kept.
    Stale {
        /// Time since the last list.
        since: Duration,
        /// The fault of the last try.
        cause: Fault,
        /// Tries made so far.
        tries: u32,
        /// Time until the next try.
        next_in: Duration,
    },
}

impl Feed {
    /// Returns the feed's health.
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
            _ if self.is_played() => Health::Replay,
            _ if self.heartbeat.is_silent(now) => {
                Health::Silent { since: self.heartbeat.silence(now), cause: self.heartbeat.fault().cloned() }
            }
            _ if self.is_live() => Health::Live,
            _ => Health::Polling { every: self.interval(), unsupported: self.is_unsupported() },
        }
    }

    /// Returns whether the server has been silent for so long that the feed no longer counts as live.
    pub(in crate::app) fn is_silent(&self, now: Now) -> bool {
        self.is_trusted() && self.heartbeat.is_silent(now)
    }

    /// Returns how long the server has been silent, if that is longer than a ping takes.
    pub(in crate::app) fn silence(&self, now: Now) -> Option<Duration> {
        (!self.is_played() && self.heartbeat.is_late(now)).then(|| self.heartbeat.silence(now))
    }

    /// Returns when the server was last heard.
    pub(in crate::app) fn heard_at(&self) -> Duration {
        self.heartbeat.heard_at()
    }

    /// Returns whether the feed works as well as this server allows, with a list since `trouble` began.
    pub(in crate::app) fn has_recovered(&self, trouble: Duration, now: Now) -> bool {
        let is_as_usual = self.is_live() || self.is_unsupported();
        is_as_usual
            && self.list_fault.is_none()
            && !self.is_silent(now)
            && self.last_list_at.is_some_and(|at| at > trouble)
    }
}
