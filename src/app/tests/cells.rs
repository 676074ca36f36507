//! A failure is attributed to the cell that the task ran on, for as long as it is known.

use super::*;

fn counts(harness: &Harness, cell: &str) -> Option<StateCounts> {
    let is_it = |row: &GroupRow<'_>| row.name.is_some_and(|name| name.id() == cell);
    harness.groups(GroupPlace::Lower).into_iter().find(is_it).map(|row| row.counts)
}

fn failed(task: &Task, reason: &str) -> Task {
    let (cell, updated_at) = (None, Timestamp::from_nanos(task.updated_at.as_nanos() + 1));
    let (failed, failure_reason) = (true, reason.into());
    Task { state: State::Completed, cell, updated_at, failed, failure_reason, ..task.clone() }
}

#[test]
fn a_failure_counts_for_the_cell_it_ran_on_also_when_the_task_and_the_cell_are_gone() {
    let mut harness = Harness::new();
    let running = task("a", State::Running);
    let stream = harness.go_live(vec![running.clone(), task("b", State::Pending)]);
    let after = failed(&running, "cell disappeared before completion");
    harness.send(SessionMsg::StreamItems(stream, vec![changed(running, after.clone())]));
    harness.send(SessionMsg::Cells(Ok(Vec::new())));
    let held = counts(&harness, "cell-1").unwrap();
    assert_eq!((held.of(State::Completed), held.failed, held.all_failed()), (1, 1, 1));
    harness.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Removed(after))]));
    let ended = counts(&harness, "cell-1").expect("the cell stays with its failure");
    assert_eq!((ended.total(), ended.failed, ended.all_failed()), (0, 0, 1));
    assert_eq!(harness.groups(GroupPlace::Lower)[0].standing, Standing::Absent);
    assert_eq!(harness.app.store().counts().failed, 0, "of what the BBS holds none has failed");
    assert_eq!(harness.app.store().counts().all_failed(), 1, "all cells together");
}

#[test]
fn a_task_that_ended_well_leaves_no_trace_on_its_cell() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Running)]);
    harness.send(SessionMsg::StreamItems(
        stream,
        vec![StreamItem::Event(TaskEvent::Removed(task("a", State::Running)))],
    ));
    assert_eq!(counts(&harness, "cell-1"), None);
}

#[test]
fn the_rows_of_a_cell_are_those_that_its_pane_counts() {
    let mut harness = Harness::new();
    let running = task("a", State::Running);
    let stream = harness.go_live(vec![running.clone(), task("b", State::Pending), task("c", State::Running)]);
    let after = failed(&running, "out of memory");
    harness.send(SessionMsg::StreamItems(stream, vec![changed(running, after)]));
    harness.press("\t\tj\n");
    assert!(harness.app.filter().groups.has(GroupKey::Cell, "cell-1"));
    assert_eq!(counts(&harness, "cell-1").unwrap().total(), 2);
    assert_eq!(harness.guids(), ["a", "c"]);
}
