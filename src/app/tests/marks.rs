//! Marking tasks: one, a range, all; and what happens to marks when rows move or go.

use super::*;
use crate::app::session::FrozenTasks;
use crate::model::TaskAction;
use crate::model::plan::Refusal;

/// Ten pending tasks, `a` to `j`; the table has them in this order.
fn ten() -> Harness {
    let named = |name: char| Task { updated_at: Timestamp::UNSET, ..task(&name.to_string(), State::Pending) };
    Harness::live(('a'..='j').map(named).collect())
}

fn marked(harness: &Harness) -> Vec<&str> {
    let rows = (0..).map_while(|at| harness.app.row(at));
    rows.filter(|entry| harness.app.is_marked(entry)).map(|entry| entry.task.guid.as_str()).collect()
}

/// Freezes the marked tasks.
fn frozen(harness: &Harness) -> FrozenTasks {
    let session = harness.app.session();
    let marks: Vec<_> = session.store.marked().collect();
    session.freeze_tasks(TaskAction::Cancel, &marks)
}

/// Ends a task as the event stream reports it.
fn remove(harness: &mut Harness, stream: StreamId, guid: &str) {
    let last = harness.app.store().get(&TaskGuid::from(guid)).unwrap().task.clone();
    let items = vec![StreamItem::Event(TaskEvent::Removed(last))];
    harness.send(SessionMsg::StreamItems(stream, items));
}

#[test]
fn space_marks_and_moves_on() {
    let mut harness = ten();
    harness.press("  j ");
    assert_eq!((marked(&harness), harness.selected()), (vec!["a", "b", "d"], "e"));
    harness.press("k ");
    assert_eq!((marked(&harness), harness.selected()), (vec!["a", "b"], "e"), "a second press takes it off");
    harness.press("G ");
    assert_eq!((marked(&harness), harness.selected()), (vec!["a", "b", "j"], "j"), "there is no next row");
    harness.press("u");
    assert_eq!((marked(&harness), harness.app.mark_count()), (vec![], 0));
}

#[test]
fn a_range_is_marked_from_where_it_began_to_the_cursor() {
    for keys in ["jjVjjV", "jjjjVkkV", "jjVjj "] {
        let mut harness = ten();
        harness.press(keys);
        assert_eq!(marked(&harness), ["c", "d", "e"], "{keys}");
        assert_eq!(harness.app.range_len(), None, "{keys}");
    }
    let mut harness = ten();
    harness.press(" jVj");
    assert_eq!((harness.app.mark_count(), harness.app.range_len()), (1, Some(2)));
    assert!(harness.app.is_in_range(3) && !harness.app.is_in_range(4));
    harness.press("\u{1b}");
    assert_eq!((marked(&harness), harness.app.range_len()), (vec!["a"], None), "Esc drops the range only");
}

#[test]
fn an_action_takes_the_open_range_with_it() {
    let mut harness = ten();
    harness.press("jVjC");
    assert_eq!(marked(&harness), ["b", "c"]);
}

#[test]
fn a_range_stays_with_its_row_and_ends_when_the_row_is_hidden() {
    let mut harness = Harness::new();
    let stream = harness.go_live(('b'..='f').map(|name| task(&name.to_string(), State::Pending)).collect());
    harness.press("Vj");
    let newer = Task { created_at: harness.now.wall, ..task("a", State::Pending) };
    harness.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Created(newer))]));
    assert_eq!(harness.guids().first(), Some(&"a"));
    harness.press("V");
    assert_eq!(marked(&harness), ["b", "c"]);
    harness.press("uV/guid:f\n");
    assert_eq!(harness.app.range_len(), None);
}

#[test]
fn all_marks_what_the_filter_admits() {
    let mut harness = ten();
    harness.press("/guid:b|c\na");
    assert_eq!(marked(&harness), ["b", "c"]);
    harness.press("x");
    assert_eq!(
        (marked(&harness), harness.app.mark_count()),
        (vec!["b", "c"], 2),
        "the others are not marked"
    );
    assert_eq!(harness.notice(), "");
}

