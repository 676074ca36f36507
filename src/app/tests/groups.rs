//! The panes of groups: choosing, filtering, searching, sorting, and the groups in the main view.

use super::looking::mixed;
use super::*;
use crate::model::{Cell, Entity, Owner, Ownership};

const UPPER: GroupPlace = GroupPlace::Upper;
const LOWER: GroupPlace = GroupPlace::Lower;
const MAIN: GroupPlace = GroupPlace::Main;

fn entity(guid: &str, name: &str) -> Entity {
    Entity { guid: guid.to_owned(), name: name.to_owned() }
}

/// A task of an app that has the same name in every space.
fn owned(guid: &str, space: &str, state: State) -> Task {
    let owner = Owner::new(Ownership {
        app: entity(&format!("web-in-{space}"), "web"),
        space: entity(&format!("guid-of-{space}"), space),
        org: entity("guid-of-shop", "shop"),
    });
    Task { owner, ..task(guid, state) }
}

fn failed(guid: &str, reason: &str) -> Task {
    Task { failed: true, failure_reason: reason.into(), ..task(guid, State::Completed) }
}

fn choose(harness: &mut Harness, key: char, name: char) {
    harness.press(&format!("{key}{name}\n"));
}

#[test]
fn enter_filters_by_the_group_and_takes_the_filter_off_again() {
    let mut harness = Harness::live(mixed());
    harness.press("\tj");
    assert_eq!(harness.app.focus(), Pane::Groups(UPPER));
    assert_eq!(harness.guids().len(), 4, "moving alone does not filter");
    harness.press("\n");
    assert_eq!(harness.guids(), ["c", "d"], "batch is the first by name");
    harness.press("\tjj\n");
    assert_eq!(harness.app.focus(), Pane::Groups(LOWER));
    assert_eq!(harness.guids(), ["c"], "both filters hold");
    assert_eq!(harness.app.shown_of_total(), (1, 4));
    harness.press("\n");
    assert_eq!(harness.guids(), ["c", "d"], "once more takes it off");
    harness.press("jk\nk\nkk\n");
    assert_eq!(harness.guids(), ["c", "d"], "and so does the row of all tasks");
    harness.press("\u{1b}");
    assert_eq!(harness.app.focus(), Pane::Tasks);
    harness.press("x");
    assert_eq!(harness.guids().len(), 4);
}

#[test]
fn groups_of_any_two_properties_combine() {
    let mut tasks = mixed();
    tasks.push(owned("e", "dev", State::Running));
    tasks.push(owned("f", "prod", State::Running));
    tasks.push(owned("g", "prod", State::Pending));
    let mut harness = Harness::live(tasks);
    choose(&mut harness, 'b', 'a');
    assert_eq!(harness.app.focus(), Pane::Groups(UPPER));
    assert_eq!(
        harness.group_ids(UPPER),
        ["web-in-prod", "web-in-dev"],
        "two apps of one name, the larger one first"
    );
    let labels: Vec<_> =
        harness.groups(UPPER).iter().map(|row| (row.name.unwrap().label(), row.note)).collect();
    assert_eq!(labels, [("web", "shop / prod"), ("web", "shop / dev")]);
    harness.press("j\n");
    assert_eq!(harness.guids(), ["f", "g"]);
    choose(&mut harness, 'B', 's');
    assert_eq!(harness.app.group_pane(LOWER).key(), GroupKey::State);
    assert_eq!(
        harness.group_ids(LOWER),
        ["Pending", "Running", "Completed"],
        "in the order of a task's life"
    );
    harness.press("j\n");
    assert_eq!(harness.guids(), ["g"]);
    choose(&mut harness, 'b', 'd');
    assert_eq!(harness.group_ids(LOWER), ["batch", "cf-tasks"], "`b` is the focused pane's");
    assert_eq!(harness.guids(), ["g"], "a filter holds whatever the panes show");
}

#[test]
fn a_zone_has_the_tasks_of_its_cells_also_those_of_cells_that_are_gone() {
    let mut harness = Harness::live(mixed());
    choose(&mut harness, 'b', 'z');
    assert_eq!(harness.group_ids(UPPER), [""; 0], "no zone is known yet");
    let in_zone = |id: &str, zone: &str| Cell { zone: zone.to_owned(), ..presence::cell(id) };
    harness.send(SessionMsg::Cells(Ok(vec![
        in_zone("cell-1", "z1"),
        in_zone("cell-2", "z2"),
        in_zone("cell-3", "z3"),
    ])));
    assert_eq!(harness.group_ids(UPPER), ["z1", "z2", "z3"], "z3 has no tasks");
    harness.press("jj\n");
    assert_eq!(harness.guids(), ["b", "c"]);
    harness.send(SessionMsg::Cells(Ok(vec![in_zone("cell-1", "z1")])));
    assert_eq!(harness.guids(), ["b", "c"]);
    assert_eq!(harness.group_ids(UPPER), ["z1", "z2"]);
    harness.send(SessionMsg::Cells(Ok(vec![in_zone("cell-1", "z2"), in_zone("cell-2", "z1")])));
    assert_eq!(harness.guids(), ["a"], "a cell that moved takes its tasks along");
}

