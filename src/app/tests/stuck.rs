//! Stuck tasks: the command that shows them, and the clocks of each target.

use super::presence::cell;
use super::*;
use crate::model::{Clocks, Stuck};

fn desk() -> Harness {
    let used_up = Task { rejection_count: 3, ..task("rejected", State::Pending) };
    Harness::live(vec![used_up, task("running", State::Running), task("done", State::Completed)])
}

#[test]
fn stuck_filters_by_all_that_is_stuck_whatever_the_view_shows() {
    let mut harness = desk();
    harness.press("3/nothing\n:stuck\n");
    assert_eq!(harness.guids(), ["rejected"]);
    assert_eq!(harness.app.filter().terms.text(), "stuck:any");
    harness.press("[");
    assert!(harness.guids().is_empty(), "the view before comes back");
}

#[test]
fn without_a_stuck_task_nothing_changes() {
    let mut harness = Harness::live(vec![task("done", State::Completed)]);
    harness.press("/done\n:stuck\n");
    assert_eq!((harness.notice(), harness.app.filter().terms.text()), ("No task is stuck", "done"));
}

#[test]
fn a_cell_that_is_gone_makes_its_tasks_stuck_within_a_second() {
    let mut harness = desk();
    harness.press("/stuck:cell\n");
    harness.send(SessionMsg::Cells(Ok(vec![cell("cell-1")])));
    harness.wait(Duration::from_secs(2));
    assert!(harness.guids().is_empty());
    harness.send(SessionMsg::Cells(Ok(Vec::new())));
    assert_eq!(harness.app.stuck(harness.now).of(Stuck::Cell), 1);
    harness.wait(Duration::from_secs(2));
    assert_eq!(harness.guids(), ["running"]);
    let fault = fault(Call::Cells, refused());
    harness.send(SessionMsg::Cells(Err(fault)));
    assert_eq!(harness.app.stuck(harness.now).of(Stuck::Cell), 0, "not known is not gone");
}

#[test]
fn cells_that_come_before_the_tasks_are_not_forgotten() {
    let mut harness = Harness::new();
    let stream = stream_of(&harness.send(Msg::Tick)).unwrap();
    let effects = harness.send(SessionMsg::StreamOpened(stream));
    harness.send(SessionMsg::Cells(Ok(Vec::new())));
    harness.list(mark_of(&effects).unwrap(), vec![task("running", State::Running)]);
    assert_eq!(harness.app.stuck(harness.now).of(Stuck::Cell), 1);
}

#[test]
fn the_clocks_of_the_target_count() {
    let clocks = Clocks { rejections: 4, ..Clocks::DEFAULT };
    let mut harness = Harness::with(Target { clocks, ..Target::default() });
    harness.go_live(vec![Task { rejection_count: 3, ..task("rejected", State::Pending) }]);
    assert!(harness.app.stuck(harness.now).is_empty());
}

#[test]
fn what_dies_next_comes_first_by_the_clocks_of_the_target() {
    let order = |clocks| {
        let mut harness = Harness::with(Target { clocks, ..Target::default() });
        harness.go_live(vec![
            task("pending", State::Pending),
            task("completed", State::Completed),
            task("resolving", State::Resolving),
            task("running", State::Running),
        ]);
        harness.press(":sort dies-in\n");
        harness.guids().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(order(Clocks::DEFAULT), ["resolving", "completed", "pending", "running"]);
    let clocks = Clocks {
        pending: Duration::from_secs(1),
        completed: Duration::from_secs(2),
        resolving: Duration::from_secs(3),
        ..Clocks::DEFAULT
    };
    assert_eq!(order(clocks), ["pending", "completed", "resolving", "running"]);
}
