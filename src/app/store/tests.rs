//! Merges in a fixed order, one race at a time. `random` merges in random orders.

mod changes;
mod ended;
mod marks;
mod random;
mod stuck;

use std::collections::BTreeMap;

use crate::model::{
    CellId, End, Ended, Entity, Owner, Ownership, State, Task, TaskEvent, TaskFilter, TaskGuid, Timestamp,
};

use super::zones::MOST_UNUSED;
use super::{Applied, ChangeReader, Mark, StateCounts, Store};
use crate::app::groups::GroupKey;

const NOW: Timestamp = Timestamp::from_nanos(1);

fn task(guid: &str, created: i64, updated: i64, state: State) -> Task {
    Task {
        cell: (state == State::Running).then(|| CellId::from("cell-a")),
        created_at: Timestamp::from_nanos(created),
        updated_at: Timestamp::from_nanos(updated),
        ..Task::blank(guid.into(), "cf-tasks".into(), state)
    }
}

fn changed(before: &Task, after: &Task) -> TaskEvent {
    TaskEvent::Changed { before: Box::new(before.clone()), after: Box::new(after.clone()) }
}

fn event(store: &mut Store, event: TaskEvent) -> Applied {
    store.apply_event(event, false, NOW, &mut ())
}

fn list(store: &mut Store, mark: Mark, tasks: &[Task]) -> usize {
    list_to(&mut (), store, mark, tasks)
}

fn list_to(reader: &mut impl ChangeReader, store: &mut Store, mark: Mark, tasks: &[Task]) -> usize {
    for task in tasks {
        store.apply_listed(mark, task.clone(), NOW, reader);
    }
    store.finish_list(mark, &TaskFilter::default(), NOW, reader)
}

fn states(store: &Store) -> BTreeMap<TaskGuid, Task> {
    let live = store.entries().filter(|(_, entry)| entry.end.is_none());
    live.map(|(_, entry)| (entry.task.guid.clone(), entry.task.clone())).collect()
}

#[test]
fn a_change_that_lost_the_race_against_the_removal_brings_nothing_back() {
    let mut store = Store::new(10);
    let completed = task("a", 1, 5, State::Completed);
    let resolving = task("a", 1, 6, State::Resolving);
    event(&mut store, TaskEvent::Created(completed.clone()));
    event(&mut store, TaskEvent::Removed(resolving.clone()));
    assert_eq!(event(&mut store, changed(&completed, &resolving)), Applied::Late);
    assert!(states(&store).is_empty());
    let end = store.get(&"a".into()).and_then(|entry| entry.end.as_deref().copied());
    assert_eq!(end, Some(Ended::new(End::DeletedByOther, NOW)));
}

#[test]
fn a_change_that_is_late_by_many_lists_brings_nothing_back() {
    let mut store = Store::new(10);
    let completed = task("a", 1, 5, State::Completed);
    let resolving = task("a", 1, 6, State::Resolving);
    event(&mut store, TaskEvent::Removed(resolving.clone()));
    for _ in 0..5 {
        let mark = store.mark();
        list(&mut store, mark, &[]);
    }
    assert_eq!(event(&mut store, changed(&completed, &resolving)), Applied::Late);
    assert!(states(&store).is_empty());
}

#[test]
fn a_list_asked_before_the_removal_brings_nothing_back_and_a_later_one_does() {
    let mut store = Store::new(10);
    let running = task("a", 1, 5, State::Running);
    event(&mut store, TaskEvent::Created(running.clone()));
    let before = store.mark();
    event(&mut store, TaskEvent::Removed(running.clone()));
    list(&mut store, before, std::slice::from_ref(&running));
    assert!(states(&store).is_empty());
    let after = store.mark();
    list(&mut store, after, std::slice::from_ref(&running));
    assert_eq!(states(&store).len(), 1);
}

#[test]
fn the_sweep_that_keeps_updated_at_is_a_later_version() {
    let mut store = Store::new(10);
    let resolving = task("a", 1, 6, State::Resolving);
    let swept = task("a", 1, 6, State::Completed);
    event(&mut store, TaskEvent::Created(resolving.clone()));
    assert_eq!(event(&mut store, changed(&resolving, &swept)), Applied::Changed);
    // The change to Resolving, arriving late, does not undo the sweep.
    let completed = task("a", 1, 5, State::Completed);
    assert_eq!(event(&mut store, changed(&completed, &resolving)), Applied::Late);
    assert_eq!(states(&store).values().next().map(|task| task.state), Some(State::Completed));
}

