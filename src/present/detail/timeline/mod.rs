//! Describes the course of a task: its phases as bars to scale, its loops, and every change with its source and the fields
//! that differ.
//!
//! Credentials in URLs are masked and cannot be revealed here; the fields of the task reveal them.

mod fields;
mod happening;
mod loops;
mod phases;
#[cfg(test)]
mod tests;

use std::iter::Peekable;

use jiff::tz::TimeZone;

use super::Line;
use super::lines::Lines;
use crate::model::{Ended, Evidence, Happening, Life, LostEvents, Record, Timeline, Timestamp};
use crate::present::{Tone, format};
use loops::Loops;

/// Everything that the timeline depends on.
#[derive(Clone, Copy)]
pub struct TimelineFacts<'a> {
    /// The task, and when it started.
    pub life: Life<'a>,
    /// How the task left; none while the BBS holds it.
    pub end: Option<&'a Ended>,
    /// What was seen of it.
    pub timeline: &'a Timeline<'a>,
    /// The server's time.
    pub now: Timestamp,
    /// How far the server's clock is ahead of ours.
    pub offset_ns: i64,
    /// The time zone of timestamps.
    pub zone: &'a TimeZone,
    /// The width of a bar that spans the task's whole life.
    pub bar_cells: usize,
}

/// Returns every line of the timeline.
pub fn lines(facts: &TimelineFacts<'_>) -> Vec<Line<'static>> {
    let mut lines = Lines::new(&super::NONE_REVEALED);
    lines.heading("Phases", "");
    phases::describe(&mut lines, facts);
    Loops::of(facts).describe(&mut lines, facts.life.task);
    describe_changes(&mut lines, facts);
    lines.finish()
}

fn describe_changes(lines: &mut Lines<'_>, facts: &TimelineFacts<'_>) {
    let Timeline { records, gaps, is_cut } = facts.timeline;
    let cut = if *is_cut { "earlier ones are no longer kept" } else { "" };
    lines.heading("Changes", cut);
    if !is_cut && !records.first().is_some_and(|first| first.is_birth()) {
        let created = facts.life.task.created_at.shifted(facts.offset_ns.saturating_neg());
        lines.toned(
            format::time_of_day(created, facts.zone),
            "created (according to the task; not seen)",
            Tone::Quiet,
        );
    }
    let mut gaps = gaps.iter().copied().peekable();
    let mut loops = Loops::new(facts.life.task);
    for record in records {
        describe_gaps(lines, facts, &mut gaps, |gap| is_before(gap, record));
        happening::describe(lines, record, &loops, facts.zone);
        loops.count(record);
    }
    describe_gaps(lines, facts, &mut gaps, |_| true);
}

/// Describes the gaps that are next, as long as they meet a condition.
fn describe_gaps<'a>(
    lines: &mut Lines<'_>,
    facts: &TimelineFacts<'_>,
    gaps: &mut Peekable<impl Iterator<Item = &'a LostEvents>>,
    is_next: impl Fn(&LostEvents) -> bool,
) {
    while let Some(LostEvents { start, end, why }) = gaps.next_if(|gap| is_next(gap)) {
        let text = match end {
            Some(end) => format!(
                "events lost for {}, until {}",
                format::took(end.since(*start)),
                format::time_of_day(*end, facts.zone)
            ),
            None => "events lost since then".to_owned(),
        };
        lines.toned(format::time_of_day(*start, facts.zone), text, Tone::Warn);
        lines.below(|lines| lines.field("why", why.to_string()));
    }
}

/// Returns whether a gap stands before a record. At the same time, what a list revealed comes after it, and the rest before.
fn is_before(gap: &LostEvents, record: &Record) -> bool {
    let is_reconciled =
        matches!(&record.what, Happening::Change(change) if change.evidence == Evidence::Reconciled);
    gap.start < record.at || (gap.start == record.at && is_reconciled)
}
