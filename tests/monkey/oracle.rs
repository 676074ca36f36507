//! The checks themselves: each fails if what it forbids happens.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use taskdeck::app::key::Key;
use taskdeck::app::{ANSWER_AFTER, SessionEffect};
use taskdeck::clock::Now;
use taskdeck::model::lifecycle::Step;

use crate::line::Line;
use crate::run::Plan;
use crate::screen;
use crate::stage::Stage;

fn fails(check: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(check)).is_err()
}

/// Returns a dashboard with tasks, whose target asks with yes and no.
fn stage() -> Stage {
    let plan = Plan { seed: 1, steps: 0, recording: Vec::new() };
    let mut stage = plan.stage(&crate::hostile(), "lab");
    stage.arrive(0, &crate::hostile());
    stage.draw();
    stage
}

fn cancel(stage: &Stage) -> SessionEffect {
    SessionEffect::Act { guid: stage.app.selected().unwrap().task.guid.clone(), step: Step::Cancel }
}

#[test]
fn a_write_without_a_yes_is_found() {
    let mut stage = stage();
    let (effect, session) = (cancel(&stage), stage.app.shown_session());
    assert!(fails(|| stage.ledger.request(&stage.app, session, &effect, stage.now)));
}

#[test]
fn a_yes_allows_a_write_once() {
    let mut stage = stage();
    let (effect, session) = (cancel(&stage), stage.app.shown_session());
    stage.press(Key::char('C'));
    stage.draw();
    stage.press(Key::char('y'));
    assert_eq!(stage.ledger.sent, 0, "nobody has read the question");
    stage.pass(2 * ANSWER_AFTER);
    stage.press(Key::char('y'));
    assert_eq!((stage.ledger.confirmed, stage.ledger.sent), (1, 1));
    assert!(fails(|| stage.ledger.request(&stage.app, session, &effect, stage.now)));
}

#[test]
fn a_second_ping_is_found() {
    let mut line = Line::new(0);
    let ping = || SessionEffect::Ping { within: ANSWER_AFTER };
    line.start(ping(), Now::default());
    assert!(fails(|| line.start(ping(), Now::default())));
}

#[test]
fn what_a_terminal_could_take_for_a_command_is_found() {
    let drawn = |symbol: &str, column| {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        buffer[(column, 0)].set_symbol(symbol);
        buffer
    };
    assert!(!fails(|| screen::check(&drawn("漢", 1))));
    for (symbol, column) in [("\u{1b}", 0), ("\u{202e}", 2), ("漢", 3)] {
        assert!(fails(|| screen::check(&drawn(symbol, column))), "{symbol:?}");
    }
    let mut overlapped = drawn("漢", 1);
    overlapped[(2, 0)].set_symbol("x");
    assert!(fails(|| screen::check(&overlapped)));
}
