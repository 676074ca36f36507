//! Compares the incrementally updated rows with a direct computation: all entries, filtered and sorted.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::groups::{GROUPS, GroupName};
use super::super::store::{Entry, KeepEnded, Mark};
use super::passes::in_scope;
use super::*;
use crate::filter;
use crate::model::{
    CellId, DefinitionSummary, Domain, Entity, Owner, Ownership, RawDefinition, State, Task, TaskEvent,
    TaskFilter, TaskText, Timestamp,
};
use crate::present::columns::COLUMNS;

#[derive(Debug, Clone)]
enum Do {
    Put(u8, u8, State, bool, u8),
    Remove(u8),
    List(Vec<u8>),
    Type(&'static str),
    Scope(Scope),
    Group(GroupKey, Option<u8>),
    /// A cell turns out to be in this zone.
    Zone(u8, u8),
    Sort(Sort),
    GoTo(usize),
    /// Lets this many seconds pass.
    Wait(u8),
    /// Lets ended tasks be this many seconds old.
    Age(u8),
    Look,
}

/// A definition of one byte.
fn summary(definition: &RawDefinition) -> DefinitionSummary<'_> {
    let of = definition.as_bytes().first().copied().unwrap_or_default();
    DefinitionSummary {
        memory_mb: i32::from(of % 3) - 1,
        disk_mb: i32::from(of),
        log_guid: ["", "app-2", "app-1"].get(usize::from(of % 4)).copied().unwrap_or("app-3").into(),
        callback_url: if of == 1 { "http://cc/done".into() } else { "".into() },
        annotation: "a".repeat(of.into()).into(),
    }
}

/// A store that knows the zones of some cells.
fn empty_store(ended_limit: usize) -> Store {
    let keep =
        KeepEnded { number: ended_limit, time: Duration::from_secs(20), linger: Duration::from_secs(10) };
    let mut store = Store::keeping(keep);
    store.read_summaries_with(summary);
    let zones = [(CellId::from("cell-0"), "z2"), (CellId::from("cell-1"), "z1")];
    store.learn_zones(zones.iter().map(|(cell, zone)| (cell, *zone)));
    store
}

fn owner(of: u8) -> Owner {
    let entity =
        |kind: &str, of: u8| Entity { guid: format!("{kind}-guid-{of}"), name: format!("{kind}-{of}") };
    match of % 5 {
        0 => Owner::default(),
        of => Owner::new(Ownership {
            app: entity("app", of),
            space: entity("space", of % 2),
            org: entity("org", 1),
        }),
    }
}

fn task(nth: u8, at: u8, state: State, failed: bool, of: u8) -> Task {
    let reason = ["", "out of memory", "exited", "out of disk"].get(usize::from(of % 4)).copied();
    Task {
        guid: TaskGuid::from(format!("task-guid-{nth:02}")),
        domain: Domain::from(format!("domain-{}", of % 3)),
        state,
        // A Pending task has a cell if it was rejected while running.
        cell: matches!((state, of % 2), (State::Running, _) | (State::Pending, 0))
            .then(|| CellId::from(format!("cell-{}", of % 3))),
        created_at: Timestamp::from_nanos(i64::from(nth % 5) - 2),
        updated_at: Timestamp::from_nanos(i64::from(at) * 40_000_000),
        first_completed_at: Timestamp::UNSET,
        failed,
        failure_reason: reason.unwrap_or_default().into(),
        result: ["", "done"].get(usize::from(at % 3)).copied().unwrap_or("none").into(),
        rejection_count: i32::from(at % 4) - 1,
        rejection_reason: TaskText::default(),
        definition: RawDefinition::new(&[of % 7]),
        owner: owner(of),
    }
}

/// Filters that one more letter makes narrower, wider, or unrelated.
const TYPED: &[&str] = &[
    "",
    "o",
    "ou",
    "out",
    "out of",
    "out of m",
    "Out",
    "1",
    "running",
    "running in-state:<5s",
    "running in-state:<5s 1",
    "in-state:>2s",
    "!in-state:>2s",
    "in-state:>2s cell:cell-1",
    "!cell:\"\"",
    "ended:true",
    "state:gone cause:removed|vanished",
    "lastcell:cell-1",
    "state:r domain:domain-1|*2",
    "app",
    "app-1",
    "app:app-1|app-guid-2",
    "app:app-1|app-guid-2 space:space-1",
    "!app:app-1 o",
    "org:\"\"",
    "kind:other",
];

fn states() -> impl Strategy<Value = State> {
    prop_oneof![
        Just(State::Pending),
        Just(State::Running),
        Just(State::Completed),
        Just(State::Resolving),
        Just(State::Other(9)),
        Just(State::Other(-1)),
    ]
}

