//! The pulse.

use std::time::Duration;

use insta::assert_snapshot;

use super::scenes::{cell, live, noon, press};
use super::*;
use crate::app::{SessionMsg, StreamId};
use crate::model::{
    CellId, Domain, Entity, Owner, Ownership, State, StreamItem, Task, TaskEvent, TaskGuid, Timestamp,
};

/// Minutes that the scene lasts.
const MINUTES: u64 = 80;

/// Returns the moment so many seconds after noon.
fn after(seconds: u64) -> Now {
    noon().plus(Duration::from_secs(seconds))
}

/// A life that ends at a moment.
struct Life {
    waited: u64,
    ran: u64,
    cell: &'static str,
    app: &'static str,
    failed: bool,
}

fn events(nth: u64, now: Timestamp, life: &Life) -> Vec<StreamItem> {
    let ago = |millis: u64| now.shifted(-i64::try_from(millis * 1_000_000).unwrap());
    let entity = |name: &str| Entity { guid: format!("{name}-guid"), name: name.to_owned() };
    let owner = Owner::new(Ownership { app: entity(life.app), space: entity("prod"), org: entity("acme") });
    let domain = Domain::from(if life.app == "web" { "cf-app-staging" } else { "cf-tasks" });
    let created = ago(life.waited + life.ran);
    let pending = Task {
        owner,
        created_at: created,
        updated_at: created,
        ..Task::blank(TaskGuid::from(format!("life-{nth}")), domain, State::Pending)
    };
    let running = Task {
        state: State::Running,
        cell: Some(CellId::from(life.cell)),
        updated_at: ago(life.ran),
        ..pending.clone()
    };
    let done = Task {
        state: State::Completed,
        failed: life.failed,
        updated_at: now,
        first_completed_at: now,
        ..pending.clone()
    };
    let changed = |before: &Task, after: &Task| {
        StreamItem::Event(TaskEvent::Changed {
            before: Box::new(before.clone()),
            after: Box::new(after.clone()),
        })
    };
    vec![
        StreamItem::Event(TaskEvent::Created(pending.clone())),
        changed(&pending, &running),
        changed(&running, &done),
        StreamItem::Event(TaskEvent::Removed(done)),
    ]
}

/// Returns a foundation in which, in the last ten minutes, most tasks of a cell fail, and those of another wait for long.
fn incident() -> (App, StreamId) {
    let (mut app, stream) = live(Vec::new());
    let cells = Ok((1..=6).map(|nth| cell(&format!("z1-{nth}"))).collect());
    app.update(Msg::Session(app.shown_session(), SessionMsg::Cells(cells)), noon());
    for nth in 0..MINUTES * 6 {
        let (now, is_late) = (after(10 * nth), nth > (MINUTES - 9) * 6);
        let on = |which: u64, cell: &'static str| Life {
            waited: 200 + 37 * ((nth * 7 + which * 13) % 50),
            ran: 2_000 + 997 * ((nth * 11 + which * 5) % 40),
            cell,
            app: ["web", "billing", "mailer"][usize::try_from((nth + which) % 3).unwrap()],
            failed: (nth + which * 3).is_multiple_of(50),
        };
        let lives = [
            on(1, "z1-1"),
            on(2, "z1-2"),
            Life { failed: if is_late { nth % 5 > 1 } else { nth % 40 == 0 }, ..on(3, "z1-3") },
            Life { waited: if is_late { 9_000 + 1_000 * (nth % 40) } else { 1_500 }, ..on(4, "z1-4") },
        ];
        let items = (1..).zip(&lives).flat_map(|(which, life)| events(4 * nth + which, now.wall, life));
        let items = SessionMsg::StreamItems(stream, items.collect());
        app.update(Msg::Session(app.shown_session(), items), now);
    }
    (app, stream)
}

/// Presses keys at the end of the scene.
fn press_later(app: &mut App, keys: &str) {
    press(app, keys);
    app.update(Msg::Tick, after(60 * MINUTES));
    app.before_frame();
}

fn at_the_end(app: &App, size: (u16, u16)) -> String {
    drawn(app, after(60 * MINUTES), size)
}

#[test]
fn what_deviates_stands_first_and_says_how() {
    let (mut app, _) = incident();
    press_later(&mut app, "4bb");
    assert_snapshot!("pulse_cells_usual", at_the_end(&app, USUAL));
    assert_snapshot!("pulse_cells_large", at_the_end(&app, LARGE));
    assert_snapshot!("pulse_cells_huge", at_the_end(&app, HUGE));
    press_later(&mut app, "j");
    assert_snapshot!("pulse_selected_usual", at_the_end(&app, USUAL));
    assert_snapshot!("pulse_small", at_the_end(&app, SMALL));
}

#[test]
fn apps_are_told_apart_by_their_spaces() {
    let (mut app, _) = incident();
    press_later(&mut app, "4b");
    assert_snapshot!("pulse_apps_wide", at_the_end(&app, WIDE));
}

#[test]
fn a_deviation_is_marked_without_colours() {
    let (mut app, _) = incident();
    press_later(&mut app, "4bb");
    let mut ui = UiState::new(Colours::None);
    let buf = frame(&app, &mut ui, after(60 * MINUTES), USUAL);
    assert!(buf.content.iter().all(|cell| cell.fg == ratatui::style::Color::Reset));
    let plain = text(&buf);
    assert!(line_with(&plain, "z1-3").contains("failures "), "{plain}");
    assert_eq!(
        plain.lines().filter(|line| line.starts_with("! ")).count(),
        3,
        "two cells and the whole: {plain}"
    );
    let mut ascii = buf;
    to_ascii(&mut ascii);
    assert_snapshot!("pulse_ascii_usual", text(&ascii));
}

#[test]
fn an_empty_pulse_says_why() {
    let (mut app, _) = live(Vec::new());
    press(&mut app, "4");
    assert_snapshot!("pulse_empty_usual", drawn(&app, noon(), USUAL));
    press(&mut app, "b");
    assert!(drawn(&app, noon(), USUAL).contains("No task of a known app has started or completed yet"));
}

#[test]
fn what_the_figures_lack_is_said() {
    let (mut app, stream) = incident();
    let lost = Msg::Session(app.shown_session(), SessionMsg::StreamEnded(stream, None));
    app.update(lost, after(60 * MINUTES));
    press(&mut app, "4");
    app.update(Msg::Tick, after(60 * MINUTES + 12));
    let drawn = drawn(&app, after(60 * MINUTES + 12), USUAL);
    assert!(drawn.contains("Events were lost for 22s in the last 10 min"), "{drawn}");
}

#[test]
fn rows_are_found_under_the_pointer() {
    let (mut app, _) = incident();
    press_later(&mut app, "4bb");
    let mut ui = UiState::new(Colours::None);
    let shown = text(&frame(&app, &mut ui, after(60 * MINUTES), USUAL));
    let line = shown.lines().position(|line| line.contains("z1-3")).unwrap();
    assert_eq!(ui.pointed_at(4, u16::try_from(line).unwrap()), Some(Pointed::PulseRow(2)));
    assert_eq!(ui.pointed_at(4, 2), Some(Pointed::Pane(Pane::Pulse)), "the title");
    assert_eq!(ui.page(), shown.lines().skip(3).position(|line| line.starts_with("all")).unwrap());
}

#[test]
fn every_size_is_drawn() {
    let (mut app, _) = incident();
    press_later(&mut app, "4bb");
    for width in [0, 1, 7, 20, 37, 54, 79, 96, 131] {
        for height in [0, 1, 3, 8, 17, 19, 40] {
            at_the_end(&app, (width, height));
        }
    }
}
