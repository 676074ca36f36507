//! Tests that the pictures of the documentation, frames of the dashboard as SVG, are up to date.
//!
//! `TASKDECK_DRAW=1 cargo test --lib the_picture` redraws them.

mod film;
mod foundation;
mod session;
mod svg;

use std::path::PathBuf;
use std::sync::Arc;

use super::scenes::{cell, complete, live, noon, press, task};
use super::*;
use crate::app::{App, Msg, SessionMsg};
use crate::model::{
    Action, CellId, Domain, Entity, EnvironmentVariable, Owner, Ownership, State, StreamItem, Task,
    TaskDefinition, TaskEvent,
};

/// Compares a picture with its file, or writes it there if the pictures are to be redrawn.
fn assert_current(name: &str, drawn: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/images").join(name);
    if std::env::var_os("TASKDECK_DRAW").is_some() {
        std::fs::write(path, drawn).unwrap();
        return;
    }
    let is_current = std::fs::read_to_string(&path).is_ok_and(|current| current == drawn);
    assert!(is_current, "docs/images/{name} is out of date: TASKDECK_DRAW=1 cargo test --lib the_picture");
}

fn assert_picture(name: &str, app: &App, size: (u16, u16)) {
    let drawn = svg::picture(&frame(app, &mut UiState::new(Colours::Full), noon(), size));
    assert_current(name, &drawn);
}

#[test]
fn the_picture_of_the_dashboard_is_what_is_drawn() {
    assert_picture("dashboard.svg", &showcase(), (160, 42));
}

#[test]
fn the_picture_of_marked_tasks_is_what_is_drawn() {
    assert_picture("bulk.svg", &marked(), (120, 30));
}

#[test]
fn the_picture_of_failures_is_what_is_drawn() {
    assert_picture("failures.svg", &failures::incident(), (150, 26));
}

#[test]
fn the_picture_of_groups_is_what_is_drawn() {
    assert_picture("groups.svg", &groups(), (160, 26));
}

/// Returns the apps of failing tasks beside the tasks that failed for one reason.
fn groups() -> App {
    let (mut app, _) = live(tasks().into_iter().chain(failures()).collect());
    press(&mut app, "ba\nsBr\nj\n");
    app
}

/// Returns tasks of several apps that failed for two kinds of reasons.
fn failures() -> impl Iterator<Item = Task> {
    (40..58).map(|nth| {
        let reason = match nth % 3 {
            0 => "Exited with status 137 (out of memory)".to_owned(),
            _ => format!("dial tcp 10.0.{nth}.7:5432: connect: connection refused"),
        };
        let age = i64::try_from(7 * nth).unwrap();
        let base = task(usize::try_from(nth).unwrap(), State::Completed, age, age / 9);
        let domain = Domain::from(if nth % 4 == 0 { "cf-app-staging" } else { "cf-tasks" });
        let base = Task { domain, ..base };
        owned(Task { guid: guid(nth), failed: true, failure_reason: reason.into(), ..base }, nth)
    })
}

/// Returns the question about marked tasks, one of which has no row in the table.
fn marked() -> App {
    let (mut app, _) = live(tasks());
    press(&mut app, "jVjV/domain:cf-tasks|batch\naC");
    app
}

/// Returns the state to draw: a foundation with a failed and a rejected task among running ones.
fn showcase() -> App {
    let (mut app, stream) = live(tasks());
    app.update(
        Msg::Session(
            app.shown_session(),
            SessionMsg::Cells(Ok((1..=6).map(|nth| cell(&format!("cell-{nth:02}"))).collect())),
        ),
        noon(),
    );
    for nth in [11, 17] {
        complete(&mut app, stream, running(nth));
    }
    let newest = Task { created_at: noon().wall, updated_at: noon().wall, ..pending(40) };
    let created = StreamItem::Event(TaskEvent::Created(newest));
    app.update(Msg::Session(app.shown_session(), SessionMsg::StreamItems(stream, vec![created])), noon());
    app.before_frame();
    press(&mut app, "jjj\n");
    let guid = app.selected().unwrap().task.guid.clone();
    app.update(
        Msg::Session(app.shown_session(), SessionMsg::Decoded { guid, result: Ok(Arc::new(definition())) }),
        noon(),
    );
    app
}

