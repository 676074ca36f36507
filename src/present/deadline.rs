//! Describes what the server does next to a task, and when, if nobody acts.
//!
//! Only a sweep acts, so each time is shown with a ≈: the server may act later by the time between two sweeps. Source: "Life
//! of a task" in the API description.

use std::borrow::Cow;
use std::time::Duration;

use crate::model::{Clocks, State, Task, Timestamp};

use super::format;
use super::tone::Tone;

/// Returns the time until the server acts on a task with this deadline, for a column.
pub fn left(deadline: Timestamp, clocks: &Clocks, now: Timestamp) -> Cow<'static, str> {
    match () {
        () if now < deadline => Cow::Owned(about(deadline.since(now))),
        () if clocks.is_overdue(deadline, now) => Cow::Borrowed("overdue"),
        () => Cow::Borrowed("now"),
    }
}

fn about(time: Duration) -> String {
    format!("≈{}", format::wait(time))
}

/// Returns how urgent the time in its state makes a task. Ignores whether it failed.
pub fn urgency(task: &Task, clocks: &Clocks, now: Timestamp) -> Tone {
    let in_state = clocks.limit(task).map_or(Duration::ZERO, |(since, _)| now.since(since));
    match task.state {
        State::Pending if in_state > clocks.last_of_pending() => Tone::Bad,
        State::Pending if in_state > clocks.long_pending() => Tone::Warn,
        State::Resolving if in_state > clocks.long_resolving() => Tone::Warn,
        _ => Tone::Normal,
    }
}

/// Returns a sentence without a period: how long the task has been in its state, and what the server does next.
pub fn sentence(task: &Task, clocks: &Clocks, now: Timestamp) -> String {
    let Some((since, limit)) = clocks.limit(task) else { return without_limit(task, now) };
    let ago = format::age(now.since(since));
    let next = |act: [&str; 2], unless: &str| next(since.plus(limit), clocks, now, act, unless);
    match task.state {
        State::Pending => {
            // A Pending task has a cell only if it was rejected while running.
            let rejected = if task.cell.is_some() { "; rejected while running" } else { "" };
            format!("Desired {ago} ago{rejected}; {}", next(["fails it", "failed it"], " unless started"))
        }
        State::Completed => {
            format!("Completed {ago} ago; {}", next(["deletes it", "deleted it"], " unless resolved"))
        }
        _ => format!(
            "Claimed for deletion {ago} ago; {}",
            next(["returns it to Completed", "returned it to Completed"], " unless deleted")
        ),
    }
}

/// `act` is what the server does, in the present and in the past.
fn next(deadline: Timestamp, clocks: &Clocks, now: Timestamp, act: [&str; 2], unless: &str) -> String {
    let [does, done] = act;
    match () {
        () if now < deadline => format!("the BBS {does} in {}{unless}", about(deadline.since(now))),
        () if clocks.is_overdue(deadline, now) => {
            let late = format::age(now.since(deadline));
            format!("the BBS should have {done} {late} ago: its limit may differ from the configured one")
        }
        () => format!("the BBS {does} at its next sweep{unless}"),
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
    const CLOCKS: Clocks = Clocks::DEFAULT;

    fn after(seconds: u64) -> Timestamp {
        START.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn a_completed_task_says_when_it_is_deleted() {
        let task = Task { first_completed_at: START, ..task(State::Completed, START) };
        for (seconds, expected) in [
            (72, "Completed 1m12s ago; the BBS deletes it in ≈48s unless resolved"),
            (120, "Completed 2m00s ago; the BBS deletes it at its next sweep unless resolved"),
            (180, "Completed 3m00s ago; the BBS deletes it at its next sweep unless resolved"),
            (
                300,
                "Completed 5m00s ago; the BBS should have deleted it 3m00s ago: its limit may differ from the \
                 configured one",
            ),
        ] {
            assert_eq!(sentence(&task, &CLOCKS, after(seconds)), expected);
        }
    }

    #[test]
    fn a_column_says_about_when_and_whether_the_server_is_late() {
        let texts = [0, 119, 120, 180, 181].map(|seconds| left(after(120), &CLOCKS, after(seconds)));
        assert_eq!(texts, ["≈2m00s", "≈1s", "now", "now", "overdue"]);
    }

    #[test]
    fn urgency_grows_with_time_and_follows_the_clocks() {
        let tones = |state, clocks: Clocks, seconds: [u64; 4]| {
            seconds.map(|seconds| urgency(&task(state, START), &clocks, after(seconds)))
        };
        let grows = [Tone::Normal, Tone::Warn, Tone::Warn, Tone::Bad];
        assert_eq!(tones(State::Pending, CLOCKS, [600, 601, 1_500, 1_501]), grows);
        let quick = Clocks { pending: Duration::from_secs(60), ..CLOCKS };
        assert_eq!(tones(State::Pending, quick, [20, 21, 50, 51]), grows);
        let resolving = [Tone::Normal, Tone::Normal, Tone::Warn, Tone::Warn];
        assert_eq!(tones(State::Resolving, CLOCKS, [0, 20, 21, 1_000]), resolving);
        assert_eq!(tones(State::Running, CLOCKS, [0, 1, 2, 1_000_000]), [Tone::Normal; 4]);
    }

    #[test]
    fn a_pending_task_with_a_cell_was_rejected_while_it_ran() {
        let rejected = Task { cell: Some("cell-1".into()), ..task(State::Pending, START) };
        assert_eq!(
            sentence(&rejected, &CLOCKS, after(60)),
            "Desired 1m00s ago; rejected while running; the BBS fails it in ≈29m unless started"
        );
    }

    #[test]
    fn running_has_no_limit() {
        let running = task(State::Running, START);
        assert!(sentence(&running, &CLOCKS, after(9)).starts_with("Running for 9s"));
    }
}
