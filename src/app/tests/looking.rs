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
    let mut harness = Harness::new();
    let stream = harness.go_live(mixed());
    harness.press("jj");
    assert_eq!(harness.selected(), "c");
    for nth in 0..5 {
        let newer = Task { created_at: harness.now.wall, ..task(&format!("new-{nth}"), State::Pending) };
        harness.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Created(newer))]));
        assert_eq!(harness.selected(), "c");
        assert_eq!(harness.app.selected_at(), 3 + nth);
    }
    harness.press(">S");
    assert_eq!(harness.selected(), "c", "sorting moves the row, not the choice");
}

#[test]
fn before_anybody_moved_the_top_row_is_selected_whatever_came_first() {
    let mut harness = Harness::new();
    let stream = stream_of(&harness.send(Msg::Tick)).unwrap();
    let mark = mark_of(&harness.send(SessionMsg::StreamOpened(stream))).unwrap();
    let newer = Task { created_at: harness.now.wall, ..task("z", State::Pending) };
    harness.send(SessionMsg::ListPart { mark, tasks: vec![task("a", State::Pending)], received: 1 });
    harness.list(mark, vec![newer]);
    assert_eq!(harness.selected(), "z");
}

#[test]
fn a_selected_task_that_ends_stays_until_the_cursor_leaves_it() {
    let mut harness = Harness::new();
    let stream = harness.go_live(mixed());
    let gone = StreamItem::Event(TaskEvent::Removed(task("a", State::Running)));
    harness.send(SessionMsg::StreamItems(stream, vec![gone]));
    assert_eq!(harness.selected(), "a");
    assert!(harness.app.selected().unwrap().end.is_some());
    harness.press("j");
    assert_eq!(harness.guids(), ["b", "c", "d"]);
    assert_eq!(harness.selected(), "b");
}

#[test]
fn a_text_is_looked_for_while_it_is_typed() {
    let mut harness = Harness::live(mixed());
    harness.press("/memory");
    assert_eq!(harness.guids(), ["d"]);
    harness.press("\n");
    assert_eq!(harness.guids(), ["d"], "Enter keeps it");
    harness.press("/\u{1b}");
    assert_eq!(harness.guids().len(), 4, "Esc drops it");
    harness.press("/");
    harness.send(Msg::Paste("out of\nmemory".into()));
    assert_eq!(harness.app.filter().terms.text(), "out ofmemory", "a paste is one line");
}

#[test]
fn while_a_filter_is_faulty_the_last_good_one_holds() {
    let mut harness = Harness::live(mixed());
    harness.press("/state:p ag");
    assert_eq!(harness.guids(), [""; 0]);
    harness.press("e:");
    assert_eq!(harness.app.filter().terms.text(), "state:p age");
    let Overlay::Filter(prompt) = harness.app.overlay() else { panic!("it is still typed") };
    assert_eq!(prompt.mistake.as_ref().unwrap().at(), 8..12);
    harness.press("\n");
    assert!(matches!(harness.app.overlay(), Overlay::Filter(_)), "Enter does not take what is faulty");
    harness.press("<1h\n");
    assert!(matches!(harness.app.overlay(), Overlay::None));
    assert_eq!(harness.app.filter().terms.text(), "state:p age:<1h");
    harness.press("/ \"\u{1b}");
    assert!(!harness.app.filter().is_active(), "Esc drops the filter, faulty or not");
    assert_eq!(harness.guids().len(), 4);
}

#[test]
fn rows_come_and_go_as_they_age() {
    let mut harness = Harness::new();
    let tasks = mixed().into_iter().map(|task| Task { created_at: harness.now.wall, ..task }).collect();
    harness.go_live(tasks);
    harness.press("/age:>2s domain:batch\n");
    assert_eq!(harness.guids(), [""; 0]);
    harness.wait(Duration::from_millis(1_900));
    assert_eq!(harness.guids(), [""; 0]);
    harness.wait(Duration::from_secs(1));
    assert_eq!(harness.guids().len(), 2);
}

#[test]
fn letters_are_letters_while_a_filter_is_typed() {
    let mut harness = Harness::live(mixed());
    assert_eq!(harness.press("/qCRDy"), Vec::new());
    assert_eq!(harness.app.filter().terms.text(), "qCRDy");
    let effects = harness.press_key(Key::ctrl('c'));
    assert_eq!(effects, [Effect::Quit], "but for the one that always works");
}

#[test]
fn the_views_are_what_is_held_what_failed_and_what_ended() {
    let mut harness = Harness::new();
    let stream = harness.go_live(mixed());
    let gone = StreamItem::Event(TaskEvent::Removed(task("b", State::Running)));
    harness.send(SessionMsg::StreamItems(stream, vec![gone]));
    assert_eq!(harness.guids(), ["a", "c", "d"]);
    harness.press(":failed\n");
    assert_eq!(harness.guids(), ["d"]);
    harness.press("3");
    assert_eq!(harness.guids(), ["b"]);
}

#[test]
fn esc_goes_back_one_step_at_a_time() {
    let mut harness = Harness::live(mixed());
    harness.press("/memory\n\n");
    assert_eq!(harness.app.focus(), Pane::Detail);
    harness.press("\u{1b}");
    assert!(harness.app.detail().is_none());
    assert!(harness.app.filter().is_active());
    harness.press("\u{1b}");
    assert!(!harness.app.filter().is_active());
}

#[test]
fn the_detail_decodes_the_task_that_it_shows_and_forgets_what_was_revealed() {
    let mut harness = Harness::live(mixed());
    let effects = harness.press("\n");
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Decode { guid, .. } if guid.as_str() == "a"))
    );
    harness.send(Msg::ToggleSecret(3));
    assert!(harness.app.detail().unwrap().revealed.contains(&3));
    harness.press("\t\t");
    let effects = harness.press("j");
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Decode { .. })),
        "{:?}",
        harness.app.focus()
    );
    assert!(harness.app.detail().unwrap().revealed.is_empty());
    let late = SessionMsg::Decoded { guid: TaskGuid::from("a"), result: Err("late".into()) };
    harness.send(late);
    assert!(harness.app.detail().unwrap().definition.is_none(), "of a task that is no longer shown");
}

#[test]
fn a_section_stays_folded_for_the_next_task_until_it_is_unfolded() {
    let mut harness = Harness::live(mixed());
    assert!(harness.press("\n\n").contains(&Effect::ToggleUnderCursor));
    harness.send(Msg::ToggleSection("Definition"));
    harness.press("\t\t\tj");
    assert!(harness.app.detail().unwrap().folded.contains("Definition"));
    harness.send(Msg::ToggleSection("Definition"));
    assert!(harness.app.detail().unwrap().folded.is_empty());
}

#[test]
fn paused_rows_hold_still_and_catch_up_when_let_go() {
    let mut harness = Harness::new();
    let stream = harness.go_live(mixed());
    harness.press("p");
    let newer = Task { created_at: harness.now.wall, ..task("z", State::Pending) };
    harness.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Created(newer))]));
    assert_eq!(harness.guids(), ["a", "b", "c", "d"]);
    harness.press("p");
    assert_eq!(harness.guids(), ["z", "a", "b", "c", "d"]);
}
