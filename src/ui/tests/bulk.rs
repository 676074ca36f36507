//! The question about marked tasks, and the outcomes of a run.

use insta::assert_snapshot;

use super::scenes::{live_on, mixed, noon, press, target};
use super::*;
use crate::app::{Effect, SessionEffect, SessionMsg};
use crate::model::lifecycle::Step;
use std::time::Duration;

use crate::model::{Call, Fault, FaultKind, RequestId, State, Task, TaskGuid};

/// Returns an app that asks whether to cancel every task of a scene; three marks have hidden rows.
fn asked() -> App {
    let (mut app, _) = live_on(target(), mixed());
    press(&mut app, "a/cell:\"\"\nx/!cell:cell-0\nC");
    app
}

/// Returns an app in the middle of a run.
fn running() -> App {
    let (mut app, _) = live_on(target(), mixed());
    press(&mut app, "aC31\n");
    for nth in 0..3 {
        let guid = app.tasks_in_flight().into_keys().next().map(|(_, guid)| guid.clone()).unwrap();
        answer(&mut app, guid, nth);
    }
    app
}

/// Answers the call for a task, the second time with a fault.
fn answer(app: &mut App, guid: TaskGuid, nth: u64) {
    let session = app.shown_session();
    let now = noon().plus(Duration::from_secs(nth + 1));
    let timed_out = FaultKind::TimedOut { after: Duration::from_secs(10) };
    let fault =
        Fault { call: Call::Cancel, target: target().url, request: Some(RequestId(7)), kind: timed_out };
    let result = if nth == 1 { Err(fault) } else { Ok(()) };
    let acted = SessionMsg::Acted { guid: guid.clone(), step: Step::Cancel, result };
    let mark = app.update(Msg::Session(session, acted), now).into_iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::Get { mark, .. }) => Some(mark),
        _ => None,
    });
    let held = app.store().get(&guid).unwrap().task.clone();
    let found = if nth == 1 { Some(held) } else { None };
    let found = if nth == 0 {
        Some(Task { state: State::Completed, failed: true, ..app.store().get(&guid).unwrap().task.clone() })
    } else {
        found
    };
    app.update(Msg::Session(session, SessionMsg::Got { guid, mark: mark.unwrap(), result: Ok(found) }), now);
    app.before_frame();
}

#[test]
fn question_says_what_it_is_about_at_every_size() {
    let app = asked();
    for (name, size) in [("question_small", SMALL), ("question_usual", USUAL), ("question_large", LARGE)] {
        assert_snapshot!(name, drawn(&app, noon(), size));
    }
}

#[test]
fn run_shows_its_progress_and_outcomes_at_every_size() {
    let app = running();
    for (name, size) in [("run_small", SMALL), ("run_usual", USUAL), ("run_large", LARGE)] {
        assert_snapshot!(name, drawn(&app, noon(), size));
    }
}
