//! The command that filters by the stuck tasks, and what the screen says of them.

use crate::clock::Now;
use crate::filter;

use super::query::{Filter, Scope};
use super::{App, Effect, Severity, StuckCounts};

/// The filter of `:stuck`.
const FILTER: &str = "stuck:any";

impl App {
    /// Returns how many tasks of the shown target are stuck.
    pub fn stuck(&self, now: Now) -> StuckCounts {
        self.store().stuck(self.server_now(now))
    }

    /// Shows the stuck tasks and no others.
    pub(super) fn show_stuck(&mut self, now: Now) -> Vec<Effect> {
        if self.stuck(now).is_empty() {
            self.notices.say(Severity::Info, "No task is stuck".to_owned(), now);
            return Vec::new();
        }
        let Ok(terms) = filter::Filter::parse(FILTER) else { return Vec::new() };
        self.show_tasks();
        let effects = self.remember_filter(terms.text());
        self.narrow(|filter| *filter = Filter { scope: Scope::Live, terms, ..Filter::default() }, now);
        effects
    }
}
