//! The merge against a small server: whatever the order of arrival, the store ends up with the server's tasks, and so
//! does a reader of its changes. `server` is that server, `watch` the store that follows it, and `evidence` has the
//! properties of what is claimed about the ends of tasks, and `counters` those of metrics. `replayed` plays what was
//! recorded of it.

mod counters;
mod evidence;
mod replayed;
mod server;
mod watch;

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::app::groups::{GROUPS, GroupKey};
use crate::app::store::{Entry, RowId, StateCounts, Store};
use crate::model::{CellId, reason_pattern};

use super::states;
use watch::{Step, Watch, step};

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
        watch.heal();
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
            prop_assert_eq!(&watch.seen.fold.0, &held.collect::<BTreeMap<_, _>>());
        }
    }
}
