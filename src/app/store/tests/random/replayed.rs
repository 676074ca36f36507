//! What was recorded makes the store again that recorded it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::watch::{Watch, step};
use crate::app::store::{Entry, KeepEnded, Store};
use crate::model::recording::{Entry as Recorded, Recorded as What, recorded};
use crate::model::{Cause, End, Ended, Task, TaskGuid, Timestamp};

fn replayed(entries: Vec<Recorded>) -> Store {
    let mut store = Store::keeping(KeepEnded::number(100));
    for Recorded { at, what } in entries {
        match what {
            What::Task(entry) => store.replay(*entry, at, &mut ()),
            What::Gap(gap) => store.replay_gap(&gap, at, &mut ()),
            What::Action(_) => {}
        }
    }
    store
}

/// What the operator is shown of a task: its last version, and how and when it left, maybe in a gap.
type Shown = (Task, Option<(End, Timestamp, bool)>);

fn shown(store: &Store) -> BTreeMap<TaskGuid, Shown> {
    let of = |entry: &Entry| {
        let in_gap = |end: &Ended| end.unseen.is_some_and(|unseen| unseen.is_gap);
        let end = entry.end.as_ref().map(|end| (end.how, end.at, in_gap(end)));
        (entry.task.guid.clone(), (recorded(&entry.task), end))
    };
    store.entries().map(|(_, entry)| of(entry)).collect()
}

/// Cells and starts are known as they were, or not at all: an event that overtakes another one tells the version between
/// them, and the recording has only what the store held before.
fn claims_nothing_else(replayed: &Store, store: &Store) {
    for (_, entry) in replayed.entries() {
        let was = store.get(&entry.task.guid).unwrap();
        assert!(entry.last_cell.is_none() || entry.last_cell == was.last_cell, "{entry:?} {was:?}");
        assert!(entry.started_at.is_unset() || entry.started_at == was.started_at, "{entry:?} {was:?}");
    }
}

fn causes(store: &Store) -> BTreeMap<TaskGuid, Option<Cause>> {
    store.entries().map(|(_, entry)| (entry.task.guid.clone(), entry.cause())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    /// At any time: histories of every length are as good as every time of one history.
    #[test]
    fn a_replay_shows_what_was_shown(steps in prop::collection::vec(step(), 0..160)) {
        let mut watch = Watch::new();
        watch.seen.recorded.begin();
        for step in steps {
            watch.apply(step);
        }
        let replayed = replayed(watch.seen.recorded.take());
        prop_assert_eq!(shown(&replayed), shown(&watch.store));
        claims_nothing_else(&replayed, &watch.store);
        prop_assert_eq!(causes(&replayed), causes(&watch.store));
        prop_assert_eq!(replayed.has_gap(), watch.store.has_gap());
        prop_assert_eq!(replayed.counts(), watch.store.counts());
    }
}
