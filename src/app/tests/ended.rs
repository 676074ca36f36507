//! Ended tasks among the held ones, their causes, and the gaps in which tasks end unseen.

use super::*;
use crate::model::lifecycle::Step;
use crate::model::recording::WriteCall;
use crate::model::{Cause, End, Ended, Happening, LostEvents, Record, RefusedType, Unseen, VersionChange};

/// A task that lived for some seconds before its deletion.
fn lived(guid: &str, seconds: u64) -> Task {
    let created = task(guid, State::Resolving);
    Task { updated_at: created.created_at.plus(Duration::from_secs(seconds)), ..created }
}

fn removed(task: Task) -> StreamItem {
    StreamItem::Event(TaskEvent::Removed(task))
}

fn ended(harness: &Harness, guid: &str) -> Ended {
    *harness.app.store().get(&guid.into()).unwrap().end.as_deref().unwrap()
}

fn cause(harness: &Harness, guid: &str) -> Option<Cause> {
    harness.app.store().get(&guid.into()).unwrap().cause()
}

/// Three running tasks. Returns the stream with them.
fn three() -> (Harness, StreamId) {
    let mut harness = Harness::new();
    let stream = harness.go_live(["a", "b", "c"].map(|guid| task(guid, State::Running)).into());
    (harness, stream)
}

#[test]
fn a_task_that_ends_stays_for_a_while_among_the_held_ones_and_counts_as_ended() {
    let (mut harness, stream) = three();
    harness.press("j");
    harness.send(SessionMsg::StreamItems(stream, vec![removed(lived("a", 60)), removed(lived("c", 2))]));
    assert_eq!(harness.guids(), ["a", "b"], "c lived too briefly");
    assert_eq!(harness.app.ended_rows(), EndedRows { shown: 1, all: 1 });
    assert_eq!((harness.app.count_of(Scope::Live), harness.app.count_of(Scope::Ended)), (1, 2));
    let counted = harness.app.group_rows_from(GroupPlace::Upper, 0).next().unwrap().counts;
    assert_eq!(counted.total(), 1, "groups count what is held");
    harness.press("k");
    harness.press("D");
    assert!(matches!(harness.app.overlay(), Overlay::None));
    assert!(harness.notice().contains("no such task"), "{}", harness.notice());
    harness.press("jau");
    harness.wait(Duration::from_millis(9_900));
    assert_eq!(harness.guids(), ["a", "b"]);
    harness.wait(Duration::from_millis(100));
    assert_eq!(harness.guids(), ["b"]);
    assert_eq!(harness.app.ended_rows(), EndedRows::default());
}

#[test]
fn one_key_shows_all_ended_tasks_among_the_held_ones() {
    let (mut harness, stream) = three();
    harness.press("jj");
    harness.send(SessionMsg::StreamItems(stream, vec![removed(lived("a", 2)), removed(lived("b", 2))]));
    assert_eq!(harness.guids(), ["c"]);
    harness.press("i");
    assert_eq!(harness.guids(), ["a", "b", "c"]);
    assert_eq!(harness.app.ended_rows(), EndedRows { shown: 2, all: 2 });
    harness.press("/b\n");
    assert_eq!((harness.guids(), harness.app.ended_rows()), (vec!["b"], EndedRows { shown: 1, all: 2 }));
    harness.press("xGi");
    assert_eq!(harness.guids(), ["c"]);
    harness.press("3i");
    assert_eq!(harness.guids(), ["a", "b", "c"], "from any view");
    harness.press("G1");
    assert_eq!(harness.guids(), ["c"]);
}

#[test]
fn an_ended_task_that_is_selected_elsewhere_does_not_come_along_to_the_held_ones() {
    let (mut harness, stream) = three();
    harness.send(SessionMsg::StreamItems(stream, vec![removed(lived("a", 2)), removed(lived("b", 2))]));
    harness.press("3g");
    assert_eq!(harness.guids(), ["a", "b"]);
    harness.press("1");
    assert_eq!(harness.guids(), ["c"]);
    assert_eq!(harness.app.selected().unwrap().task.guid.as_str(), "c");
}

#[test]
fn ended_tasks_are_dropped_after_half_an_hour() {
    let (mut harness, stream) = three();
    harness.send(SessionMsg::StreamItems(stream, vec![removed(lived("b", 2))]));
    harness.wait(Duration::from_secs(30 * 60 - 1));
    assert_eq!(harness.app.count_of(Scope::Ended), 1);
    harness.wait(Duration::from_secs(1));
    assert_eq!(harness.app.count_of(Scope::Ended), 0);
}

#[test]
fn a_task_that_we_deleted_knows_the_request_whatever_comes_first() {
    let request = RequestId(0xabc);
    for event_first in [true, false] {
        let mut harness = Harness::new();
        let stream = harness.go_live(vec![task("a", State::Resolving)]);
        harness.press("Dy");
        harness.send(SessionMsg::Requested {
            guid: "a".into(),
            call: WriteCall::Step(Step::Delete),
            request,
        });
        let event = SessionMsg::StreamItems(stream, vec![removed(lived("a", 2))]);
        let answer = SessionMsg::Acted { guid: "a".into(), step: Step::Delete, result: Ok(()) };
        let (first, second) = if event_first { (event, answer) } else { (answer, event) };
        harness.send(first);
        harness.send(second);
        assert_eq!(
            (ended(&harness, "a").how, ended(&harness, "a").request),
            (End::DeletedByUs, Some(request))
        );
        assert_eq!(cause(&harness, "a"), Some(Cause::DeletedByUs));
    }
}