#[test]
fn all_follows_a_filter_that_was_typed_in_the_same_burst() {
    let mut harness = ten();
    let keys = ['/', 'g', 'u', 'i', 'd', ':', 'b'].map(Key::char).into_iter();
    for key in keys.chain([Key::plain(KeyCode::Enter), Key::char('a')]) {
        harness.app.update(Msg::Key(key, harness.now.mono), harness.now);
    }
    assert_eq!(harness.app.mark_count(), 1, "no frame was drawn in between");
}

#[test]
fn only_what_the_bbs_holds_can_be_marked() {
    let mut harness = Harness::new();
    let mut tasks: Vec<_> = ["a", "b"].map(|guid| task(guid, State::Completed)).to_vec();
    for task in &mut tasks {
        task.failed = true;
    }
    let stream = harness.go_live(tasks);
    remove(&mut harness, stream, "b");
    harness.press(":failed\na");
    assert_eq!((harness.guids(), marked(&harness)), (vec!["a", "b"], vec!["a"]));
    assert_eq!(harness.notice(), "Marked 1 of 2 tasks. The BBS no longer holds the others");
    harness.press("G ");
    assert_eq!(harness.notice(), "The BBS no longer holds this task");
    assert_eq!(harness.app.mark_count(), 1);
}

#[test]
fn a_marked_task_that_ended_is_refused_and_can_be_unmarked() {
    let mut harness = Harness::new();
    let stream = harness.go_live(["a", "b"].map(|guid| task(guid, State::Pending)).to_vec());
    harness.press("a");
    remove(&mut harness, stream, "b");
    let frozen = frozen(&harness);
    let refusals: Vec<_> =
        frozen.set.tasks().iter().map(|task| (task.guid.as_str(), task.refusal())).collect();
    assert_eq!(refusals, [("b", Some(Refusal::Gone)), ("a", None)]);
    assert_eq!(frozen.hidden, 1, "its row is in another view");
    harness.press("3 ");
    assert_eq!(harness.app.mark_count(), 1);
}

#[test]
fn marks_on_hidden_rows_count_and_come_first() {
    let mut harness = ten();
    harness.press("jj jj /guid:a|c\n");
    let frozen = frozen(&harness);
    let guids: Vec<_> = frozen.set.tasks().iter().map(|task| task.guid.as_str()).collect();
    assert_eq!((guids, frozen.hidden), (vec!["f", "c"], 1));
}

#[test]
fn a_new_task_under_a_marked_guid_is_not_marked() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Pending)]);
    harness.press(" ");
    remove(&mut harness, stream, "a");
    let again = Task { created_at: harness.now.wall, ..task("a", State::Pending) };
    harness.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Created(again))]));
    assert_eq!(marked(&harness), [""; 0]);
    let frozen = frozen(&harness);
    assert_eq!((frozen.set.tasks().len(), frozen.lost), (0, vec![TaskGuid::from("a")]));
}

#[test]
fn marks_belong_to_their_session() {
    let mut harness = ten();
    harness.press("a");
    let other = harness.open_session(Target::default());
    harness.app.show_session(other, harness.now);
    assert!(!harness.app.has_marks());
    harness.app.show_session(FIRST, harness.now);
    assert_eq!(harness.app.mark_count(), 10);
}

#[test]
fn in_the_detail_space_marks_its_task_and_opens_the_next() {
    let mut harness = ten();
    harness.press("\n ");
    assert_eq!((marked(&harness), harness.selected()), (vec!["a"], "b"));
    assert_eq!(harness.app.detail().unwrap().of, TaskGuid::from("b"));
    harness.press("V");
    assert!(harness.notice().contains("task table"), "{}", harness.notice());
}

#[test]
fn read_only_marks_are_refused_together() {
    let mut harness = Harness::with(Target { access: crate::model::Access::ReadOnly, ..Target::default() });
    harness.go_live(vec![task("a", State::Pending)]);
    assert_eq!(harness.press(" C"), []);
    assert_eq!(harness.notice(), "Cannot cancel the marked tasks: The target is opened read-only");
    assert!(matches!(harness.app.overlay(), Overlay::None));
}
