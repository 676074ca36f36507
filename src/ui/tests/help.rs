//! The help.

use insta::assert_snapshot;

use super::scenes::{live, mixed, noon, press, task};
use super::*;
use crate::app::commands::COMMANDS;
use crate::app::key::{Key, KeyCode};
use crate::filter::FIELDS;
use crate::model::State;

/// Large enough for the whole help.
const HUGE: (u16, u16) = (200, 80);

#[test]
fn help_lists_every_command_by_group() {
    let (mut app, _) = live(mixed());
    press(&mut app, "?");
    assert_snapshot!("help_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("help_wide", drawn(&app, noon(), WIDE));
    let huge = drawn(&app, noon(), HUGE);
    assert_snapshot!("help_huge", huge);
    let tall = drawn(&app, noon(), (HUGE.0, 110));
    let missing: Vec<_> = COMMANDS.iter().map(|row| row.help).filter(|help| !tall.contains(help)).collect();
    assert!(missing.is_empty() && tall.contains(FIELDS.last().unwrap().help), "all at once: {missing:?}");
}

#[test]
fn help_begins_with_the_focused_pane() {
    for (keys, heading) in [
        ("?", "In the task table"),
        ("\n?", "In the detail"),
        ("\t?", "In the groups"),
        ("v?", "In the groups"),
        ("4?", "In the pulse"),
        ("\t\t\t?", "In the events"),
    ] {
        let (mut app, _) = live(mixed());
        press(&mut app, keys);
        let drawn = drawn(&app, noon(), USUAL);
        assert!(drawn.lines().nth(3).unwrap().contains(heading), "{heading}: {drawn}");
    }
}

#[test]
fn help_narrows_to_what_is_typed() {
    let (mut app, _) = live(mixed());
    press(&mut app, "?sort rev");
    let narrowed = drawn(&app, noon(), WIDE);
    assert_snapshot!("help_narrowed", narrowed);
    assert!(narrowed.contains("Reverse the sort order") && !narrowed.contains("Copy the guid"), "{narrowed}");
    let (mut app, _) = live(mixed());
    press(&mut app, "?/quit");
    let drawn = drawn(&app, noon(), USUAL);
    assert!(
        drawn.contains("/quit") && drawn.contains("Quit; in the detail"),
        "`/` makes q a letter: {drawn}"
    );
    press(&mut app, "zz");
    assert!(super::drawn(&app, noon(), USUAL).contains("Nothing matches."));
}

#[test]
fn help_scrolls_to_its_end_and_not_further() {
    let (mut app, _) = live(mixed());
    press(&mut app, "?");
    let mut ui = UiState::new(Colours::None);
    frame(&app, &mut ui, noon(), USUAL);
    let last = ui.overlay_scroll();
    assert!(last > 20, "{last}");
    app.update(Msg::Key(Key::plain(KeyCode::End), noon().mono), noon());
    app.set_overlay_bounds(last);
    let end = text(&frame(&app, &mut ui, noon(), USUAL));
    assert!(end.contains("↑ go back") && !end.contains("↓"), "{end}");
    app.update(Msg::Key(Key::plain(KeyCode::Up), noon().mono), noon());
    let above = text(&frame(&app, &mut ui, noon(), USUAL));
    assert!(above.contains("↑ ↓ scroll"), "one line up is seen at once: {above}");
}

#[test]
fn help_dims_unavailable_commands() {
    let (mut app, _) = live(vec![task(1, State::Resolving, 200, 30)]);
    press(&mut app, "?");
    let buf = frame(&app, &mut UiState::new(Colours::Full), noon(), HUGE);
    let dimmed = Theme::of(&app, Colours::Full).tone(crate::present::Tone::Quiet).fg.unwrap();
    let colour_of = |help: &str| {
        let symbols = |x: u16, y: u16| (x..HUGE.0).map(move |x| (x, y));
        let starts = |at: &(u16, u16)| {
            let text: String = symbols(at.0, at.1).map(|at| buf[at].symbol().to_owned()).collect();
            text.starts_with(help)
        };
        let at = (0..HUGE.1).flat_map(|y| symbols(0, y)).find(starts).unwrap();
        buf[at].fg
    };
    for (help, is_dimmed) in [
        ("Cancel the selected or the marked tasks", true),
        ("Resolve the selected or the marked tasks", true),
        ("Clear all filters", true),
        ("Delete the selected or the marked tasks", false),
        ("Copy the guid", false),
    ] {
        assert_eq!(colour_of(help) == dimmed, is_dimmed, "{help}");
    }
}

#[test]
fn help_says_why_a_command_is_not_available() {
    let (mut app, _) = live(vec![task(1, State::Resolving, 200, 30)]);
    press(&mut app, "?");
    let drawn = drawn(&app, noon(), HUGE);
    assert!(drawn.contains("Clear all filters (No filter is set)"), "{drawn}");
    assert!(
        drawn.contains("Cancel the selected or the marked tasks (Task is Resolving: a client"),
        "{drawn}"
    );
}
