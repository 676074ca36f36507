//! Decides when to list, when to subscribe and how long to back off, and reports the feed's health.
//!
//! Pure policy: functions of what happened and `now`. It subscribes first, then lists, at start and after every end
//! of the stream. At most one list is in flight, and the next one waits for [`Pace::cost_factor`] times the duration
//! of the last one, up to two minutes. With a live stream, lists only reconcile; without one they are the feed. A
//! silent server is pinged: an open stream or connection says nothing about the server behind it.

mod health;
mod heartbeat;
mod pace;
mod transitions;

use std::time::Duration;

use crate::clock::Now;
use crate::model::{Fault, FeedTotals, TaskFilter, Timestamp};

use super::msg::{SessionEffect, StreamId};
use super::store::Mark;

pub use health::Health;
use heartbeat::Heartbeat;
pub use pace::Pace;

/// How long the first list waits for the stream to open.
const OPENING_TIMEOUT: Duration = Duration::from_secs(2);
/// How many times less often the lists of a session come that is not shown. Its stream stays open, so that nothing is
/// missed; a list only corrects what events got wrong.
pub(super) const HIDDEN_FACTOR: u32 = 10;
/// How long a server without the route of the stream is not asked for it again. Another release may have taken over between two
/// lists, or a router may have answered in its place.
const UNSUPPORTED_RETRY: Duration = Duration::from_secs(5 * 60);
/// How long a stream may miss changes that a list showed before it is replaced.
const SUSPECT_TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Stream {
    /// To be opened at this time.
    Closed {
        retry_at: Duration,
    },
    Opening {
        id: StreamId,
        since: Duration,
        /// Whether the server did not have this route so far.
        was_unsupported: bool,
    },
    Live {
        id: StreamId,
        heard: bool,
        suspect_since: Option<Duration>,
    },
    /// The server does not have this route. Tried again at this time, or once lists have failed and recovered.
    Unsupported {
        retry_at: Duration,
    },
    /// There is no server: a recording is played.
    Played,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Listing {
    Idle { next_at: Duration },
    InFlight { mark: Mark, asked_at: Duration, received: u64, tasks: u64, expected: Option<u64> },
}

/// The cost of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListCost {
    /// Time from the request to the last byte.
    pub took: Duration,
    /// Size of the reply in bytes.
    pub bytes: u64,
}

/// What a feed requests.
#[derive(Debug)]
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
    totals: FeedTotals,
    list_requested: bool,
    clock_offset_ns: i64,
    heartbeat: Heartbeat,
    is_shown: bool,
}

