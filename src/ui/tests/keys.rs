//! The keys of the configuration, wherever keys are shown.

use super::scenes::{listing, mixed, noon, press, target};
use super::*;
use crate::app::commands::Command;
use crate::app::key::Key;
use crate::app::keymap::Keymap;
use crate::app::{Effect, SessionEffect, SessionMsg, Settings};
use crate::model::{TaskAction, TaskFilter};

/// Returns a dashboard in which cancelling has another key, and refreshing none.
fn rebound() -> App {
    const CANCEL: &[Key] = &[Key::char('X')];
    let keymap = Keymap::customised(|command| match command {
        Command::Act(TaskAction::Cancel) => Some(CANCEL),
        Command::Refresh => Some(&[]),
        _ => None,
    });
    let mut app = App::new(target(), Settings { keymap: keymap.unwrap(), ..Settings::default() });
    let stream = app.update(Msg::Tick, noon()).into_iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::Subscribe { stream }) => Some(stream),
        _ => None,
    });
    let mark = listing(&mut app, stream.unwrap());
    let session = app.shown_session();
    for msg in [
        SessionMsg::ListPart { mark, tasks: mixed(), received: 90_000 },
        SessionMsg::ListDone { mark, filter: TaskFilter::default(), received: 90_000 },
    ] {
        app.update(Msg::Session(session, msg), noon());
    }
    app.before_frame();
    app
}

#[test]
fn footer_help_and_palette_show_the_keys_in_force() {
    let mut app = rebound();
    press(&mut app, "jjjj");
    let footer = drawn(&app, noon(), LARGE).lines().last().unwrap().to_owned();
    assert!(footer.contains("X cancel") && !footer.contains("C cancel"), "{footer}");
    press(&mut app, "?/refresh");
    let help = drawn(&app, noon(), LARGE);
    assert!(line_with(&help, ":refresh").contains("Refresh the list now"), "{help}");
    let mut app = rebound();
    press(&mut app, "jjjj:cancel");
    let palette = drawn(&app, noon(), LARGE);
    assert!(palette.contains("(X)") && !palette.contains("(C)"), "{palette}");
}