/// Every column in both directions.
fn sorts() -> impl Strategy<Value = Sort> {
    (0..COLUMNS.len(), any::<bool>()).prop_map(|(at, reversed)| Sort { reversed, ..COLUMNS[at].sort() })
}

fn groups() -> impl Strategy<Value = GroupKey> {
    proptest::sample::select(&GROUPS[..]).prop_map(|spec| spec.key)
}

fn steps() -> impl Strategy<Value = Do> {
    let put = (0..40_u8, any::<u8>(), states(), any::<bool>(), any::<u8>());
    prop_oneof![
        8 => put.prop_map(|(nth, at, state, failed, of)| Do::Put(nth, at, state, failed, of)),
        2 => (0..40_u8).prop_map(Do::Remove),
        1 => proptest::collection::vec(0..40_u8, 0..40).prop_map(Do::List),
        3 => proptest::sample::select(TYPED)
            .prop_map(Do::Type),
        1 => proptest::sample::select(&[Scope::Live, Scope::LiveAndEnded, Scope::Failed, Scope::Ended][..]).prop_map(Do::Scope),
        2 => (groups(), proptest::option::of(0..5_u8)).prop_map(|(key, of)| Do::Group(key, of)),
        1 => (0..3_u8, 0..3_u8).prop_map(|(cell, zone)| Do::Zone(cell, zone)),
        2 => sorts().prop_map(Do::Sort),
        2 => (0..40_usize).prop_map(Do::GoTo),
        4 => (0..6_u8).prop_map(Do::Wait),
        1 => (5..25_u8).prop_map(Do::Age),
        4 => Just(Do::Look),
    ]
}

/// Refreshes until no work is left.
fn look(query: &mut Query, store: &mut Store) {
    query.refresh(store, true);
    while query.work().is_some() {
        query.refresh(store, true);
    }
}

fn carry_out(step: Do, query: &mut Query, store: &mut Store) {
    let now = Timestamp::from_nanos(7);
    if query.work().is_some() && matches!(step, Do::Put(..) | Do::Remove(_) | Do::List(_) | Do::Age(_)) {
        // The loop holds messages back meanwhile.
        look(query, store);
    }
    match step {
        Do::Put(nth, at, state, failed, of) => {
            store.apply_event(TaskEvent::Created(task(nth, at, state, failed, of)), false, now, &mut ());
        }
        Do::Remove(nth) => {
            store.apply_event(
                TaskEvent::Removed(task(nth, 255, State::Resolving, false, 0)),
                false,
                now,
                &mut (),
            );
        }
        Do::List(held) => {
            let mark: Mark = store.mark();
            for nth in held {
                store.apply_listed(mark, task(nth, nth, State::Pending, false, nth), now, &mut ());
            }
            store.finish_list(mark, &TaskFilter::default(), now, &mut ());
        }
        Do::Type(text) => {
            query.set_filter(|filter| filter.terms = filter::Filter::parse(text).unwrap());
        }
        Do::Scope(scope) => query.set_filter(|filter| filter.scope = scope),
        Do::Group(key, of) => {
            let name = of.map(|of| Arc::new(GroupName::plain(&group(key, of))));
            query.set_filter(|filter| filter.groups.set(key, name));
        }
        Do::Zone(cell, zone) => {
            let (cell, zone) = (CellId::from(format!("cell-{cell}")), format!("z{zone}"));
            if store.learn_zones([(&cell, zone.as_str())].into_iter()) {
                query.zones_changed();
            }
        }
        Do::Sort(sort) => query.sort_by(sort),
        Do::GoTo(at) => {
            query.refresh(store, true);
            query.go_to(store, at);
        }
        Do::Wait(seconds) => query.pass_time(query.now.plus(Duration::from_secs(seconds.into()))),
        Do::Age(seconds) => store.pass_time(now.plus(Duration::from_secs(seconds.into()))),
        Do::Look => query.refresh(store, true),
    }
}

/// The identity of a group that tasks have.
fn group(key: GroupKey, of: u8) -> String {
    match key {
        GroupKey::Domain => format!("domain-{of}"),
        GroupKey::Cell => format!("cell-{of}"),
        GroupKey::Zone => format!("z{of}"),
        GroupKey::State => ["Pending", "Running", "state 9"][usize::from(of % 3)].to_owned(),
        GroupKey::App => owner(of.max(1)).app().guid.clone(),
        GroupKey::Space => owner(of.max(1)).space().guid.clone(),
        GroupKey::Org => owner(of.max(1)).org().guid.clone(),
        GroupKey::Reason => ["out of memory", "exited", "out of disk"][usize::from(of % 3)].to_owned(),
    }
}

