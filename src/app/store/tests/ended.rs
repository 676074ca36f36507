//! What is kept of ended tasks, for how long, and what is learnt about their ends.

use std::time::Duration;

use crate::app::store::{KeepEnded, Store};
use crate::model::{
    Cause, End, Ended, RawDefinition, RequestId, State, Task, TaskEvent, TaskGuid, Timestamp, Unseen,
};

use super::{NOW, changed, event, list, task};

/// When the tasks of these tests were created.
const LIFE: Timestamp = Timestamp::from_nanos(1);

fn seconds(number: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(number))
}

/// A store that keeps ended tasks for a minute, and shows them among the held ones for ten seconds.
fn store(number: usize) -> Store {
    Store::keeping(KeepEnded { number, time: Duration::from_secs(60), linger: Duration::from_secs(10) })
}

/// The last version of a task that lived for some seconds.
fn lived(guid: &str, for_seconds: i64) -> Task {
    task(guid, 1, 1 + for_seconds * 1_000_000_000, State::Resolving)
}

/// A task lives for some seconds and is removed at this time.
fn end(store: &mut Store, guid: &str, for_seconds: i64, at: Timestamp) {
    store.apply_event(TaskEvent::Created(task(guid, 1, 1, State::Running)), false, at, &mut ());
    store.apply_event(TaskEvent::Removed(lived(guid, for_seconds)), false, at, &mut ());
}

fn kept(store: &Store) -> Vec<&str> {
    let mut kept: Vec<_> = store.entries().map(|(_, entry)| entry.task.guid.as_str()).collect();
    kept.sort_unstable();
    kept
}

fn lingering(store: &Store) -> Vec<&str> {
    let rows = store.lingering().filter_map(|id| store.entry(id));
    rows.map(|entry| entry.task.guid.as_str()).collect()
}

fn ended(store: &Store, guid: &str) -> Ended {
    *store.get(&TaskGuid::from(guid)).unwrap().end.as_deref().unwrap()
}

#[test]
fn ended_tasks_are_dropped_in_the_order_of_their_end_when_their_time_is_over() {
    let mut store = store(10);
    end(&mut store, "a", 1, seconds(0));
    end(&mut store, "b", 1, seconds(30));
    event(&mut store, TaskEvent::Created(task("live", 1, 1, State::Running)));
    store.pass_time(seconds(59));
    assert_eq!(kept(&store), ["a", "b", "live"]);
    store.pass_time(seconds(60));
    assert_eq!((kept(&store), store.ended_count()), (vec!["b", "live"], 1));
    store.pass_time(seconds(3_600));
    assert_eq!((kept(&store), store.ended_count()), (vec!["live"], 0));
}

#[test]
fn a_guid_that_is_used_again_keeps_no_place_among_the_ended() {
    let mut store = store(2);
    end(&mut store, "a", 20, seconds(0));
    let again = |state| Task { created_at: seconds(5), updated_at: seconds(5), ..task("a", 0, 0, state) };
    store.apply_event(TaskEvent::Created(again(State::Running)), false, seconds(5), &mut ());
    assert_eq!((store.ended_count(), lingering(&store).len()), (0, 0));
    end(&mut store, "b", 20, seconds(6));
    end(&mut store, "c", 20, seconds(7));
    assert_eq!(kept(&store), ["a", "b", "c"], "two have ended");
    store.apply_event(TaskEvent::Removed(again(State::Resolving)), false, seconds(8), &mut ());
    assert_eq!(kept(&store), ["a", "c"], "b is the oldest now");
    store.pass_time(seconds(67));
    assert_eq!(kept(&store), ["a"], "its second end counts");
}

#[test]
fn a_task_lingers_if_it_was_seen_to_live_for_as_long() {
    let mut store = store(10);
    end(&mut store, "long", 10, seconds(0));
    end(&mut store, "short", 9, seconds(0));
    event(&mut store, TaskEvent::Removed(lived("unseen", 20)));
    assert_eq!(lingering(&store), ["long"]);
    store.take_changed();
    store.pass_time(seconds(9));
    assert_eq!((store.take_changed().len(), lingering(&store)), (0, vec!["long"]));
    store.pass_time(seconds(10));
    assert_eq!((store.take_changed().len(), lingering(&store)), (1, vec![]), "its row changes");
    assert_eq!(kept(&store), ["long", "short", "unseen"]);
}

#[test]
fn a_storm_of_short_lives_leaves_the_queues_small() {
    let mut store = store(100);
    for nth in 0..20_000 {
        end(&mut store, &format!("task-{}", nth % 50), 20, seconds(0));
    }
    assert_eq!((store.ended_count(), kept(&store).len()), (50, 50));
    assert!(store.ended.places() < 4_000, "{}", store.ended.places());
}

