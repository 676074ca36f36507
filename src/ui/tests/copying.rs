//! The menu of what can be copied.

use insta::assert_snapshot;
use ratatui::style::Color;

use super::scenes::{live, mixed, noon, press, task};
use super::*;
use crate::model::{Entity, Owner, Ownership, State, Task};

/// A failed task of an app, with a reason that is hostile and longer than the menu.
fn hostile() -> Task {
    let app = Entity { guid: "5a1f2c33-app".to_owned(), name: "shop".to_owned() };
    let reason =
        "GET https://user:pw@blobstore.internal/droplet\u{1b}[2J\nfailed: exit status 137 ".repeat(20);
    Task {
        failed: true,
        failure_reason: reason.as_str().into(),
        owner: Owner::new(Ownership { app, ..Ownership::default() }),
        ..task(7, State::Completed, 4_020, 50)
    }
}

#[test]
fn the_menu_shows_what_each_letter_copies_or_why_it_does_not() {
    let (mut app, _) = live(vec![hostile()]);
    press(&mut app, "y");
    for (name, size) in [("small", SMALL), ("usual", USUAL), ("large", LARGE)] {
        let drawn = drawn(&app, noon(), size);
        assert!(!line_with(&drawn, "r Reason").contains("user:pw"), "{drawn}");
        assert_snapshot!(format!("copy_menu_{name}"), drawn);
    }
    let (mut app, _) = live(mixed());
    press(&mut app, "yG");
    assert_snapshot!("copy_menu_of_another", drawn(&app, noon(), USUAL));
}

#[test]
fn the_menu_needs_no_colours() {
    let (mut app, _) = live(vec![hostile()]);
    press(&mut app, "y");
    let buf = frame(&app, &mut UiState::new(Colours::None), noon(), USUAL);
    assert!(buf.content().iter().all(|cell| (cell.fg, cell.bg) == (Color::Reset, Color::Reset)));
}
