//! What happens in the session of the animated picture: tasks come and go, and then one cell's disk is full.
//!
//! The same every time; nothing is random.

use std::time::Duration;

use super::{guid, owned};
use crate::clock::Now;
use crate::model::{CellId, Domain, State, StreamItem, Task, TaskEvent};

/// The cell that fails tasks.
const SICK: usize = 4;
const CELLS: usize = 6;
const REASON: &str = "failed to create container: no space left on device";
/// When the disk is full.
const STORM: u64 = 4_000;

/// An event at a time, in milliseconds since the start.
pub(super) type Happening = (u64, StreamItem);

/// Returns the tasks that run when the session begins, and everything that then happens, in order.
pub(super) fn script(start: Now) -> (Vec<Task>, Vec<Happening>) {
    let mut happenings = Vec::new();
    let running: Vec<_> = (0..34).map(|nth| older(nth, start)).collect();
    for (nth, task) in running.iter().enumerate() {
        if let Some(at) = ends_at(nth) {
            end(&mut happenings, task, at, start);
        }
    }
    for nth in 0..44 {
        live(&mut happenings, nth, start);
    }
    happenings.sort_by_key(|(at, _)| *at);
    (running, happenings)
}

/// Returns when one of the older tasks ends: those of the sick cell in the storm, some of the others before it.
fn ends_at(nth: usize) -> Option<u64> {
    let nth = u64::try_from(nth).unwrap();
    match nth % 6 {
        3 if nth < 27 => Some(STORM + 130 * nth),
        1 => Some(700 + 410 * nth),
        _ => None,
    }
}

fn wall(start: Now, at: u64) -> crate::model::Timestamp {
    start.plus(Duration::from_millis(at)).wall
}

fn cell(nth: usize) -> CellId {
    CellId::from(format!("cell-{:02}", nth % CELLS + 1))
}

fn is_sick(task: &Task) -> bool {
    task.cell.as_ref() == Some(&cell(SICK - 1))
}

/// Returns a task that runs since before the start.
fn older(nth: usize, start: Now) -> Task {
    let age = i64::try_from(40 + nth * nth * 3).unwrap();
    let created_at = start.wall.shifted(-age * 1_000_000_000);
    let updated_at = start.wall.shifted((2 - age) * 1_000_000_000);
    Task { cell: Some(cell(nth)), created_at, updated_at, ..blank(nth, State::Running) }
}

fn blank(nth: usize, state: State) -> Task {
    let domain = ["cf-tasks", "cf-app-staging", "cf-tasks", "batch"][nth % 4];
    let number = u64::try_from(nth).unwrap();
    let task = Task::blank(guid(number + 60), Domain::from(domain), state);
    let definition = task.definition.clone().with_callback(true);
    owned(Task { definition, ..task }, number)
}

/// A task that is created during the session, starts, and ends.
fn live(happenings: &mut Vec<Happening>, nth: usize, start: Now) {
    let at = 250 + 430 * u64::try_from(nth).unwrap();
    // In the storm, the sick cell takes most tasks: it has nothing else to do.
    let in_storm = (STORM..STORM + 6_000).contains(&at);
    let on = if in_storm && !nth.is_multiple_of(3) { SICK - 1 } else { nth * 5 };
    let created = wall(start, at);
    let pending = Task { created_at: created, updated_at: created, ..blank(100 + nth, State::Pending) };
    let started = at + 500;
    let cell = Some(cell(on));
    let running = Task { state: State::Running, cell, updated_at: wall(start, started), ..pending.clone() };
    happenings.push((at, StreamItem::Event(TaskEvent::Created(pending.clone()))));
    happenings.push((started, changed(pending, running.clone())));
    if !nth.is_multiple_of(4) || is_sick(&running) {
        let takes = if is_sick(&running) { 700 } else { 2_500 };
        end(happenings, &running, started + takes, start);
    }
}

/// Returns why a task fails that does so every now and then; empty for most.
fn usual_reason(at: u64) -> &'static str {
    match at % 7 {
        0 => "Exited with status 1",
        1 => "Exited with status 137 (out of memory)",
        _ => "",
    }
}

/// A task ends: it fails on the sick cell in the storm, and is otherwise removed by its callback.
fn end(happenings: &mut Vec<Happening>, running: &Task, at: u64, start: Now) {
    let now = wall(start, at);
    let is_stormy = is_sick(running) && at >= STORM;
    let reason = if is_stormy { REASON } else { usual_reason(at) };
    let completed = Task {
        state: State::Completed,
        cell: None,
        updated_at: now,
        first_completed_at: now,
        failed: !reason.is_empty(),
        failure_reason: reason.into(),
        ..running.clone()
    };
    happenings.push((at, changed(running.clone(), completed.clone())));
    if is_stormy {
        // The host of the callbacks is busy with all the others.
        return;
    }
    let resolving = Task { state: State::Resolving, ..completed.clone() };
    happenings.push((at + 20, changed(completed, resolving.clone())));
    happenings.push((at + 60, StreamItem::Event(TaskEvent::Removed(resolving))));
}

fn changed(before: Task, after: Task) -> StreamItem {
    StreamItem::Event(TaskEvent::Changed { before: Box::new(before), after: Box::new(after) })
}
