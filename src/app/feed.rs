//! When to list, when to subscribe, how long to back off, and what the feed's health is.
//!
//! Pure policy: functions of what happened and `now`. Subscribe first, then list; at start and after every end
//! of the stream. One list is in flight at most, and never sooner than [`Pace::cost_factor`] times what the last
//! one took, or two minutes. With a live stream lists only reconcile; without one they are the feed. A server that is
//! silent is pinged: a stream or a connection that is open says nothing about the server behind it.

mod health;
mod news;
mod pace;
mod pulse;

use std::time::Duration;

use crate::clock::Now;
use crate::model::{Fault, TaskFilter, Timestamp};

use super::msg::{SessionEffect, StreamId};
use super::store::Mark;

pub use health::Health;
pub use pace::Pace;
use pulse::Pulse;
pub(super) use pulse::is_sign_of_life;

/// How long an opening stream may hold up the first list.
const OPENING_GRACE: Duration = Duration::from_secs(2);
/// How long a stream may stay silent about changes that a list brought before it counts as dead.
const SILENCE_GRACE: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Stream {
    /// To be opened at this time.
    Closed {
        retry_at: Duration,
    },
    Opening {
        id: StreamId,
        since: Duration,
    },
    Live {
        id: StreamId,
        heard: bool,
        suspect_since: Option<Duration>,
    },
    /// The server knows no such route; asked again when the connection has failed in between.
    Unsupported,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Listing {
    Idle { next_at: Duration },
    InFlight { mark: Mark, asked_at: Duration, received: u64, expected: Option<u64> },
}

/// What a list cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListCost {
    /// From asking to the last byte.
    pub took: Duration,
    /// Bytes of the reply.
    pub bytes: u64,
}

/// What a feed wants to be done.
#[derive(Debug, Default)]
pub(super) struct Due {
    pub(super) effects: Vec<SessionEffect>,
    /// A problem that was found, which lost events.
    pub(super) problem: Option<String>,
}

/// The state of the feed.
#[derive(Debug)]
pub(super) struct Feed {
    pace: Pace,
    stream: Stream,
    next_stream: u64,
    stream_tries: u32,
    listing: Listing,
    list_tries: u32,
    list_fault: Option<Fault>,
    last_list_at: Option<Duration>,
    last_cost: Option<ListCost>,
    list_again: bool,
    clock_offset_ns: i64,
    pulse: Pulse,
}

