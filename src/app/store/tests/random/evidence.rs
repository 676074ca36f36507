//! What is claimed about the ends of tasks, and of what happened to them: never more than the evidence carries.
//!
//! The truth is the server's own record of what it did and why.

use std::time::Duration;

use proptest::prelude::*;

use super::server::life;
use super::watch::{Step, Watch, step};
use crate::app::store::{Entry, KeepEnded, Store};
use crate::model::{Cause, End, Evidence, Happening, Record, Timeline, Timestamp};

/// Steps of which none tells the store something untrue.
fn history(length: usize) -> impl Strategy<Value = Vec<Step>> {
    let true_step = step().prop_filter("untrue", |step| !step.is_untrue());
    prop::collection::vec(true_step, 0..length)
}

fn watch(steps: Vec<Step>, mut watch: Watch) -> Watch {
    for step in steps {
        watch.apply(step);
    }
    watch
}

/// The end of a task that its timeline tells last. What is late happened before.
fn told_end(timeline: &Timeline<'_>) -> Option<End> {
    timeline.records.iter().rev().find_map(|record| match &record.what {
        Happening::Change(change) if change.evidence != Evidence::LateEvent => Some(change.end),
        Happening::Change(_) | Happening::Sent(..) | Happening::Unanswered(..) => None,
    })?
}

fn times(records: &[&Record]) -> Vec<Timestamp> {
    records.iter().map(|record| record.at).collect()
}

