//! Raises notices when the feed has a problem, and replaces them once it has recovered.

use std::time::Duration;

use crate::clock::Now;

use super::{App, Health, Severity};

impl App {
    /// Shows a notice about a problem of the feed. It is replaced once the feed has recovered.
    pub(super) fn report_problem(&mut self, severity: Severity, text: String, now: Now) {
        let since = self.feed.heard_at().min(now.mono);
        self.trouble.get_or_insert(since);
        self.notices.say_of_feed(severity, text, now);
    }

    /// Shows a notice if the server is silent, or if the feed has recovered.
    pub(super) fn update_feed_notice(&mut self, now: Now) {
        match self.trouble {
            None if self.feed.is_silent(now) => {
                let text = "The server is not responding; showing the last known tasks.";
                self.report_problem(Severity::Warn, text.to_owned(), now);
            }
            Some(since) if self.feed.has_recovered(since, now) => {
                self.trouble = None;
                let lasted = duration_text(now.mono.saturating_sub(since));
                let health = self.feed.health(now);
                let how = if health == Health::Live { "Live" } else { "Polling" };
                self.notices.settle_feed(format!("{how} again after {lasted}."), now);
            }
            _ => {}
        }
    }
}

/// Formats a duration in whole seconds, or in whole minutes from two minutes on.
fn duration_text(span: Duration) -> String {
    match span.as_secs() {
        0 => "less than a second".to_owned(),
        seconds @ 1..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}
