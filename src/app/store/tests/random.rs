//! The merge against a small server: whatever the order of arrival, the store ends up with the server's tasks, and so
//! does a reader of its changes.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::app::groups::{GROUPS, GroupKey};
use crate::app::store::{Change, ChangeReader, Entry, Mark, RowId, Snapshot, StateCounts, Store};
use crate::model::{
    Cause, CellId, End, Entity, Owner, Ownership, State, Task, TaskEvent, TaskGuid, Timestamp, reason_pattern,
};

use super::{NOW, changed, list_to, states, task};

/// The stream of changes folded over an empty map.
#[derive(Debug, Default)]
pub(super) struct Fold(BTreeMap<TaskGuid, (Task, Option<End>)>);

impl Fold {
    fn known(&self, guid: &TaskGuid) -> Snapshot<'_> {
        match self.0.get(guid) {
            None => Snapshot::Absent,
            Some((task, None)) => Snapshot::Live(task),
            Some((task, Some(end))) => Snapshot::Ended(task, *end),
        }
    }
}

impl ChangeReader for Fold {
    fn read(&mut self, change: &Change<'_>) {
        let Change::Task(change) = change else { return };
        assert_eq!(self.known(change.guid), change.before, "a change continues where the last one ended");
        let guid = change.guid.clone();
        match change.after {
            Snapshot::Absent => self.0.remove(&guid),
            Snapshot::Live(task) => self.0.insert(guid, (task.clone(), None)),
            Snapshot::Ended(task, end) => self.0.insert(guid, (task.clone(), Some(end))),
        };
    }
}

/// A server in miniature: it moves tasks through their life and tells of it.
#[derive(Default)]
struct Server {
    clock: i64,
    tasks: BTreeMap<TaskGuid, Task>,
    told: Vec<TaskEvent>,
    /// How each life ended, and its last version.
    ended: BTreeMap<(TaskGuid, Timestamp), (End, Task)>,
}

impl Server {
    fn step(&mut self, which: u8, kind: u8) {
        self.clock += 1;
        let guid = guid(which);
        let Some(before) = self.tasks.get(&guid).cloned() else {
            let app = Entity { guid: format!("app-{}", kind % 3), name: String::new() };
            let owner = Owner::new(Ownership { app, ..Ownership::default() });
            let created = Task { owner, ..task(guid.as_str(), self.clock, self.clock, State::Pending) };
            self.tasks.insert(guid, created.clone());
            return self.told.push(TaskEvent::Created(created));
        };
        if (before.state, kind) == (State::Completed, 3) {
            return self.remove(before, End::Expired);
        }
        let mut after = before.clone();
        after.updated_at = Timestamp::from_nanos(self.clock);
        after.state = match (before.state, kind % 4) {
            (State::Pending, 0) => return self.reject(after),
            (State::Pending | State::Running, 3) if kind > 128 => {
                (after.failed, after.failure_reason) = (true, "task was cancelled".into());
                State::Completed
            }
            (State::Pending, _) => State::Running,
            (State::Running, 0) => State::Pending,
            (State::Running, _) => State::Completed,
            (State::Resolving, 0) => {
                // The sweep.
                after.updated_at = before.updated_at;
                State::Completed
            }
            (State::Resolving, _) => {
                return self.remove(before, End::DeletedByOther);
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
        after.rejection_reason = format!("no room on cell-{}", self.clock).into();
        self.change(&before, after);
    }

    fn remove(&mut self, last: Task, how: End) {
        self.tasks.remove(&last.guid);
        self.ended.insert((last.guid.clone(), last.created_at), (how, last.clone()));
        self.told.push(TaskEvent::Removed(last));
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
pub(super) enum Step {
    Server(u8, u8),
    /// Delivers the next event, or the one after it first.
    Deliver {
        swapped: bool,
    },
    /// Loses all that is still to be delivered, as the end of a stream does.
    Lose,
    AskList,
    /// One task is looked up.
    Get(u8),
    /// One end is attributed to our delete.
    Claim(u8),
    /// The BBS refuses that delete.
    Disclaim(u8),
    /// The server takes its snapshot.
    Snapshot,
    /// The snapshot arrives.
    EndList,
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (any::<u8>(), any::<u8>()).prop_map(|(which, kind)| Step::Server(which, kind)),
        6 => any::<bool>().prop_map(|swapped| Step::Deliver { swapped }),
        1 => Just(Step::Lose),
        2 => Just(Step::AskList),
        1 => any::<u8>().prop_map(Step::Get),
        1 => any::<u8>().prop_map(Step::Claim),
        1 => any::<u8>().prop_map(Step::Disclaim),
        2 => Just(Step::Snapshot),
        2 => Just(Step::EndList),
    ]
}

fn guid(which: u8) -> TaskGuid {
    TaskGuid::from(format!("task-{}", which % 6))
}

/// A store that watches a [`Server`], with a list in flight at times.
pub(super) struct Watch<R = Fold> {
    server: Server,
    store: Store,
    pub(super) reader: R,
    undelivered: usize,
    list: Option<(Mark, Option<Vec<Task>>)>,
}

impl Watch {
    fn new() -> Self {
        Self::read_by(Fold::default())
    }
}

impl<R: ChangeReader> Watch<R> {
    /// Returns one whose changes go to `reader`.
    pub(super) fn read_by(reader: R) -> Self {
        let (server, store) = (Server::default(), Store::new(100));
        Self { server, store, reader, undelivered: 0, list: None }
    }

    pub(super) fn apply(&mut self, step: Step) {
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
                    list_to(&mut self.reader, &mut self.store, mark, &snapshot);
                }
            }
            Step::AskList => {}
            Step::Get(which) => {
                let (guid, mark) = (guid(which), self.store.mark());
                let got = self.server.tasks.get(&guid).cloned();
                self.store.apply_got(mark, &guid, got, NOW, &mut self.reader);
            }
            Step::Claim(which) => self.store.claim_end(&guid(which), None, NOW, &mut self.reader),
            Step::Disclaim(which) => self.store.disclaim_end(&guid(which), NOW, &mut self.reader),
        }
    }

