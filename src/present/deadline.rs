//! Describes what the server does next to a task, and when, if nobody acts.
//!
//! The limits are the server's defaults and may be configured differently there, so an overdue deadline is described
//! as due at the next sweep. Source: "Life of a task" in the API description.

use std::time::Duration;

use crate::model::{State, Task, Timestamp};

use super::format;
use super::tone::Tone;

/// How long a task may be Pending before the server fails it.
pub const PENDING_LIMIT: Duration = Duration::from_secs(30 * 60);
/// How long the server keeps a Completed task that nobody resolves.
pub const COMPLETED_LIMIT: Duration = Duration::from_secs(2 * 60);
/// How long a task may be Resolving before the server returns it to Completed.
pub const RESOLVING_LIMIT: Duration = Duration::from_secs(30);

/// A Pending task older than this gets a warning.
const PENDING_WARN: Duration = Duration::from_secs(10 * 60);
/// A Pending task older than this is about to be failed by the server.
const PENDING_BAD: Duration = Duration::from_secs(25 * 60);
/// A task that is Resolving for longer than this was probably abandoned.
const RESOLVING_WARN: Duration = Duration::from_secs(20);

/// Returns when the time limit of the task's state began, and the limit.
fn limit(task: &Task) -> Option<(Timestamp, Duration)> {
    match task.state {
        State::Pending => Some((task.created_at, PENDING_LIMIT)),
        State::Completed => Some((completed_since(task), COMPLETED_LIMIT)),
        State::Resolving => Some((task.updated_at, RESOLVING_LIMIT)),
        State::Running | State::Invalid | State::Other(_) => None,
    }
}

/// Returns the first completion, from which the sweep counts even if the task was Resolving in between.
fn completed_since(task: &Task) -> Timestamp {
    if task.first_completed_at.is_unset() { task.updated_at } else { task.first_completed_at }
}

/// Returns when the server acts on the task by itself; none if it sets no limit.
pub fn at(task: &Task) -> Option<Timestamp> {
    limit(task).map(|(since, limit)| since.plus(limit))
}

/// Returns the time left in this state: zero when overdue, none if the server sets no limit.
pub fn time_left(task: &Task, now: Timestamp) -> Option<Duration> {
    limit(task).map(|(since, limit)| limit.saturating_sub(now.since(since)))
}

/// Returns how urgent the time in its state makes a task. Ignores whether it failed.
pub fn urgency(task: &Task, now: Timestamp) -> Tone {
    let in_state = limit(task).map_or(Duration::ZERO, |(since, _)| now.since(since));
    match task.state {
        State::Pending if in_state > PENDING_BAD => Tone::Bad,
        State::Pending if in_state > PENDING_WARN => Tone::Warn,
        State::Resolving if in_state > RESOLVING_WARN => Tone::Warn,
        _ => Tone::Normal,
    }
}

/// Returns a sentence without a period: how long the task has been in its state, and what the server does next.
pub fn sentence(task: &Task, now: Timestamp) -> String {
    let Some((since, _)) = limit(task) else { return without_limit(task, now) };
    let ago = format::age(now.since(since));
    let left = time_left(task, now).filter(|left| !left.is_zero());
    match task.state {
        State::Pending => {
            // A Pending task has a cell only if it was rejected while running.
            let rejected = if task.cell.is_some() { "; rejected while running" } else { "" };
            format!("Desired {ago} ago{rejected}; {}", next(left, "the BBS fails it", " unless started"))
        }
        State::Completed => {
            format!("Completed {ago} ago; {}", next(left, "the BBS deletes it", " unless resolved"))
        }
        _ => format!(
            "Claimed for deletion {ago} ago; {}",
            next(left, "the BBS returns it to Completed", " unless deleted")
        ),
    }
}

fn next(left: Option<Duration>, what: &str, unless: &str) -> String {
    match left {
        Some(left) => format!("{what} in {}{unless}", format::wait(left)),
        None => format!("{what} at its next sweep{unless}"),
    }
}

fn without_limit(task: &Task, now: Timestamp) -> String {
    match task.state {
        State::Running => {
            format!("Running for {}; fails if its cell disappears", format::age(now.since(task.updated_at)))
        }
        _ => "State unknown to this version of taskdeck".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::task_state::tests::task;
    use super::*;

    const START: Timestamp = Timestamp::from_nanos(1_000_000_000_000);

    fn after(seconds: u64) -> Timestamp {
        START.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn a_completed_task_says_when_it_is_deleted() {
        let task = Task { first_completed_at: START, ..task(State::Completed, START) };
        assert_eq!(
            sentence(&task, after(72)),
            "Completed 1m12s ago; the BBS deletes it in 48s unless resolved"
        );
        assert_eq!(
            sentence(&task, after(300)),
            "Completed 5m00s ago; the BBS deletes it at its next sweep unless resolved"
        );
    }

    #[test]
    fn returning_to_completed_does_not_restart_the_deadline() {
        let task = Task { first_completed_at: START, updated_at: after(60), ..task(State::Completed, START) };
        assert_eq!(time_left(&task, after(100)), Some(Duration::from_secs(20)));
    }

    #[test]
    fn urgency_grows_with_time() {
        let pending = task(State::Pending, START);
        let tones: Vec<_> = [600, 601, 1_500, 1_501].map(|s| urgency(&pending, after(s))).into();
        assert_eq!(tones, [Tone::Normal, Tone::Warn, Tone::Warn, Tone::Bad]);
        let resolving = task(State::Resolving, START);
        assert_eq!([20, 21].map(|s| urgency(&resolving, after(s))), [Tone::Normal, Tone::Warn]);
        assert_eq!(urgency(&task(State::Running, START), after(1_000_000)), Tone::Normal);
    }

    #[test]
    fn a_pending_task_with_a_cell_was_rejected_while_it_ran() {
        let rejected = Task { cell: Some("cell-1".into()), ..task(State::Pending, START) };
        assert_eq!(
            sentence(&rejected, after(60)),
            "Desired 1m00s ago; rejected while running; the BBS fails it in 29m unless started"
        );
    }

    #[test]
    fn running_has_no_limit() {
        let running = task(State::Running, START);
        assert_eq!(time_left(&running, after(9)), None);
        assert!(sentence(&running, after(9)).starts_with("Running for 9s"));
    }
}