#[test]
fn failures_of_one_kind_are_one_group() {
    let mut harness = Harness::live(vec![
        failed("a", "dial tcp 10.0.0.1:80: connection refused"),
        failed("b", "dial tcp 10.0.0.2:8080: connection refused"),
        failed("c", "exit status 137"),
        task("d", State::Running),
    ]);
    choose(&mut harness, 'b', 'r');
    assert_eq!(harness.group_ids(UPPER), ["dial tcp <host>: connection refused", "exit status <n>"]);
    assert_eq!(harness.groups(UPPER)[0].counts.all_failed(), 2);
    harness.press("j\n");
    assert_eq!(harness.guids(), ["a", "b"]);
}

#[test]
fn the_cursor_follows_its_group() {
    let mut harness = Harness::new();
    let stream = harness.go_live(mixed());
    harness.press("\tjj");
    let at_cursor = |harness: &Harness| {
        harness.app.group_at_cursor(UPPER).and_then(|row| row.name).map(|name| name.id().to_owned())
    };
    assert_eq!(at_cursor(&harness).as_deref(), Some("cf-tasks"));
    let of = |domain: &str, guid: &str| Task { domain: Domain::from(domain), ..task(guid, State::Running) };
    let created = |task| StreamItem::Event(TaskEvent::Created(task));
    harness.send(SessionMsg::StreamItems(stream, vec![created(of("alpha", "e")), created(of("beta", "f"))]));
    assert_eq!(harness.group_ids(UPPER), ["alpha", "batch", "beta", "cf-tasks"]);
    assert_eq!(at_cursor(&harness).as_deref(), Some("cf-tasks"));
}

#[test]
fn a_chosen_group_stays_in_its_pane_without_tasks() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Running)]);
    harness.press("\tj\n");
    harness.send(SessionMsg::StreamItems(
        stream,
        vec![StreamItem::Event(TaskEvent::Removed(task("a", State::Running)))],
    ));
    assert_eq!(harness.group_ids(UPPER), ["cf-tasks"]);
    harness.press("\n");
    assert_eq!(harness.group_ids(UPPER), [""; 0]);
}

#[test]
fn ten_thousand_groups_are_searched_as_you_type() {
    let tasks =
        (0..10_000).map(|nth| owned(&format!("task-{nth:05}"), &format!("space-{nth:05}"), State::Running));
    let mut harness = Harness::live(tasks.collect());
    while harness.app.group_pane(UPPER).key() != GroupKey::Space {
        harness.press("bs\n");
    }
    assert_eq!(harness.app.group_pane(UPPER).listed_of_total(), (10_000, 10_000));
    harness.press("G");
    assert_eq!(harness.app.group_pane(UPPER).cursor_at(), 10_000);
    harness.press("/SPACE-00");
    assert_eq!(harness.app.group_pane(UPPER).listed_of_total(), (0, 10_000), "capitals must match");
    harness.press_key(Key::ctrl('u'));
    harness.press("space-0777");
    assert_eq!(harness.app.group_pane(UPPER).listed_of_total(), (10, 10_000));
    assert_eq!(harness.app.group_pane(UPPER).cursor_at(), 1, "on the first match");
    harness.press_key(Key::plain(KeyCode::Down));
    harness.press("\n\n");
    assert_eq!(harness.guids(), ["task-07771"]);
    assert_eq!(harness.app.focus(), Pane::Groups(UPPER));
    harness.press("\u{1b}");
    assert_eq!(harness.app.group_pane(UPPER).listed_of_total(), (10_000, 10_000), "Esc shows all groups");
    assert_eq!(harness.app.group_pane(UPPER).cursor_at(), 7_772, "and the cursor stays on its group");
    harness.press("\u{1b}");
    assert_eq!(harness.app.focus(), Pane::Tasks);
}

#[test]
fn very_many_groups_are_sorted_again_a_few_frames_later() {
    let tasks =
        (0..2_000).map(|nth| owned(&format!("task-{nth:04}"), &format!("space-{nth:04}"), State::Running));
    let mut harness = Harness::new();
    let stream = harness.go_live(tasks.collect());
    choose(&mut harness, 'b', 'a');
    let created = |nth: usize| {
        let news = owned(&format!("new-{nth}"), &format!("new-{nth}"), State::Running);
        SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Created(news))])
    };
    let totals: Vec<_> = (0..12)
        .map(|nth| {
            harness.send(created(nth));
            harness.app.group_pane(UPPER).listed_of_total().1
        })
        .collect();
    assert!(totals.windows(2).all(|pair| pair[0] <= pair[1]) && totals[11] >= 2_005, "{totals:?}");
    let steps = totals.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(steps <= 3, "at a bounded rate: {totals:?}");
}