    fn deliver(&mut self, swapped: bool) {
        let rest = self.server.told.get_mut(self.undelivered..).unwrap_or_default();
        if swapped && rest.len() > 1 {
            rest.swap(0, 1);
        }
        if let Some(event) = rest.first().cloned() {
            self.undelivered += 1;
            self.store.apply_event(event, false, NOW, &mut self.reader);
        }
    }

    fn deliver_all(&mut self) {
        while self.undelivered < self.server.told.len() {
            self.deliver(false);
        }
    }
}

/// Every property is counted as a look at every task counts it, and so are all tasks together.
fn counts_are_right(store: &Store) {
    let facets = store.facets();
    let attributes_of =
        |id: RowId| facets.attributes().nth(facets.indexes(id).unwrap().attributes).flatten().unwrap();
    let counted: Vec<_> =
        store.entries().filter(|(_, entry)| entry.end.is_none() || entry.task.failed).collect();
    let mut all = StateCounts::default();
    for (id, _) in &counted {
        all.add(attributes_of(*id));
    }
    assert_eq!(store.counts(), &all);
    let mut held = BTreeMap::new();
    for (_, Entry { task, last_cell, .. }) in counted.iter().filter(|(_, entry)| entry.end.is_none()) {
        *held.entry((task.domain.clone(), last_cell.clone(), task.state, task.failed)).or_default() += 1;
    }
    let counts = store.task_counts().map(|of| ((of.domain, of.cell, of.state, of.failed), of.tasks));
    assert_eq!(counts.collect::<BTreeMap<_, usize>>(), held);
    for spec in GROUPS {
        let mut expected = BTreeMap::<String, StateCounts>::new();
        for (id, entry) in &counted {
            if let Some(group) = group_of(spec.key, entry, store) {
                expected.entry(group).or_default().add(attributes_of(*id));
            }
        }
        let groups = store.groups(spec.key).unwrap();
        let held = groups.iter().map(|(name, counts)| (name.id().to_owned(), *counts));
        assert_eq!(held.collect::<BTreeMap<_, _>>(), expected, "{}", spec.name);
        assert!(expected.iter().all(|(id, counts)| groups.of(id) == *counts));
    }
}

