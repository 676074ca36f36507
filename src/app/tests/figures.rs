//! The figures that metrics export.

use super::*;
use crate::model::{FeedHealth, Figures, Stuck, TaskCount};

impl Harness {
    fn figures(&self) -> Figures {
        self.app.figures(FIRST, self.now).unwrap()
    }
}

#[test]
fn tasks_are_counted_by_what_they_have_in_common() {
    let done = Task { failed: true, ..task("c", State::Completed) };
    let staging = Task { domain: "cf-app-staging".into(), ..task("d", State::Running) };
    let harness = Harness::live(vec![task("a", State::Running), task("b", State::Running), done, staging]);
    let mut tasks = harness.figures().tasks;
    tasks.sort();
    let count = |domain: &str, cell: Option<&str>, state, failed, tasks| TaskCount {
        domain: domain.into(),
        cell: cell.map(CellId::from),
        state,
        failed,
        tasks,
    };
    assert_eq!(
        tasks,
        [
            count("cf-app-staging", Some("cell-1"), State::Running, false, 1),
            count("cf-tasks", None, State::Completed, true, 1),
            count("cf-tasks", Some("cell-1"), State::Running, false, 2),
        ]
    );
}

/// A task that has left is not counted, although it is kept and shown.
#[test]
fn ended_tasks_are_not_counted() {
    let mut harness = Harness::live(vec![task("a", State::Resolving)]);
    let removed = StreamItem::Event(TaskEvent::Removed(task("a", State::Resolving)));
    harness.send(SessionMsg::StreamItems(StreamId(1), vec![removed]));
    assert_eq!(harness.guids(), ["a"]);
    assert_eq!(harness.figures().tasks, []);
}

#[test]
fn every_kind_of_stuck_work_has_a_number() {
    let pending = Task { created_at: Timestamp::from_nanos(1), ..task("a", State::Pending) };
    let harness = Harness::live(vec![pending]);
    let expected = Stuck::ALL.map(|kind| (kind, usize::from(kind == Stuck::Pending)));
    assert_eq!(harness.figures().stuck, expected);
}

#[test]
fn what_lists_cost_is_summed_up() {
    let mut harness = Harness::live(vec![task("a", State::Running), task("b", State::Running)]);
    let first = harness.figures().feed;
    assert_eq!((first.lists, first.list_tasks, first.list_bytes), (1, 2, 1_800));
    assert_eq!(first.listed_at, harness.now.wall);
    let (_, effect) = harness.until(is_list).unwrap();
    harness.now = harness.now.plus(Duration::from_secs(3));
    harness.list(mark_of(&[effect]).unwrap(), vec![task("a", State::Running)]);
    let second = harness.figures().feed;
    assert_eq!((second.lists, second.list_tasks, second.list_bytes), (2, 3, 2_700));
    assert_eq!(second.list_time, first.list_time + Duration::from_secs(3));
    let (_, effect) = harness.until(is_list).unwrap();
    let mark = mark_of(&[effect]).unwrap();
    // A list that broke off half way cost something, but is not a list.
    harness.send(SessionMsg::ListPart { mark, tasks: vec![task("a", State::Running)], received: 900 });
    harness.send(SessionMsg::ListFailed { mark, fault: fault(Call::ListTasks, refused()) });
    let third = harness.figures().feed;
    assert_eq!(third, crate::model::FeedTotals { failed_lists: 1, ..second });
}

#[test]
fn the_health_is_that_of_the_header_in_one_word() {
    let mut harness = Harness::new();
    assert_eq!((harness.figures().health, harness.figures().feed.streams), (FeedHealth::Connecting, 0));
    let stream = harness.go_live(Vec::new());
    assert_eq!((harness.figures().health, harness.figures().feed.streams), (FeedHealth::Live, 1));
    harness.now = harness.now.plus(Duration::from_secs(20));
    assert_eq!(harness.figures().health, FeedHealth::Silent);
    harness.send(SessionMsg::StreamEnded(stream, None));
    assert_eq!(harness.figures().health, FeedHealth::Polling);
    let (_, effect) = harness.until(is_list).unwrap();
    let mark = mark_of(&[effect]).unwrap();
    harness.send(SessionMsg::ListFailed { mark, fault: fault(Call::ListTasks, refused()) });
    assert_eq!(harness.figures().health, FeedHealth::Stale);
}

#[test]
fn a_closed_session_has_no_figures() {
    let mut harness = Harness::live(Vec::new());
    let other = harness.open_session(Target::default());
    assert_eq!(
        harness.app.figures(other, harness.now).map(|figures| figures.health),
        Some(FeedHealth::Connecting)
    );
    let now = harness.now;
    harness.app.sessions.close(other, now);
    assert_eq!(harness.app.figures(other, harness.now), None);
}
