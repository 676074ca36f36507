//! Builds states of the dashboard to draw, only by sending messages.

use std::time::Duration;

use crate::app::key::{Key, KeyCode};
use crate::app::{
    ANSWER_AFTER, App, Effect, KnownTarget, Mark, Msg, SessionEffect, SessionMsg, Settings, StreamId, Target,
};
use crate::clock::Now;
use crate::model::{
    Cell, CellId, Domain, State, StreamItem, Task, TaskEvent, TaskFilter, TaskGuid, Timestamp,
};

/// 2026-06-01 12:00:00 UTC.
pub(super) fn noon() -> Now {
    Now { mono: Duration::from_secs(100), wall: Timestamp::from_nanos(1_780_315_200_000_000_000) }
}

fn ago(seconds: i64) -> Timestamp {
    noon().wall.shifted(-seconds * 1_000_000_000)
}

/// Returns a task that was created and last changed so many seconds ago.
pub(super) fn task(nth: usize, state: State, created: i64, changed: i64) -> Task {
    let cell = (state == State::Running).then(|| CellId::from(format!("cell-{}", nth % 3)));
    let first_completed_at =
        if matches!(state, State::Completed | State::Resolving) { ago(changed) } else { Timestamp::UNSET };
    let guid = format!("{nth:08x}-5e1f-4d3c-8a6b-00000000{nth:04x}");
    let domain = if nth.is_multiple_of(4) { "cf-apps-staging" } else { "cf-tasks" };
    Task {
        cell,
        created_at: ago(created),
        updated_at: ago(changed),
        first_completed_at,
        ..Task::blank(TaskGuid::from(guid), Domain::from(domain), state)
    }
}

pub(super) fn failed(nth: usize, reason: &str) -> Task {
    Task { failed: true, failure_reason: reason.into(), ..task(nth, State::Completed, 300, 60) }
}

/// Returns tasks in every state, one of them failed.
pub(super) fn mixed() -> Vec<Task> {
    let mut tasks: Vec<_> =
        (0..30).zip(0..).map(|(nth, minutes)| task(nth, State::Running, 3_600 + 60 * minutes, 50)).collect();
    tasks.push(task(30, State::Pending, 700, 700));
    tasks.push(task(31, State::Completed, 200, 30));
    tasks.push(task(32, State::Resolving, 190, 5));
    tasks.push(failed(33, "failed to run container: exit status 137 (out of memory)"));
    tasks
}

pub(super) fn target() -> Target {
    Target {
        name: Some("prod".into()),
        url: "https://bbs.service.cf.internal:8889".into(),
        ..Target::default()
    }
}

/// Returns an app that has subscribed to events and has received nothing yet.
pub(super) fn connecting(target: Target) -> (App, StreamId) {
    connecting_with(target, Settings::default())
}

/// The targets of the configuration besides the one that is shown.
fn other_targets() -> Vec<KnownTarget> {
    let staging =
        Target { name: Some("staging".into()), url: "https://staging:8889".into(), ..Target::default() };
    let known = |name: &str, target| KnownTarget { name: name.into(), target };
    let problem = "https://lab needs the CA's certificate".to_owned();
    vec![known("staging", Ok(staging)), known("lab", Err(problem))]
}

fn connecting_with(target: Target, settings: Settings) -> (App, StreamId) {
    let settings = Settings { targets: other_targets(), ..settings };
    let mut app = App::new(target, settings);
    let effects = app.update(Msg::Tick, noon());
    let stream = effects.iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::Subscribe { stream }) => Some(*stream),
        _ => None,
    });
    (app, stream.unwrap())
}

/// Opens the stream. Returns the mark of the list that the app then requests.
pub(super) fn listing(app: &mut App, stream: StreamId) -> Mark {
    let effects = app.update(Msg::Session(app.shown_session(), SessionMsg::StreamOpened(stream)), noon());
    let mark = effects.iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::List { mark, .. }) => Some(*mark),
        _ => None,
    });
    mark.unwrap()
}

/// Returns an app that is live and has listed these tasks.
pub(super) fn live(tasks: Vec<Task>) -> (App, StreamId) {
    live_on(target(), tasks)
}

/// Returns an app that is live on a target and has listed these tasks.
pub(super) fn live_on(target: Target, tasks: Vec<Task>) -> (App, StreamId) {
    live_with(target, Settings::default(), tasks)
}

/// The same with settings.
pub(super) fn live_with(target: Target, settings: Settings, tasks: Vec<Task>) -> (App, StreamId) {
    let (mut app, stream) = connecting_with(target, settings);
    let mark = listing(&mut app, stream);
    let (then, server_time) = (noon(), Some(noon().wall));
    app.update(
        Msg::Session(
            app.shown_session(),
            SessionMsg::ListOpened { mark, expected: Some(90_000), server_time },
        ),
        then,
    );
    app.update(
        Msg::Session(app.shown_session(), SessionMsg::ListPart { mark, tasks, received: 90_000 }),
        then,
    );
    let done = then.plus(Duration::from_millis(84));
    app.update(
        Msg::Session(
            app.shown_session(),
            SessionMsg::ListDone { mark, filter: TaskFilter::default(), received: 90_000 },
        ),
        done,
    );
    app.update(
        Msg::Session(
            app.shown_session(),
            SessionMsg::Domains(Ok(vec![Domain::from("cf-tasks"), Domain::from("idle")])),
        ),
        then,
    );
    app.update(
        Msg::Session(app.shown_session(), SessionMsg::Cells(Ok(vec![cell("cell-0"), cell("cell-1")]))),
        then,
    );
    app.before_frame();
    (app, stream)
}

pub(super) fn cell(id: &str) -> Cell {
    Cell {
        id: CellId::from(id),
        rep_address: String::new(),
        rep_url: String::new(),
        zone: "z1".into(),
        capacity: crate::model::Capacity::default(),
        rootfs_providers: Vec::new(),
        placement_tags: Vec::new(),
        optional_placement_tags: Vec::new(),
        annotations: Vec::new(),
    }
}

/// Completes a task by an event.
pub(super) fn complete(app: &mut App, stream: StreamId, before: Task) {
    let after = Task { state: State::Completed, cell: None, updated_at: noon().wall, ..before.clone() };
    let event = TaskEvent::Changed { before: Box::new(before), after: Box::new(after) };
    app.update(
        Msg::Session(app.shown_session(), SessionMsg::StreamItems(stream, vec![StreamItem::Event(event)])),
        noon(),
    );
    app.before_frame();
}

pub(super) fn press(app: &mut App, keys: &str) {
    for c in keys.chars() {
        let code = match c {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '←' => KeyCode::Left,
            '→' => KeyCode::Right,
            c => KeyCode::Char(c),
        };
        // Wait long enough that a dialog accepts the key.
        app.frame_shown(noon());
        app.update(Msg::Key(Key::plain(code), noon().mono + ANSWER_AFTER), noon());
        app.before_frame();
    }
}
