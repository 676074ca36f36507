//! Tests that the README's pictures, frames of the dashboard as SVG, are up to date.
//!
//! `TASKDECK_DRAW=1 cargo test the_picture` redraws them.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use ratatui::style::{Color, Modifier};

use super::scenes::{cell, complete, live, noon, press, task};
use super::*;
use crate::app::{App, Msg, SessionMsg};
use crate::model::{
    Action, CellId, Domain, Entity, EnvironmentVariable, Owner, Ownership, State, StreamItem, Task,
    TaskDefinition, TaskEvent,
};

/// Width and height of a cell, in pixels.
const CELL: (f32, f32) = (8.4, 18.0);
const MARGIN: f32 = 12.0;
const BACKGROUND: &str = "#15181e";
const FOREGROUND: &str = "#d5d9e0";

/// Compares the drawn frame with a file in `assets`, or writes it there if the pictures are to be redrawn.
fn assert_picture(name: &str, app: &App, size: (u16, u16)) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets").join(name);
    let drawn = svg(&frame(app, &mut UiState::new(Colours::Full), noon(), size));
    if std::env::var_os("TASKDECK_DRAW").is_some() {
        std::fs::write(path, drawn).unwrap();
        return;
    }
    let is_current = drawn == std::fs::read_to_string(&path).unwrap();
    assert!(is_current, "assets/{name} is out of date: TASKDECK_DRAW=1 cargo test the_picture");
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

fn svg(buf: &Buffer) -> String {
    let (width, height) = (f32::from(buf.area.width) * CELL.0, f32::from(buf.area.height) * CELL.1);
    let (width, height) = (width + 2.0 * MARGIN, height + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n"
    );
    for y in 0..buf.area.height {
        let mut x = 0;
        while x < buf.area.width {
            let end = (x..buf.area.width)
                .find(|at| style_at(buf, *at, y) != style_at(buf, x, y))
                .unwrap_or(buf.area.width);
            write_run(&mut out, buf, (x, end), y);
            x = end;
        }
    }
    out + "</svg>\n"
}

fn style_at(buf: &Buffer, x: u16, y: u16) -> (Color, Color, Modifier) {
    let cell = &buf[(x, y)];
    (cell.fg, cell.bg, cell.modifier)
}

/// Writes cells of one style as a rectangle and their words.
fn write_run(out: &mut String, buf: &Buffer, (from, to): (u16, u16), y: u16) {
    let text: String = (from..to).map(|x| buf[(x, y)].symbol()).collect();
    let (fg, bg, modifier) = style_at(buf, from, y);
    let (mut fg, mut bg) = (colour(fg, FOREGROUND), colour(bg, BACKGROUND));
    if modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut fg, &mut bg);
    }
    let (left, top) = (MARGIN + f32::from(from) * CELL.0, MARGIN + f32::from(y) * CELL.1);
    let wide = f32::from(to - from) * CELL.0;
    if bg != BACKGROUND {
        let high = CELL.1;
        let rect = format!("<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\"");
        writeln!(out, "{rect} fill=\"{bg}\"/>").unwrap();
    }
    let bold = if modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let italic = if modifier.contains(Modifier::ITALIC) { " font-style=\"italic\"" } else { "" };
    // Place each word on its own, so that columns align in any font.
    for (at, word) in words(&text) {
        let (x, length) = (left + pixels(at), pixels(word.chars().count()));
        let escaped = word.replace('&', "&amp;").replace('<', "&lt;");
        let place = format!("x=\"{x:.1}\" y=\"{:.1}\" textLength=\"{length:.1}\"", top + 13.5);
        writeln!(out, "<text {place} fill=\"{fg}\"{bold}{italic}>{escaped}</text>").unwrap();
    }
}

fn pixels(cells: usize) -> f32 {
    f32::from(u16::try_from(cells).unwrap()) * CELL.0
}

/// Returns the words of a text with their first cells. Every character of the picture takes one cell.
fn words(text: &str) -> Vec<(usize, String)> {
    let mut words: Vec<(usize, String)> = Vec::new();
    let mut in_word = false;
    for (at, c) in text.chars().enumerate() {
        match (c == ' ', in_word, words.last_mut()) {
            (false, true, Some((_, word))) => word.push(c),
            (false, ..) => words.push((at, c.to_string())),
            (true, ..) => {}
        }
        in_word = c != ' ';
    }
    words
}

fn colour(colour: Color, default: &str) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => default.to_owned(),
    }
}