fn tasks() -> Vec<Task> {
    let out_of_memory = Task {
        guid: guid(3),
        domain: Domain::from("cf-tasks"),
        failed: true,
        failure_reason: "Exited with status 137 (out of memory)".into(),
        ..task(3, State::Completed, 95, 21)
    };
    let rejected =
        Task { rejection_count: 2, rejection_reason: "insufficient resources: memory".into(), ..pending(5) };
    let done = Task { guid: guid(7), ..task(7, State::Completed, 140, 44) };
    let claimed = Task { guid: guid(9), ..task(9, State::Resolving, 260, 3) };
    let mut tasks = vec![out_of_memory, rejected, pending(1), done, claimed];
    tasks.extend((10..36).map(running));
    tasks
}

/// Returns a guid that looks like those of Cloud Controller.
fn guid(nth: u64) -> crate::model::TaskGuid {
    let mixed = nth.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (head, tail) = (mixed >> 32, mixed & 0xffff_ffff);
    let text =
        format!("{head:08x}-{:04x}-4{:03x}-9{:03x}-{:012x}", tail >> 16, tail & 0xfff, nth, mixed >> 16);
    crate::model::TaskGuid::from(text)
}

fn pending(nth: u64) -> Task {
    let since = 20 + 6 * i64::try_from(nth).unwrap();
    let base = task(usize::try_from(nth).unwrap(), State::Pending, since, since);
    owned(Task { guid: guid(nth), domain: Domain::from("cf-app-staging"), ..base }, nth)
}

fn running(nth: u64) -> Task {
    let age = 30 + i64::try_from(nth * nth * nth / 3).unwrap();
    let base = task(usize::try_from(nth).unwrap(), State::Running, age, age - 2);
    let domain = ["cf-tasks", "cf-app-staging", "batch"].get(usize::try_from(nth % 3).unwrap()).copied();
    let cell = Some(CellId::from(format!("cell-{:02}", nth % 6 + 1)));
    owned(Task { guid: guid(nth), domain: Domain::from(domain.unwrap()), cell, ..base }, nth)
}

/// Gives a task of Cloud Controller an app.
fn owned(task: Task, nth: u64) -> Task {
    const APPS: [(&str, &str, &str); 5] = [
        ("storefront", "production", "shop"),
        ("reporting", "production", "finance"),
        ("mailer", "staging", "shop"),
        ("ledger", "production", "finance"),
        ("search-indexer", "staging", "shop"),
    ];
    if task.domain.as_str() == "batch" {
        return task;
    }
    // Some apps have more tasks than others.
    let (app, space, org) = APPS[usize::try_from(nth * nth % 11 % 5).unwrap()];
    let entity = |name: &str| Entity { guid: format!("guid-of-{name}"), name: name.to_owned() };
    let owner = Owner::new(Ownership { app: entity(app), space: entity(space), org: entity(org) });
    Task { owner, ..task }
}

fn definition() -> TaskDefinition {
    let run = Action::Run {
        path: "/tmp/lifecycle/launcher".into(),
        args: vec!["/home/vcap/app".into(), "bin/rails db:migrate".into()],
        dir: "/home/vcap".into(),
        env: Vec::new(),
        resource_limits: None,
        user: "vcap".into(),
        log_source: String::new(),
        suppress_log_output: false,
        volume_mounted_files: Vec::new(),
    };
    let variable = |name: &str| EnvironmentVariable { name: name.into(), value: "never drawn".into() };
    TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".into(),
        environment_variables: vec![variable("LANG"), variable("DATABASE_URL")],
        action: Some(run),
        memory_mb: 512,
        disk_mb: 1024,
        cpu_weight: 25,
        log_source: "APP/TASK".into(),
        ..TaskDefinition::default()
    }
}
