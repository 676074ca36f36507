//! Short sentences for the operator: what an action did, what went wrong, what was lost.

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::Now;

/// How long a notice stays in the status line.
const SHOWN: Duration = Duration::from_secs(8);
/// Bad news stays longer.
const SHOWN_BAD: Duration = Duration::from_secs(30);
/// How many are kept to be read later.
const KEPT: usize = 200;

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// To be known.
    Info,
    /// Something worked.
    Good,
    /// Something to look at.
    Warn,
    /// Something went wrong.
    Bad,
}

/// A sentence, and when it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub severity: Severity,
    /// The sentence: not made safe for a terminal, for it may quote the server.
    pub text: String,
    /// When.
    pub at: Now,
    /// How often in a row.
    pub times: u32,
    /// Whether it says what is wrong with the feed, and goes once that is over.
    is_of_feed: bool,
}

/// The notices, newest last.
#[derive(Debug, Default)]
pub struct Notices {
    all: VecDeque<Notice>,
    dismissed: bool,
}

impl Notices {
    /// Says something. The same sentence again is counted, not repeated.
    pub fn say(&mut self, severity: Severity, text: impl Into<String>, now: Now) {
        self.add(severity, text.into(), now, false);
    }

    /// Says what is wrong with the feed: shown until [`Self::settle_feed`], at most.
    pub(super) fn say_of_feed(&mut self, severity: Severity, text: String, now: Now) {
        self.add(severity, text, now, true);
    }

    /// The feed has recovered, as `text` says: it takes the place of what was said of the trouble. What is shown of
    /// something else stays.
    pub(super) fn settle_feed(&mut self, text: String, now: Now) {
        if self.current(now).is_none_or(|notice| notice.is_of_feed) {
            self.say(Severity::Good, text, now);
        }
    }

    fn add(&mut self, severity: Severity, text: String, now: Now, is_of_feed: bool) {
        self.dismissed = false;
        match self.all.back_mut() {
            Some(last) if last.text == text => {
                last.times += 1;
                last.at = now;
            }
            _ => self.all.push_back(Notice { severity, text, at: now, times: 1, is_of_feed }),
        }
        if self.all.len() > KEPT {
            self.all.pop_front();
        }
    }

    /// What the status line shows now.
    pub fn current(&self, now: Now) -> Option<&Notice> {
        let last = self.all.back().filter(|_| !self.dismissed)?;
        let shown = if last.severity == Severity::Bad { SHOWN_BAD } else { SHOWN };
        (now.mono < last.at.mono + shown).then_some(last)
    }

    /// Takes the current one off the status line. Says whether there was one.
    pub fn dismiss(&mut self, now: Now) -> bool {
        let was_shown = self.current(now).is_some();
        self.dismissed = true;
        was_shown
    }

    /// All that are kept, oldest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Notice> {
        self.all.iter()
    }
}
