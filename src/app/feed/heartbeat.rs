//! Tracks whether the server responds at all, and decides when to ping it.
//!
//! A stopped or unreachable server keeps its connections open: neither the stream nor a list in flight shows that it
//! is gone. So every silence is followed by a ping, and a server that stays silent is not called live. All limits
//! follow from [`Pace::ping`](super::Pace::ping): with the default of three seconds, a frozen server is detected
//! within eight.

use std::time::Duration;

use crate::clock::Now;
use crate::model::Fault;

/// When the server was last heard, and the result of the last ping.
#[derive(Debug)]
pub(super) struct Heartbeat {
    interval: Duration,
    heard_at: Duration,
    /// Whether a ping is in flight.
    in_flight: bool,
    next_at: Duration,
    checked_at: Duration,
    fault: Option<Fault>,
}

impl Heartbeat {
    pub(super) fn new(interval: Duration) -> Self {
        let start = Duration::ZERO;
        Self { interval, heard_at: start, in_flight: false, next_at: start, checked_at: start, fault: None }
    }

    /// Returns when the server was last heard.
    pub(super) fn heard_at(&self) -> Duration {
        self.heard_at
    }

    /// Returns how long the server has been silent.
    pub(super) fn silence(&self, now: Now) -> Duration {
        now.mono.saturating_sub(self.heard_at)
    }

    /// Returns whether the silence is long enough to mention.
    pub(super) fn is_late(&self, now: Now) -> bool {
        self.silence(now) >= self.interval * 3 / 2
    }

    /// Returns whether the silence is longer than the timeout of a ping.
    pub(super) fn is_silent(&self, now: Now) -> bool {
        self.silence(now) >= self.interval * 5 / 2
    }

    /// Returns the fault of the last ping.
    pub(super) fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// Records that the server sent something.
    pub(super) fn heard(&mut self, now: Now) {
        self.heard_at = now.mono;
        self.fault = None;
    }

    /// Returns whether to send a ping now, and counts it as sent. Must be called a few times per second.
    pub(super) fn is_due(&mut self, now: Now) -> bool {
        // This program was stopped meanwhile. Its silence says nothing about the server.
        if now.mono.saturating_sub(self.checked_at) > self.interval {
            self.heard_at = self.heard_at.max(now.mono.saturating_sub(self.interval));
        }
        self.checked_at = now.mono;
        let is_due = !self.in_flight && self.silence(now) >= self.interval && now.mono >= self.next_at;
        if is_due {
            self.in_flight = true;
            self.next_at = now.mono + self.interval;
        }
        is_due
    }

    /// Records the result of the ping in flight.
    pub(super) fn pinged(&mut self, result: Result<(), Fault>) {
        self.in_flight = false;
        self.fault = result.err().filter(|fault| !fault.proves_server_up());
    }
}
