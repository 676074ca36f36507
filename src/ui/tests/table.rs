//! The task table at four sizes, its views, and its rows while actions run.

use insta::assert_snapshot;
use ratatui::style::{Color, Modifier};

use super::scenes::{complete, connecting, listing, live, mixed, noon, press, target, task};
use super::*;
use crate::app::SessionMsg;
use crate::model::{Call, Fault, FaultKind, State, StreamItem, Task, TaskEvent, TaskFilter};

#[test]
fn table_at_every_size() {
    let (mut app, stream) = live(mixed());
    complete(&mut app, stream, task(7, State::Running, 4_020, 50));
    assert_snapshot!("table_small", drawn(&app, noon(), SMALL));
    assert_snapshot!("table_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("table_wide", drawn(&app, noon(), WIDE));
    assert_snapshot!("table_large", drawn(&app, noon(), LARGE));
    assert_snapshot!("table_huge", drawn(&app, noon(), HUGE));
}

#[test]
fn failed_view() {
    let (mut app, _) = live(mixed());
    press(&mut app, ":failed\n");
    assert_snapshot!("failed_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("failed_large", drawn(&app, noon(), LARGE));
}

#[test]
fn row_detail_and_events_show_how_a_task_ended() {
    let running = task(1, State::Running, 90, 30);
    let (mut app, stream) = live(vec![running.clone()]);
    press(&mut app, "\n");
    let definition = running.definition.clone().with_callback(true);
    let last = Task { state: State::Resolving, cell: None, updated_at: noon().wall, definition, ..running };
    let removed = StreamItem::Event(TaskEvent::Removed(last));
    app.update(Msg::Session(app.shown_session(), SessionMsg::StreamItems(stream, vec![removed])), noon());
    app.before_frame();
    let drawn = drawn(&app, noon(), LARGE);
    assert!(drawn.contains("✓ callback "), "{drawn}");
    assert!(drawn.contains("removed by its callback  00000001-"), "{drawn}");
    assert!(line_with(&drawn, "ended  ").contains("the BBS called its"), "{drawn}");
}

#[test]
fn row_shows_the_action_in_flight() {
    let (mut app, _) = live(vec![task(1, State::Running, 90, 30)]);
    press(&mut app, "Cy");
    assert!(drawn(&app, noon(), SMALL).contains("cancelling…"));
    assert!(drawn(&app, noon(), USUAL).contains("for 0s, no"));
}

#[test]
fn selected_row_is_one_solid_bar() {
    let (mut app, _) = live(mixed());
    for depth in [Colours::Full, Colours::Sixteen] {
        for key in ["g", "G", "k"] {
            press(&mut app, key);
            let buf = frame(&app, &mut UiState::new(depth), noon(), USUAL);
            let row = (3..USUAL.1 - 2).find(|y| buf[(0, *y)].modifier.contains(Modifier::REVERSED)).unwrap();
            for x in 0..USUAL.0 {
                let (cell, style) = (&buf[(x, row)], buf[(x, row)].style());
                assert!(cell.modifier.contains(Modifier::REVERSED) && cell.fg == Color::Reset, "{style:?}");
                assert!(!cell.modifier.contains(Modifier::DIM), "{style:?}");
            }
        }
    }
}

#[test]
fn selected_row_stays_in_view() {
    let (mut app, _) = live((0..500).map(|nth| task(nth, State::Running, 3_600, 50)).collect());
    let mut ui = UiState::new(Colours::Full);
    for key in ["G", "k", "g", "j"] {
        press(&mut app, key);
        let drawn = text(&frame(&app, &mut ui, noon(), USUAL));
        let guid = app.selected().unwrap().task.guid.to_string();
        assert!(drawn.contains(guid.get(..8).unwrap()), "{key}: {drawn}");
    }
    assert_eq!(ui.page(), 19);
}

#[test]
fn wide_screen_cuts_no_name_and_scrolling_moves_no_column() {
    let mut tasks: Vec<_> = (0..200).map(|nth| task(nth, State::Running, 3_600, 50)).collect();
    tasks[0].domain = "a-domain-with-a-rather-long-name".into();
    let (mut app, _) = live(tasks);
    let mut ui = UiState::new(Colours::Full);
    let mut titles = |app: &App| {
        let drawn = text(&frame(app, &mut ui, noon(), LARGE));
        drawn.lines().nth(2).unwrap().to_owned()
    };
    let first = titles(&app);
    assert!(drawn(&app, noon(), LARGE).contains("~ a-domain-with-a-rather-long-name "));
    press(&mut app, "G");
    assert_eq!(titles(&app), first, "the long name is out of view, its column stays");
    press(&mut app, "/domain:cf-tasks");
    assert_eq!(titles(&app), first, "while it is typed");
    press(&mut app, "\n");
    assert_ne!(titles(&app), first, "another view");
}

#[test]
fn empty_table_names_the_filter() {
    let (mut app, _) = live(mixed());
    press(&mut app, "/nothing like it\n");
    let drawn = drawn(&app, noon(), USUAL);
    assert!(drawn.contains("No task matches /nothing like it."), "{drawn}");
    assert!(drawn.contains("Press x to clear all filters."), "{drawn}");
}

#[test]
fn empty_table_distinguishes_connecting_from_no_tasks() {
    let (mut app, stream) = connecting(target());
    let before = drawn(&app, noon(), USUAL);
    assert!(before.contains("Connecting to https://bbs"), "{before}");
    let mark = listing(&mut app, stream);
    let kind = FaultKind::Unreachable { cause: "connection refused".into(), sent: false };
    let fault = Fault { call: Call::ListTasks, target: target().url, request: None, kind };
    app.update(Msg::Session(app.shown_session(), SessionMsg::ListFailed { mark, fault }), noon());
    let failed = drawn(&app, noon(), USUAL);
    assert!(failed.contains("Not connected to https://bbs"), "{failed}");
    assert!(!failed.contains("no tasks"), "{failed}");
    let (mut app, stream) = connecting(target());
    let mark = listing(&mut app, stream);
    app.update(
        Msg::Session(
            app.shown_session(),
            SessionMsg::ListDone { mark, filter: TaskFilter::default(), received: 0 },
        ),
        noon(),
    );
    let empty = drawn(&app, noon(), USUAL);
    assert!(empty.contains("The BBS holds no tasks."), "{empty}");
}

#[test]
fn no_colours_means_no_coloured_cell() {
    let (mut app, _) = live(mixed());
    press(&mut app, "\n");
    let buf = frame(&app, &mut UiState::new(Colours::None), noon(), LARGE);
    let reset = Color::Reset;
    assert!(buf.content().iter().all(|cell| (cell.fg, cell.bg) == (reset, reset)));
}

#[test]
fn choosers_stand_beside_the_guids_and_below_the_titles() {
    let (mut app, _) = live(mixed());
    press(&mut app, "s");
    assert_snapshot!("sort_chooser_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("sort_chooser_wide", drawn(&app, noon(), WIDE));
    press(&mut app, "qcj Jjj++");
    for (name, size) in [("usual", USUAL), ("wide", WIDE), ("huge", HUGE), ("small", SMALL)] {
        assert_snapshot!(format!("column_chooser_{name}"), drawn(&app, noon(), size));
    }
}

#[test]
fn wide_table_shows_all_columns_and_scrolls() {
    let (mut app, _) = live(mixed());
    press(&mut app, "w");
    assert_snapshot!("wide_table_huge", drawn(&app, noon(), HUGE));
    assert_snapshot!("wide_table_usual", drawn(&app, noon(), USUAL));
    press(&mut app, "→→→→→");
    assert_snapshot!("wide_table_scrolled", drawn(&app, noon(), USUAL));
    let mut ui = UiState::new(Colours::Full);
    press(&mut app, &"→".repeat(90));
    let last = text(&frame(&app, &mut ui, noon(), USUAL));
    assert!(line_with(&last, "GUID").contains('‹') && !line_with(&last, "GUID").contains('›'), "{last}");
    app.limit_column_scroll(ui.column_scroll());
    press(&mut app, "←");
    let before_last = text(&frame(&app, &mut ui, noon(), USUAL));
    assert!(line_with(&before_last, "GUID").ends_with('›'), "one key back is one column back");
}

#[test]
fn columns_left_out_on_a_narrow_screen_are_marked_and_reached_by_scrolling() {
    let (mut app, _) = live(mixed());
    let titles = |app: &App| drawn(app, noon(), SMALL).lines().nth(1).unwrap_or_default().to_owned();
    assert!(titles(&app).ends_with('›') && !titles(&app).contains("DOMAIN"));
    press(&mut app, "→");
    assert!(titles(&app).contains("DOMAIN") && titles(&app).ends_with('›'), "{}", titles(&app));
    let mut seen = titles(&app);
    for _ in 0..6 {
        press(&mut app, "→");
        seen.push_str(&titles(&app));
    }
    for title in ["CELL", "IN STATE", "REASON"] {
        assert!(seen.contains(title), "{title}: {seen}");
    }
}

#[test]
fn title_keeps_the_sign_of_the_sort_in_every_column() {
    let (mut app, _) = live(mixed());
    for _ in 0..7 {
        press(&mut app, ">");
        assert!(drawn(&app, noon(), USUAL).lines().nth(2).unwrap().contains('▼'));
        press(&mut app, "S");
        assert!(drawn(&app, noon(), USUAL).lines().nth(2).unwrap().contains('▲'));
    }
}

#[test]
fn sort_by_a_hidden_column_is_named_at_the_end_of_the_titles() {
    let (mut app, _) = live(mixed());
    let titles = |app: &App, size| {
        let drawn = drawn(app, noon(), size);
        drawn.lines().find(|line| line.contains("GUID")).unwrap_or_default().to_owned()
    };
    assert!(!titles(&app, USUAL).ends_with("AGE▼"));
    // AGE is hidden.
    press(&mut app, "c");
    let age = app.columns().choices().iter().position(|choice| choice.key == "age").unwrap();
    press(&mut app, &"j".repeat(age));
    press(&mut app, " \n");
    assert!(titles(&app, USUAL).ends_with(" REASON            AGE▼"), "{}", titles(&app, USUAL));
    press(&mut app, "S");
    assert!(titles(&app, SMALL).ends_with(" AGE▲›"), "{}", titles(&app, SMALL));
}
