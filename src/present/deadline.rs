//! What happens to a task next if nobody does anything, and when: the server's own clocks.
//!
//! The limits are the server's defaults; an operator can have set others, so every sentence is a guess and is
//! worded as one where it is overdue. Source: "Life of a task" of the API.

use std::time::Duration;

use crate::model::{State, Task, Timestamp};

use super::format;
use super::tone::Tone;

/// How long a task may be Pending before the server fails it.
pub const PENDING_LIMIT: Duration = Duration::from_secs(30 * 60);
/// How long a Completed task is kept for somebody to resolve it.
pub const COMPLETED_LIMIT: Duration = Duration::from_secs(2 * 60);
/// How long a claim of deletion holds.
pub const RESOLVING_LIMIT: Duration = Duration::from_secs(30);

/// From here on a Pending task is slow.
const PENDING_SLOW: Duration = Duration::from_secs(10 * 60);
/// From here on a Pending task is about to be failed.
const PENDING_LATE: Duration = Duration::from_secs(25 * 60);
/// From here on a claim looks as if its holder were gone.
const RESOLVING_SLOW: Duration = Duration::from_secs(20);

/// The limit of the state that a task is in, and since when it counts.
fn limit(task: &Task) -> Option<(Timestamp, Duration)> {
    match task.state {
        State::Pending => Some((task.created_at, PENDING_LIMIT)),
        State::Completed => Some((completed_since(task), COMPLETED_LIMIT)),
        State::Resolving => Some((task.updated_at, RESOLVING_LIMIT)),
        State::Running | State::Invalid | State::Other(_) => None,
    }
}

/// The sweep counts from the first completion, whatever claims came in between.
fn completed_since(task: &Task) -> Timestamp {
    if task.first_completed_at.is_unset() { task.updated_at } else { task.first_completed_at }
}

/// What is left of the state's limit; zero once it is over, none where the server sets no limit.
pub fn time_left(task: &Task, now: Timestamp) -> Option<Duration> {
    limit(task).map(|(since, limit)| limit.saturating_sub(now.since(since)))
}

/// How much the time in its state says about a task, apart from whether it failed.
pub fn urgency(task: &Task, now: Timestamp) -> Tone {
    let in_state = limit(task).map_or(Duration::ZERO, |(since, _)| now.since(since));
    match task.state {
        State::Pending if in_state > PENDING_LATE => Tone::Bad,
        State::Pending if in_state > PENDING_SLOW => Tone::Warn,
        State::Resolving if in_state > RESOLVING_SLOW => Tone::Warn,
        _ => Tone::Normal,
    }
}

/// The sentence: what the state is waiting for, and what the server does if it does not come.
pub fn sentence(task: &Task, now: Timestamp) -> String {
    let Some((since, _)) = limit(task) else { return without_limit(task, now) };
    let ago = format::age(now.since(since));
    let left = time_left(task, now).filter(|left| !left.is_zero());
    match task.state {
        State::Pending => {
            // Only then a Pending task has a cell.
            let rejected = if task.cell.is_some() { ", rejected while it ran" } else { "" };
            format!(
                "desired {ago} ago{rejected}, {}",
                next(left, "the BBS fails it", "as not started within time limit")
            )
        }
        State::Completed => {
            format!("completed {ago} ago, {}", next(left, "the BBS deletes it", "unresolved"))
        }
        _ => format!(
            "claimed for deletion {ago} ago, {}",
            next(left, "the BBS takes it back to Completed", "for the next claim")
        ),
    }
}

fn next(left: Option<Duration>, what: &str, how: &str) -> String {
    match left {
        Some(left) => format!("{what} in {}, {how}", format::wait(left)),
        None => format!("{what} at its next sweep, {how}"),
    }
}

fn without_limit(task: &Task, now: Timestamp) -> String {
    match task.state {
        State::Running => {
            format!("running for {}; fails if its cell disappears", format::age(now.since(task.updated_at)))
        }
        _ => "unknown to this version of taskdeck".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tone::tests::task;
    use super::*;

    const START: Timestamp = Timestamp::from_nanos(1_000_000_000_000);

    fn after(seconds: u64) -> Timestamp {
        START.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn a_completed_task_says_when_it_goes() {
        let task = Task { first_completed_at: START, ..task(State::Completed, START) };
        assert_eq!(sentence(&task, after(72)), "completed 1m12s ago, the BBS deletes it in 48s, unresolved");
        assert_eq!(
            sentence(&task, after(300)),
            "completed 5m00s ago, the BBS deletes it at its next sweep, unresolved"
        );
    }

    #[test]
    fn a_claim_that_was_taken_back_does_not_start_the_clock_anew() {
        let task = Task { first_completed_at: START, updated_at: after(60), ..task(State::Completed, START) };
        assert_eq!(time_left(&task, after(100)), Some(Duration::from_secs(20)));
    }

    #[test]
    fn the_longer_the_more_urgent() {
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
            "desired 1m00s ago, rejected while it ran, the BBS fails it in 29m, as not started within time limit"
        );
    }

    #[test]
    fn running_has_no_limit() {
        let running = task(State::Running, START);
        assert_eq!(time_left(&running, after(9)), None);
        assert!(sentence(&running, after(9)).starts_with("running for 9s"));
    }
}