#[test]
fn a_delete_that_somebody_else_was_faster_with_is_not_ours() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Resolving)]);
    harness.press("Dy");
    harness.send(SessionMsg::StreamItems(stream, vec![removed(lived("a", 2))]));
    assert_eq!(ended(&harness, "a").how, End::DeletedByUs, "so it seems");
    let kind = FaultKind::Refused { kind: RefusedType::RESOURCE_NOT_FOUND, message: "not found".into() };
    let result = Err(fault(Call::Delete, kind));
    harness.send(SessionMsg::Acted { guid: "a".into(), step: Step::Delete, result });
    assert_eq!(ended(&harness, "a").how, End::DeletedByOther);
}

/// Loses the stream for a minute, in which `a` ends and `d` is desired.
fn gap() -> Harness {
    let (mut harness, stream) = three();
    harness.send(SessionMsg::StreamItems(stream, vec![changed(task("b", State::Pending), lived("b", 1))]));
    let mark = mark_of(&harness.wait(Duration::from_secs(60))).unwrap();
    harness.list(mark, vec![task("a", State::Running), lived("b", 1), task("c", State::Running)]);
    let stream = stream_of(&harness.send(SessionMsg::StreamEnded(stream, None))).unwrap();
    harness.wait(Duration::from_secs(1));
    let mark = mark_of(&harness.send(SessionMsg::StreamOpened(stream))).unwrap();
    let d = Task { created_at: harness.now.wall, ..task("d", State::Pending) };
    harness.list(mark, vec![lived("b", 1), task("c", State::Running), d]);
    harness
}

#[test]
fn a_gap_has_a_start_an_end_and_a_cause_and_the_list_after_it_is_summed_up() {
    let harness = gap();
    let end = harness.now.wall;
    let start = end.shifted(-61_000_000_000);
    let kinds: Vec<_> = harness.app.event_log().entries().iter().map(|entry| entry.kind.clone()).collect();
    let [LogKind::Task { .. }, LogKind::Gap(lost), LogKind::Reconciled(found)] = kinds.as_slice() else {
        panic!("{kinds:?}")
    };
    let why = "The server ended the event stream".into();
    assert_eq!(*lost, LostEvents { start, end: Some(end), why });
    assert_eq!(*found, Reconciled { new: 1, changed: 0, gone: 1 });
    assert_eq!(cause(&harness, "a"), Some(Cause::Vanished));
    assert_eq!(ended(&harness, "a").unseen, Some(Unseen { since: start, is_gap: true }));
}

#[test]
fn a_timeline_has_the_gaps_of_the_tasks_life_and_what_a_list_revealed_after_them() {
    let mut harness = gap();
    let of = |harness: &Harness, guid: &str| -> (Vec<String>, usize) {
        let timeline = harness.app.timeline(harness.app.store().get(&guid.into()).unwrap(), 0);
        let line = |record: &&Record| match &record.what {
            Happening::Change(VersionChange { evidence, after, end, .. }) => {
                format!("{evidence:?} {} {end:?}", after.state)
            }
            other => panic!("{other:?}"),
        };
        (timeline.records.iter().map(line).collect(), timeline.gaps.len())
    };
    assert_eq!(of(&harness, "a"), (vec!["Reconciled Running Some(Vanished)".to_owned()], 1));
    assert_eq!(of(&harness, "b"), (vec!["Event Resolving None".to_owned()], 1), "unchanged in the gap");
    assert_eq!(of(&harness, "c"), (Vec::new(), 1));
    assert_eq!(of(&harness, "d"), (vec!["Reconciled Pending None".to_owned()], 1));
    // One that was desired after the gap, and what another list reveals, which no gap explains.
    harness.wait(Duration::from_secs(5));
    let mark = mark_of(&harness.press("r")).unwrap();
    let e = Task { created_at: harness.now.wall, ..task("e", State::Pending) };
    harness.list(mark, vec![lived("b", 1), e]);
    assert_eq!(of(&harness, "e"), (Vec::new(), 0));
    assert_eq!(of(&harness, "c"), (vec!["List Running Some(Vanished)".to_owned()], 1));
}

#[test]
fn a_gap_that_lasts_counts_what_every_list_reveals_meanwhile() {
    let (mut harness, stream) = three();
    let stream = stream_of(&harness.send(SessionMsg::StreamEnded(stream, None))).unwrap();
    harness.send(SessionMsg::StreamEnded(stream, Some(fault(Call::TaskEvents, refused()))));
    let open = |harness: &Harness| {
        let last = harness.app.event_log().entries().back().unwrap().kind.clone();
        matches!(last, LogKind::Gap(LostEvents { end: None, .. }))
    };
    let mut is_open = false;
    for _ in 0..200 {
        let mut effects = harness.wait(Duration::from_millis(250));
        if let Some(stream) = stream_of(&effects) {
            is_open = true;
            effects.extend(harness.send(SessionMsg::StreamOpened(stream)));
        }
        let held = if is_open { &["c"][..] } else { &["b", "c"] };
        let mut mark = mark_of(&effects);
        while let Some(requested) = mark {
            let listed = held.iter().map(|guid| task(guid, State::Running)).collect();
            mark = mark_of(&harness.list(requested, listed));
        }
        if !open(&harness) {
            assert!(is_open, "without the stream, later events are lost too");
            break;
        }
    }
    let last = harness.app.event_log().entries().back().unwrap().kind.clone();
    assert_eq!(last, LogKind::Reconciled(Reconciled { new: 0, changed: 0, gone: 2 }));
}
