//! What a timeline keeps of the changes that a store reports, and how much all of them take.

use super::*;
use crate::app::store::Store;
use crate::model::{CellId, State, TaskEvent, TaskFilter};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_nanos(seconds * 1_000_000_000)
}

fn task(guid: &str, updated: i64, state: State) -> Task {
    Task {
        cell: (state == State::Running).then(|| CellId::from("cell-a")),
        created_at: at(1),
        updated_at: at(updated),
        ..Task::blank(guid.into(), "cf-tasks".into(), state)
    }
}

fn changed(before: &Task, after: &Task) -> TaskEvent {
    TaskEvent::Changed { before: Box::new(before.clone()), after: Box::new(after.clone()) }
}

/// A store and what reads its changes.
struct Seen {
    store: Store,
    timelines: Timelines,
}

impl Seen {
    fn new() -> Self {
        Self { store: Store::new(100), timelines: Timelines::default() }
    }

    fn event(&mut self, event: TaskEvent, seconds: i64) {
        self.store.apply_event(event, false, at(seconds), &mut self.timelines);
    }

    fn list(&mut self, tasks: &[Task], seconds: i64) {
        let mark = self.store.mark();
        for task in tasks {
            self.store.apply_listed(mark, task.clone(), at(seconds), &mut self.timelines);
        }
        self.store.finish_list(mark, &TaskFilter::default(), at(seconds), &mut self.timelines);
    }

    fn of(&self, guid: &str) -> Timeline<'_> {
        self.timelines.of(self.store.get(&guid.into()).unwrap(), 0)
    }

    fn lines(&self, guid: &str) -> Vec<String> {
        self.of(guid).records.iter().map(|record| line(record)).collect()
    }
}

fn line(record: &Record) -> String {
    match &record.what {
        Happening::Change(VersionChange { evidence, before, after, end }) => {
            let before = before.as_ref().map_or("-".to_owned(), |before| before.state.to_string());
            let end = end.map_or(String::new(), |end| format!(" {end:?}"));
            format!("{evidence:?} {before} {}{end}", after.state)
        }
        Happening::Sent(step, RequestId(id)) => format!("sent {step:?} {id}"),
        Happening::Unanswered(step, why) => format!("unanswered {step:?}: {why}"),
    }
}

#[test]
fn a_timeline_has_every_change_with_its_source_and_the_versions_before_and_after() {
    let mut seen = Seen::new();
    let [pending, running] = [task("a", 1, State::Pending), task("a", 2, State::Running)];
    seen.event(TaskEvent::Created(pending.clone()), 1);
    seen.event(TaskEvent::Created(task("b", 1, State::Pending)), 1);
    seen.event(changed(&pending, &running), 2);
    let completed = task("a", 3, State::Completed);
    seen.list(&[completed, task("b", 1, State::Pending)], 4);
    seen.timelines.sent(&"a".into(), Step::Resolving, RequestId(7), at(5));
    seen.timelines.failed(&"a".into(), Step::Resolving, "timed out", at(6));
    let mark = seen.store.mark();
    let resolving = task("a", 6, State::Resolving);
    seen.store.apply_got(mark, &"a".into(), Some(resolving.clone()), at(7), &mut seen.timelines);
    seen.store.apply_event(TaskEvent::Removed(resolving), true, at(8), &mut seen.timelines);
    assert_eq!(
        seen.lines("a"),
        [
            "Event - Pending",
            "Event Pending Running",
            "List Running Completed",
            "sent Resolving 7",
            "unanswered Resolving: timed out",
            "LookUp Completed Resolving",
            "Event Resolving Resolving DeletedByUs",
        ]
    );
    assert_eq!(seen.lines("b"), ["Event - Pending"]);
    assert!(!seen.of("a").is_cut);
    let times: Vec<_> =
        seen.of("a").records.iter().map(|record| record.at.as_nanos() / 1_000_000_000).collect();
    assert_eq!(times, [1, 2, 4, 5, 6, 7, 8]);
}

#[test]
fn versions_are_shared_between_the_records_beside_each_other() {
    let mut seen = Seen::new();
    let [pending, running] = [task("a", 1, State::Pending), task("a", 2, State::Running)];
    seen.event(TaskEvent::Created(pending.clone()), 1);
    seen.event(changed(&pending, &running), 2);
    seen.event(TaskEvent::Removed(running), 3);
    let timeline = seen.of("a");
    let changes: Vec<_> = timeline
        .records
        .iter()
        .map(|record| match &record.what {
            Happening::Change(change) => change,
            _ => panic!("{record:?}"),
        })
        .collect();
    for pair in changes.windows(2) {
        assert!(Arc::ptr_eq(&pair[0].after, pair[1].before.as_ref().unwrap()), "{pair:?}");
    }
    assert!(Arc::ptr_eq(&changes[1].after, &changes[2].after), "a removal brings no version");
}

#[test]
fn the_first_list_is_no_history() {
    let mut seen = Seen::new();
    seen.list(&[task("a", 1, State::Pending)], 1);
    assert_eq!(seen.lines("a"), [""; 0]);
    assert_eq!(seen.timelines.bytes, 0);
}

