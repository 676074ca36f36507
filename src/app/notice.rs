//! Notices: short messages to the operator about outcomes, faults and gaps.

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::Now;

use super::session::SessionId;

/// How long a notice stays in the status line.
const SHOWN: Duration = Duration::from_secs(8);
/// How long a notice of a problem stays there.
const SHOWN_BAD: Duration = Duration::from_secs(30);
/// How many notices are kept.
const KEPT: usize = 200;

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// For information.
    Info,
    /// A success.
    Good,
    /// A warning.
    Warn,
    /// A failure.
    Bad,
}

/// A message, and when it was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub severity: Severity,
    /// The message. Not sanitised: it may quote the server.
    pub text: String,
    /// When it was shown last.
    pub at: Now,
    /// How many times in a row it was shown.
    pub times: u32,
    /// The session whose feed has this problem; the notice is replaced once that feed has recovered.
    problem_of: Option<SessionId>,
}

/// The notices, newest last.
#[derive(Debug, Default)]
pub struct Notices {
    all: VecDeque<Notice>,
    dismissed: bool,
}

impl Notices {
    /// Shows a notice. Repetitions of the same text are counted.
    pub fn say(&mut self, severity: Severity, text: impl Into<String>, now: Now) {
        self.add(severity, text.into(), now, None);
    }

    /// Shows a problem of a session's feed, at most until [`Self::settle_feed`] replaces it.
    pub(super) fn say_of_feed(&mut self, session: SessionId, severity: Severity, text: String, now: Now) {
        self.add(severity, text, now, Some(session));
    }

    /// Replaces the problem of a session's feed with `text` once the feed has recovered. Other notices stay.
    pub(super) fn settle_feed(&mut self, session: SessionId, text: String, now: Now) {
        if self.current(now).is_none_or(|notice| notice.problem_of == Some(session)) {
            self.say(Severity::Good, text, now);
        }
    }

    fn add(&mut self, severity: Severity, text: String, now: Now, problem_of: Option<SessionId>) {
        self.dismissed = false;
        match self.all.back_mut() {
            Some(last) if last.text == text => {
                last.times += 1;
                last.at = now;
            }
            _ => self.all.push_back(Notice { severity, text, at: now, times: 1, problem_of }),
        }
        if self.all.len() > KEPT {
            self.all.pop_front();
        }
    }

    /// Returns the notice that the status line shows now.
    pub fn current(&self, now: Now) -> Option<&Notice> {
        let last = self.all.back().filter(|_| !self.dismissed)?;
        let shown = if last.severity == Severity::Bad { SHOWN_BAD } else { SHOWN };
        (now.mono < last.at.mono + shown).then_some(last)
    }

    /// Takes the current notice off the status line. Returns whether there was one.
    pub fn dismiss(&mut self, now: Now) -> bool {
        let was_shown = self.current(now).is_some();
        self.dismissed = true;
        was_shown
    }

    /// Returns what is kept, how many, and how many at most.
    #[cfg(test)]
    pub(super) fn bound(&self) -> (&'static str, usize, usize) {
        ("notices", self.all.len(), KEPT)
    }

    /// Returns all notices that are kept, oldest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Notice> {
        self.all.iter()
    }
}
