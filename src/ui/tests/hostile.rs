//! Tests that text from tenants, servers and the configuration is sanitised before it reaches the terminal.

mod corpus;
mod definition;

use ratatui::buffer::Cell;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::scenes::{cell, complete, connecting, listing, live, noon, press, task};
use super::*;
use crate::app::key::{Key, KeyCode};
use crate::app::{Msg, SessionMsg, Target};
use crate::model::lifecycle::Step;
use crate::model::{
    Call, CellId, Domain, Entity, Fault, FaultKind, Owner, Ownership, RefusedType, State, Task, TaskGuid,
};
use crate::present::sanitise::is_invisible;

/// Returns a long text with an escape sequence, C1 and C0 controls, bidi overrides, zero-width characters, a wide character
/// with combining marks, and a tag character.
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
        owner: hostile_owner(nth),
        ..task(nth, states[nth % states.len()], 100, 50)
    }
}

fn hostile_owner(nth: usize) -> Owner {
    let entity = || Entity { guid: evil(nth), name: evil(nth) };
    Owner::new(Ownership { app: entity(), space: entity(), org: entity() })
}

fn hostile_app() -> App {
    let (mut app, stream) = live((0..20).map(hostile).collect());
    app.update(
        Msg::Session(
            app.shown_session(),
            SessionMsg::Cells(Ok((0..20).map(|nth| cell(&evil(nth))).collect())),
        ),
        noon(),
    );
    app.update(
        Msg::Session(
            app.shown_session(),
            SessionMsg::Domains(Ok((0..20).map(|nth| Domain::from(evil(nth))).collect())),
        ),
        noon(),
    );
    app.update(Msg::Note(evil(0)), noon());
    complete(&mut app, stream, hostile(1));
    app
}

#[test]
fn no_control_or_invisible_character_is_drawn() {
    for keys in ["", "\n", "\t", "\t\t", "\t\t\t", "C", "R", "D", "jC", "jjD", "d", "o", "w"] {
        let mut app = hostile_app();
        press(&mut app, keys);
        check(&app, keys);
    }
}

#[test]
fn very_long_guid_does_not_hide_the_question() {
    let mut app = hostile_app();
    press(&mut app, "C");
    let drawn = drawn(&app, noon(), (80, 24));
    for text in ["Cancel this task?", "bytes in all", "domain ", "state ", " No    Yes "] {
        assert!(drawn.contains(text), "{text}: {drawn}");
    }
}

#[test]
fn no_box_covers_half_of_a_wide_character() {
    for left in 0..5 {
        let mut buf = Buffer::with_lines(["漢漢漢漢"; 3]);
        text::boxed(&mut buf, Rect::new(left, 0, 3, 3), Style::new());
        for line in buf.content().chunks(8) {
            check_width(line, &format!("a box at {left}"));
            assert!(line[usize::from(left)].symbol().starts_with(['┌', '│', '└']), "{line:?}");
        }
    }
}

#[test]
fn hostile_paste_is_sanitised() {
    let mut app = hostile_app();
    press(&mut app, "/");
    app.update(Msg::Paste(evil(0)), noon());
    check(&app, "paste");
}

#[test]
fn every_field_of_a_hostile_definition_is_drawn_and_sanitised() {
    let mut app = hostile_app();
    press(&mut app, "\n");
    let mut fields = 0;
    let mut next = || {
        fields += 1;
        // Like `evil`, but short: all fields must fit one screen.
        format!("\x1b[2J\u{9b}31m\u{202e}\u{200b}\r\n\u{e0041}-{fields}-")
    };
    let definition = definition::of(&mut next);
    let guid = app.selected().unwrap().task.guid.clone();
    app.update(
        Msg::Session(
            app.shown_session(),
            SessionMsg::Decoded { guid, result: Ok(std::sync::Arc::new(definition)) },
        ),
        noon(),
    );
    check(&app, "masked");
    (0..100).for_each(|secret| drop(app.update(Msg::ToggleSecret(secret), noon())));
    check(&app, "revealed");
    let size = (160, 1_500);
    check_at(&app, "the whole page", size);
    let drawn = drawn(&app, noon(), size);
    let missing: Vec<_> = (1..=fields).filter(|field| !drawn.contains(&format!("-{field}-"))).collect();
    assert_eq!(missing, Vec::<usize>::new(), "of {fields}");
    assert!(fields >= 80, "{fields}");
}

#[test]
fn texts_of_server_target_and_filter_are_sanitised() {
    let target = Target { name: Some(evil(0)), url: evil(1), ..Target::default() };
    let (mut app, stream) = connecting(target);
    check(&app, "connecting");
    let mark = listing(&mut app, stream);
    let fault = |call, kind| Fault { call, target: evil(1), request: None, kind };
    let refused = FaultKind::Refused { kind: RefusedType::UNKNOWN, message: evil(2) };
    app.update(
        Msg::Session(
            app.shown_session(),
            SessionMsg::ListFailed { mark, fault: fault(Call::ListTasks, refused.clone()) },
        ),
        noon(),
    );
    check(&app, "not connected");

    let mut app = hostile_app();
    press(&mut app, "Cy");
    let guid = app.selected().unwrap().task.guid.clone();
    assert!(app.pending(&guid).is_some());
    check(&app, "in flight");
    press(&mut app, "q");
    check(&app, "quit dialog");
    press(&mut app, "n");
    let result = Err(fault(Call::Cancel, refused));
    app.update(
        Msg::Session(app.shown_session(), SessionMsg::Acted { guid, step: Step::Cancel, result }),
        noon(),
    );
    check(&app, "refused");
    for text in
        [format!("\"{}", evil(0)), format!("{}:{}", evil(0), evil(1)), format!("domain:\"{}\"", evil(0))]
    {
        press(&mut app, "x/");
        app.update(Msg::Paste(text), noon());
        check(&app, "typed");
        press(&mut app, "\n");
        check(&app, "active filter");
        app.update(Msg::Key(Key::plain(KeyCode::Esc), noon().mono), noon());
    }
}

fn check(app: &App, what: &str) {
    for size in [(1, 1), (7, 3), (40, 10), (80, 24), (160, 48)] {
        check_at(app, what, size);
    }
}

fn check_at(app: &App, what: &str, size: (u16, u16)) {
    let buf = frame(app, &mut UiState::new(Colours::Full), noon(), size);
    for cell in buf.content() {
        let symbol = cell.symbol();
        assert!(!symbol.chars().any(is_invisible), "{symbol:?} at {size:?} after {what:?}");
    }
    for line in buf.content().chunks(usize::from(size.0)) {
        check_width(line, what);
    }
}

/// Checks that the symbols of a line take its cells and no other: a wide one has the cells after it for itself.
fn check_width(line: &[Cell], what: &str) {
    let mut left = line;
    while let Some((cell, rest)) = left.split_first() {
        let behind = cell.symbol().width().saturating_sub(1);
        let taken = rest.get(..behind).unwrap_or_else(|| panic!("{cell:?} does not fit after {what:?}"));
        assert!(taken.iter().all(|cell| cell.symbol().trim().is_empty()), "{taken:?} after {what:?}");
        left = &rest[behind..];
    }
}
