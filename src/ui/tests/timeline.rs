//! The timeline of a task: its bars, its loops and its changes, at two sizes and without colours and Unicode.

use std::time::Duration;

use insta::assert_snapshot;

use super::scenes::{live, noon, press, task};
use super::*;
use crate::app::{Msg, SessionMsg};
use crate::model::lifecycle::Step;
use crate::model::recording::WriteCall;
use crate::model::{CellId, RequestId, State, StreamItem, Task, TaskEvent};

fn later(seconds: u64) -> Now {
    noon().plus(Duration::from_secs(seconds))
}

/// The versions of a task: it waits 12 s, is rejected, runs for 60 s, fails, and loops between Completed and Resolving.
fn versions() -> Vec<(u64, Task)> {
    let at = |seconds| later(seconds).wall;
    let pending = task(1, State::Pending, 0, 0);
    let pending = Task { definition: pending.definition.clone().with_callback(true), ..pending };
    let rejected = Task {
        rejection_count: 1,
        rejection_reason: "insufficient resources: memory".into(),
        updated_at: at(5),
        ..pending.clone()
    };
    let running = Task {
        state: State::Running,
        cell: Some(CellId::from("cell-1")),
        updated_at: at(12),
        ..rejected.clone()
    };
    let failed = Task {
        state: State::Completed,
        cell: None,
        failed: true,
        failure_reason: "APP/TASK/migrate: Exited with status 137 (out of memory)".into(),
        updated_at: at(72),
        first_completed_at: at(72),
        ..running.clone()
    };
    let resolving = Task { state: State::Resolving, updated_at: at(73), ..failed.clone() };
    let demoted = Task { state: State::Completed, ..resolving.clone() };
    let again = Task { updated_at: at(106), ..resolving.clone() };
    vec![
        (0, pending),
        (5, rejected),
        (12, running),
        (72, failed),
        (73, resolving),
        (105, demoted),
        (106, again),
    ]
}

fn tell(app: &mut App, msg: SessionMsg, now: Now) {
    app.update(Msg::Session(app.shown_session(), msg), now);
    app.before_frame();
}

/// The open timeline of that task.
fn timeline() -> App {
    let (mut app, stream) = live(Vec::new());
    let versions = versions();
    let created = StreamItem::Event(TaskEvent::Created(versions[0].1.clone()));
    tell(&mut app, SessionMsg::StreamItems(stream, vec![created]), noon());
    for pair in versions.windows(2) {
        let [(_, before), (seconds, after)] = pair else { continue };
        let (before, after) = (Box::new(before.clone()), Box::new(after.clone()));
        let changed = StreamItem::Event(TaskEvent::Changed { before, after });
        tell(&mut app, SessionMsg::StreamItems(stream, vec![changed]), later(*seconds));
    }
    press(&mut app, "l");
    app
}

#[test]
fn the_timeline_at_two_sizes() {
    let mut app = timeline();
    assert_snapshot!("timeline_usual", drawn(&app, later(120), USUAL));
    assert_snapshot!("timeline_large", drawn(&app, later(120), LARGE));
    press(&mut app, "G");
    assert_snapshot!("timeline_usual_end", drawn(&app, later(120), USUAL));
}

#[test]
fn bars_are_to_scale_without_colours_and_unicode() {
    let mut buf = frame(&timeline(), &mut UiState::new(Colours::None), later(120), USUAL);
    to_ascii(&mut buf);
    let drawn = text(&buf);
    assert!(drawn.is_ascii());
    let lengths = ["waited", "ran", "unresolved"].map(|name| {
        let line = line_with(&drawn, &format!("  {name} "));
        (line.find('#').unwrap(), line.matches('#').count())
    });
    let [waited, ran, unresolved] = lengths;
    assert!(waited.1 < unresolved.1 && unresolved.1 < ran.1, "{drawn}");
    assert_eq!(ran.0, waited.0 + waited.1, "each begins where the one before ends");
    assert_eq!(unresolved.0, ran.0 + ran.1);
    let whole = waited.1 + ran.1 + unresolved.1;
    for ((_, cells), seconds) in lengths.into_iter().zip([12, 60, 48]) {
        assert!((cells * 120).abs_diff(seconds * whole) <= 120, "a cell at most: {drawn}");
    }
}

#[test]
fn the_tab_stays_from_task_to_task_and_the_key_brings_the_fields_back() {
    let (mut app, _) = live(vec![task(1, State::Pending, 60, 60), task(2, State::Pending, 50, 50)]);
    press(&mut app, "l");
    let guid = |app: &App| app.detail_entry().unwrap().task.guid.clone();
    let first = guid(&app);
    assert!(drawn(&app, noon(), LARGE).contains("[timeline]"), "it opens with the timeline");
    press(&mut app, "\t\tj");
    assert_ne!(guid(&app), first, "the detail follows the cursor");
    assert!(drawn(&app, noon(), LARGE).contains("[timeline]"));
    press(&mut app, "l");
    assert!(drawn(&app, noon(), LARGE).contains("[fields]"));
    press(&mut app, "lq\n");
    assert!(drawn(&app, noon(), LARGE).contains("[fields]"), "a new detail begins with the fields");
}

#[test]
fn our_requests_stand_beside_what_followed_from_them() {
    let (mut app, _) = live(vec![task(1, State::Completed, 60, 5)]);
    press(&mut app, "lRy");
    let (guid, step) = (task(1, State::Completed, 60, 5).guid, Step::Resolving);
    tell(
        &mut app,
        SessionMsg::Requested { guid, call: WriteCall::Step(step), request: RequestId(0xabc) },
        noon(),
    );
    let drawn = drawn(&app, noon(), LARGE);
    assert!(drawn.contains("resolve requested (our action)"), "{drawn}");
    assert!(drawn.contains("00000000000000000000000000000abc"), "{drawn}");
}
