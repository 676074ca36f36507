//! The help.

use insta::assert_snapshot;

use super::scenes::{live, mixed, noon, press, task};
use super::*;
use crate::app::commands::COMMANDS;
use crate::filter::FIELDS;
use crate::model::State;

#[test]
fn help_lists_every_command_by_group() {
    let (mut app, _) = live(mixed());
    press(&mut app, "?");
    assert_snapshot!("help_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("help_wide", drawn(&app, noon(), WIDE));
    assert_snapshot!("help_large", drawn(&app, noon(), LARGE));
    let large = drawn(&app, noon(), (200, 100));
    let missing: Vec<_> = COMMANDS.iter().map(|row| row.help).filter(|help| !large.contains(help)).collect();
    assert!(missing.is_empty() && large.contains(FIELDS.last().unwrap().help), "all at once: {missing:?}");
}

#[test]
fn help_dims_unavailable_commands() {
    let (mut app, _) = live(vec![task(1, State::Resolving, 200, 30)]);
    press(&mut app, "?");
    let buf = frame(&app, &mut UiState::new(Colours::Full), noon(), LARGE);
    let dimmed = Theme::new(Colours::Full).tone(crate::present::Tone::Quiet).fg.unwrap();
    let colour_of = |help: &str| {
        let symbols = |x: u16, y: u16| (x..LARGE.0).map(move |x| (x, y));
        let starts = |at: &(u16, u16)| {
            let text: String = symbols(at.0, at.1).map(|at| buf[at].symbol().to_owned()).collect();
            text.starts_with(help)
        };
        let at = (0..LARGE.1).flat_map(|y| symbols(0, y)).find(starts).unwrap();
        buf[at].fg
    };
    for (help, is_dimmed) in [
        ("Cancel the selected task", true),
        ("Resolve the selected task", true),
        ("Clear all filters", true),
        ("Delete the selected task", false),
        ("Copy the guid", false),
    ] {
        assert_eq!(colour_of(help) == dimmed, is_dimmed, "{help}");
    }
}
