//! Describes the task's own fields, and what happens to it next.

use crate::model::{CellId, Entity, Owner, State, Stuck, Timestamp, secret};
use crate::present::{deadline, ending, format, sanitise, sign};

use super::lines::Lines;
use super::{Definition, DetailFacts, Tone};

pub(super) fn describe<'a>(lines: &mut Lines<'a>, facts: &DetailFacts<'a>) {
    let task = facts.row.task;
    if !task.owner.is_none() {
        lines.field("org / space / app", owner(&task.owner));
    }
    lines.field("task_guid", task.guid.as_str());
    lines.field("domain", task.domain.as_str());
    lines.toned("state", [sign(task), " ", &task.state.to_string()].concat(), facts.row.tone());
    match facts.row.end {
        Some(end) => lines.toned("ended", ending::describe(end, task, facts.zone), Tone::Ended),
        None => lines.toned(
            "next",
            deadline::sentence(task, facts.row.clocks, facts.row.now),
            deadline::urgency(task, facts.row.clocks, facts.row.now),
        ),
    }
    for kind in facts.stuck.iter() {
        describe_stuck(lines, facts, kind);
    }
    describe_cell(lines, facts);
    if task.failed {
        lines.toned("failed", "yes", Tone::Bad);
    } else {
        lines.field("failed", "no");
    }
    // These texts come and go during the life of a task. Each keeps its secret's number.
    lines.text_toned("failure_reason", &task.failure_reason, Tone::Bad);
    lines.text("result", &task.result);
    let rejected = if task.rejection_count > 0 { Tone::Warn } else { Tone::Normal };
    lines.text_toned("rejection_reason", &task.rejection_reason, rejected);
    if task.rejection_count != 0 {
        lines.toned("rejection_count", task.rejection_count.to_string(), rejected);
    }
    describe_point(lines, facts, "created_at", task.created_at);
    describe_point(lines, facts, "updated_at", task.updated_at);
    describe_point(lines, facts, "first_completed_at", task.first_completed_at);
}

/// The most cells of a name in the owner's line: tenants choose names, and the page below must stay in sight.
const NAME_CELLS: usize = 60;

/// Writes organization, space and app as a path. The definition has the whole names and the guids.
fn owner(owner: &Owner) -> String {
    let label = |entity: &Entity| match entity.label() {
        "" => "unknown".to_owned(),
        label => sanitise::cut_middle(label, NAME_CELLS).into_owned(),
    };
    [owner.org(), owner.space(), owner.app()].map(label).join(" / ")
}

fn describe_stuck(lines: &mut Lines<'_>, facts: &DetailFacts<'_>, kind: Stuck) {
    let sweep = format::wait(facts.row.clocks.sweep);
    let host = match facts.definition {
        Definition::Decoded(definition) => secret::host(&definition.completion_callback_url),
        Definition::Dropped | Definition::NotRecorded | Definition::Pending | Definition::Invalid(_) => "",
    };
    lines.toned(
        "stuck",
        match kind {
            Stuck::Cell => {
                format!("its cell is not present; the BBS fails it at its next sweep, within ≈{sweep}")
            }
            Stuck::Rejections => "it is at the rejection limit; the next rejection fails it".to_owned(),
            Stuck::Callback if host.is_empty() => {
                "its callback did not succeed; the BBS tries again".to_owned()
            }
            Stuck::Callback => format!("its callback to {host} did not succeed; the BBS tries again"),
            Stuck::Claim => "a client claimed it for deletion and did not delete it in time".to_owned(),
            // The line above says for how long, and what comes of it.
            Stuck::Pending => return,
        },
        Tone::Warn,
    );
}

fn describe_cell<'a>(lines: &mut Lines<'a>, facts: &DetailFacts<'a>) {
    let task = facts.row.task;
    match (&task.cell, facts.row.cell) {
        // The server clears the cell only when the task starts elsewhere or is cancelled.
        (Some(cell), _) if task.state == State::Pending => {
            lines.field("cell_id", format!("{}; rejected there while running", cell.as_str()));
        }
        (Some(cell), _) => lines.field("cell_id", cell.as_str()),
        (None, Some(last)) => lines.field("cell_id", format!("none; last on {}", CellId::as_str(last))),
        (None, None) => lines.toned("cell_id", "none", Tone::Quiet),
    }
}

fn describe_point(lines: &mut Lines<'_>, facts: &DetailFacts<'_>, label: &'static str, at: Timestamp) {
    if at.is_unset() {
        lines.toned(label, "not yet", Tone::Quiet);
        return;
    }
    let span = facts.row.now.since(at);
    let (ago, exact) = (format::age(span), format::timestamp_exact(at, facts.zone));
    let brief = format::timestamp_short(at, facts.zone, span);
    lines.with_brief(label, format!("{exact} ({ago} ago)"), format!("{brief} ({ago} ago)"));
}
