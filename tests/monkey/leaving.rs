//! The end of a run: all troubles are mended, and then a few keys lead back to the main view and out, each target is live, and its rows
//! are the server's tasks.

use std::collections::BTreeMap;
use std::time::Duration;

use taskdeck::app::key::{Key, KeyCode};
use taskdeck::app::{ANSWER_AFTER, App, Health, MainPane, Overlay, Pane, SessionId};
use taskdeck::model::{Task, TaskGuid};

use crate::bbs::Trouble;
use crate::hand::{self, Touch};
use crate::stage::Stage;

/// How often Esc is pressed at most.
const ESCAPES: usize = 12;
/// How long healing takes at most: a list of a hidden session comes every five minutes.
const HEALING: Duration = Duration::from_secs(900);
const SECOND: Duration = Duration::from_secs(1);

pub(crate) fn leave(stage: &mut Stage, hostile: &[String]) {
    stage.resize((120, 40));
    for server in &mut stage.servers {
        server.trouble = Trouble::None;
    }
    for _ in 0..4 {
        stage.take_back(0);
    }
    assert!(!stage.is_lent(), "the editor opens again and again");
    stage.draw();
    until(stage, hostile, "no action is under way", |stage| {
        stage.app.actions_in_flight() == 0 && stage.app.tasks_in_runs() == 0
    });
    go_home(stage);
    for session in stage.lines.keys().copied().collect::<Vec<_>>() {
        check_session(stage, session, hostile);
    }
    if stage.lines.is_empty() {
        until(stage, hostile, "the replay is there", |stage| stage.app.health(stage.now) == Health::Replay);
    }
    go_home(stage);
    stage.press(Key::char('q'));
    assert!(stage.has_quit, "q does not quit: {:?}", stage.app.overlay());
}

/// Shows a session, and waits until it is live with the rows of its server.
fn check_session(stage: &mut Stage, session: SessionId, hostile: &[String]) {
    let label = stage.app.target_of(session).unwrap().label().to_owned();
    if stage.app.shown_session() != session {
        type_keys(stage, &format!(":target {label}\n"));
    }
    assert_eq!(stage.app.target().label(), label, "{:?}", stage.app.overlay());
    until(stage, hostile, "the target is live", |stage| stage.app.health(stage.now) == Health::Live);
    let to = stage.lines[&session].to;
    let held = stage.servers[to].held();
    until(stage, hostile, "the rows are the server's tasks", |stage| rows(&stage.app, session) == held);
    go_home(stage);
}

fn rows(app: &App, session: SessionId) -> BTreeMap<TaskGuid, Task> {
    let entries = app.store_of(session).unwrap().entries().map(|(_, entry)| entry);
    let held = entries.filter(|entry| entry.end.is_none());
    held.map(|entry| (entry.task.guid.clone(), entry.task.clone())).collect()
}

/// Lets everything arrive while time passes, until something holds.
fn until(stage: &mut Stage, hostile: &[String], what: &str, holds: impl Fn(&Stage) -> bool) {
    let end = stage.now.mono + HEALING;
    while !holds(stage) {
        assert!(stage.now.mono < end, "never: {what}, {:?}", stage.app.health(stage.now));
        stage.arrive(1, hostile);
        stage.pass(SECOND);
        stage.draw();
    }
}

/// Presses Esc until nothing is open over the table of tasks.
fn go_home(stage: &mut Stage) {
    for _ in 0..ESCAPES {
        if is_home(&stage.app) {
            return;
        }
        stage.draw();
        stage.pass(2 * ANSWER_AFTER);
        stage.press_code(KeyCode::Esc);
        stage.draw();
    }
    let (main, focus, overlay) = (stage.app.main_pane(), stage.app.focus(), stage.app.overlay());
    assert!(is_home(&stage.app), "Esc does not lead back from {main:?}, {focus:?}, {overlay:?}");
}

fn is_home(app: &App) -> bool {
    matches!(app.overlay(), Overlay::None)
        && app.main_pane() == MainPane::Tasks
        && app.focus() == Pane::Tasks
        && app.detail().is_none()
        && !app.filter().is_active()
}

fn type_keys(stage: &mut Stage, text: &str) {
    for touch in hand::keys(text) {
        if let Touch::Key(key) = touch {
            stage.press(key);
        }
    }
    stage.draw();
}