#[test]
fn groups_are_sorted_by_name_failures_and_tasks() {
    let mut harness = Harness::live(vec![
        failed("a", "one"),
        failed("b", "one"),
        failed("c", "two"),
        failed("d", "two"),
        Task { domain: Domain::from("batch"), ..task("e", State::Running) },
        Task { domain: Domain::from("batch"), ..task("f", State::Running) },
        Task { domain: Domain::from("apps"), ..failed("g", "three") },
    ]);
    harness.press("\t");
    assert_eq!(harness.group_ids(UPPER), ["apps", "batch", "cf-tasks"]);
    harness.press("S");
    assert_eq!(harness.group_ids(UPPER), ["cf-tasks", "batch", "apps"]);
    harness.press("s");
    assert_eq!(harness.group_ids(UPPER), ["cf-tasks", "apps", "batch"], "by failures");
    harness.press("s");
    assert_eq!(harness.group_ids(UPPER), ["cf-tasks", "batch", "apps"], "by tasks");
    harness.press("s");
    assert_eq!(harness.group_ids(UPPER), ["apps", "batch", "cf-tasks"]);
    assert_eq!(harness.app.sort().column, "age", "the table keeps its sort");
}

#[test]
fn groups_take_the_place_of_the_tasks_until_one_is_chosen() {
    let mut harness = Harness::live(mixed());
    harness.press("v");
    assert_eq!(harness.app.focus(), Pane::Groups(MAIN));
    assert_eq!(harness.group_ids(MAIN), ["batch", "cf-tasks"]);
    choose(&mut harness, 'b', 'c');
    assert_eq!(harness.group_ids(MAIN), ["cell-1", "cell-2"]);
    assert_eq!(harness.group_ids(LOWER), ["cell-1", "cell-2"], "the side pane lists its own");
    harness.press("jj\n");
    assert_eq!(harness.app.focus(), Pane::Tasks);
    assert_eq!(harness.guids(), ["b", "c"]);
    for leave in ["v", "\u{1b}", "q"] {
        harness.press("v");
        assert_eq!(harness.app.group_pane(MAIN).key(), GroupKey::Cell, "as it was left");
        assert!(harness.app.main_groups_open());
        assert_eq!(harness.press(leave), Vec::new());
        assert_eq!(harness.app.focus(), Pane::Tasks);
        assert!(!harness.app.main_groups_open());
    }
    harness.press("v3");
    assert!(!harness.app.main_groups_open(), "the views are views of tasks");
    harness.press("1\tv");
    assert_eq!(harness.app.group_pane(MAIN).key(), GroupKey::Domain, "those of the side pane, large");
}

#[test]
fn nothing_acts_on_a_task_that_the_groups_hide() {
    let mut harness = Harness::live(mixed());
    harness.press("\n");
    harness.press("v");
    for key in ["C", "D", "R", "y", "o", "d"] {
        assert_eq!(harness.press(key), Vec::new(), "{key}");
        assert!(matches!(harness.app.overlay(), Overlay::None), "{key}");
        assert_eq!(
            harness.notice(),
            if matches!(key, "C" | "D" | "R") { cannot(key) } else { HIDDEN },
            "{key}"
        );
    }
    harness.press("\t\t\t\t");
    assert_ne!(harness.app.focus(), Pane::Detail, "the detail is hidden too");
    harness.press("\u{1b}\u{1b}\u{1b}");
    assert!(harness.app.detail().is_some() || harness.app.focus() == Pane::Tasks);
}

const HIDDEN: &str = "The task table is hidden. Go back to it first (Esc)";

fn cannot(key: &str) -> &'static str {
    match key {
        "C" => "Cannot cancel a: The task table is hidden. Go back to it first (Esc)",
        "D" => "Cannot delete a: The task table is hidden. Go back to it first (Esc)",
        _ => "Cannot resolve a: The task table is hidden. Go back to it first (Esc)",
    }
}

#[test]
fn a_paste_into_the_search_is_text() {
    let mut harness = Harness::live(mixed());
    harness.press("\t/");
    harness.send(Msg::Paste("cf-\ntasks".into()));
    assert_eq!(harness.group_ids(UPPER), ["cf-tasks"]);
    harness.press("\u{1b}");
    assert_eq!(harness.group_ids(UPPER), ["batch", "cf-tasks"]);
    assert_eq!(harness.app.filter().terms.text(), "");
}

#[test]
fn the_side_panes_start_as_configured() {
    let settings = Settings { groups: [GroupKey::Org, GroupKey::Reason], ..Settings::default() };
    let app = App::new(Target::default(), settings);
    assert_eq!(app.group_pane(UPPER).key(), GroupKey::Org);
    assert_eq!(app.group_pane(LOWER).key(), GroupKey::Reason);
}
