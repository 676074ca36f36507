//! The confirmation dialogs.

use insta::assert_snapshot;
use ratatui::style::Modifier;

use super::scenes::{live, live_on, noon, press, target, task};
use super::*;
use crate::app::key::Key;
use crate::app::{ConfirmPolicy, Target};
use crate::model::State;

#[test]
fn dialog_shows_the_guid_in_full() {
    let (mut app, _) = live(vec![task(1, State::Completed, 90, 30)]);
    press(&mut app, "D");
    for size in [SMALL, USUAL] {
        let drawn = drawn(&app, noon(), size);
        assert!(drawn.contains("00000001-5e1f-4d3c-8a6b-000000000001"), "{drawn}");
        assert!(drawn.contains(" No    Yes "), "{drawn}");
    }
    assert_snapshot!("confirm_small", drawn(&app, noon(), SMALL));
    assert_snapshot!("confirm_usual", drawn(&app, noon(), USUAL));
}

#[test]
fn no_comes_first_and_is_highlighted() {
    let (mut app, _) = live(vec![task(1, State::Running, 90, 30)]);
    press(&mut app, "C");
    let buf = frame(&app, &mut UiState::new(Colours::None), noon(), USUAL);
    let reversed: String = (0..buf.area.height)
        .flat_map(|y| (0..buf.area.width).map(move |x| (x, y)))
        .filter(|at| buf[*at].modifier.contains(Modifier::REVERSED | Modifier::BOLD))
        .map(|at| buf[at].symbol())
        .collect();
    assert!(reversed.contains(" No "), "{reversed}");
    assert!(!reversed.contains("Yes"), "{reversed}");
}

#[test]
fn dialog_reports_a_key_that_came_too_soon() {
    let (mut app, _) = live(vec![task(1, State::Running, 90, 30)]);
    for key in ['C', 'y'] {
        app.update(Msg::Key(Key::char(key), noon().mono), noon());
    }
    for size in [SMALL, USUAL] {
        let drawn = drawn(&app, noon(), size);
        assert!(drawn.contains(" No    Yes    Too soon: key ignored"), "{drawn}");
    }
}

#[test]
fn quit_dialog_lists_the_actions_in_flight() {
    let (mut app, _) = live((1..=5).map(|id| task(id, State::Running, 90, 30)).collect());
    press(&mut app, "CyjCyq");
    assert_snapshot!("quit_usual", drawn(&app, noon(), USUAL));
    press(&mut app, "njCyjCyjCyq");
    let drawn = drawn(&app, noon(), USUAL);
    assert!(drawn.contains("and 2 more"), "{drawn}");
}

/// Returns an app of a target whose name is to be typed, with a task to cancel.
fn live_by_name() -> App {
    let target = Target { confirm: ConfirmPolicy::TypeName, ..target() };
    let (mut app, _) = live_on(target, vec![task(1, State::Running, 90, 30)]);
    press(&mut app, "C");
    app
}

#[test]
fn a_target_can_want_its_name_typed() {
    let mut app = live_by_name();
    press(&mut app, "pro");
    assert_snapshot!("confirm_by_name_small", drawn(&app, noon(), SMALL));
    press(&mut app, "\n");
    let wrong = drawn(&app, noon(), USUAL);
    assert!(wrong.contains("> pro   That is not the target's name"), "{wrong}");
    press(&mut app, "d\n");
    assert_eq!(app.actions_in_flight(), 1);
}
