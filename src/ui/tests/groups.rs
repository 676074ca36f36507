//! The panes of groups, at the side and in the main view.

use insta::assert_snapshot;

use super::scenes::{failed, live, mixed, noon, press, task};
use super::*;
use crate::model::{Entity, Owner, Ownership, State, Task};

/// Returns tasks of many apps, some of which fail.
fn of_apps(apps: usize) -> Vec<Task> {
    let owner = |nth: usize| {
        let entity = |guid: String, name: String| Entity { guid, name };
        let (org, space) = (nth % 3, ["prod", "staging"][nth % 2]);
        Owner::new(Ownership {
            app: entity(
                format!("app-guid-{nth}"),
                format!("{}-{nth}", ["shop", "billing", "mailer"][nth % 3]),
            ),
            space: entity(format!("space-guid-{org}-{space}"), space.to_owned()),
            org: entity(format!("org-guid-{org}"), ["acme", "globex", "initech"][org].to_owned()),
        })
    };
    let tasks = (0..apps).flat_map(|nth| {
        let running = task(2 * nth, State::Running, 600, 60);
        let reason = format!("dial tcp 10.0.{nth}.7:8080: connect: connection refused");
        let other =
            if nth % 4 == 1 { failed(2 * nth + 1, &reason) } else { task(2 * nth + 1, State::Pending, 9, 9) };
        [running, other].map(|task| Task { owner: owner(nth), ..task })
    });
    tasks.collect()
}

#[test]
fn groups_in_the_main_view() {
    let (mut app, _) = live(of_apps(40));
    press(&mut app, "vba\njj");
    assert_snapshot!("apps_usual", drawn(&app, noon(), USUAL));
    assert_snapshot!("apps_large", drawn(&app, noon(), LARGE));
    assert_snapshot!("apps_huge", drawn(&app, noon(), HUGE));
    assert_snapshot!("apps_wide", drawn(&app, noon(), WIDE));
    press(&mut app, "/acme prod");
    assert_snapshot!("apps_searched_usual", drawn(&app, noon(), USUAL));
}

#[test]
fn reasons_beside_the_table() {
    let (mut app, _) = live(of_apps(40));
    press(&mut app, "br\nj\n");
    assert_snapshot!("reasons_wide", drawn(&app, noon(), WIDE));
}

#[test]
fn what_to_group_by_is_chosen_from_a_list() {
    let (mut app, _) = live(mixed());
    press(&mut app, "b");
    assert_snapshot!("group_chooser_usual", drawn(&app, noon(), USUAL));
}

#[test]
fn a_pane_without_groups_says_why() {
    let (mut app, _) = live(mixed());
    press(&mut app, "vba\n");
    assert!(drawn(&app, noon(), USUAL).contains("No task has a known app"));
    press(&mut app, "bd\n/nowhere");
    assert!(drawn(&app, noon(), USUAL).contains("No match for \"nowhere\""));
}