impl Feed {
    /// Returns a feed that has sent no request yet.
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
            totals: FeedTotals::default(),
            list_requested: false,
            clock_offset_ns: 0,
            heartbeat: Heartbeat::new(pace.ping),
            is_shown: true,
        }
    }

    /// Returns a feed that requests nothing, because a recording is played.
    pub(super) fn played() -> Self {
        Self { stream: Stream::Played, ..Self::new(Pace::default()) }
    }

    /// Returns whether a recording is played.
    pub(super) fn is_played(&self) -> bool {
        self.stream == Stream::Played
    }

    /// Returns the cost of the last list.
    pub(super) fn last_cost(&self) -> Option<ListCost> {
        self.last_cost
    }

    /// Returns what the feed has done so far.
    pub(super) const fn totals(&self) -> &FeedTotals {
        &self.totals
    }

    /// Returns whether any list has completed.
    pub(super) fn has_listed(&self) -> bool {
        self.last_list_at.is_some()
    }

    /// Returns the bytes received and expected of the list in flight.
    pub(super) fn progress(&self) -> Option<(u64, Option<u64>)> {
        match self.listing {
            Listing::InFlight { received, expected, .. } => Some((received, expected)),
            Listing::Idle { .. } => None,
        }
    }

    /// Returns how long the list in flight has been waiting for its first byte.
    pub(super) fn list_silent_for(&self, now: Now) -> Option<Duration> {
        match self.listing {
            Listing::InFlight { asked_at, received: 0, .. } => Some(now.mono.saturating_sub(asked_at)),
            Listing::InFlight { .. } | Listing::Idle { .. } => None,
        }
    }

    /// Returns whether the event stream is open.
    pub(super) fn is_live(&self) -> bool {
        matches!(self.stream, Stream::Live { .. })
    }

    /// Returns whether the server has no event stream, as far as is known.
    fn is_unsupported(&self) -> bool {
        matches!(self.stream, Stream::Unsupported { .. } | Stream::Opening { was_unsupported: true, .. })
    }

    /// Returns the server's time, estimated from its `Date` header (to about a second).
    pub(super) fn server_now(&self, now: Now) -> Timestamp {
        now.wall.shifted(self.clock_offset_ns)
    }

    /// Returns the fault of the last list. A live stream still keeps the rows current.
    pub(super) fn list_fault(&self) -> Option<&Fault> {
        self.list_fault.as_ref()
    }

    /// Returns the effects that are due. Calls `mark` only to start a list, which requests `scope` if lists are the
    /// feed, and all tasks if the stream is.
    pub(super) fn due(&mut self, now: Now, scope: &TaskFilter, mark: impl FnOnce() -> Mark) -> Due {
        let mut effects = Vec::new();
        let mut problem = None;
        if self.is_played() {
            return Due { effects, problem };
        }
        match self.stream {
            Stream::Closed { retry_at } | Stream::Unsupported { retry_at } if now.mono >= retry_at => {
                effects.push(self.subscribe(now));
            }
            Stream::Live { suspect_since: Some(since), .. } if now.mono >= since + SUSPECT_TIMEOUT => {
                effects.push(SessionEffect::Unsubscribe);
                effects.push(self.subscribe(now));
                let meanwhile =
                    if self.list_fault.is_some() { "list requests got no answer" } else { "tasks changed" };
                problem = Some(format!(
                    "The event stream was open but silent while {meanwhile}; subscribed again."
                ));
            }
            _ => {}
        }
        if self.may_list(now) {
            let mark = mark();
            self.listing =
                Listing::InFlight { mark, asked_at: now.mono, received: 0, tasks: 0, expected: None };
            let filter = if self.is_live() { TaskFilter::default() } else { scope.clone() };
            effects.push(SessionEffect::List { mark, filter, first: !self.has_listed() });
        }
        let is_pinged = self.is_trusted() && self.heartbeat.is_due(now);
        effects.extend(is_pinged.then_some(SessionEffect::Ping { within: self.pace.ping }));
        Due { effects, problem }
    }

    /// Returns whether lists and the stream indicate that the rows are current. If not, lists are retried with their
    /// own backoff, and find the server when it is back.
    fn is_trusted(&self) -> bool {
        self.has_listed() && !self.is_played() && (self.is_live() || self.list_fault.is_none())
    }

    /// Records that the server sent something. After a silence a list follows, since another server may have taken
    /// over.
    pub(super) fn heard(&mut self, now: Now) {
        if self.is_silent(now)
            && let Listing::Idle { next_at } = &mut self.listing
        {
            *next_at = now.mono;
        }
        self.heartbeat.heard(now);
    }

    /// Returns whether the last ping was answered, as far as one was necessary.
    pub(super) fn responds(&self) -> bool {
        self.heartbeat.fault().is_none()
    }

    /// Records the result of a ping.
    pub(super) fn pinged(&mut self, result: Result<(), Fault>) {
        self.heartbeat.pinged(result);
    }

    /// Requests a list as soon as the one in flight, if any, has ended.
    pub(super) fn list_now(&mut self, now: Now) {
        match &mut self.listing {
            Listing::Idle { next_at } => *next_at = now.mono,
            Listing::InFlight { .. } => self.list_requested = true,
        }
    }

    /// Sets whether the rows are on the screen. When they come back, the next list is due when it would have been.
    pub(super) fn set_shown(&mut self, is_shown: bool, now: Now) {
        self.is_shown = is_shown;
        let due = self.last_list_at.map_or(now.mono, |at| at + self.interval());
        if let Listing::Idle { next_at } = &mut self.listing
            && is_shown
        {
            *next_at = due.min(*next_at);
        }
    }

    fn idle_until(&mut self, next_at: Duration, now: Now) {
        let next_at = if std::mem::take(&mut self.list_requested) { now.mono } else { next_at };
        self.listing = Listing::Idle { next_at };
    }

    fn subscribe(&mut self, now: Now) -> SessionEffect {
        self.next_stream += 1;
        let id = StreamId(self.next_stream);
        let was_unsupported = self.is_unsupported();
        self.stream = Stream::Opening { id, since: now.mono, was_unsupported };
        SessionEffect::Subscribe { stream: id }
    }

    fn may_list(&self, now: Now) -> bool {
        let Listing::Idle { next_at } = self.listing else { return false };
        let is_opening = match self.stream {
            Stream::Opening { since, .. } => now.mono < since + OPENING_TIMEOUT,
            _ => false,
        };
        now.mono >= next_at && !is_opening
    }

    fn interval(&self) -> Duration {
        let wanted = if self.is_live() { self.pace.reconcile } else { self.pace.poll };
        let wanted = if self.is_shown { wanted } else { wanted * HIDDEN_FACTOR };
        self.pace.pause(wanted, self.last_cost.map_or(Duration::ZERO, |cost| cost.took))
    }
}
