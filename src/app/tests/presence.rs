//! That presence could not be asked is not absence.

use super::*;
use crate::model::{Capacity, Cell, RefusedType};

pub(super) fn cell(id: &str) -> Cell {
    Cell {
        id: CellId::from(id),
        rep_address: String::new(),
        rep_url: String::new(),
        zone: "z1".into(),
        capacity: Capacity::default(),
        rootfs_providers: Vec::new(),
        placement_tags: Vec::new(),
        optional_placement_tags: Vec::new(),
        annotations: Vec::new(),
    }
}

fn away(call: Call) -> Fault {
    let kind = FaultKind::Refused { kind: RefusedType::UNKNOWN, message: "presence service is away".into() };
    fault(call, kind)
}

fn standings(desk: &Desk, place: GroupPlace) -> Vec<(String, Standing)> {
    let named = |row: GroupRow<'_>| Some((row.name?.id().to_owned(), row.standing));
    desk.groups(place).into_iter().filter_map(named).collect()
}

fn cells(desk: &Desk) -> Vec<(String, Standing)> {
    standings(desk, GroupPlace::Lower)
}

fn domains(desk: &Desk) -> Vec<(String, Standing)> {
    standings(desk, GroupPlace::Upper)
}

fn row(name: &str, standing: Standing) -> (String, Standing) {
    (name.to_owned(), standing)
}

#[test]
fn before_the_first_answer_no_cell_and_no_domain_is_missing() {
    let desk = Desk::live(vec![task("a", State::Running)]);
    assert_eq!(cells(&desk), [row("cell-1", Standing::Unknown)]);
    assert_eq!(domains(&desk), [row("cf-tasks", Standing::Unknown)]);
}

#[test]
fn an_answer_tells_which_cells_and_domains_are_there() {
    let mut desk = Desk::live(vec![task("a", State::Running)]);
    desk.send(SessionMsg::Cells(Ok(vec![cell("cell-2")])));
    desk.send(SessionMsg::Domains(Ok(vec![Domain::from("idle")])));
    assert_eq!(cells(&desk), [row("cell-1", Standing::Absent), row("cell-2", Standing::Present)]);
    assert_eq!(domains(&desk), [row("cf-tasks", Standing::Absent), row("idle", Standing::Present)]);
    desk.send(SessionMsg::Cells(Ok(Vec::new())));
    assert_eq!(cells(&desk), [row("cell-1", Standing::Absent)], "an empty answer is an answer");
}

#[test]
fn a_failed_call_makes_presence_unknown_and_marks_nothing() {
    let mut desk = Desk::live(vec![task("a", State::Running)]);
    desk.send(SessionMsg::Cells(Ok(vec![cell("cell-2")])));
    desk.send(SessionMsg::Domains(Ok(vec![Domain::from("idle")])));
    let since = desk.now;
    for _ in 0..2 {
        desk.send(SessionMsg::Cells(Err(away(Call::Cells))));
        desk.send(SessionMsg::Domains(Err(away(Call::Domains))));
        desk.now = desk.now.plus(Duration::from_secs(15));
    }
    assert_eq!(cells(&desk), [row("cell-1", Standing::Unknown), row("cell-2", Standing::Unknown)]);
    assert_eq!(domains(&desk), [row("cf-tasks", Standing::Unknown), row("idle", Standing::Unknown)]);
    let zones: Vec<_> = desk.groups(GroupPlace::Lower).into_iter().map(|row| row.note).collect();
    assert_eq!(zones, ["", "z1"], "what was said last is kept");
    let (when, why) = desk.app.cells().trouble().unwrap();
    assert_eq!(when, since, "since the first failure");
    assert!(why.to_string().contains("presence service is away"), "{why}");
    desk.send(SessionMsg::Cells(Ok(vec![cell("cell-1")])));
    assert_eq!(cells(&desk), [row("cell-1", Standing::Present)]);
    assert_eq!(desk.app.cells().trouble(), None);
}
