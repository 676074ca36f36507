//! What is said while something is wrong with the feed, and once it has recovered.

use std::time::Duration;

use crate::clock::Now;

use super::Session;
use crate::app::{Health, Notices, Severity};

impl Session {
    /// Says what is wrong with the feed. It is taken back once the feed has recovered.
    pub(super) fn complain(&mut self, severity: Severity, text: String, notices: &mut Notices, now: Now) {
        let since = self.feed.heard_at().min(now.mono);
        self.problem_since.get_or_insert(since);
        notices.say_of_feed(self.id, severity, text, now);
    }

    /// Says that the server is silent, or that the feed has recovered.
    pub(super) fn follow_trouble(&mut self, notices: &mut Notices, now: Now) {
        match self.problem_since {
            None if self.feed.is_silent(now) => {
                let text = "The server does not answer; the rows are kept as they were last seen.";
                self.complain(Severity::Warn, text.to_owned(), notices, now);
            }
            Some(since) if self.feed.has_recovered(since, now) => {
                self.problem_since = None;
                let lasted = in_words(now.mono.saturating_sub(since));
                let health = self.feed.health(now);
                let how = if health == Health::Live { "Live" } else { "Polling" };
                notices.settle_feed(self.id, format!("{how} again after {lasted}."), now);
            }
            _ => {}
        }
    }
}

/// To the second; minutes from two of them on.
fn in_words(span: Duration) -> String {
    match span.as_secs() {
        0 => "less than a second".to_owned(),
        seconds @ 1..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}