/// The group of a task, read from the task alone.
fn group_of(key: GroupKey, entry: &Entry, store: &Store) -> Option<String> {
    let Entry { task, last_cell, .. } = entry;
    let text = match key {
        GroupKey::Domain => task.domain.to_string(),
        GroupKey::Cell => last_cell.as_ref()?.to_string(),
        GroupKey::Zone => store.zone(last_cell.as_ref()).to_owned(),
        GroupKey::State => task.state.name().unwrap_or_default().to_owned(),
        GroupKey::App => task.owner.app().guid.clone(),
        GroupKey::Space => task.owner.space().guid.clone(),
        GroupKey::Org => task.owner.org().guid.clone(),
        GroupKey::Reason => reason_pattern(task.reason()),
    };
    (!text.is_empty()).then_some(text)
}

/// Every entry is one of its combination and has its texts, and what is counted is what there is.
fn columns_are_right(store: &Store) {
    let facets = store.facets();
    for (id, entry) in store.entries() {
        let indexes = facets.indexes(id).unwrap();
        let attributes = facets.attributes().nth(indexes.attributes).flatten().unwrap();
        let texts = facets.texts().nth(indexes.texts).flatten().unwrap();
        let owner = facets.owners().nth(indexes.owner).flatten().unwrap();
        assert!(attributes.is_of(entry) && texts.is_of(&entry.task), "{attributes:?} {texts:?} {entry:?}");
        assert_eq!(owner, &entry.task.owner);
        assert_eq!(facets.guid(id), Some(&entry.task.guid));
    }
    assert_eq!(facets.counted(), [store.entries().count(); 3]);
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
        watch.store.count_groups(&GROUPS.map(|spec| spec.key));
        prop_assert_eq!(states(&watch.store), watch.server.tasks.clone());
        counts_are_right(&watch.store);
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

    /// Whatever is lost, each task that was seen is alive or has one end, and no cause is claimed that is not the true one:
    /// what nobody told is not known.
    #[test]
    fn no_cause_is_claimed_without_evidence(steps in prop::collection::vec(step(), 0..160)) {
        let mut watch = Watch::new();
        for step in steps.into_iter().filter(|step| !matches!(step, Step::Claim(_) | Step::Disclaim(_))) {
            watch.apply(step);
        }
        watch.deliver_all();
        for guid in watch.reader.0.keys() {
            prop_assert_eq!(watch.store.entries().filter(|(_, entry)| entry.task.guid == *guid).count(), 1);
        }
        for (_, entry) in watch.store.entries() {
            let Some(cause) = entry.cause() else { continue };
            // A list that was overtaken can end a life that it does not know of.
            let key = (entry.task.guid.clone(), entry.task.created_at);
            let truth = watch.server.ended.get(&key).map(|(how, last)| Cause::of(last, *how));
            prop_assert!(cause == Cause::Vanished || Some(cause) == truth, "{:?}: {:?} not {:?}", key, cause, truth);
        }
    }

    /// Whatever arrives in whatever order, the groups are counted as if each task were looked at; also those that are
    /// counted later, and while cells change their zones.
    #[test]
    fn groups_kept_by_increments_are_those_of_a_recount(
        steps in prop::collection::vec(step(), 0..60),
        from in 0..60_usize,
        zones in prop::collection::vec((0..60_usize, 0..2_usize, 0..3_usize), 0..6),
    ) {
        let mut watch = Watch::new();
        let all = GROUPS.map(|spec| spec.key);
        watch.store.count_groups(&[GroupKey::Cell, GroupKey::Reason]);
        for (nth, step) in steps.into_iter().enumerate() {
            if nth == from {
                watch.store.count_groups(&all);
            }
            for (_, cell, zone) in zones.iter().filter(|(at, ..)| *at == nth) {
                let cell = CellId::from(["cell-a", "cell-b"][*cell]);
                watch.store.learn_zones([(&cell, ["z1", "z2", ""][*zone])].into_iter());
            }
            watch.apply(step);
            if nth >= from {
                counts_are_right(&watch.store);
            }
        }
        watch.store.count_groups(&all);
        counts_are_right(&watch.store);
    }

    /// Whatever arrives in whatever order, the changes tell everything that the store holds.
    #[test]
    fn folding_the_changes_gives_the_tasks_of_the_store(steps in prop::collection::vec(step(), 0..120)) {
        let mut watch = Watch::new();
        for step in steps {
            watch.apply(step);
            let held = watch.store.entries().map(|(_, Entry { task, end, .. })| {
                (task.guid.clone(), (task.clone(), end.as_ref().map(|end| end.how)))
            });
            prop_assert_eq!(&watch.reader.0, &held.collect::<BTreeMap<_, _>>());
        }
    }
}
