//! Raises notices when the feed has a problem, and replaces them once it has recovered.

use std::time::Duration;

use crate::clock::Now;

use super::Session;
use crate::app::{Health, Notices, Severity};

impl Session {
    /// Shows a notice about a problem of the feed. It is replaced once the feed has recovered.
    pub(super) fn report_problem(
        &mut self,
        severity: Severity,
        text: String,
        notices: &mut Notices,
        now: Now,
    ) {
        let since = self.feed.heard_at().min(now.mono);
        self.problem_since.get_or_insert(since);
        notices.say_of_feed(self.id, severity, self.about(text), now);
    }

    /// Shows a notice if the server is silent, or if the feed has recovered.
    pub(super) fn update_feed_notice(&mut self, notices: &mut Notices, now: Now) {
        match self.problem_since {
            None if self.feed.is_silent(now) => {
                let text = "The server is not responding; showing the last known tasks.";
                self.report_problem(Severity::Warn, text.to_owned(), notices, now);
            }
            Some(since) if self.feed.has_recovered(since, now) => {
                self.problem_since = None;
                let lasted = duration_text(now.mono.saturating_sub(since));
                let health = self.feed.health(now);
                let how = if health == Health::Live { "Live" } else { "Polling" };
                notices.settle_feed(self.id, self.about(format!("{how} again after {lasted}.")), now);
            }
            _ => {}
        }
    }
}

/// Formats a duration in whole seconds, or in whole minutes from two minutes on.
pub(in crate::app) fn duration_text(span: Duration) -> String {
    match span.as_secs() {
        0 => "less than a second".to_owned(),
        seconds @ 1..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}