#[test]
fn definitions_of_the_oldest_are_dropped_when_they_are_too_many_bytes() {
    let mut store = store(100);
    let megabyte = vec![7; 1 << 20];
    for nth in 0..40 {
        let last = lived(&format!("task-{nth:02}"), 1);
        let definition = RawDefinition::new(&megabyte).with_callback(true);
        event(&mut store, TaskEvent::Removed(Task { definition, ..last }));
    }
    let dropped = |guid: &str| store.get(&TaskGuid::from(guid)).unwrap().task.definition.is_dropped();
    assert!(dropped("task-00") && dropped("task-23") && !dropped("task-24") && !dropped("task-39"));
    assert_eq!(store.get(&"task-00".into()).unwrap().cause(), Some(Cause::CalledBack));
    store.pass_time(seconds(3_600));
    assert_eq!((store.ended_count(), store.ended.definition_bytes()), (0, 0));
}

#[test]
fn an_event_that_comes_after_the_list_tells_the_last_version_too() {
    let mut store = store(10);
    event(&mut store, TaskEvent::Created(task("a", 1, 2, State::Running)));
    let mark = store.mark();
    list(&mut store, mark, &[]);
    assert_eq!(store.get(&"a".into()).unwrap().cause(), Some(Cause::Vanished));
    let cancelled = Task {
        failed: true,
        failure_reason: "task was cancelled".into(),
        ..task("a", 1, 3, State::Resolving)
    };
    event(&mut store, TaskEvent::Removed(cancelled));
    let entry = store.get(&"a".into()).unwrap();
    assert_eq!(entry.cause(), Some(Cause::Cancelled));
    assert_eq!(entry.last_cell, Some("cell-a".into()), "the cell on which it ran is kept");
    assert_eq!(ended(&store, "a").how, End::DeletedByOther);
}

#[test]
fn what_a_list_lacks_left_between_two_lists_or_while_events_were_lost() {
    let mut store = store(10);
    for guid in ["a", "b"] {
        event(&mut store, TaskEvent::Created(task(guid, 1, 2, State::Running)));
    }
    let lists = |store: &mut Store, at, tasks: &[Task]| {
        let mark = store.mark();
        for task in tasks {
            store.apply_listed(mark, task.clone(), at, &mut ());
        }
        store.finish_list(mark, &crate::model::TaskFilter::default(), at, &mut ());
    };
    let b = task("b", 1, 2, State::Running);
    lists(&mut store, seconds(1), &[task("a", 1, 2, State::Running), b.clone()]);
    lists(&mut store, seconds(5), &[b]);
    assert_eq!(ended(&store, "a").unseen, Some(Unseen { since: seconds(1), is_gap: false }));
    store.resume_stream(seconds(6));
    store.open_gap("broken", seconds(7), &mut ());
    store.resume_stream(seconds(8));
    lists(&mut store, seconds(9), &[]);
    assert_eq!(ended(&store, "b").unseen, Some(Unseen { since: seconds(6), is_gap: true }));
    assert_eq!(ended(&store, "b").at, seconds(9));
}

#[test]
fn our_delete_keeps_its_request_until_the_bbs_refuses_it() {
    let mut store = store(10);
    let (a, request) = (TaskGuid::from("a"), Some(RequestId(7)));
    store.apply_event(TaskEvent::Removed(lived("a", 1)), true, NOW, &mut ());
    store.claim_end(&a, LIFE, request, NOW, &mut ());
    assert_eq!((ended(&store, "a").how, ended(&store, "a").request), (End::DeletedByUs, request));
    store.disclaim_end(&a, NOW, &mut ());
    assert_eq!((ended(&store, "a").how, ended(&store, "a").request), (End::DeletedByOther, None));
    // One that a list found missing.
    event(&mut store, TaskEvent::Created(task("b", 1, 2, State::Resolving)));
    let mark = store.mark();
    list(&mut store, mark, &[]);
    store.claim_end(&"b".into(), LIFE, None, NOW, &mut ());
    assert_eq!(ended(&store, "b").how, End::DeletedByUs);
    store.disclaim_end(&"b".into(), NOW, &mut ());
    assert_eq!(ended(&store, "b").how, End::Vanished);
}

#[test]
fn the_cell_before_the_completion_is_kept_after_the_end() {
    let mut store = store(10);
    let (running, completed) = (task("a", 1, 2, State::Running), task("a", 1, 3, State::Completed));
    event(&mut store, changed(&running, &completed));
    event(&mut store, TaskEvent::Removed(task("a", 1, 4, State::Resolving)));
    let entry = store.get(&"a".into()).unwrap();
    assert_eq!((entry.task.cell.clone(), entry.last_cell.clone()), (None, Some("cell-a".into())));
}
