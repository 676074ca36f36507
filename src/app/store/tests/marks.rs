//! Marks belong to tasks, not to the rows that tasks are in.

use super::{changed, event, list, task};
use crate::app::store::{RowId, Store};
use crate::model::{State, TaskEvent};

fn marked(store: &Store) -> Vec<(String, i64)> {
    let mut all: Vec<_> =
        store.marked().map(|(guid, created_at)| (guid.to_string(), created_at.as_nanos())).collect();
    all.sort();
    assert_eq!(all.len(), store.mark_count());
    all
}

fn row(store: &Store, guid: &str) -> RowId {
    store.find(&guid.into()).unwrap()
}

/// A store with these pending tasks, all marked.
fn all_marked(guids: &[&str]) -> Store {
    let mut store = Store::new(1);
    for guid in guids {
        event(&mut store, TaskEvent::Created(task(guid, 1, 1, State::Pending)));
    }
    let rows: Vec<_> = guids.iter().map(|guid| row(&store, guid)).collect();
    assert_eq!(store.mark_rows(&rows).marked, guids.len());
    store
}

#[test]
fn a_mark_stays_while_its_task_changes_and_ends() {
    let mut store = all_marked(&["a"]);
    let (before, after) = (task("a", 1, 1, State::Pending), task("a", 1, 2, State::Running));
    event(&mut store, changed(&before, &after));
    assert!(store.is_marked(row(&store, "a")));
    event(&mut store, TaskEvent::Removed(after));
    assert!(store.is_marked(row(&store, "a")) && store.get(&"a".into()).unwrap().end.is_some());
    assert_eq!(marked(&store), [("a".to_owned(), 1)]);
}

#[test]
fn another_task_in_the_row_of_a_marked_one_is_not_marked() {
    let mut store = all_marked(&["a", "b"]);
    for guid in ["a", "b"] {
        event(&mut store, TaskEvent::Removed(task(guid, 1, 1, State::Pending)));
    }
    // One ended task is kept, so the row of the other is free again.
    let new = task("c", 1, 1, State::Pending);
    event(&mut store, TaskEvent::Created(new));
    assert!(!store.is_marked(row(&store, "c")));
    assert_eq!(marked(&store), [("a".to_owned(), 1), ("b".to_owned(), 1)], "the mark names what is gone");
    store.unmark(&"a".into());
    store.unmark(&"b".into());
    assert_eq!(store.mark_count(), 0);
}

#[test]
fn a_task_that_comes_back_is_marked_again_unless_only_its_guid_does() {
    for (created, is_marked) in [(1, true), (7, false)] {
        let mut store = all_marked(&["a"]);
        let mark = store.mark();
        list(&mut store, mark, &[]);
        event(&mut store, TaskEvent::Removed(task("b", 1, 1, State::Pending)));
        assert!(store.find(&"a".into()).is_none(), "the ended one was dropped");
        let mark = store.mark();
        list(&mut store, mark, &[task("a", created, 9, State::Pending)]);
        assert_eq!(store.is_marked(row(&store, "a")), is_marked);
        assert_eq!(store.mark_count(), 1);
    }
}

#[test]
fn a_new_life_of_a_guid_has_no_mark() {
    let mut store = all_marked(&["a"]);
    let mark = store.mark();
    list(&mut store, mark, &[task("a", 5, 5, State::Pending)]);
    assert!(!store.is_marked(row(&store, "a")));
    assert_eq!(marked(&store), [("a".to_owned(), 1)]);
}

#[test]
fn ended_tasks_are_not_marked_with_the_others() {
    let mut store = all_marked(&["a", "b"]);
    store.clear_marks();
    event(&mut store, TaskEvent::Removed(task("b", 1, 1, State::Pending)));
    let done = store.mark_rows(&[row(&store, "a"), row(&store, "b")]);
    assert_eq!((done.marked, done.ended), (1, 1));
    assert_eq!(store.mark_rows(&[row(&store, "a")]).marked, 1);
    assert_eq!(store.mark_count(), 1, "marked twice, counted once");
}
