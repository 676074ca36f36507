//! An ended task says how it ended, as far as is known.

use super::*;
use crate::model::lifecycle::Step;
use crate::model::{Cause, End, RefusedType};

fn with_callback(task: Task) -> Task {
    let definition = task.definition.clone().with_callback(true);
    Task { definition, ..task }
}

fn removed(task: Task) -> StreamItem {
    StreamItem::Event(TaskEvent::Removed(task))
}

fn end_of(harness: &Harness, guid: &str) -> Option<End> {
    harness.app.store().get(&TaskGuid::from(guid))?.end.as_ref().map(|end| end.how)
}

/// How the event pane says that a task ended.
fn told(harness: &Harness) -> Option<End> {
    harness.app.event_log().entries().iter().rev().find_map(|entry| match &entry.kind {
        LogKind::Task { transition: Transition::Removed(end), .. } => Some(*end),
        _ => None,
    })
}

fn refusal() -> Fault {
    let (kind, message) = (RefusedType::RESOURCE_NOT_FOUND, "not found".into());
    fault(Call::Delete, FaultKind::Refused { kind, message })
}

fn acted(step: Step, result: Result<(), Fault>) -> SessionMsg {
    SessionMsg::Acted { guid: "a".into(), step, result }
}

fn get_mark(effects: &[Effect]) -> Option<Mark> {
    effects.iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::Get { mark, .. }) => Some(*mark),
        _ => None,
    })
}

#[test]
fn a_removal_tells_by_what_was_removed() {
    let table = [
        (with_callback(task("a", State::Resolving)), End::CalledBack),
        (task("a", State::Resolving), End::DeletedByOther),
        (task("a", State::Completed), End::Expired),
        (with_callback(task("a", State::Completed)), End::Expired),
    ];
    for (last, end) in table {
        let mut harness = Harness::new();
        let stream = harness.go_live(vec![task("a", State::Running)]);
        harness.send(SessionMsg::StreamItems(stream, vec![removed(last)]));
        assert_eq!((end_of(&harness, "a"), told(&harness)), (Some(end), Some(end)));
    }
}

#[test]
fn what_we_deleted_says_so_whether_the_event_or_the_answer_comes_first() {
    for event_first in [true, false] {
        let mut harness = Harness::new();
        let stream = harness.go_live(vec![task("a", State::Resolving)]);
        harness.press("Dy");
        let event = SessionMsg::StreamItems(stream, vec![removed(task("a", State::Resolving))]);
        if event_first {
            harness.send(event);
            harness.send(acted(Step::Delete, Ok(())));
        } else {
            let mark = get_mark(&harness.send(acted(Step::Delete, Ok(())))).unwrap();
            harness.send(SessionMsg::Got { guid: "a".into(), mark, result: Ok(None) });
            assert_eq!(end_of(&harness, "a"), Some(End::DeletedByUs));
            harness.send(event);
        }
        assert_eq!(end_of(&harness, "a"), Some(End::DeletedByUs), "event first: {event_first}");
        assert_eq!(told(&harness), Some(End::DeletedByUs));
    }
}

#[test]
fn a_delete_that_was_refused_or_did_nothing_claims_nothing() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Resolving)]);
    harness.press("Dy");
    harness.send(acted(Step::Delete, Err(refusal())));
    harness.send(SessionMsg::StreamItems(stream, vec![removed(task("a", State::Resolving))]));
    assert_eq!(end_of(&harness, "a"), Some(End::DeletedByOther));

    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Resolving)]);
    harness.press("Dy");
    let timed_out = fault(Call::Delete, FaultKind::TimedOut { after: Duration::from_secs(10) });
    let mark = get_mark(&harness.send(acted(Step::Delete, Err(timed_out)))).unwrap();
    let seen = Ok(Some(task("a", State::Resolving)));
    harness.send(SessionMsg::Got { guid: "a".into(), mark, result: seen });
    harness.send(SessionMsg::StreamItems(stream, vec![removed(task("a", State::Resolving))]));
    assert_eq!(end_of(&harness, "a"), Some(End::DeletedByOther));
}

#[test]
fn what_only_resolved_is_not_deleted_by_us() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Completed)]);
    harness.press("Dy");
    harness.send(SessionMsg::StreamItems(stream, vec![removed(task("a", State::Resolving))]));
    assert_eq!(end_of(&harness, "a"), Some(End::DeletedByOther), "our delete was not sent yet");
}

#[test]
fn a_task_that_a_list_lacks_has_vanished_until_a_late_event_tells_more() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![with_callback(task("a", State::Running))]);
    let mark = mark_of(&harness.press("r")).unwrap();
    harness.list(mark, Vec::new());
    assert_eq!(end_of(&harness, "a"), Some(End::Vanished));
    harness.send(SessionMsg::StreamItems(stream, vec![removed(with_callback(task("a", State::Resolving)))]));
    assert_eq!(end_of(&harness, "a"), Some(End::CalledBack));
    let later = Task { created_at: harness.now.wall, ..task("a", State::Completed) };
    harness.send(SessionMsg::StreamItems(stream, vec![removed(later)]));
    assert_eq!(end_of(&harness, "a"), Some(End::Expired), "another life has an end of its own");
}

#[test]
fn a_cancelled_task_that_is_gone_when_it_is_looked_at_has_vanished_until_its_event_tells_more() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![with_callback(task("a", State::Running))]);
    harness.press("Cy");
    let mark = get_mark(&harness.send(acted(Step::Cancel, Ok(())))).unwrap();
    harness.send(SessionMsg::Got { guid: "a".into(), mark, result: Ok(None) });
    assert_eq!(end_of(&harness, "a"), Some(End::Vanished), "it may also have expired");
    let last = Task {
        failed: true,
        failure_reason: "task was cancelled".into(),
        updated_at: harness.now.wall,
        ..with_callback(task("a", State::Resolving))
    };
    harness.send(SessionMsg::StreamItems(stream, vec![removed(last)]));
    assert_eq!(end_of(&harness, "a"), Some(End::CalledBack));
    assert_eq!(harness.app.store().get(&"a".into()).unwrap().cause(), Some(Cause::Cancelled));
}

#[test]
fn a_delete_is_not_taken_for_the_end_of_a_later_task_with_the_guid() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Resolving)]);
    harness.press("Dy");
    harness.send(SessionMsg::StreamItems(stream, vec![removed(task("a", State::Resolving))]));
    harness.send(acted(Step::Delete, Ok(())));
    assert_eq!(end_of(&harness, "a"), Some(End::DeletedByUs));
    let again = Task { created_at: harness.now.wall, ..task("a", State::Resolving) };
    harness.send(SessionMsg::StreamItems(stream, vec![removed(again)]));
    assert_eq!(end_of(&harness, "a"), Some(End::DeletedByOther));
}
