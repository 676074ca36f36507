//! The commands that mark tasks. What is marked belongs to the session.

use crate::clock::Now;

use super::store::MarkedRows;
use super::{App, Entry, Pane, Severity};

impl App {
    /// Marks the task that keys act on, or takes its mark off, and moves on to the next row. An open range is marked as it
    /// is.
    pub(super) fn mark_and_advance(&mut self, now: Now) {
        if self.finish_range(now) {
            return;
        }
        let session = self.session_mut();
        session.toggle_mark();
        let is_row = session.detail.is_none() || session.selects_detail();
        if is_row && matches!(self.focus, Pane::Tasks | Pane::Detail) {
            self.move_selection(1);
        }
    }

    /// Begins a range, or marks the one that is open.
    pub(super) fn mark_range(&mut self, now: Now) {
        if !self.finish_range(now) {
            self.session_mut().begin_range();
        }
    }

    /// Marks every row that the filter admits.
    pub(super) fn mark_all(&mut self, now: Now) {
        match self.session_mut().mark_all_rows() {
            Some(done) => self.say_not_marked(done, now),
            None => self.notices.say(Severity::Info, "The filter is still being applied. Try again", now),
        }
    }

    /// Removes all marks.
    pub(super) fn unmark_all(&mut self) {
        self.session_mut().unmark_all();
    }

    /// Marks the rows of an open range. Returns whether there was one.
    pub(super) fn finish_range(&mut self, now: Now) -> bool {
        let Some(done) = self.session_mut().mark_range() else { return false };
        self.say_not_marked(done, now);
        true
    }

    fn say_not_marked(&mut self, MarkedRows { marked, ended }: MarkedRows, now: Now) {
        if ended > 0 {
            let text =
                format!("Marked {marked} of {} tasks. The BBS no longer holds the others", marked + ended);
            self.notices.say(Severity::Info, text, now);
        }
    }

    /// Returns how many tasks of the session are marked.
    pub fn mark_count(&self) -> usize {
        self.session().store.mark_count()
    }

    /// Returns whether tasks are marked, or in the open range: then actions are about these.
    pub fn has_marks(&self) -> bool {
        self.mark_count() > 0 || self.range_len().is_some()
    }

    /// Returns whether a task of the session is marked.
    pub fn is_marked(&self, entry: &Entry) -> bool {
        self.session().is_marked(entry)
    }

    /// Returns how many rows the open range has.
    pub fn range_len(&self) -> Option<usize> {
        self.session().range_rows().map(|rows| rows.end() - rows.start() + 1)
    }

    /// Returns whether the row at `at` is in the open range.
    pub fn is_in_range(&self, at: usize) -> bool {
        self.session().range_rows().is_some_and(|rows| rows.contains(&at))
    }
}
