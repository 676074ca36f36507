//! Counts of stuck tasks, and how they agree with what is said of each task.

use std::time::Duration;

use super::*;
use crate::app::store::Entry;
use crate::model::{Clocks, DefinitionSummary, RawDefinition, Stuck};

const SECOND: i64 = 1_000_000_000;

fn store() -> Store {
    let clocks = Clocks { pending: Duration::from_secs(30), rejections: 2, ..Clocks::DEFAULT };
    let mut store = Store::new(10).with_clocks(clocks);
    store.read_summaries_with(|definition: &RawDefinition| DefinitionSummary {
        callback_url: if definition.as_bytes().is_empty() { "".into() } else { "http://cc/done".into() },
        ..DefinitionSummary::default()
    });
    store
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_nanos(second * SECOND)
}

fn pending(guid: &str, second: i64) -> Task {
    task(guid, second * SECOND, second * SECOND, State::Pending)
}

/// The counts, held to what is said of each task.
fn counts(store: &Store, second: i64) -> Vec<(Stuck, usize)> {
    let counts = store.stuck(at(second));
    let is = |entry: &Entry, kind| store.stuck_of(entry, at(second)).contains(kind);
    for kind in Stuck::ALL {
        let said = store.entries().filter(|(_, entry)| is(entry, kind)).count();
        assert_eq!(counts.of(kind), said, "{kind:?}");
    }
    assert_eq!(counts.is_empty(), counts.iter().next().is_none());
    counts.iter().collect()
}

#[test]
fn pending_tasks_get_stuck_as_time_passes_and_are_not_once_they_start() {
    let mut store = store();
    for (guid, second) in [("a", 100), ("b", 100), ("c", 105), ("d", 200)] {
        event(&mut store, TaskEvent::Created(pending(guid, second)));
    }
    assert_eq!(counts(&store, 110), []);
    assert_eq!(counts(&store, 111), [(Stuck::Pending, 2)]);
    assert_eq!(counts(&store, 116), [(Stuck::Pending, 3)]);
    assert_eq!(counts(&store, 110), [], "the clock was corrected");
    let started = Task { updated_at: at(112), ..task("a", 100 * SECOND, 112 * SECOND, State::Running) };
    event(&mut store, changed(&pending("a", 100), &started));
    assert_eq!(counts(&store, 116), [(Stuck::Pending, 2)]);
    event(&mut store, TaskEvent::Removed(pending("b", 100)));
    assert_eq!(counts(&store, 116), [(Stuck::Pending, 1)]);
    let mark = store.mark();
    list(&mut store, mark, &[]);
    assert_eq!(counts(&store, 1_000), []);
}

#[test]
fn the_rejection_budget_is_used_up_at_the_configured_number() {
    let mut store = store();
    let rejected =
        |times| Task { rejection_count: times, updated_at: at(100 + i64::from(times)), ..pending("a", 100) };
    event(&mut store, TaskEvent::Created(rejected(1)));
    assert_eq!(counts(&store, 101), []);
    event(&mut store, changed(&rejected(1), &rejected(2)));
    assert_eq!(counts(&store, 102), [(Stuck::Rejections, 1)]);
    let failed = Task { state: State::Completed, failed: true, ..rejected(3) };
    event(&mut store, changed(&rejected(2), &failed));
    assert_eq!(counts(&store, 103), []);
}

#[test]
fn a_task_that_returns_to_completed_is_stuck_by_its_callback_or_by_a_client_until_it_ends() {
    let mut store = store();
    let with = |guid, state, second| Task {
        definition: RawDefinition::new(if guid == "called" { &[1] } else { &[] }),
        ..task(guid, 1, second * SECOND, state)
    };
    for guid in ["called", "claimed"] {
        let (completed, resolving) = (with(guid, State::Completed, 10), with(guid, State::Resolving, 11));
        let returned = with(guid, State::Completed, 11);
        event(&mut store, TaskEvent::Created(completed.clone()));
        event(&mut store, changed(&completed, &resolving));
        assert!(counts(&store, 12).iter().all(|(_, count)| *count == 1), "only the one before");
        event(&mut store, changed(&resolving, &returned));
        event(&mut store, changed(&returned, &with(guid, State::Resolving, 50)));
    }
    assert_eq!(counts(&store, 60), [(Stuck::Callback, 1), (Stuck::Claim, 1)]);
    assert_eq!(store.silent_hosts().collect::<Vec<_>>(), [("cc", 1)]);
    event(&mut store, TaskEvent::Removed(with("called", State::Resolving, 50)));
    assert_eq!(counts(&store, 60), [(Stuck::Claim, 1)]);
    assert_eq!(store.silent_hosts().count(), 0);
    let mark = store.mark();
    list(&mut store, mark, &[with("claimed", State::Completed, 50)]);
    assert_eq!(counts(&store, 100), [(Stuck::Claim, 1)], "it is returned again");
}

#[test]
fn tasks_on_absent_cells_are_stuck_and_a_new_cell_is_not_taken_for_absent() {
    let mut store = store();
    event(&mut store, TaskEvent::Created(task("a", 1, 2, State::Running)));
    event(&mut store, TaskEvent::Created(task("b", 1, 2, State::Running)));
    let elsewhere = Task { cell: Some("cell-b".into()), ..task("c", 1, 2, State::Running) };
    event(&mut store, TaskEvent::Created(elsewhere));
    assert_eq!(counts(&store, 1), [], "nobody has asked yet");
    store.learn_absent(|cell| cell.as_str() == "cell-a");
    assert_eq!(counts(&store, 1), [(Stuck::Cell, 2)]);
    store.learn_absent(|_| false);
    assert_eq!(counts(&store, 1), []);
    store.learn_absent(|cell| cell.as_str() != "cell-b");
    let on_new = Task { cell: Some("cell-new".into()), ..task("d", 1, 2, State::Running) };
    event(&mut store, TaskEvent::Created(on_new));
    assert_eq!(counts(&store, 1), [(Stuck::Cell, 2)], "it came after the answer");
    let failed = Task { failed: true, ..task("a", 1, 3, State::Completed) };
    event(&mut store, changed(&task("a", 1, 2, State::Running), &failed));
    assert_eq!(counts(&store, 1), [(Stuck::Cell, 1)]);
}
