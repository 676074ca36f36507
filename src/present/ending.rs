//! Describes why and how an ended task left the BBS.

use jiff::tz::TimeZone;

use super::format;
use crate::model::{Cause, End, Ended, Task, Unseen};

/// Returns a phrase, for the event pane.
pub const fn event(end: End) -> &'static str {
    match end {
        End::CalledBack => "removed by its callback",
        End::DeletedByUs => "deleted by you",
        End::DeletedByOther => "deleted by someone else",
        End::Expired => "expired unresolved",
        End::Vanished => "vanished",
    }
}

/// Returns what a cause means, as a sentence without a period, for help.
pub const fn meaning(cause: Cause) -> &'static str {
    match cause {
        Cause::Cancelled => "a client cancelled it",
        Cause::CellGone => "its cell disappeared, so the BBS failed it",
        Cause::Unstarted => "no cell started it in time, so the BBS failed it",
        Cause::Rejected => "cells rejected it too often, so the BBS failed it",
        Cause::CalledBack => departure(End::CalledBack),
        Cause::DeletedByUs => departure(End::DeletedByUs),
        Cause::DeletedByOther => departure(End::DeletedByOther),
        Cause::Expired => departure(End::Expired),
        Cause::Vanished => departure(End::Vanished),
    }
}

/// Returns how a task left, as a sentence without a period.
const fn departure(end: End) -> &'static str {
    match end {
        End::CalledBack => "the BBS called its completion callback and deleted it",
        End::DeletedByUs => "you deleted it, from this dashboard",
        End::DeletedByOther => "another client resolved and deleted it",
        End::Expired => "nobody resolved it in time, so the BBS deleted it",
        End::Vanished => "the BBS no longer has it; how it ended was not seen",
    }
}

/// Returns all that is known about the end of a task, without a period: why the BBS failed it, if it did, how the task left,
/// and when. `last` is the last known version of the task.
pub fn describe(end: &Ended, last: &Task, zone: &TimeZone) -> String {
    let why = match Cause::of_failure(last) {
        Some(cause) => format!("{}; ", meaning(cause)),
        None => String::new(),
    };
    let learnt = format::time_of_day(end.at, zone);
    let when = match end.unseen {
        Some(Unseen { since, is_gap }) => {
            let since = format::time_of_day(since, zone);
            let gap = if is_gap { ", while events were lost" } else { "" };
            format!("last seen {}, and gone between {since} and {learnt}{gap}", last.state)
        }
        None => format!("seen at {learnt}"),
    };
    let request = end.request.map(|id| format!(", request {id}")).unwrap_or_default();
    format!("{why}{}{request} ({when})", departure(end.how))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::{RequestId, State, Timestamp};

    const START: Timestamp = Timestamp::from_nanos(36_000_000_000_000);

    fn last(state: State, failure: &str) -> Task {
        Task {
            failed: !failure.is_empty(),
            failure_reason: failure.into(),
            ..Task::blank("a".into(), "cf-tasks".into(), state)
        }
    }

    fn described(end: &Ended, last: &Task) -> String {
        describe(end, last, &TimeZone::UTC)
    }

    #[test]
    fn the_phrases_fit_the_event_pane() {
        assert!(End::ALL.map(event).iter().all(|text| text.len() <= 24));
    }

    #[test]
    fn the_sentence_tells_why_and_how_and_when() {
        let cancelled = last(State::Resolving, "task was cancelled");
        assert_eq!(
            described(&Ended::new(End::CalledBack, START), &cancelled),
            "a client cancelled it; the BBS called its completion callback and deleted it (seen at 10:00:00)"
        );
        let ours = Ended { request: Some(RequestId(0xabc)), ..Ended::new(End::DeletedByUs, START) };
        assert_eq!(
            described(&ours, &last(State::Resolving, "")),
            "you deleted it, from this dashboard, request 00000000000000000000000000000abc (seen at 10:00:00)"
        );
    }

    #[test]
    fn a_task_that_left_unseen_says_in_which_stretch_and_what_was_last_seen() {
        let at = START.plus(Duration::from_secs(30));
        let since = |is_gap| Some(Unseen { since: START, is_gap });
        let running = last(State::Running, "");
        let vanished = |is_gap| Ended { unseen: since(is_gap), ..Ended::new(End::Vanished, at) };
        let how = "the BBS no longer has it; how it ended was not seen";
        assert_eq!(
            described(&vanished(true), &running),
            format!(
                "{how} (last seen Running, and gone between 10:00:00 and 10:00:30, while events were lost)"
            )
        );
        assert_eq!(
            described(&vanished(false), &running),
            format!("{how} (last seen Running, and gone between 10:00:00 and 10:00:30)")
        );
    }
}