#[test]
fn a_late_event_is_kept_if_it_tells_something_new_and_marked() {
    let mut seen = Seen::new();
    let [pending, running] = [task("a", 1, State::Pending), task("a", 2, State::Running)];
    let completed = task("a", 3, State::Completed);
    seen.event(TaskEvent::Created(pending.clone()), 1);
    seen.list(std::slice::from_ref(&completed), 4);
    seen.event(changed(&pending, &running), 5);
    seen.event(changed(&running, &completed), 5);
    assert_eq!(
        seen.lines("a"),
        ["Event - Pending", "List Pending Completed", "LateEvent Pending Running"],
        "that it completed is known"
    );
}

#[test]
fn a_guid_that_is_used_again_begins_a_new_timeline() {
    let mut seen = Seen::new();
    seen.event(TaskEvent::Created(task("a", 1, State::Pending)), 1);
    seen.event(TaskEvent::Removed(task("a", 2, State::Resolving)), 2);
    let again = Task { created_at: at(3), ..task("a", 3, State::Pending) };
    seen.event(TaskEvent::Created(again), 3);
    assert_eq!(seen.lines("a"), ["Event - Pending"]);
    assert!(!seen.of("a").is_cut);
}

#[test]
fn gaps_stand_in_the_timelines_of_the_tasks_that_lived_then() {
    let mut seen = Seen::new();
    seen.event(TaskEvent::Created(task("early", 1, State::Pending)), 1);
    seen.event(TaskEvent::Removed(task("early", 2, State::Resolving)), 2);
    seen.event(TaskEvent::Created(task("a", 1, State::Pending)), 3);
    seen.store.open_gap("broken", at(4), &mut seen.timelines);
    assert_eq!(seen.of("a").gaps, [&LostEvents { start: at(3), end: None, why: "broken".into() }]);
    seen.store.resume_stream(at(5));
    seen.list(&[task("a", 4, State::Running)], 6);
    let late = Task { created_at: at(7), ..task("late", 7, State::Pending) };
    seen.event(TaskEvent::Created(late), 7);
    assert_eq!(seen.of("a").gaps, [&LostEvents { start: at(3), end: Some(at(6)), why: "broken".into() }]);
    assert_eq!(seen.lines("a"), ["Event - Pending", "Reconciled Pending Running"]);
    assert!(seen.of("early").gaps.is_empty() && seen.of("late").gaps.is_empty());
}

/// The five changes of a usual task.
fn live(seen: &mut Seen, guid: &str) {
    let states = [State::Pending, State::Running, State::Completed, State::Resolving];
    let versions: Vec<_> = states.into_iter().zip(1..).map(|(state, at)| task(guid, at, state)).collect();
    seen.event(TaskEvent::Created(versions[0].clone()), 1);
    for pair in versions.windows(2) {
        seen.event(changed(&pair[0], &pair[1]), pair[1].updated_at.as_nanos() / 1_000_000_000);
    }
    seen.event(TaskEvent::Removed(versions[3].clone()), 5);
}

#[test]
fn the_timelines_of_20_000_ended_tasks_fit_in_the_bound() {
    let mut seen = Seen::new();
    live(&mut seen, "a");
    let one = seen.timelines.bytes;
    let versions = 4 * (ARC_BYTES + Version::from(&task("a", 1, State::Pending)).size());
    assert_eq!(one, 5 * size_of::<Kept>() + versions + INDEX_BYTES);
    assert!(20_000 * one <= MOST_BYTES, "{one} bytes a task");
}

#[test]
fn the_oldest_records_are_dropped_first_and_the_timeline_says_so() {
    let mut seen = Seen::new();
    live(&mut seen, "a");
    let one = seen.timelines.bytes;
    seen.timelines = Timelines::within(10 * one + size_of::<Kept>());
    let guids: Vec<_> = (0..50).map(|nth| format!("t{nth}")).collect();
    for guid in &guids {
        live(&mut seen, guid);
        assert!(seen.timelines.bytes <= 10 * one + size_of::<Kept>());
    }
    let counted: usize = seen.timelines.kept.iter().map(|kept| kept.bytes as usize).sum();
    assert_eq!(counted, seen.timelines.bytes);
    let mut holders: Vec<_> = seen.timelines.kept.iter().map(|kept| kept.guid.clone()).collect();
    holders.dedup();
    assert_eq!(holders.len(), seen.timelines.last_of.len(), "the index has no dropped task");
    assert_eq!(seen.lines("t0"), [""; 0]);
    assert_eq!(seen.lines("t49").len(), 5);
    let first = guids.iter().find(|guid| !seen.lines(guid).is_empty()).unwrap();
    assert!(seen.lines(first).len() < 5 && seen.of(first).is_cut, "half of it is left");
    assert!(!seen.of("t49").is_cut);
}

#[test]
fn a_task_that_loops_for_hours_shows_its_newest_records() {
    let mut seen = Seen::new();
    let [completed, resolving] = [task("a", 2, State::Completed), task("a", 2, State::Resolving)];
    seen.event(TaskEvent::Created(completed.clone()), 1);
    for nth in 0..300 {
        let resolving = Task { updated_at: at(nth + 3), ..resolving.clone() };
        let before = Task { updated_at: at(nth + 2), ..completed.clone() };
        let demoted = Task { updated_at: at(nth + 3), ..completed.clone() };
        seen.event(changed(&before, &resolving), nth + 3);
        seen.event(changed(&resolving, &demoted), nth + 3);
    }
    assert_eq!((seen.lines("a").len(), seen.of("a").is_cut), (MOST_READ, true));
}
