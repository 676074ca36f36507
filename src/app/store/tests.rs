//! The merge against a server of its own: whatever the order of arrival, the store ends up with the server's tasks.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::model::{CellId, End, State, Task, TaskEvent, TaskFilter, TaskGuid, Timestamp};

use super::{Applied, Mark, Store};

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

fn list(store: &mut Store, mark: Mark, tasks: &[Task]) -> usize {
    for task in tasks {
        store.apply_listed(mark, task.clone());
    }
    store.finish_list(mark, &TaskFilter::default(), NOW)
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
    store.apply_event(TaskEvent::Created(completed.clone()), NOW);
    store.apply_event(TaskEvent::Removed(resolving.clone()), NOW);
    assert_eq!(store.apply_event(changed(&completed, &resolving), NOW), Applied::Late);
    assert!(states(&store).is_empty());
    assert_eq!(store.get(&"a".into()).and_then(|entry| entry.end), Some((End::DeletedByOther, NOW)));
}

#[test]
fn a_change_that_is_late_by_many_lists_brings_nothing_back() {
    let mut store = Store::new(10);
    let completed = task("a", 1, 5, State::Completed);
    let resolving = task("a", 1, 6, State::Resolving);
    store.apply_event(TaskEvent::Removed(resolving.clone()), NOW);
    for _ in 0..5 {
        let mark = store.mark();
        list(&mut store, mark, &[]);
    }
    assert_eq!(store.apply_event(changed(&completed, &resolving), NOW), Applied::Late);
    assert!(states(&store).is_empty());
}

#[test]
fn a_list_asked_before_the_removal_brings_nothing_back_and_a_later_one_does() {
    let mut store = Store::new(10);
    let running = task("a", 1, 5, State::Running);
    store.apply_event(TaskEvent::Created(running.clone()), NOW);
    let before = store.mark();
    store.apply_event(TaskEvent::Removed(running.clone()), NOW);
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
    store.apply_event(TaskEvent::Created(resolving.clone()), NOW);
    assert_eq!(store.apply_event(changed(&resolving, &swept), NOW), Applied::Changed);
    // The change to Resolving, arriving late, does not undo the sweep.
    let completed = task("a", 1, 5, State::Completed);
    assert_eq!(store.apply_event(changed(&completed, &resolving), NOW), Applied::Late);
    assert_eq!(states(&store).values().next().map(|task| task.state), Some(State::Completed));
}

#[test]
fn a_list_that_saw_the_sweep_wins_over_the_claim_that_an_event_told_meanwhile() {
    let mut store = Store::new(10);
    let completed = task("a", 1, 5, State::Completed);
    store.apply_event(TaskEvent::Created(completed.clone()), NOW);
    let mark = store.mark();
    store.apply_event(changed(&completed, &task("a", 1, 6, State::Resolving)), NOW);
    list(&mut store, mark, &[task("a", 1, 6, State::Completed)]);
    assert_eq!(states(&store).values().next().map(|task| task.state), Some(State::Completed));
}

#[test]
fn a_server_whose_clock_is_behind_is_followed_by_the_before_of_its_events() {
    let mut store = Store::new(10);
    let pending = task("a", 100, 100, State::Pending);
    let running = task("a", 100, 90, State::Running);
    store.apply_event(TaskEvent::Created(pending.clone()), NOW);
    assert_eq!(store.apply_event(changed(&pending, &running), NOW), Applied::Changed);
}

#[test]
fn completion_blanks_the_cell_and_the_last_one_is_remembered() {
    let mut store = Store::new(10);
    let running = task("a", 1, 2, State::Running);
    let completed = task("a", 1, 3, State::Completed);
    store.apply_event(changed(&running, &completed), NOW);
    let entry = store.get(&"a".into()).expect("it is held");
    assert_eq!((entry.task.cell.clone(), entry.last_cell.clone()), (None, Some("cell-a".into())));
}

#[test]
fn a_new_life_of_a_guid_is_not_taken_for_the_old_one() {
    let mut store = Store::new(10);
    store.apply_event(TaskEvent::Removed(task("a", 1, 5, State::Resolving)), NOW);
    store.apply_event(TaskEvent::Created(task("a", 9, 9, State::Pending)), NOW);
    assert_eq!(states(&store).len(), 1);
    let stale = TaskEvent::Removed(task("a", 1, 5, State::Resolving));
    assert_eq!(store.apply_event(stale, NOW), Applied::Late);
    assert_eq!(states(&store).len(), 1);
}

