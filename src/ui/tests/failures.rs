//! The failures view.

use insta::assert_snapshot;
use ratatui::style::Modifier;

use super::scenes::{cell, live, noon, press, task};
use super::*;
use crate::app::{Msg, SessionMsg, StreamId};
use crate::model::{CellId, Domain, Entity, Owner, Ownership, State, StreamItem, Task, TaskEvent};

const APPS: [&str; 4] = ["storefront", "checkout", "ledger", "mailer"];

fn owner(nth: usize) -> Owner {
    let entity = |name: &str| Entity { guid: format!("guid-of-{name}"), name: name.to_owned() };
    let (app, org) = (APPS[nth % APPS.len()], ["shop", "finance"][nth % 2]);
    Owner::new(Ownership { app: entity(app), space: entity("production"), org: entity(org) })
}

/// A task that ran on a cell and failed so many seconds ago.
fn failure(nth: usize, ago: i64, cell: &str, app: usize, reason: &str) -> StreamItem {
    let base = task(nth, State::Completed, ago + 90, ago);
    let domain = Domain::from(if nth.is_multiple_of(3) { "cf-app-staging" } else { "cf-tasks" });
    let after = Task { domain, owner: owner(app), failed: true, failure_reason: reason.into(), ..base };
    let before =
        Task { state: State::Running, failed: false, cell: Some(CellId::from(cell)), ..after.clone() };
    StreamItem::Event(TaskEvent::Changed { before: Box::new(before), after: Box::new(after) })
}

fn rejection(nth: usize, ago: i64, reason: &str) -> StreamItem {
    let base = task(nth, State::Pending, ago + 20, ago);
    let after = Task { owner: owner(nth), rejection_count: 1, rejection_reason: reason.into(), ..base };
    let before = Task { rejection_count: 0, ..after.clone() };
    StreamItem::Event(TaskEvent::Changed { before: Box::new(before), after: Box::new(after) })
}

fn send(app: &mut App, stream: StreamId, items: Vec<StreamItem>) {
    app.update(Msg::Session(app.shown_session(), SessionMsg::StreamItems(stream, items)), noon());
    app.before_frame();
}

/// Most tasks fail as they always do; one cell has a full disk, and one app cannot reach its database.
pub(super) fn incident() -> App {
    let (mut app, stream) = live((0..12).map(|nth| task(nth, State::Running, 900, 60)).collect());
    let cells = SessionMsg::Cells(Ok((0..12).map(|nth| cell(&format!("cell-{nth}"))).collect()));
    app.update(Msg::Session(app.shown_session(), cells), noon());
    let seconds = |nth: usize| i64::try_from(nth).unwrap();
    let usual = (0..140).map(|nth| {
        let reason = ["Exited with status 1", "Exited with status 137 (out of memory)"][nth % 5 / 3];
        let ago = 3 * seconds(nth) + seconds(nth * nth % 97);
        failure(100 + nth, ago, &format!("cell-{}", nth * 7 % 12), nth / 3, reason)
    });
    let disk = (0..38).map(|nth| {
        let cell = if nth % 6 == 5 { nth % 12 } else { 3 };
        let reason = "failed to create container: no space left on device";
        failure(300 + nth, seconds(nth * nth) / 9, &format!("cell-{cell}"), nth, reason)
    });
    let database = (0..22).map(|nth| {
        let reason = format!("dial tcp 10.0.{nth}.7:5432: connect: connection refused");
        failure(400 + nth, 9 * seconds(nth), &format!("cell-{}", nth % 12), 2, &reason)
    });
    let others = (0..27).map(|nth| {
        let reason =
            ["exceeded 15m0s timeout", "failed to download droplet: status code 503", "task was cancelled"];
        failure(500 + nth, 21 * seconds(nth), &format!("cell-{}", nth * 5 % 12), nth / 2, reason[nth % 7 / 3])
    });
    let rejections = (0..9).map(|nth| {
        rejection(
            600 + nth,
            11 * seconds(nth),
            ["insufficient resources: memory", "no compatible cell"][nth % 3 / 2],
        )
    });
    send(&mut app, stream, usual.chain(disk).chain(database).chain(others).chain(rejections).collect());
    press(&mut app, "2");
    app
}

