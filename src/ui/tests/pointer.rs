//! What is under the mouse pointer.

use super::scenes::{live, mixed, noon, press};
use super::*;
use crate::app::Pointed;

/// Returns what is under each cell of a frame, and its text.
fn pointed(app: &App, size: (u16, u16)) -> (UiState, String) {
    let mut ui = UiState::new(Colours::None);
    let drawn = text(&frame(app, &mut ui, noon(), size));
    (ui, drawn)
}

/// Returns the position of a text.
fn position(drawn: &str, text: &str) -> (u16, u16) {
    let (y, line) = drawn.lines().enumerate().find(|(_, line)| line.contains(text)).expect(text);
    let (before, _) = line.split_once(text).unwrap();
    let x = before.chars().count();
    (u16::try_from(x).unwrap(), u16::try_from(y).unwrap())
}

fn at(ui: &UiState, (x, y): (u16, u16)) -> Option<Pointed> {
    ui.pointed_at(x, y)
}

#[test]
fn rows_titles_groups_and_panes_are_found_where_they_are() {
    let (app, _) = live(mixed());
    let (ui, drawn) = pointed(&app, LARGE);
    let failed = app.store().find(&"00000021-5e1f-4d3c-8a6b-000000000021".into()).unwrap();
    assert_eq!(at(&ui, position(&drawn, "00000021-")), Some(Pointed::Task(failed)));
    for (title, key) in [("GUID", "guid"), ("STATE", "state"), ("IN STATE", "in-state"), ("AGE▼", "age")] {
        assert_eq!(at(&ui, position(&drawn, title)), Some(Pointed::Title(key)), "{title}");
    }
    assert_eq!(at(&ui, position(&drawn, "Domains")), Some(Pointed::Pane(Pane::Groups(GroupPlace::Upper))));
    assert_eq!(at(&ui, position(&drawn, "  all")), Some(Pointed::Group(GroupPlace::Upper, 0)));
    assert_eq!(at(&ui, position(&drawn, "cell-1 z1")), Some(Pointed::Group(GroupPlace::Lower, 2)));
    assert_eq!(at(&ui, position(&drawn, "Events")), Some(Pointed::Pane(Pane::Events)));
    let (x, y) = position(&drawn, "idle");
    assert_eq!(
        at(&ui, (x, y + 1)),
        Some(Pointed::Pane(Pane::Groups(GroupPlace::Upper))),
        "below the last one"
    );
    for outside in [(0, 0), (50, 1), (0, LARGE.1 - 1), (LARGE.0, 10), (10, LARGE.1), (u16::MAX, u16::MAX)] {
        assert_eq!(at(&ui, outside), None, "{outside:?}");
    }
}

#[test]
fn scrolled_rows_and_marks_are_taken_into_account() {
    let (mut app, _) = live(mixed());
    press(&mut app, "G");
    let (ui, drawn) = pointed(&app, USUAL);
    let guid = app.selected().unwrap().task.guid.clone();
    let start: String = guid.as_str().chars().take(13).collect();
    assert_eq!(at(&ui, position(&drawn, &start)), app.store().find(&guid).map(Pointed::Task));
    press(&mut app, "g ");
    let (ui, drawn) = pointed(&app, USUAL);
    assert!(drawn.contains('●'), "{drawn}");
    let (x, y) = position(&drawn, "GUID");
    assert_eq!(at(&ui, (x, y)), Some(Pointed::Title("guid")));
    assert_eq!(at(&ui, (x - 1, y)), Some(Pointed::Pane(Pane::Tasks)), "over the marks");
}

#[test]
fn lines_of_the_detail_and_groups_in_the_main_view_are_found() {
    let (mut app, _) = live(mixed());
    press(&mut app, "\n");
    let (ui, drawn) = pointed(&app, HUGE);
    let (x, y) = position(&drawn, "Task 0");
    assert_eq!(at(&ui, (x, y)), Some(Pointed::Pane(Pane::Detail)));
    assert_eq!(at(&ui, (x, y + 2)), Some(Pointed::DetailLine(1)));
    let (mut app, _) = live(mixed());
    press(&mut app, "v");
    let (ui, drawn) = pointed(&app, USUAL);
    assert_eq!(at(&ui, position(&drawn, "cf-tasks")), Some(Pointed::Group(GroupPlace::Main, 2)));
    assert_eq!(at(&ui, position(&drawn, "Domains")), Some(Pointed::Pane(Pane::Groups(GroupPlace::Main))));
}

#[test]
fn every_cell_of_every_size_has_an_answer() {
    let (app, _) = live(mixed());
    for size in [(1, 1), (3, 2), (20, 5), SMALL, USUAL, WIDE] {
        let (ui, _) = pointed(&app, size);
        for x in 0..size.0 + 2 {
            for y in 0..size.1 + 2 {
                let _ = ui.pointed_at(x, y);
            }
        }
    }
}