#[test]
fn a_list_that_saw_the_sweep_wins_over_the_claim_that_an_event_told_meanwhile() {
    let mut store = Store::new(10);
    let completed = task("a", 1, 5, State::Completed);
    event(&mut store, TaskEvent::Created(completed.clone()));
    let mark = store.mark();
    event(&mut store, changed(&completed, &task("a", 1, 6, State::Resolving)));
    list(&mut store, mark, &[task("a", 1, 6, State::Completed)]);
    assert_eq!(states(&store).values().next().map(|task| task.state), Some(State::Completed));
}

#[test]
fn a_server_whose_clock_is_behind_is_followed_by_the_before_of_its_events() {
    let mut store = Store::new(10);
    let pending = task("a", 100, 100, State::Pending);
    let running = task("a", 100, 90, State::Running);
    event(&mut store, TaskEvent::Created(pending.clone()));
    assert_eq!(event(&mut store, changed(&pending, &running)), Applied::Changed);
}

#[test]
fn completion_blanks_the_cell_and_the_last_one_is_remembered() {
    let mut store = Store::new(10);
    let running = task("a", 1, 2, State::Running);
    let completed = task("a", 1, 3, State::Completed);
    event(&mut store, changed(&running, &completed));
    let entry = store.get(&"a".into()).expect("it is held");
    assert_eq!((entry.task.cell.clone(), entry.last_cell.clone()), (None, Some("cell-a".into())));
}

#[test]
fn a_new_life_of_a_guid_is_not_taken_for_the_old_one() {
    let mut store = Store::new(10);
    event(&mut store, TaskEvent::Removed(task("a", 1, 5, State::Resolving)));
    event(&mut store, TaskEvent::Created(task("a", 9, 9, State::Pending)));
    assert_eq!(states(&store).len(), 1);
    let stale = TaskEvent::Removed(task("a", 1, 5, State::Resolving));
    assert_eq!(event(&mut store, stale), Applied::Late);
    assert_eq!(states(&store).len(), 1);
}

#[test]
fn a_list_of_a_cell_forgets_what_left_the_cell_and_calls_nothing_ended() {
    let mut store = Store::new(10);
    event(&mut store, TaskEvent::Created(task("a", 1, 2, State::Running)));
    let mark = store.mark();
    let filter = TaskFilter { domain: None, cell: Some("cell-a".into()) };
    store.finish_list(mark, &filter, NOW, &mut ());
    assert_eq!((states(&store).len(), store.ended_count()), (0, 0));
}

#[test]
fn ended_tasks_are_kept_up_to_their_limit() {
    let mut store = Store::new(2);
    for guid in ["a", "b", "c"] {
        event(&mut store, TaskEvent::Removed(task(guid, 1, 2, State::Resolving)));
    }
    assert_eq!(store.ended_count(), 2);
    assert!(store.get(&"a".into()).is_none() && store.get(&"c".into()).is_some());
}

#[test]
fn groups_go_with_the_last_task_that_names_them() {
    let mut store = Store::new(0);
    store.count_groups(&[GroupKey::Domain, GroupKey::Reason, GroupKey::App]);
    for nth in 1..20 {
        let reason = format!("no room for {}", "x".repeat(nth));
        let owner = Owner::new(Ownership {
            app: Entity { guid: reason.clone(), name: String::new() },
            ..Ownership::default()
        });
        let task = Task {
            domain: reason.as_str().into(),
            rejection_reason: reason.into(),
            owner,
            ..task("a", 1, 2, State::Pending)
        };
        event(&mut store, TaskEvent::Created(task.clone()));
        event(&mut store, TaskEvent::Removed(task));
    }
    for key in [GroupKey::Domain, GroupKey::Reason, GroupKey::App] {
        let groups = store.groups(key).unwrap();
        assert_eq!((groups.iter().count(), groups.naming()), (0, 0), "{key:?}");
    }
}

fn on_cell(store: &Store, cell: &str) -> StateCounts {
    store.groups(GroupKey::Cell).unwrap().of(cell)
}

#[test]
fn a_pending_task_counts_on_the_cell_that_rejected_it_until_it_starts_on_another() {
    let mut store = Store::new(10);
    store.count_groups(&[GroupKey::Cell]);
    let on = |cell: &str, updated, state| Task { cell: Some(cell.into()), ..task("a", 1, updated, state) };
    let (running, rejected) = (on("cell-a", 2, State::Running), on("cell-a", 3, State::Pending));
    event(&mut store, TaskEvent::Created(running.clone()));
    event(&mut store, changed(&running, &rejected));
    assert_eq!(on_cell(&store, "cell-a").of(State::Pending), 1);
    let elsewhere = on("cell-b", 4, State::Running);
    event(&mut store, changed(&rejected, &elsewhere));
    let names = store.groups(GroupKey::Cell).unwrap().iter().map(|(name, _)| name.id().to_owned());
    assert_eq!(names.collect::<Vec<_>>(), ["cell-b"]);
    let cancelled = task("a", 1, 5, State::Completed);
    event(&mut store, changed(&elsewhere, &cancelled));
    assert_eq!(on_cell(&store, "cell-b").of(State::Completed), 1, "it ran there last");
    assert_eq!(store.get(&"a".into()).unwrap().last_cell, Some("cell-b".into()));
}