#[test]
fn what_one_cell_causes_is_read_at_a_glance() {
    let app = incident();
    assert_snapshot!("failures_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("failures_large", drawn(&app, noon(), LARGE));
    assert_snapshot!("failures_huge", drawn(&app, noon(), HUGE));
    assert_snapshot!("failures_small", drawn(&app, noon(), SMALL));
    let line = drawn(&app, noon(), USUAL);
    assert!(line_with(&line, "failed to create").contains("84 % cell cell-3"), "{line}");
    assert!(line.contains("84 % of these ran on cell cell-3; 8 % of the other failures did."), "{line}");
}

#[test]
fn a_reason_unfolds_into_its_cells_apps_and_domains() {
    let mut app = incident();
    press(&mut app, "→j");
    assert_snapshot!("failures_unfolded_usual", drawn(&app, noon(), USUAL));
    press(&mut app, "t");
    assert_snapshot!("failures_unfolded_large", drawn(&app, noon(), LARGE));
}

#[test]
fn rejections_are_drawn_likewise() {
    let mut app = incident();
    press(&mut app, "f");
    assert_snapshot!("rejections_usual", drawn(&app, noon(), USUAL));
}

#[test]
fn the_search_narrows_the_reasons() {
    let mut app = incident();
    press(&mut app, "/connection");
    assert_snapshot!("failures_searched_usual", drawn(&app, noon(), USUAL));
    press(&mut app, "!");
    assert!(drawn(&app, noon(), USUAL).contains("No match for \"connection!\""));
}

#[test]
fn nothing_failed_is_said() {
    let (mut app, _) = live(Vec::new());
    press(&mut app, "2>");
    assert!(drawn(&app, noon(), USUAL).contains("No failures seen in the last 1h"));
    press(&mut app, "f");
    assert!(drawn(&app, noon(), USUAL).contains("No rejections of waiting tasks seen in the last 1h"));
}

#[test]
fn news_stands_out_without_colours_too() {
    let buf = frame(&incident(), &mut UiState::new(Colours::None), noon(), USUAL);
    let at = |text: &str| {
        let drawn = super::text(&buf);
        let (y, line) = drawn.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
        let x = line.split(text).next().unwrap().chars().count();
        buf[(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())].clone()
    };
    assert!(at("84 % cell").modifier.contains(Modifier::BOLD));
    assert!(!at("12 cells, 4 apps").modifier.contains(Modifier::BOLD));
    assert!(buf.content.iter().all(|cell| cell.fg == ratatui::style::Color::Reset));
}

#[test]
fn ascii_has_a_character_for_every_glyph() {
    let mut buf = frame(&incident(), &mut UiState::new(Colours::Full), noon(), LARGE);
    to_ascii(&mut buf);
    let drawn = text(&buf);
    assert!(drawn.is_ascii() && drawn.matches('?').count() == 1, "{drawn}");
}

#[test]
fn texts_of_tenants_are_harmless() {
    let (mut app, stream) = live(Vec::new());
    let reason = "\u{1b}[31m\u{202e}evil\u{7}\nnext";
    let items = (0..9).map(|nth| failure(nth, 5, "\u{1b}]0;cell\u{7}", 1, reason)).collect();
    send(&mut app, stream, items);
    press(&mut app, "2→");
    let drawn = drawn(&app, noon(), USUAL);
    assert!(!drawn.chars().any(|c| c != '\n' && c.is_control()) && !drawn.contains('\u{202e}'), "{drawn}");
}

#[test]
fn a_line_is_clicked_on_as_its_row() {
    let app = incident();
    let mut ui = UiState::new(Colours::Full);
    frame(&app, &mut ui, noon(), USUAL);
    assert_eq!(ui.pointed_at(5, 3), Some(Pointed::Failure(0)));
    assert_eq!(ui.pointed_at(5, 5), Some(Pointed::Failure(2)));
    assert_eq!(ui.pointed_at(5, 2), Some(Pointed::Pane(Pane::Failures)));
    assert_eq!(ui.pointed_at(5, 19), Some(Pointed::Pane(Pane::Failures)), "the breakdown has no rows");
}

#[test]
fn every_size_is_drawn() {
    let mut app = incident();
    press(&mut app, "→");
    for width in (1..200).step_by(7) {
        for height in [1, 2, 5, 9, 14, 17, 24, 50] {
            frame(&app, &mut UiState::new(Colours::Full), noon(), (width, height));
        }
    }
}
