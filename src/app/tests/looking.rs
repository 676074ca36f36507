//! Moving, filtering, sorting, the panes: what a look does and what it leaves alone.

use super::*;

pub(super) fn mixed() -> Vec<Task> {
    let on = |cell: &str, task: Task| Task { cell: Some(CellId::from(cell)), ..task };
    let of = |domain: &str, task: Task| Task { domain: Domain::from(domain), ..task };
    vec![
        of("cf-tasks", on("cell-1", task("a", State::Running))),
        of("cf-tasks", on("cell-2", task("b", State::Running))),
        of("batch", on("cell-2", task("c", State::Running))),
        of(
            "batch",
            Task { failed: true, failure_reason: "out of memory".into(), ..task("d", State::Completed) },
        ),
    ]
}

#[test]
fn the_selection_stays_on_its_guid_through_every_refresh() {
    let mut desk = Desk::new();
    let stream = desk.go_live(mixed());
    desk.press("jj");
    assert_eq!(desk.selected(), "c");
    for nth in 0..5 {
        let newer = Task { created_at: desk.now.wall, ..task(&format!("new-{nth}"), State::Pending) };
        desk.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Created(newer))]));
        assert_eq!(desk.selected(), "c");
        assert_eq!(desk.app.selected_at(), 3 + nth);
    }
    desk.press(">S");
    assert_eq!(desk.selected(), "c", "sorting moves the row, not the choice");
}

#[test]
fn before_anybody_moved_the_top_row_is_selected_whatever_came_first() {
    let mut desk = Desk::new();
    let stream = stream_of(&desk.send(Msg::Tick)).unwrap();
    let mark = mark_of(&desk.send(SessionMsg::StreamOpened(stream))).unwrap();
    let newer = Task { created_at: desk.now.wall, ..task("z", State::Pending) };
    desk.send(SessionMsg::ListPart { mark, tasks: vec![task("a", State::Pending)], received: 1 });
    desk.list(mark, vec![newer]);
    assert_eq!(desk.selected(), "z");
}

#[test]
fn a_selected_task_that_ends_stays_until_the_cursor_leaves_it() {
    let mut desk = Desk::new();
    let stream = desk.go_live(mixed());
    let gone = StreamItem::Event(TaskEvent::Removed(task("a", State::Running)));
    desk.send(SessionMsg::StreamItems(stream, vec![gone]));
    assert_eq!(desk.selected(), "a");
    assert!(desk.app.selected().unwrap().end.is_some());
    desk.press("j");
    assert_eq!(desk.guids(), ["b", "c", "d"]);
    assert_eq!(desk.selected(), "b");
}

#[test]
fn a_text_is_looked_for_while_it_is_typed() {
    let mut desk = Desk::live(mixed());
    desk.press("/memory");
    assert_eq!(desk.guids(), ["d"]);
    desk.press("\n");
    assert_eq!(desk.guids(), ["d"], "Enter keeps it");
    desk.press("/\u{1b}");
    assert_eq!(desk.guids().len(), 4, "Esc drops it");
    desk.press("/");
    desk.send(Msg::Paste("out of\nmemory".into()));
    assert_eq!(desk.app.filter().terms.text(), "out ofmemory", "a paste is one line");
}

#[test]
fn while_a_filter_is_faulty_the_last_good_one_holds() {
    let mut desk = Desk::live(mixed());
    desk.press("/state:p ag");
    assert_eq!(desk.guids(), [""; 0]);
    desk.press("e:");
    assert_eq!(desk.app.filter().terms.text(), "state:p age");
    let Overlay::Filter(prompt) = desk.app.overlay() else { panic!("it is still typed") };
    assert_eq!(prompt.mistake.as_ref().unwrap().at(), 8..12);
    desk.press("\n");
    assert!(matches!(desk.app.overlay(), Overlay::Filter(_)), "Enter does not take what is faulty");
    desk.press("<1h\n");
    assert!(matches!(desk.app.overlay(), Overlay::None));
    assert_eq!(desk.app.filter().terms.text(), "state:p age:<1h");
    desk.press("/ \"\u{1b}");
    assert!(!desk.app.filter().is_active(), "Esc drops the filter, faulty or not");
    assert_eq!(desk.guids().len(), 4);
}

