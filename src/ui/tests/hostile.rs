//! What tenants write never reaches the terminal as it is.

use super::scenes::{cell, complete, live, noon, press, task};
use super::*;
use crate::app::Msg;
use crate::model::{CellId, Domain, State, Task, TaskDefinition, TaskGuid};
use crate::present::sanitise::is_unseen;

/// An escape sequence, C1, an override of direction, zero width, a wide letter and its marks, a tag; then long.
fn evil(nth: usize) -> String {
    let head =
        "\x1b[2J\u{9b}31m\u{202e}abc\u{2066}\u{200b}\u{200d}\u{feff}漢\u{301}\u{fe0f}\r\n\t\x07\u{e0041}";
    format!("{head}{nth}{}", format!("{head}x").repeat(200))
}

fn hostile(nth: usize) -> Task {
    let states = [State::Pending, State::Running, State::Completed, State::Resolving, State::Other(9)];
    Task {
        guid: TaskGuid::from(evil(nth)),
        domain: Domain::from(evil(nth)),
        cell: Some(CellId::from(evil(nth))),
        failed: nth.is_multiple_of(3),
        failure_reason: evil(nth).into(),
        rejection_reason: evil(nth).into(),
        result: evil(nth).into(),
        ..task(nth, states[nth % states.len()], 100, 50)
    }
}

fn hostile_app() -> App {
    let (mut app, stream) = live((0..20).map(hostile).collect());
    app.update(Msg::Cells(Ok((0..20).map(|nth| cell(&evil(nth))).collect())), noon());
    app.update(Msg::Domains(Ok((0..20).map(|nth| Domain::from(evil(nth))).collect())), noon());
    app.update(Msg::Note(evil(0)), noon());
    complete(&mut app, stream, hostile(1));
    app
}

#[test]
fn no_control_or_unseen_character_is_drawn() {
    for keys in ["", "\n", "\t", "\t\t", "\t\t\t", "C", "R", "D", "jC", "jjD", "d", "o"] {
        let mut app = hostile_app();
        press(&mut app, keys);
        check(&app, keys);
    }
}

#[test]
fn a_guid_without_end_does_not_hide_what_is_asked() {
    let mut app = hostile_app();
    press(&mut app, "C");
    let drawn = drawn(&app, noon(), (80, 24));
    for text in ["Cancel this task?", "bytes in all", "domain ", "state ", " No    Yes "] {
        assert!(drawn.contains(text), "{text}: {drawn}");
    }
}

#[test]
fn a_hostile_paste_is_drawn_safely() {
    let mut app = hostile_app();
    press(&mut app, "/");
    app.update(Msg::Paste(evil(0)), noon());
    check(&app, "paste");
}

#[test]
fn a_hostile_definition_is_drawn_safely() {
    let mut app = hostile_app();
    press(&mut app, "\n");
    let definition = TaskDefinition { root_fs: evil(1), annotation: evil(2), ..TaskDefinition::default() };
    let guid = app.selected().unwrap().task.guid.clone();
    app.update(Msg::Decoded { guid, result: Ok(std::sync::Arc::new(definition)) }, noon());
    check(&app, "definition");
}

fn check(app: &App, what: &str) {
    for size in [(1, 1), (7, 3), (40, 10), (80, 24), (160, 48)] {
        let buf = frame(app, &mut UiState::new(Colours::Full), noon(), size);
        for cell in buf.content() {
            let symbol = cell.symbol();
            assert!(!symbol.chars().any(is_unseen), "{symbol:?} at {size:?} after {what:?}");
        }
    }
}
