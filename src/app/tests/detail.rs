//! The open detail stays on its task, and the keys are about that task.

use super::*;
use crate::model::lifecycle::Step;

fn two_pending() -> Vec<Task> {
    vec![task("a", State::Pending), task("b", State::Pending), task("c", State::Running)]
}

fn of(harness: &Harness) -> &str {
    harness.app.detail_entry().map_or("", |entry| entry.task.guid.as_str())
}

fn cancelled(harness: &Harness, guid: &str) -> StreamItem {
    let after = Task { updated_at: harness.now.wall, failed: true, ..task(guid, State::Completed) };
    changed(task(guid, State::Pending), after)
}

/// The detail of `a` is open under `state:pending`, and `a` has just been cancelled.
fn filtered_away() -> (Harness, StreamId) {
    let mut harness = Harness::new();
    let stream = harness.go_live(two_pending());
    harness.press("/state:pending\n\n");
    assert_eq!(of(&harness), "a");
    let news = vec![cancelled(&harness, "a")];
    harness.send(SessionMsg::StreamItems(stream, news));
    assert_eq!(harness.guids(), ["b"]);
    (harness, stream)
}

#[test]
fn it_stays_on_its_task_when_the_filter_hides_the_row() {
    let (mut harness, _) = filtered_away();
    assert_eq!(of(&harness), "a");
    assert_eq!(harness.app.detail_entry().unwrap().task.state, State::Completed, "and is up to date");
    assert!(!harness.app.selects_detail());
    harness.press("x");
    assert!(harness.app.selects_detail(), "the cursor is back on it when its row is");
    assert_eq!(harness.selected(), "a");
}

#[test]
fn keys_are_about_the_task_of_the_open_detail() {
    for way_back in ["", "\t\t", "\t\t\t"] {
        let (mut harness, _) = filtered_away();
        harness.press(way_back);
        assert_eq!(harness.press("yy"), [copied("a")]);
        harness.press("C");
        assert!(harness.notice().starts_with("Cannot cancel a: "), "{}", harness.notice());
        harness.press("D");
        assert!(
            matches!(harness.app.overlay(), Overlay::Confirm(question) if question.task.guid.as_str() == "a")
        );
        harness.press("n");
        harness.press("d");
        assert!(harness.app.filter().groups.has(GroupKey::Domain, "cf-tasks"));
        assert_eq!(of(&harness), "a");
    }
}

#[test]
fn it_stays_on_a_task_that_ends_and_on_one_that_is_no_longer_known() {
    let mut harness = Harness::new();
    let stream = harness.go_live(two_pending());
    harness.press("\n");
    let gone = StreamItem::Event(TaskEvent::Removed(task("a", State::Pending)));
    harness.send(SessionMsg::StreamItems(stream, vec![gone]));
    assert_eq!(of(&harness), "a");
    assert!(harness.app.detail_entry().unwrap().end.is_some());

    let mut harness = Harness::polling(two_pending());
    harness.press("\n");
    let (_, effect) = harness.until(is_list).unwrap();
    let filter = TaskFilter { domain: Some(Domain::from("batch")), cell: None };
    let mark = mark_of(&[effect]).unwrap();
    harness.send(SessionMsg::ListDone { mark, filter, received: 1 });
    assert_eq!(harness.app.store().get(&TaskGuid::from("a")).map(|_| ()), None, "the list was not about it");
    assert_eq!(of(&harness), "a");
    assert!(!harness.app.knows_detail());
    assert_eq!(harness.press("C"), Vec::new());
    assert!(harness.notice().contains("no longer known"), "{}", harness.notice());
}

#[test]
fn it_follows_the_cursor_that_the_operator_moves_and_no_other() {
    let mut harness = Harness::new();
    let stream = harness.go_live(two_pending());
    harness.press("\n");
    harness.send(Msg::ToggleSecret(1));
    let newer = Task { created_at: harness.now.wall, ..task("z", State::Pending) };
    harness.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Created(newer))]));
    harness.press(">S:failed\n");
    harness.press("1");
    assert_eq!(of(&harness), "a");
    assert!(harness.app.detail().unwrap().revealed.contains(&1));
    assert_eq!(harness.app.focus(), Pane::Tasks);
    let effects = harness.press("j");
    assert_eq!(of(&harness), harness.selected());
    assert_ne!(of(&harness), "a");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Decode { .. })));
    assert!(harness.app.detail().unwrap().revealed.is_empty(), "secrets are revealed for one task only");
}

#[test]
fn another_life_of_its_guid_is_decoded_anew() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Pending)]);
    harness.press("\n");
    harness.send(Msg::ToggleSecret(1));
    let again = Task { created_at: harness.now.wall, ..task("a", State::Pending) };
    let news = [TaskEvent::Removed(task("a", State::Pending)), TaskEvent::Created(again)];
    let effects = harness.send(SessionMsg::StreamItems(stream, news.map(StreamItem::Event).into()));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Decode { .. })), "{effects:?}");
    assert!(harness.app.detail().unwrap().revealed.is_empty());
}

#[test]
fn q_closes_the_detail_and_the_help_and_quits_only_outside() {
    let mut harness = Harness::live(two_pending());
    assert_eq!(harness.press("?q"), Vec::new());
    assert!(matches!(harness.app.overlay(), Overlay::None));
    harness.press("\n");
    assert_eq!(harness.press("q"), Vec::new());
    assert!(harness.app.detail().is_none());
    assert_eq!(harness.app.focus(), Pane::Tasks);
    assert_eq!(harness.press("q"), [Effect::Quit]);
    harness.press("\n");
    assert_eq!(harness.send(Msg::Key(Key::ctrl('c'), Duration::ZERO)), [Effect::Quit], "Ctrl-C always quits");
}

#[test]
fn without_a_task_nothing_opens() {
    let mut harness = Harness::live(Vec::new());
    harness.press("\n");
    assert!(harness.app.detail().is_none());
    assert_eq!(harness.notice(), "No task is selected");
}

#[test]
fn an_action_is_sent_for_the_task_of_the_detail() {
    let mut harness = Harness::new();
    let stream = harness.go_live(two_pending());
    harness.press("/state:pending\n\n");
    let started = Task { updated_at: harness.now.wall, ..task("a", State::Running) };
    harness.send(SessionMsg::StreamItems(stream, vec![changed(task("a", State::Pending), started)]));
    assert_eq!(harness.selected(), "b");
    assert_eq!(
        harness.press("Cy"),
        [Effect::Session(FIRST, SessionEffect::Act { guid: "a".into(), step: Step::Cancel })]
    );
}
