//! The filter prompt, the command prompt and the search by name.

use insta::assert_snapshot;

use super::scenes::{live, mixed, noon, press, task};
use super::*;
use crate::app::key::{Key, KeyCode};
use crate::model::{Domain, Entity, Owner, Ownership, State, Task};

const SIZES: [(&str, (u16, u16)); 3] = [("usual", USUAL), ("wide", WIDE), ("huge", HUGE)];

/// Returns tasks of several apps, with names that must be quoted or sanitised.
fn owned() -> Vec<Task> {
    let apps = ["shop-web", "shop-worker", "billing", "my app", "evil\u{1b}[31m\u{202e}app"];
    let owner = |nth: usize| {
        let entity = |name: &str| Entity { guid: format!("{name}-guid"), name: name.to_owned() };
        Owner::new(Ownership { app: entity(apps[nth % apps.len()]), ..Ownership::default() })
    };
    let tasks = (0..40).map(|nth| Task { owner: owner(nth % 13), ..task(nth, State::Running, 3_600, 50) });
    tasks.collect()
}

fn ctrl(app: &mut App, c: char) {
    app.update(Msg::Key(Key::ctrl(c), noon().mono), noon());
    app.before_frame();
}

fn snapshots(app: &App, name: &str) {
    for (size, cells) in SIZES {
        assert_snapshot!(format!("{name}_{size}"), drawn(app, noon(), cells));
    }
}

#[test]
fn fields_are_offered_with_their_meaning() {
    let (mut app, _) = live(owned());
    press(&mut app, "/state:running r");
    snapshots(&app, "prompt_fields");
}

#[test]
fn values_are_offered_with_their_counts() {
    let (mut app, _) = live(owned());
    press(&mut app, "/app:\t\t");
    snapshots(&app, "prompt_values");
}

#[test]
fn hostile_value_is_sanitised_on_the_screen_and_quoted_in_the_filter() {
    let (mut app, _) = live(owned());
    press(&mut app, "/app:evil\t");
    let buf = frame(&app, &mut UiState::new(Colours::Full), noon(), USUAL);
    assert!(!text(&buf).contains(['\u{1b}', '\u{202e}']), "{}", text(&buf));
    assert_eq!(app.filter().terms.text(), "app:\"evil\u{1b}[31m\u{202e}app\"");
    assert_eq!(app.shown_of_total().0, 6);
    ctrl(&mut app, 'c');
    let (mut app, _) = live(owned());
    ctrl(&mut app, 'p');
    press(&mut app, "evil");
    assert!(!drawn(&app, noon(), USUAL).contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn caret_stands_under_the_fault_where_the_message_fits_beside_it() {
    let (mut app, _) = live(mixed());
    press(&mut app, "/memory state:x");
    let large = drawn(&app, noon(), LARGE);
    let lines: Vec<_> = large.lines().rev().take(2).collect();
    assert!(lines[1].starts_with("/memory state:x"), "{large}");
    assert!(lines[0].starts_with("              ^ Unknown state \"x\""), "{large}");
}

#[test]
fn commands_are_offered_with_help_or_why_not() {
    let (mut app, _) = live(mixed());
    press(&mut app, ":cl\t");
    let usual = drawn(&app, noon(), USUAL);
    assert!(usual.contains("clear-filters  No filter is set"), "{usual}");
    let (mut app, _) = live(mixed());
    press(&mut app, ":s");
    snapshots(&app, "prompt_commands");
    press(&mut app, "oo\n");
    let usual = drawn(&app, noon(), USUAL);
    assert!(usual.contains("Unknown command \"soo\"."), "{usual}");
}

#[test]
fn search_shows_the_letters_that_match() {
    let (mut app, _) = live(owned());
    ctrl(&mut app, 'p');
    snapshots(&app, "find_empty");
    press(&mut app, "shwk");
    snapshots(&app, "find_app");
    let buf = frame(&app, &mut UiState::new(Colours::None), noon(), USUAL);
    let y = (0..USUAL.1).find(|y| line(&buf, *y).contains("shop-worker")).unwrap();
    let marked: String = (0..USUAL.0)
        .map(|x| &buf[(x, y)])
        .filter(|cell| cell.modifier.contains(ratatui::style::Modifier::UNDERLINED))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(marked, "shwk");
}

fn line(buf: &Buffer, y: u16) -> String {
    (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect()
}

#[test]
fn prompts_are_drawn_at_every_size() {
    for keys in ["/", "/app:", "/app:\t\t", ":", ":filter ", ":x\n"] {
        let (mut app, _) = live(owned());
        app.update(
            Msg::Session(
                app.shown_session(),
                crate::app::SessionMsg::Domains(Ok(vec![Domain::from("日本")])),
            ),
            noon(),
        );
        press(&mut app, keys);
        for size in [(1, 1), (2, 3), (10, 2), (20, 5), (40, 10), (300, 90)] {
            drawn(&app, noon(), size);
        }
        app.update(Msg::Key(Key::plain(KeyCode::Esc), noon().mono), noon());
        ctrl(&mut app, 'p');
        for size in [(1, 1), (2, 3), (10, 2), (20, 5), (40, 10), (300, 90)] {
            drawn(&app, noon(), size);
        }
    }
}
