//! Counts the loops of a task: claimed and demoted again, and rejected again and again.

use super::super::lines::Lines;
use super::TimelineFacts;
use crate::model::secret::mask_urls;
use crate::model::{Evidence, Happening, Record, State, Task, VersionChange};
use crate::present::Tone;

/// How often a task went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Loops {
    names_callback: bool,
    /// From Resolving to Completed. Only the sweep does that. Source: "Life of a task" of the API.
    demoted: usize,
    /// From Completed to Resolving, after it had been demoted.
    claimed_again: usize,
    /// Back to Pending, or kept Pending, by a cell.
    rejected: usize,
}

impl Loops {
    /// Starts to count the loops of this task.
    pub(super) const fn new(task: &Task) -> Self {
        let names_callback = task.definition.names_callback();
        Self { names_callback, demoted: 0, claimed_again: 0, rejected: 0 }
    }

    /// Counts all loops of a timeline.
    pub(super) fn of(facts: &TimelineFacts<'_>) -> Self {
        let mut loops = Self::new(facts.life.task);
        facts.timeline.records.iter().for_each(|record| loops.count(record));
        loops
    }

    pub(super) fn count(&mut self, record: &Record) {
        let Happening::Change(VersionChange { evidence, before: Some(before), after, end: None }) =
            &record.what
        else {
            return;
        };
        if *evidence == Evidence::LateEvent {
            return;
        }
        match (before.state, after.state) {
            (State::Resolving, State::Completed) => self.demoted += 1,
            (State::Completed, State::Resolving) if self.demoted > 0 => self.claimed_again += 1,
            (_, State::Pending) if after.rejection_count > before.rejection_count => self.rejected += 1,
            _ => {}
        }
    }

    /// Names the next step from Completed to Resolving.
    pub(super) const fn claim(&self) -> &'static str {
        match (self.demoted > 0, self.names_callback) {
            (false, _) => "claimed",
            (true, true) => "callback tried again",
            (true, false) => "claimed again",
        }
    }

    /// Describes the loops; nothing if there are none.
    pub(super) fn describe(&self, lines: &mut Lines<'_>, task: &Task) {
        if self.demoted == 0 && task.rejection_count == 0 {
            return;
        }
        lines.heading("Loops", "");
        if self.demoted > 0 {
            let text =
                format!("{}: Resolving for too long, so the sweep made it Completed", times(self.demoted));
            lines.toned("demoted", text, Tone::Warn);
        }
        match (self.claimed_again, self.names_callback) {
            (0, _) => {}
            (count, true) => lines.toned("callback", format!("tried again {}", times(count)), Tone::Warn),
            (count, false) => lines.toned("claimed", format!("again {}", times(count)), Tone::Warn),
        }
        if let Ok(count @ 1..) = usize::try_from(task.rejection_count) {
            self.describe_rejections(lines, count, &task.rejection_reason);
        }
    }

    fn describe_rejections(&self, lines: &mut Lines<'_>, count: usize, reason: &str) {
        let seen =
            if self.rejected < count { format!(", {} of them seen", self.rejected) } else { String::new() };
        lines.toned("rejected", format!("{}{seen}", times(count)), Tone::Warn);
        if !reason.is_empty() {
            let reason = mask_urls(reason).unwrap_or_else(|| reason.to_owned());
            lines.below(|lines| lines.field("last reason", reason));
        }
    }
}

fn times(number: usize) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        number => format!("{number} times"),
    }
}