#[test]
fn a_list_of_a_cell_forgets_what_left_the_cell_and_calls_nothing_ended() {
    let mut store = Store::new(10);
    store.apply_event(TaskEvent::Created(task("a", 1, 2, State::Running)), NOW);
    let mark = store.mark();
    let filter = TaskFilter { domain: None, cell: Some("cell-a".into()) };
    store.finish_list(mark, &filter, NOW);
    assert_eq!((states(&store).len(), store.ended_count()), (0, 0));
}

#[test]
fn ended_tasks_are_kept_up_to_their_limit() {
    let mut store = Store::new(2);
    for guid in ["a", "b", "c"] {
        store.apply_event(TaskEvent::Removed(task(guid, 1, 2, State::Resolving)), NOW);
    }
    assert_eq!(store.ended_count(), 2);
    assert!(store.get(&"a".into()).is_none() && store.get(&"c".into()).is_some());
}

/// A server in miniature: it moves tasks through their life and tells of it.
#[derive(Default)]
struct Server {
    clock: i64,
    tasks: BTreeMap<TaskGuid, Task>,
    told: Vec<TaskEvent>,
}

impl Server {
    fn step(&mut self, which: u8, kind: u8) {
        self.clock += 1;
        let guid = TaskGuid::from(format!("task-{}", which % 6));
        let Some(before) = self.tasks.get(&guid).cloned() else {
            let created = task(guid.as_str(), self.clock, self.clock, State::Pending);
            self.tasks.insert(guid, created.clone());
            return self.told.push(TaskEvent::Created(created));
        };
        let mut after = before.clone();
        after.updated_at = Timestamp::from_nanos(self.clock);
        after.state = match (before.state, kind % 4) {
            (State::Pending, 0) => return self.reject(after),
            (State::Pending, _) => State::Running,
            (State::Running, 0) => State::Pending,
            (State::Running, _) => State::Completed,
            (State::Resolving, 0) => {
                // The sweep.
                after.updated_at = before.updated_at;
                State::Completed
            }
            (State::Resolving, _) => {
                self.tasks.remove(&guid);
                return self.told.push(TaskEvent::Removed(before));
            }
            _ => State::Resolving,
        };
        after.cell = match (after.state, kind % 4) {
            (State::Running, _) => Some(if kind < 128 { "cell-a" } else { "cell-b" }.into()),
            (State::Completed, 2..) => None,
            // Rejected while it ran, or failed because the cell is gone: it is kept.
            _ => before.cell.clone(),
        };
        self.change(&before, after);
    }

    fn reject(&mut self, mut after: Task) {
        let Some(before) = self.tasks.get(&after.guid).cloned() else { return };
        after.rejection_count += 1;
        self.change(&before, after);
    }

    fn change(&mut self, before: &Task, after: Task) {
        self.told.push(changed(before, &after));
        self.tasks.insert(after.guid.clone(), after);
    }

    fn listed(&self) -> Vec<Task> {
        self.tasks.values().cloned().collect()
    }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Server(u8, u8),
    /// Delivers the next event, or the one after it first.
    Deliver {
        swapped: bool,
    },
    /// Loses all that is still to be delivered, as the end of a stream does.
    Lose,
    AskList,
    /// The server takes its snapshot.
    Snapshot,
    /// The snapshot arrives.
    EndList,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (any::<u8>(), any::<u8>()).prop_map(|(which, kind)| Step::Server(which, kind)),
        6 => any::<bool>().prop_map(|swapped| Step::Deliver { swapped }),
        1 => Just(Step::Lose),
        2 => Just(Step::AskList),
        2 => Just(Step::Snapshot),
        2 => Just(Step::EndList),
    ]
}

/// A store that watches a [`Server`], with a list in flight at times.
struct Watch {
    server: Server,
    store: Store,
    undelivered: usize,
    list: Option<(Mark, Option<Vec<Task>>)>,
}

impl Watch {
    fn new() -> Self {
        Self { server: Server::default(), store: Store::new(100), undelivered: 0, list: None }
    }

    fn apply(&mut self, step: Step) {
        match step {
            Step::Server(which, kind) => self.server.step(which, kind),
            Step::Deliver { swapped } => self.deliver(swapped),
            Step::Lose => self.undelivered = self.server.told.len(),
            Step::AskList if self.list.is_none() => self.list = Some((self.store.mark(), None)),
            Step::Snapshot => {
                if let Some((_, snapshot @ None)) = &mut self.list {
                    *snapshot = Some(self.server.listed());
                }
            }
            Step::EndList => {
                if let Some((mark, Some(snapshot))) = self.list.take_if(|(_, snapshot)| snapshot.is_some()) {
                    list(&mut self.store, mark, &snapshot);
                }
            }
            Step::AskList => {}
        }
    }

