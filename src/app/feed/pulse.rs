//! Whether the server is there at all: when it was last heard, and when it is asked for a sign of life.
//!
//! A server that is stopped, or cut off, keeps its connections open: neither the stream nor a list in flight tells. So
//! every silence is broken by a ping, and what stays silent all the same is not called live. Each limit follows from
//! one number, [`Pace::ping`](super::Pace::ping); with its three seconds a frozen server is found within eight.

use std::time::Duration;

use crate::clock::Now;
use crate::model::{Fault, FaultKind};

/// When the server was heard, and what the last ping met.
#[derive(Debug)]
pub(super) struct Pulse {
    every: Duration,
    heard_at: Duration,
    /// The ping in flight, if any, and when it may be followed by the next one.
    is_asked: bool,
    next_at: Duration,
    looked_at: Duration,
    fault: Option<Fault>,
}

impl Pulse {
    pub(super) fn new(every: Duration) -> Self {
        let start = Duration::ZERO;
        Self { every, heard_at: start, is_asked: false, next_at: start, looked_at: start, fault: None }
    }

    /// When the server was last heard.
    pub(super) fn heard_at(&self) -> Duration {
        self.heard_at
    }

    /// How long it has been silent.
    pub(super) fn silence(&self, now: Now) -> Duration {
        now.mono.saturating_sub(self.heard_at)
    }

    /// Whether it has been silent for longer than it takes to notice and to ask: worth a word.
    pub(super) fn is_late(&self, now: Now) -> bool {
        self.silence(now) >= self.every * 3 / 2
    }

    /// Whether it has been silent for longer than a ping is waited for.
    pub(super) fn is_silent(&self, now: Now) -> bool {
        self.silence(now) >= self.every * 5 / 2
    }

    /// What the last ping met.
    pub(super) fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// It sent something.
    pub(super) fn heard(&mut self, now: Now) {
        self.heard_at = now.mono;
        self.fault = None;
    }

    /// Whether a ping is to be sent now; if so it counts as sent. Must be asked a few times a second.
    pub(super) fn is_due(&mut self, now: Now) -> bool {
        // The program itself was stopped meanwhile: that it heard nothing says nothing about the server.
        if now.mono.saturating_sub(self.looked_at) > self.every {
            self.heard_at = self.heard_at.max(now.mono.saturating_sub(self.every));
        }
        self.looked_at = now.mono;
        let is_due = !self.is_asked && self.silence(now) >= self.every && now.mono >= self.next_at;
        if is_due {
            self.is_asked = true;
            self.next_at = now.mono + self.every;
        }
        is_due
    }

    /// The ping in flight has ended.
    pub(super) fn pinged(&mut self, result: Result<(), Fault>) {
        self.is_asked = false;
        self.fault = result.err().filter(|fault| !is_sign_of_life(fault));
    }
}

/// Whether a call that went wrong tells all the same that the server is there: it refused, or knows no such call.
pub(in crate::app) fn is_sign_of_life(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::Refused { .. } | FaultKind::NotBbs { status: 404 | 405, .. })
}