fn ended(store: &Store) -> impl Iterator<Item = &Entry> {
    store.entries().map(|(_, entry)| entry).filter(|entry| entry.end.is_some())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is lost, each task that was seen is alive, or has one end, or its guid is used again. `Seen` checks on the
    /// way that no task ends twice or comes back.
    #[test]
    fn every_task_that_was_seen_is_alive_or_has_one_end(steps in history(160)) {
        let mut watch = watch(steps, Watch::new());
        watch.heal();
        for (life, end) in &watch.seen.lives {
            let rows: Vec<_> =
                watch.store.entries().filter(|(_, entry)| entry.task.guid == life.0).collect();
            prop_assert_eq!(rows.len(), 1, "{:?}", life);
            let entry = rows[0].1;
            if entry.task.created_at > life.1 {
                continue;
            }
            prop_assert_eq!(entry.task.created_at, life.1, "an earlier life stands for a later one");
            prop_assert_eq!(entry.end.as_ref().map(|end| end.how), *end);
            let is_held = watch.server.tasks.get(&life.0).is_some_and(|task| task.created_at == life.1);
            prop_assert_eq!(is_held, end.is_none(), "{:?} {:?}", life, end);
        }
    }

    /// Whatever is lost, no cause is claimed that is not the true one: what nobody told is not known. Nor is a cell claimed
    /// on which the task did not run.
    ///
    /// Two things that no message tells are left out: that a client deletes a task before its callback has succeeded, and
    /// that a delete of ours without a reply was not what deleted the task.
    #[test]
    fn no_cause_and_no_cell_is_claimed_without_evidence(steps in history(160)) {
        let mut watch = watch(steps, Watch::new());
        for which in 0..6 {
            watch.apply(Step::Receive(which));
            watch.apply(Step::Reply(which));
        }
        watch.deliver_all();
        for (_, entry) in watch.store.entries() {
            let life = life(&entry.task);
            let cells = watch.server.cells.get(&life);
            let ran_there = |cell| cells.is_some_and(|cells| cells.contains(cell));
            prop_assert!(entry.last_cell.as_ref().is_none_or(ran_there), "{:?} {:?}", entry, cells);
            let Some(cause) = entry.cause() else { continue };
            let truth = watch.server.ended.get(&life).copied();
            prop_assert!(truth.is_some(), "{:?} has not ended", entry);
            prop_assert!(cause == Cause::Vanished || Some(cause) == truth, "{:?} {:?}", entry, truth);
        }
    }

    /// Nothing lost, nothing unknown: every task that is gone says why.
    #[test]
    fn with_nothing_lost_every_cause_is_known(steps in history(160)) {
        let told = steps.into_iter().filter(|step| !matches!(step, Step::Lose)).collect();
        let mut watch = watch(told, Watch::new());
        watch.heal();
        for entry in ended(&watch.store) {
            let truth = watch.server.ended.get(&life(&entry.task)).copied();
            prop_assert_eq!(entry.cause(), truth, "{:?}", entry);
        }
    }

    /// A timeline belongs to one life, ends as the task did, and says when it is cut or may have gaps.
    #[test]
    fn a_timeline_tells_of_its_own_task_and_of_what_it_lacks(steps in history(200)) {
        let watch = watch(steps, Watch::with_timelines());
        let [bounded, unbounded] = watch.seen.timelines.as_ref().unwrap();
        for (_, entry) in watch.store.entries() {
            let (kept, whole) = (bounded.of(entry, 0), unbounded.of(entry, 0));
            prop_assert!(!whole.is_cut && times(&whole.records).is_sorted());
            prop_assert!(whole.records.iter().all(|record| record.at >= entry.task.created_at), "{:?}", whole);
            let told = told_end(&whole);
            prop_assert_eq!(told, entry.end.as_ref().map(|end| end.how), "{:?}", whole);
            prop_assert!(whole.records.ends_with(&kept.records), "{:?} {:?}", whole, kept);
            let is_short = kept.records.len() < whole.records.len();
            // Once all records of a live task are dropped, nothing tells that there were any. Later ones are no birth.
            let is_begun = kept.records.first().is_some_and(|first| first.is_birth());
            let must_tell = is_begun || (kept.records.is_empty() && entry.end.is_some());
            prop_assert!(is_short || !kept.is_cut, "{:?} {:?}", whole, kept);
            prop_assert!(!is_short || kept.is_cut || !must_tell, "{:?} {:?}", whole, kept);
            let lost = watch.lost.iter().filter(|(of, _)| *of == life(&entry.task));
            for (_, at) in lost.filter(|(_, at)| entry.end.as_ref().is_none_or(|end| end.at > *at)) {
                let covers = whole.gaps.iter().any(|gap| gap.start <= *at && gap.end.is_none_or(|end| *at <= end));
                prop_assert!(covers, "an event lost at {:?}: {:?}", at, whole);
            }
            prop_assert_eq!(&whole.gaps, &kept.gaps);
        }
    }

    /// The ended tasks that are kept are the newest, no more than the limit and no longer than their time; the others do not
    /// come to mind again, and those that live are the same.
    #[test]
    fn the_limits_of_ended_tasks_drop_the_oldest_and_nothing_else(
        steps in history(160),
        number in 0..4_usize,
        ticks in 1..600_u64,
    ) {
        let keep = KeepEnded { number, time: Duration::from_nanos(ticks), linger: Duration::from_nanos(ticks / 8) };
        let all = watch(steps.clone(), Watch::new());
        let few = watch(steps, Watch::keeping(keep));
        prop_assert_eq!(super::states(&few.store), super::states(&all.store));
        let kept: Vec<_> = ended(&few.store).collect();
        prop_assert!(kept.len() <= number);
        prop_assert_eq!(few.store.ended_count(), kept.len());
        let oldest = kept.iter().filter_map(|entry| Some(entry.end.as_ref()?.at)).min();
        for entry in ended(&all.store) {
            match kept.iter().find(|kept| kept.task.guid == entry.task.guid) {
                Some(kept) => prop_assert_eq!((&kept.task, &kept.end), (&entry.task, &entry.end)),
                None => prop_assert!(oldest.is_none_or(|oldest| entry.end.as_ref().unwrap().at <= oldest)),
            }
        }
        let lingering: Vec<_> = few.store.lingering().filter_map(|id| few.store.entry(id)).collect();
        prop_assert!(lingering.iter().all(|entry| entry.end.is_some() && entry.lingers()));
        prop_assert!(lingering.len() <= kept.len());
    }
}
