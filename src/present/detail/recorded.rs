//! Describes a recorded task: what it was, how it ended, and the steps of our actions on it.
//!
//! Credentials in URLs are masked.

use jiff::tz::TimeZone;

use super::Line;
use super::lines::Lines;
use crate::model::plan::{Outcome, Reply};
use crate::model::recording::{ActionEntry, Limits, Progress, WriteCall};
use crate::model::secret::mask_urls;
use crate::model::{CellId, Ended, Entity, Task, Timestamp};
use crate::present::{Tone, ending, format};

/// What is known of a recorded task.
#[derive(Debug, Clone, Copy)]
pub struct RecordedFacts<'a> {
    /// The target that it was seen on.
    pub target: &'a str,
    /// Its last version.
    pub task: &'a Task,
    /// The limits in its definition, if they are known.
    pub limits: Option<Limits>,
    /// The cell that ran it last.
    pub cell: Option<&'a CellId>,
    /// How it left; none if it did not.
    pub end: Option<&'a Ended>,
    /// When it was first seen, and until when it was watched.
    pub watched: (Timestamp, Timestamp),
    /// The time zone of timestamps.
    pub zone: &'a TimeZone,
}

/// A step of an action, with who took it.
#[derive(Debug, Clone, Copy)]
pub struct RecordedStep<'a> {
    /// When.
    pub at: Timestamp,
    /// The user.
    pub user: &'a str,
    /// The machine.
    pub host: &'a str,
    /// The step.
    pub entry: &'a ActionEntry,
}

/// Returns the lines about the task itself.
pub fn recorded_lines(facts: &RecordedFacts<'_>) -> Vec<Line<'static>> {
    let RecordedFacts { target, task, limits, cell, end, watched: (first_seen, until), zone } = *facts;
    let mut lines = Lines::new(&super::NONE_REVEALED);
    lines.heading("Task", task.guid.to_string());
    lines.field("target", target.to_owned());
    lines.field("domain", task.domain.to_string());
    let owner = [task.owner.org(), task.owner.space(), task.owner.app()].map(Entity::label);
    if owner.iter().any(|name| !name.is_empty()) {
        lines.field("app", owner.join(" / "));
    }
    lines.field("state", state(task, end, zone));
    for (label, text, tone) in [
        ("failure", &task.failure_reason, Tone::Bad),
        ("rejection", &task.rejection_reason, Tone::Warn),
        ("result", &task.result, Tone::Normal),
    ] {
        if !text.is_empty() {
            lines.toned(label, masked(text), tone);
        }
    }
    if let Some(cell) = cell {
        lines.field("cell", cell.to_string());
    }
    if let Some(Limits { memory_mb, disk_mb }) = limits {
        let [memory, disk] = [memory_mb, disk_mb].map(format::mebibytes);
        lines.field("limits", format!("{memory} memory, {disk} disk"));
    }
    lines.field("created", format::timestamp_exact(task.created_at, zone));
    lines.field("first seen", format::timestamp_exact(first_seen, zone));
    match end {
        Some(end) => lines.field("gone", format::timestamp_exact(end.at, zone)),
        None => lines.field("last seen", format::timestamp_exact(until, zone)),
    }
    lines.finish()
}

fn state(task: &Task, end: Option<&Ended>, zone: &TimeZone) -> String {
    let failed = if task.failed { ", failed" } else { "" };
    match end {
        Some(end) => format!("gone: {}", ending::describe(end, task, zone)),
        None => format!("{}{failed}", task.state),
    }
}

/// Returns the lines about our actions; none if there were none.
pub fn step_lines(steps: &[RecordedStep<'_>], zone: &TimeZone) -> Vec<Line<'static>> {
    let Some(first) = steps.first() else { return Vec::new() };
    let mut lines = Lines::new(&super::NONE_REVEALED);
    let who = |step: &RecordedStep<'_>| format!("{} on {}", step.user, step.host);
    let is_alone = steps.iter().all(|step| who(step) == who(first));
    lines.heading("Actions", if is_alone { format!("by {}", who(first)) } else { String::new() });
    for step in steps {
        let (text, tone) = step_text(step.entry);
        let by = if is_alone { String::new() } else { format!(", by {}", who(step)) };
        lines.toned(format::time_of_day(step.at, zone), format!("{text}{by}"), tone);
    }
    lines.finish()
}

fn step_text(entry: &ActionEntry) -> (String, Tone) {
    let verb = entry.intent.verb();
    match &entry.progress {
        Progress::Confirmed { tasks: 0 | 1 } => (format!("{verb} confirmed"), Tone::Normal),
        Progress::Confirmed { tasks } => (format!("{verb} confirmed for {tasks} tasks"), Tone::Normal),
        Progress::Sent { call, request } => {
            (format!("{} sent, request {request}", named(verb, *call)), Tone::Normal)
        }
        Progress::Answered { call, reply, message } => {
            let (word, tone) = match reply {
                Reply::Acknowledged => ("acknowledged", Tone::Normal),
                Reply::Refused => ("refused", Tone::Bad),
                Reply::Missing => ("not answered", Tone::Warn),
            };
            (format!("{} {word}{}", named(verb, *call), after_colon(message)), tone)
        }
        Progress::Ended { outcome, found } => {
            let (word, tone) = match outcome {
                Outcome::Done => ("done", Tone::Good),
                Outcome::NotDone => ("not done", Tone::Bad),
                Outcome::Unknown => ("has an unknown outcome", Tone::Warn),
            };
            (format!("{verb} {word}{}", after_colon(found)), tone)
        }
    }
}

/// Names a call of an action: a delete also claims the task.
fn named(verb: &str, call: WriteCall) -> String {
    let call = call.word();
    if call == verb { verb.to_owned() } else { format!("{verb}: {call}") }
}

fn after_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {}", masked(text)) }
}

fn masked(text: &str) -> String {
    mask_urls(text).unwrap_or_else(|| text.to_owned())
}