#[test]
fn rows_come_and_go_as_they_age() {
    let mut desk = Desk::new();
    let tasks = mixed().into_iter().map(|task| Task { created_at: desk.now.wall, ..task }).collect();
    desk.go_live(tasks);
    desk.press("/age:>2s domain:batch\n");
    assert_eq!(desk.guids(), [""; 0]);
    desk.wait(Duration::from_millis(1_900));
    assert_eq!(desk.guids(), [""; 0]);
    desk.wait(Duration::from_secs(1));
    assert_eq!(desk.guids().len(), 2);
}

#[test]
fn letters_are_letters_while_a_filter_is_typed() {
    let mut desk = Desk::live(mixed());
    assert_eq!(desk.press("/qCRDy"), Vec::new());
    assert_eq!(desk.app.filter().terms.text(), "qCRDy");
    let effects = desk.press_key(Key::ctrl('c'));
    assert_eq!(effects, [Effect::Quit], "but for the one that always works");
}

#[test]
fn the_views_are_what_is_held_what_failed_and_what_ended() {
    let mut desk = Desk::new();
    let stream = desk.go_live(mixed());
    let gone = StreamItem::Event(TaskEvent::Removed(task("b", State::Running)));
    desk.send(SessionMsg::StreamItems(stream, vec![gone]));
    assert_eq!(desk.guids(), ["a", "c", "d"]);
    desk.press("2");
    assert_eq!(desk.guids(), ["d"]);
    desk.press("3");
    assert_eq!(desk.guids(), ["b"]);
}

#[test]
fn esc_goes_back_one_step_at_a_time() {
    let mut desk = Desk::live(mixed());
    desk.press("/memory\n\n");
    assert_eq!(desk.app.focus(), Pane::Detail);
    desk.press("\u{1b}");
    assert!(desk.app.detail().is_none());
    assert!(desk.app.filter().is_active());
    desk.press("\u{1b}");
    assert!(!desk.app.filter().is_active());
}

#[test]
fn the_detail_decodes_the_task_that_it_shows_and_forgets_what_was_revealed() {
    let mut desk = Desk::live(mixed());
    let effects = desk.press("\n");
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Decode { guid, .. } if guid.as_str() == "a"))
    );
    desk.send(Msg::ToggleSecret(3));
    assert!(desk.app.detail().unwrap().revealed.contains(&3));
    desk.press("\t\t");
    let effects = desk.press("j");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Decode { .. })), "{:?}", desk.app.focus());
    assert!(desk.app.detail().unwrap().revealed.is_empty());
    let late = SessionMsg::Decoded { guid: TaskGuid::from("a"), result: Err("late".into()) };
    desk.send(late);
    assert!(desk.app.detail().unwrap().definition.is_none(), "of a task that is no longer shown");
}

#[test]
fn a_section_stays_folded_for_the_next_task_until_it_is_unfolded() {
    let mut desk = Desk::live(mixed());
    assert!(desk.press("\n\n").contains(&Effect::ToggleUnderCursor));
    desk.send(Msg::ToggleSection("Definition"));
    desk.press("\t\t\tj");
    assert!(desk.app.detail().unwrap().folded.contains("Definition"));
    desk.send(Msg::ToggleSection("Definition"));
    assert!(desk.app.detail().unwrap().folded.is_empty());
}

#[test]
fn paused_rows_hold_still_and_catch_up_when_let_go() {
    let mut desk = Desk::new();
    let stream = desk.go_live(mixed());
    desk.press("p");
    let newer = Task { created_at: desk.now.wall, ..task("z", State::Pending) };
    desk.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Created(newer))]));
    assert_eq!(desk.guids(), ["a", "b", "c", "d"]);
    desk.press("p");
    assert_eq!(desk.guids(), ["z", "a", "b", "c", "d"]);
}

#[test]
fn copying_names_what_was_copied() {
    let mut desk = Desk::live(mixed());
    assert_eq!(desk.press("y"), [Effect::Copy("a".into())]);
    assert_eq!(desk.notice(), "Copied a.");
}