#[test]
fn a_list_of_a_cell_holds_what_was_rejected_there_and_forgets_it_once_it_started_elsewhere() {
    let mut store = Store::new(10);
    let filter = TaskFilter { domain: None, cell: Some("cell-a".into()) };
    let rejected = Task { cell: Some("cell-a".into()), ..task("a", 1, 3, State::Pending) };
    for (listed, held) in [(Some(rejected), 1), (None, 0)] {
        let mark = store.mark();
        if let Some(task) = listed {
            store.apply_listed(mark, task, NOW, &mut ());
        }
        store.finish_list(mark, &filter, NOW, &mut ());
        assert_eq!(store.entries().count(), held, "forgotten, but not ended");
    }
}

#[test]
fn tasks_that_say_the_same_share_the_text() {
    let mut store = Store::new(0);
    let failed = |guid: &str| Task {
        failed: true,
        failure_reason: "out of memory".into(),
        ..Task::blank(TaskGuid::from(guid), "cf-tasks".into(), State::Completed)
    };
    for guid in ["a", "b"] {
        event(&mut store, TaskEvent::Created(failed(guid)));
    }
    let texts: Vec<_> = store.entries().map(|(_, entry)| entry.task.failure_reason.as_ptr()).collect();
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn a_start_is_remembered_from_any_version_that_told_it() {
    let started = |store: &Store| store.get(&"a".into()).map(|entry| entry.started_at.as_nanos());
    let running = task("a", 1, 5, State::Running);
    let completed = task("a", 1, 9, State::Completed);
    let mut listed = Store::new(10);
    let mark = listed.mark();
    list(&mut listed, mark, std::slice::from_ref(&running));
    let mark = listed.mark();
    list(&mut listed, mark, std::slice::from_ref(&completed));
    assert_eq!(started(&listed), Some(5), "two lists");
    event(&mut listed, TaskEvent::Removed(completed.clone()));
    assert_eq!(started(&listed), Some(5), "it has ended");
    let mut told = Store::new(10);
    event(&mut told, changed(&running, &completed));
    assert_eq!(started(&told), Some(5), "one event");
    let mut unseen = Store::new(10);
    event(&mut unseen, TaskEvent::Created(completed));
    assert_eq!(started(&unseen), Some(0), "nobody saw it run");
    let mut rejected = Store::new(10);
    event(&mut rejected, TaskEvent::Created(running.clone()));
    event(&mut rejected, changed(&running, &task("a", 1, 7, State::Pending)));
    assert_eq!(started(&rejected), Some(0), "it waits again");
    event(&mut rejected, TaskEvent::Removed(task("a", 1, 7, State::Pending)));
    event(&mut rejected, TaskEvent::Created(task("a", 20, 20, State::Completed)));
    assert_eq!(started(&rejected), Some(0), "another life");
}

#[test]
fn zones_are_kept_when_their_cells_are_gone() {
    let mut store = Store::new(0);
    let (one, other) = (CellId::from("cell-1"), CellId::from("cell-2"));
    assert!(store.learn_zones([(&one, "z1")].into_iter()));
    assert!(!store.learn_zones([(&one, "z1")].into_iter()), "nothing new");
    assert!(store.learn_zones([(&other, "z2")].into_iter()));
    assert_eq!([Some(&one), Some(&other), None].map(|cell| store.zone(cell)), ["z1", "z2", ""]);
}

#[test]
fn zones_of_cells_that_are_gone_and_have_no_tasks_do_not_pile_up() {
    let mut store = Store::new(10);
    let cell = |deployment: usize, nth: usize| CellId::from(format!("cell-{deployment}-{nth}"));
    let task = Task { cell: Some(cell(0, 0)), ..task("a", 1, 1, State::Running) };
    event(&mut store, TaskEvent::Created(task));
    for deployment in 0..100 {
        let cells: Vec<_> = (0..100).map(|nth| cell(deployment, nth)).collect();
        store.learn_zones(cells.iter().map(|cell| (cell, "z1")));
        assert!(store.facets().zones().len() <= MOST_UNUSED + 101);
    }
    assert_eq!([cell(0, 0), cell(99, 99)].map(|cell| store.zone(Some(&cell)).to_owned()), ["z1", "z1"]);
    assert_eq!(store.zone(Some(&cell(1, 0))), "", "nobody has asked for it for long");
}
