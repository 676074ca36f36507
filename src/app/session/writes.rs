//! Whether a session's target may be written to: always, never, or for the time that the operator has opened it.
//!
//! The client keeps a deadline of its own, so this decides what the operator is offered and told, and the client what is
//! sent.

use std::time::Duration;

use crate::clock::Now;
use crate::model::Access;
use crate::model::plan::Refusal;

use super::Session;
use crate::app::{Notices, SessionEffect, Severity};

impl Session {
    /// Returns why nothing may be written, if so.
    pub(in crate::app) fn refuses_writes(&self) -> Option<Refusal> {
        if self.feed.is_played() {
            return Some(Refusal::Replay);
        }
        match (self.target.access, self.writes_until) {
            (Access::ReadWrite, _) | (Access::Locked, Some(_)) => None,
            (Access::ReadOnly, _) => Some(Refusal::ReadOnly),
            (Access::Locked, None) => Some(Refusal::Locked),
        }
    }

    /// Returns for how long a locked target stays open for writes.
    pub(in crate::app) fn writes_open_for(&self, now: Now) -> Option<Duration> {
        self.writes_until.map(|until| until.saturating_sub(now.mono))
    }

    /// Returns whether a locked target is open for writes.
    pub(in crate::app) const fn has_open_writes(&self) -> bool {
        self.writes_until.is_some()
    }

    /// Opens a locked target for writes. A later time replaces an earlier one.
    pub(in crate::app) fn open_writes(&mut self, time: Duration, now: Now) -> Vec<SessionEffect> {
        self.writes_until = Some(now.mono + time);
        vec![SessionEffect::OpenWrites(time)]
    }

    /// Closes a locked target for writes again. Returns nothing if it is not open.
    pub(in crate::app) fn close_writes(&mut self) -> Option<SessionEffect> {
        self.writes_until.take().map(|_| SessionEffect::CloseWrites)
    }

    /// Closes the target for writes once its time has passed.
    pub(in crate::app) fn close_writes_if_due(
        &mut self,
        notices: &mut Notices,
        now: Now,
    ) -> Option<SessionEffect> {
        self.writes_until.filter(|until| now.mono >= *until)?;
        let text = format!("The time for actions is over; {} is read-only again.", self.target.label());
        notices.say(Severity::Info, text, now);
        self.close_writes()
    }
}
