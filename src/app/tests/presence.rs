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

fn standings(harness: &Harness, place: GroupPlace) -> Vec<(String, Standing)> {
    let named = |row: GroupRow<'_>| Some((row.name?.id().to_owned(), row.standing));
    harness.groups(place).into_iter().filter_map(named).collect()
}

fn cells(harness: &Harness) -> Vec<(String, Standing)> {
    standings(harness, GroupPlace::Lower)
}

fn domains(harness: &Harness) -> Vec<(String, Standing)> {
    standings(harness, GroupPlace::Upper)
}

fn row(name: &str, standing: Standing) -> (String, Standing) {
    (name.to_owned(), standing)
}

#[test]
fn before_the_first_answer_no_cell_and_no_domain_is_missing() {
    let harness = Harness::live(vec![task("a", State::Running)]);
    assert_eq!(cells(&harness), [row("cell-1", Standing::Unknown)]);
    assert_eq!(domains(&harness), [row("cf-tasks", Standing::Unknown)]);
}

#[test]
fn an_answer_tells_which_cells_and_domains_are_there() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    harness.send(SessionMsg::Cells(Ok(vec![cell("cell-2")])));
    harness.send(SessionMsg::Domains(Ok(vec![Domain::from("idle")])));
    assert_eq!(cells(&harness), [row("cell-1", Standing::Absent), row("cell-2", Standing::Present)]);
    assert_eq!(domains(&harness), [row("cf-tasks", Standing::Absent), row("idle", Standing::Present)]);
    harness.send(SessionMsg::Cells(Ok(Vec::new())));
    assert_eq!(cells(&harness), [row("cell-1", Standing::Absent)], "an empty answer is an answer");
}

#[test]
fn domains_and_cells_are_requested_again_only_after_both_answers() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    let asks = |effects: &[Effect]| {
        let is_presence = |effect: &&Effect| {
            matches!(effect, Effect::Session(_, SessionEffect::ListDomains | SessionEffect::ListCells))
        };
        effects.iter().filter(is_presence).count()
    };
    let interval = Duration::from_secs(15);
    assert_eq!(asks(&harness.wait(Duration::from_millis(250))), 2);
    assert_eq!(asks(&harness.wait(interval)), 0, "a server that hangs collects no requests");
    harness.send(SessionMsg::Domains(Ok(Vec::new())));
    assert_eq!(asks(&harness.wait(interval)), 0);
    harness.send(SessionMsg::Cells(Err(away(Call::Cells))));
    assert_eq!(asks(&harness.wait(Duration::from_millis(250))), 2);
}

#[test]
fn a_failed_call_makes_presence_unknown_and_marks_nothing() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    harness.send(SessionMsg::Cells(Ok(vec![cell("cell-2")])));
    harness.send(SessionMsg::Domains(Ok(vec![Domain::from("idle")])));
    let since = harness.now;
    for _ in 0..2 {
        harness.send(SessionMsg::Cells(Err(away(Call::Cells))));
        harness.send(SessionMsg::Domains(Err(away(Call::Domains))));
        harness.now = harness.now.plus(Duration::from_secs(15));
    }
    assert_eq!(cells(&harness), [row("cell-1", Standing::Unknown), row("cell-2", Standing::Unknown)]);
    assert_eq!(domains(&harness), [row("cf-tasks", Standing::Unknown), row("idle", Standing::Unknown)]);
    let zones: Vec<_> = harness.groups(GroupPlace::Lower).into_iter().map(|row| row.note).collect();
    assert_eq!(zones, ["", "z1"], "what was said last is kept");
    let (when, why) = harness.app.cells().trouble().unwrap();
    assert_eq!(when, since, "since the first failure");
    assert!(why.to_string().contains("presence service is away"), "{why}");
    harness.send(SessionMsg::Cells(Ok(vec![cell("cell-1")])));
    assert_eq!(cells(&harness), [row("cell-1", Standing::Present)]);
    assert_eq!(harness.app.cells().trouble(), None);
}