impl Feed {
    /// A feed that has asked nothing yet.
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            stream: Stream::Closed { retry_at: Duration::ZERO },
            next_stream: 0,
            stream_tries: 0,
            listing: Listing::Idle { next_at: Duration::ZERO },
            list_tries: 0,
            list_fault: None,
            last_list_at: None,
            last_cost: None,
            list_again: false,
            clock_offset_ns: 0,
            pulse: Pulse::new(pace.ping),
        }
    }

    /// What the last list cost.
    pub(super) fn last_cost(&self) -> Option<ListCost> {
        self.last_cost
    }

    /// Whether a list has ever come whole.
    pub(super) fn has_listed(&self) -> bool {
        self.last_list_at.is_some()
    }

    /// Bytes received and expected of the list in flight.
    pub(super) fn progress(&self) -> Option<(u64, Option<u64>)> {
        match self.listing {
            Listing::InFlight { received, expected, .. } => Some((received, expected)),
            Listing::Idle { .. } => None,
        }
    }

    /// Since when the list in flight is without a first byte.
    pub(super) fn list_silent_for(&self, now: Now) -> Option<Duration> {
        match self.listing {
            Listing::InFlight { asked_at, received: 0, .. } => Some(now.mono.saturating_sub(asked_at)),
            Listing::InFlight { .. } | Listing::Idle { .. } => None,
        }
    }

    /// Whether the event stream is open.
    pub(super) fn is_live(&self) -> bool {
        matches!(self.stream, Stream::Live { .. })
    }

    /// The server's time, as its `Date` header lets us guess it (to about a second).
    pub(super) fn server_now(&self, now: Now) -> Timestamp {
        now.wall.shifted(self.clock_offset_ns)
    }

    /// What the last list met, while the stream is live and keeps the rows fresh all the same.
    pub(super) fn list_fault(&self) -> Option<&Fault> {
        self.list_fault.as_ref()
    }

    /// What is due. `mark` is asked for only when a list is started, which asks for `scope` if lists are the feed
    /// and for every task if the stream is.
    pub(super) fn due(&mut self, now: Now, scope: &TaskFilter, mark: impl FnOnce() -> Mark) -> Due {
        let mut effects = Vec::new();
        let mut problem = None;
        match self.stream {
            Stream::Closed { retry_at } if now.mono >= retry_at => effects.push(self.subscribe(now)),
            Stream::Live { suspect_since: Some(since), .. } if now.mono >= since + SILENCE_GRACE => {
                effects.push(SessionEffect::Unsubscribe);
                effects.push(self.subscribe(now));
                let meanwhile =
                    if self.list_fault.is_some() { "lists got no answer" } else { "tasks changed" };
                problem =
                    Some(format!("The event stream was open but silent while {meanwhile}; subscribed anew."));
            }
            _ => {}
        }
        if self.may_list(now) {
            let mark = mark();
            self.listing = Listing::InFlight { mark, asked_at: now.mono, received: 0, expected: None };
            let filter = if self.is_live() { TaskFilter::default() } else { scope.clone() };
            effects.push(SessionEffect::List { mark, filter, first: !self.has_listed() });
        }
        let is_pinged = self.is_in_force() && self.pulse.is_due(now);
        effects.extend(is_pinged.then_some(SessionEffect::Ping { within: self.pace.ping }));
        Due { effects, problem }
    }

    /// Whether the rows count as fresh, as far as lists and the stream tell. Where they do not, lists are tried with
    /// their own patience, and find the server when it is back.
    fn is_in_force(&self) -> bool {
        self.has_listed() && (self.is_live() || self.list_fault.is_none())
    }

    /// The server sent something. After a silence a list follows: another server may have taken its place.
    pub(super) fn heard(&mut self, now: Now) {
        if self.is_silent(now)
            && let Listing::Idle { next_at } = &mut self.listing
        {
            *next_at = now.mono;
        }
        self.pulse.heard(now);
    }

    /// A ping was answered, or was not.
    pub(super) fn pinged(&mut self, result: Result<(), Fault>) {
        self.pulse.pinged(result);
    }

    /// Asks for a list as soon as the one in flight, if any, has ended.
    pub(super) fn list_now(&mut self, now: Now) {
        match &mut self.listing {
            Listing::Idle { next_at } => *next_at = now.mono,
            Listing::InFlight { .. } => self.list_again = true,
        }
    }

    fn rest_until(&mut self, next_at: Duration, now: Now) {
        let next_at = if std::mem::take(&mut self.list_again) { now.mono } else { next_at };
        self.listing = Listing::Idle { next_at };
    }

    fn subscribe(&mut self, now: Now) -> SessionEffect {
        self.next_stream += 1;
        let id = StreamId(self.next_stream);
        self.stream = Stream::Opening { id, since: now.mono };
        SessionEffect::Subscribe { stream: id }
    }

    fn may_list(&self, now: Now) -> bool {
        let Listing::Idle { next_at } = self.listing else { return false };
        let held_up = match self.stream {
            Stream::Opening { since, .. } => now.mono < since + OPENING_GRACE,
            _ => false,
        };
        now.mono >= next_at && !held_up
    }

    fn interval(&self) -> Duration {
        let wanted = if self.is_live() { self.pace.reconcile } else { self.pace.poll };
        self.pace.pause(wanted, self.last_cost.map_or(Duration::ZERO, |cost| cost.took))
    }
}