    fn deliver(&mut self, swapped: bool) {
        let rest = self.server.told.get_mut(self.undelivered..).unwrap_or_default();
        if swapped && rest.len() > 1 {
            rest.swap(0, 1);
        }
        if let Some(event) = rest.first().cloned() {
            self.undelivered += 1;
            self.store.apply_event(event, NOW);
        }
    }

    fn deliver_all(&mut self) {
        while self.undelivered < self.server.told.len() {
            self.deliver(false);
        }
    }
}

#[test]
fn a_pending_task_counts_on_the_cell_that_rejected_it_until_it_starts_on_another() {
    let mut store = Store::new(10);
    let on = |cell: &str, updated, state| Task { cell: Some(cell.into()), ..task("a", 1, updated, state) };
    let (running, rejected) = (on("cell-a", 2, State::Running), on("cell-a", 3, State::Pending));
    store.apply_event(TaskEvent::Created(running.clone()), NOW);
    store.apply_event(changed(&running, &rejected), NOW);
    assert_eq!(store.counts().cells()[&CellId::from("cell-a")].of(State::Pending), 1);
    let elsewhere = on("cell-b", 4, State::Running);
    store.apply_event(changed(&rejected, &elsewhere), NOW);
    assert_eq!(store.counts().cells().keys().map(CellId::as_str).collect::<Vec<_>>(), ["cell-b"]);
    let cancelled = task("a", 1, 5, State::Completed);
    store.apply_event(changed(&elsewhere, &cancelled), NOW);
    assert_eq!(store.counts().cells()[&CellId::from("cell-b")].of(State::Completed), 1, "it ran there last");
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
            store.apply_listed(mark, task);
        }
        store.finish_list(mark, &filter, NOW);
        assert_eq!(store.entries().count(), held, "forgotten, but not ended");
    }
}

fn counts_by_hand(store: &Store) -> super::Counts {
    let mut counts = super::Counts::default();
    store.entries().for_each(|(_, entry)| counts.add(entry));
    counts
}

/// Every entry is one of its combination and has its texts, and what is counted is what there is.
fn columns_are_right(store: &Store) {
    let facets = store.facets();
    for (id, entry) in store.entries() {
        let (common, said) = facets.parts(id).unwrap();
        let common = facets.commons().nth(common).flatten().unwrap();
        let said = facets.said().nth(said).flatten().unwrap();
        assert!(common.is_of(entry) && said.is_of(&entry.task), "{common:?} {said:?} {entry:?}");
        assert_eq!(facets.guid(id), Some(&entry.task.guid));
    }
    assert_eq!(facets.counted(), [store.entries().count(); 2]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// A list that is asked once nothing is under way makes the store the server's, whatever went before.
    #[test]
    fn the_next_list_heals_everything(steps in prop::collection::vec(step(), 0..120)) {
        let mut watch = Watch::new();
        for step in steps {
            watch.apply(step);
        }
        watch.apply(Step::Snapshot);
        watch.apply(Step::EndList);
        watch.deliver_all();
        watch.apply(Step::AskList);
        watch.apply(Step::Snapshot);
        watch.apply(Step::EndList);
        prop_assert_eq!(states(&watch.store), watch.server.tasks.clone());
        prop_assert_eq!(watch.store.counts(), &counts_by_hand(&watch.store));
        columns_are_right(&watch.store);
    }

    /// With nothing lost, events alone keep the store equal to the server, also across lists in flight and
    /// swapped neighbours: no list is needed to heal what was only out of order.
    #[test]
    fn nothing_lost_means_nothing_wrong(steps in prop::collection::vec(step(), 0..120)) {
        let mut watch = Watch::new();
        for step in steps.into_iter().filter(|step| !matches!(step, Step::Lose)) {
            watch.apply(step);
        }
        watch.apply(Step::Snapshot);
        watch.apply(Step::EndList);
        watch.deliver_all();
        prop_assert_eq!(states(&watch.store), watch.server.tasks.clone());
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
        store.apply_event(TaskEvent::Created(failed(guid)), Timestamp::UNSET);
    }
    let texts: Vec<_> = store.entries().map(|(_, entry)| entry.task.failure_reason.as_ptr()).collect();
    assert_eq!(texts[0], texts[1]);
}
