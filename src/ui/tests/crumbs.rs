//! The breadcrumbs of the history of views.

use insta::assert_snapshot;

use super::scenes::{live, mixed, noon, press, task};
use super::*;
use crate::model::{State, Task};

/// Returns the line that tells the filter.
fn status_line(app: &App, size: (u16, u16)) -> String {
    let screen = drawn(app, noon(), size);
    screen.lines().rev().nth(1).unwrap_or_default().to_owned()
}

#[test]
fn breadcrumbs_stand_beside_the_filter() {
    let (mut app, _) = live(mixed());
    press(&mut app, ":domain cf-tasks\n:failed\n/memory\n[");
    for (size, cells) in [("usual", USUAL), ("wide", WIDE)] {
        assert_snapshot!(format!("crumbs_{size}"), drawn(&app, noon(), cells));
    }
    let buf = frame(&app, &mut UiState::new(Colours::None), noon(), WIDE);
    let y = (0..WIDE.1).find(|y| row(&buf, *y).contains("› failed ›")).unwrap();
    let bold: String = (0..WIDE.0)
        .map(|x| &buf[(x, y)])
        .skip(40)
        .filter(|cell| cell.modifier.contains(ratatui::style::Modifier::BOLD))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(bold, "failed", "the view on the screen is marked without colour");
}

fn row(buf: &Buffer, y: u16) -> String {
    (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect()
}

#[test]
fn the_only_filter_is_not_named_twice() {
    let (mut app, _) = live(mixed());
    press(&mut app, "/memory\n");
    let line = status_line(&app, WIDE);
    assert!(line.contains("/memory") && !line.contains('›'), "{line}");
    press(&mut app, "[");
    assert!(status_line(&app, WIDE).ends_with("held › /memory"), "the way forward");
    press(&mut app, "]3");
    assert!(status_line(&app, WIDE).ends_with("held › /memory › ended"), "{}", status_line(&app, WIDE));
}

#[test]
fn what_does_not_fit_is_marked_and_no_trail_is_better_than_a_piece() {
    // A warning of stuck tasks would take the room.
    let (mut app, _) = live((0..34).map(|nth| task(nth, State::Completed, 60, 30)).collect());
    for nth in 0..9 {
        press(&mut app, &format!("/word{nth}\nx"));
    }
    press(&mut app, "[[[[");
    let line = status_line(&app, USUAL);
    assert!(line.ends_with("  … › /word5 › held › /word6 › held › /word7 › held › …"), "{line}");
    let narrow = status_line(&app, (58, 24));
    assert!(narrow.ends_with("  … › /word6 › held › /word7 › …"), "{narrow}");
    assert!(!status_line(&app, (38, 24)).contains('›'));
    press(&mut app, "/a-very-long-filter-that-takes-most-of-the-line-of-eighty-cells\n");
    assert!(!status_line(&app, USUAL).contains('›'));
}

#[test]
fn a_sort_is_named_where_nothing_else_differs() {
    let (mut app, _) = live(mixed());
    press(&mut app, ":sort memory\n:failed\n");
    let line = status_line(&app, WIDE);
    assert!(line.ends_with("held › by memory › failed"), "{line}");
}

#[test]
fn names_of_tenants_are_sanitised() {
    let (mut app, _) = live(vec![Task { domain: "evil\u{1b}[31m\u{202e}".into(), ..mixed().remove(0) }]);
    press(&mut app, "d:failed\n");
    let line = status_line(&app, WIDE);
    assert!(line.contains("› evil") && !line.contains(['\u{1b}', '\u{202e}']), "{line}");
}
