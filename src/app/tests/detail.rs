//! The open detail stays on its task, and the keys are about that task.

use super::*;
use crate::model::lifecycle::Step;

fn two_pending() -> Vec<Task> {
    vec![task("a", State::Pending), task("b", State::Pending), task("c", State::Running)]
}

fn of(desk: &Desk) -> &str {
    desk.app.detail_entry().map_or("", |entry| entry.task.guid.as_str())
}

fn cancelled(desk: &Desk, guid: &str) -> StreamItem {
    let after = Task { updated_at: desk.now.wall, failed: true, ..task(guid, State::Completed) };
    changed(task(guid, State::Pending), after)
}

/// The detail of `a` is open under `state:pending`, and `a` has just been cancelled.
fn filtered_away() -> (Desk, StreamId) {
    let mut desk = Desk::new();
    let stream = desk.go_live(two_pending());
    desk.press("/state:pending\n\n");
    assert_eq!(of(&desk), "a");
    let news = vec![cancelled(&desk, "a")];
    desk.send(SessionMsg::StreamItems(stream, news));
    assert_eq!(desk.guids(), ["b"]);
    (desk, stream)
}

#[test]
fn it_stays_on_its_task_when_the_filter_hides_the_row() {
    let (mut desk, _) = filtered_away();
    assert_eq!(of(&desk), "a");
    assert_eq!(desk.app.detail_entry().unwrap().task.state, State::Completed, "and is up to date");
    assert!(!desk.app.selects_detail());
    desk.press("x");
    assert!(desk.app.selects_detail(), "the cursor is back on it when its row is");
    assert_eq!(desk.selected(), "a");
}

#[test]
fn keys_are_about_the_task_of_the_open_detail() {
    for way_back in ["", "\t\t", "\t\t\t"] {
        let (mut desk, _) = filtered_away();
        desk.press(way_back);
        assert_eq!(desk.press("y"), [Effect::Copy("a".into())]);
        desk.press("C");
        assert!(desk.notice().starts_with("Cannot cancel a: "), "{}", desk.notice());
        desk.press("D");
        assert!(
            matches!(desk.app.overlay(), Overlay::Confirm(dialog) if dialog.set.tasks()[0].guid.as_str() == "a")
        );
        desk.press("n");
        desk.press("d");
        assert!(desk.app.filter().groups.has(GroupKey::Domain, "cf-tasks"));
        assert_eq!(of(&desk), "a");
    }
}

#[test]
fn it_stays_on_a_task_that_ends_and_on_one_that_is_no_longer_known() {
    let mut desk = Desk::new();
    let stream = desk.go_live(two_pending());
    desk.press("\n");
    let gone = StreamItem::Event(TaskEvent::Removed(task("a", State::Pending)));
    desk.send(SessionMsg::StreamItems(stream, vec![gone]));
    assert_eq!(of(&desk), "a");
    assert!(desk.app.detail_entry().unwrap().end.is_some());

    let mut desk = Desk::polling(two_pending());
    desk.press("\n");
    let (_, effect) = desk.until(is_list).unwrap();
    let filter = TaskFilter { domain: Some(Domain::from("batch")), cell: None };
    let mark = mark_of(&[effect]).unwrap();
    desk.send(SessionMsg::ListDone { mark, filter, received: 1 });
    assert_eq!(desk.app.store().get(&TaskGuid::from("a")).map(|_| ()), None, "the list was not about it");
    assert_eq!(of(&desk), "a");
    assert!(!desk.app.knows_detail());
    assert_eq!(desk.press("C"), Vec::new());
    assert!(desk.notice().contains("no longer known"), "{}", desk.notice());
}

#[test]
fn it_follows_the_cursor_that_the_operator_moves_and_no_other() {
    let mut desk = Desk::new();
    let stream = desk.go_live(two_pending());
    desk.press("\n");
    desk.send(Msg::ToggleSecret(1));
    let newer = Task { created_at: desk.now.wall, ..task("z", State::Pending) };
    desk.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Created(newer))]));
    desk.press(">S2");
    desk.press("1");
    assert_eq!(of(&desk), "a");
    assert!(desk.app.detail().unwrap().revealed.contains(&1));
    assert_eq!(desk.app.focus(), Pane::Tasks);
    let effects = desk.press("j");
    assert_eq!(of(&desk), desk.selected());
    assert_ne!(of(&desk), "a");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Decode { .. })));
    assert!(desk.app.detail().unwrap().revealed.is_empty(), "secrets are revealed for one task only");
}

#[test]
fn another_life_of_its_guid_is_decoded_anew() {
    let mut desk = Desk::new();
    let stream = desk.go_live(vec![task("a", State::Pending)]);
    desk.press("\n");
    desk.send(Msg::ToggleSecret(1));
    let again = Task { created_at: desk.now.wall, ..task("a", State::Pending) };
    let news = [TaskEvent::Removed(task("a", State::Pending)), TaskEvent::Created(again)];
    let effects = desk.send(SessionMsg::StreamItems(stream, news.map(StreamItem::Event).into()));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Decode { .. })), "{effects:?}");
    assert!(desk.app.detail().unwrap().revealed.is_empty());
}

#[test]
fn q_closes_the_detail_and_the_help_and_quits_only_outside() {
    let mut desk = Desk::live(two_pending());
    assert_eq!(desk.press("?q"), Vec::new());
    assert!(matches!(desk.app.overlay(), Overlay::None));
    desk.press("\n");
    assert_eq!(desk.press("q"), Vec::new());
    assert!(desk.app.detail().is_none());
    assert_eq!(desk.app.focus(), Pane::Tasks);
    assert_eq!(desk.press("q"), [Effect::Quit]);
    desk.press("\n");
    assert_eq!(desk.send(Msg::Key(Key::ctrl('c'), Duration::ZERO)), [Effect::Quit], "Ctrl-C always quits");
}

#[test]
fn without_a_task_nothing_opens() {
    let mut desk = Desk::live(Vec::new());
    desk.press("\n");
    assert!(desk.app.detail().is_none());
    assert_eq!(desk.notice(), "No task is selected");
}

#[test]
fn an_action_is_sent_for_the_task_of_the_detail() {
    let mut desk = Desk::new();
    let stream = desk.go_live(two_pending());
    desk.press("/state:pending\n\n");
    let started = Task { updated_at: desk.now.wall, ..task("a", State::Running) };
    desk.send(SessionMsg::StreamItems(stream, vec![changed(task("a", State::Pending), started)]));
    assert_eq!(desk.selected(), "b");
    assert_eq!(
        desk.press("Cy"),
        [Effect::Session(FIRST, SessionEffect::Act { guid: "a".into(), step: Step::Cancel })]
    );
}
