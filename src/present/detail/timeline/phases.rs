//! Draws the phases of a task's life as bars on one scale.

use std::time::Duration;

use super::super::lines::Lines;
use super::TimelineFacts;
use crate::model::{Ended, State, Timestamp};
use crate::present::{Tone, format};

const BAR: &str = "█";

/// When a phase ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// Then.
    At(Timestamp),
    /// It lasts.
    Now,
    /// The task left unseen.
    Unknown,
}

/// A phase of a task's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Phase {
    pub(super) name: &'static str,
    pub(super) since: Timestamp,
    pub(super) until: Until,
    pub(super) tone: Tone,
}

pub(super) fn describe(lines: &mut Lines<'_>, facts: &TimelineFacts<'_>) {
    let born = facts.life.task.created_at;
    let phases = phases(facts);
    let over = |phase: &Phase| match phase.until {
        Until::At(at) => Some(at),
        Until::Now => Some(facts.now),
        Until::Unknown => None,
    };
    let whole = phases.iter().filter_map(over).max().map_or(Duration::ZERO, |end| end.since(born));
    for phase in phases {
        let text = match over(&phase) {
            Some(end) => {
                let bar = bar((phase.since.since(born), end.since(born)), whole, facts.bar_cells);
                let took = end.since(phase.since);
                match phase.until {
                    Until::Now => format!("{bar} {} so far", format::age(took)),
                    Until::At(_) | Until::Unknown => format!("{bar} {}", format::took(took)),
                }
            }
            None => "for an unknown time: its end was not seen".to_owned(),
        };
        lines.toned(phase.name, text, phase.tone);
    }
}

/// Returns the phases that the task has begun, in their order.
pub(super) fn phases(facts: &TimelineFacts<'_>) -> Vec<Phase> {
    let (task, started_at) = (facts.life.task, facts.life.started_at);
    let end = match facts.end {
        None => Until::Now,
        Some(Ended { unseen: Some(_), .. }) => Until::Unknown,
        Some(Ended { at, .. }) => Until::At(at.shifted(facts.offset_ns)),
    };
    let (has_started, has_completed) = (!started_at.is_unset(), !task.first_completed_at.is_unset());
    let completion = if has_completed { Until::At(task.first_completed_at) } else { end };
    let ran_tone = if task.failed { Tone::Bad } else { Tone::Good };
    let first = match (has_started, has_completed) {
        (true, _) => ("waited", Until::At(started_at)),
        // It may have run: its start was not seen.
        (false, true) => ("until completion", completion),
        (false, false) if task.state == State::Pending => ("waited", end),
        (false, false) => ("until then", end),
    };
    let mut phases =
        vec![Phase { name: first.0, since: task.created_at, until: first.1, tone: Tone::Normal }];
    if has_started {
        phases.push(Phase { name: "ran", since: started_at, until: completion, tone: ran_tone });
    }
    if has_completed {
        let since = task.first_completed_at;
        phases.push(Phase { name: "unresolved", since, until: end, tone: Tone::Warn });
    }
    phases
}

/// Draws a stretch of a whole, at least one cell long and in its place.
pub(super) fn bar((from, to): (Duration, Duration), whole: Duration, cells: usize) -> String {
    let scaled = |span: Duration| {
        let cells = u128::try_from(cells).unwrap_or(0);
        let scaled = (span.as_nanos() * cells).checked_div(whole.as_nanos()).unwrap_or(0);
        usize::try_from(scaled).unwrap_or(0).min(usize::try_from(cells).unwrap_or(0))
    };
    let start = scaled(from).min(cells.saturating_sub(1));
    let length = scaled(to).saturating_sub(start).max(1);
    [" ".repeat(start), BAR.repeat(length)].concat()
}