/// Whether the filter admits a task, read from the task alone.
fn admits(query: &Query, store: &Store, entry: &Entry) -> bool {
    let Entry { task, last_cell, .. } = entry;
    let is_in = |(key, name): (GroupKey, &GroupName)| {
        let text = match key {
            GroupKey::Domain => task.domain.to_string(),
            GroupKey::Cell => last_cell.as_ref().map_or("", CellId::as_str).to_owned(),
            GroupKey::Zone => store.zone(last_cell.as_ref()).to_owned(),
            GroupKey::State => {
                task.state.name().map_or(format!("state {}", task.state.number()), str::to_owned)
            }
            GroupKey::App => task.owner.app().guid.clone(),
            GroupKey::Space => task.owner.space().guid.clone(),
            GroupKey::Org => task.owner.org().guid.clone(),
            GroupKey::Reason => task.reason().to_owned(),
        };
        text == name.id()
    };
    let subject = filter::Subject {
        task,
        cell: last_cell.as_ref(),
        cause: entry.cause(),
        stuck: store.stuck_of(entry, query.now),
        now: query.now,
    };
    query.filter.groups.iter().all(is_in) && query.filter.terms.admits(&subject)
}

fn expected(query: &Query, store: &Store) -> (Vec<RowId>, usize, EndedRows) {
    let entry = |id: &RowId| store.entry(*id).unwrap();
    let scope = || {
        store
            .entries()
            .filter(|(_, entry)| in_scope(&query.filter, query.selected.as_ref(), entry))
            .map(|(id, _)| id)
    };
    let mut rows: Vec<_> = scope().filter(|id| admits(query, store, entry(id))).collect();
    rows.sort_by(|a, b| query.order.compare(store, entry(a), entry(b)));
    let has_ended = |id: &RowId| query.filter.scope.mixes_ended() && entry(id).end.is_some();
    let ended = EndedRows {
        shown: rows.iter().filter(|id| has_ended(id)).count(),
        all: scope().filter(has_ended).count(),
    };
    (rows, scope().count(), ended)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_kept_by_changes_are_those_that_a_look_at_everything_gives(
        steps in proptest::collection::vec(steps(), 1..60),
        limits in proptest::sample::select(&[(131_072, 65_536), (0, 1), (5, 3), (12, 7)][..]),
    ) {
        let (max_at_once, slice) = limits;
        let limits = Limits { max_at_once, slice };
        let (mut query, mut store) = (Query { limits, ..Query::default() }, empty_store(10));
        for step in steps {
            let looks = matches!(step, Do::Look | Do::GoTo(_));
            carry_out(step, &mut query, &mut store);
            if looks {
                // Also while a job is in progress: every row is a task, and actions apply to the row at the cursor.
                let guids = query.rows().iter().map(|id| store.entry(*id).map(|entry| &entry.task.guid));
                let guids: Vec<_> = guids.collect();
                prop_assert!(guids.iter().all(Option::is_some));
                prop_assert_eq!(query.selected(), guids.get(query.selected_at()).copied().flatten());
            }
        }
        // Twice: a row that the selection has left disappears with the next frame.
        look(&mut query, &mut store);
        look(&mut query, &mut store);
        let (rows, total, ended) = expected(&query, &store);
        prop_assert_eq!(query.rows(), rows);
        prop_assert_eq!(query.ended(), ended);
        prop_assert_eq!(query.total(), total);
        let selected = query.rows().get(query.selected_at()).and_then(|id| store.entry(*id));
        prop_assert_eq!(query.selected(), selected.map(|entry| &entry.task.guid));
    }

    #[test]
    fn many_rows_are_sorted_as_two_are_compared(
        tasks in proptest::collection::vec((0..40_u8, any::<u8>(), states(), any::<bool>(), any::<u8>()), 0..60),
        sort in sorts(),
    ) {
        let mut store = empty_store(0);
        for (nth, at, state, failed, of) in tasks {
            let now = Timestamp::from_nanos(7);
            store.apply_event(TaskEvent::Created(task(nth, at, state, failed, of)), false, now, &mut ());
        }
        let order = Order(sort);
        let entry = |id: &RowId| store.entry(*id).unwrap();
        let mut expected: Vec<_> = store.entries().map(|(id, _)| id).collect();
        let mut sorted = expected.clone();
        expected.sort_by(|a, b| order.compare(&store, entry(a), entry(b)));
        order.sort(&store, &mut sorted);
        prop_assert_eq!(sorted, expected);
    }
}

#[test]
fn the_choice_of_a_pane_counts_before_the_terms() {
    let terms = filter::Filter::parse("domain:typed cell:typed").unwrap();
    let mut filter = Filter { terms, ..Filter::default() };
    filter.groups.set(GroupKey::Cell, Some(Arc::new(GroupName::plain("chosen"))));
    let TaskFilter { domain, cell } = filter.for_list();
    assert_eq!(domain, Some(Domain::from("typed")));
    assert_eq!(cell, Some(CellId::from("chosen")));
}
