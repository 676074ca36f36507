//! Tests that every size of the screen can be drawn, whatever is open.

use super::scenes::{complete, live, mixed, noon, press, task};
use super::*;
use crate::model::State;
use crate::ui::panes::groups::SideSize;

/// The keys that open each pane, dialog and prompt.
const OPENING_KEYS: [&str; 14] = [
    "",
    "\n",
    "\nG",
    "\t",
    "\t\t",
    "\t\t\t",
    "?",
    "/a long filter text",
    "C",
    "Cyq",
    "v",
    "\nv/cf",
    "b",
    "vB",
];

fn sizes() -> impl Iterator<Item = (u16, u16)> {
    let small = (1..=42).step_by(4).flat_map(|width| (1..=16).map(move |height| (width, height)));
    let all =
        (1..=300).step_by(37).flat_map(|width| (1..=100).step_by(13).map(move |height| (width, height)));
    small.chain(all).chain([(300, 100)])
}

#[test]
fn every_size_can_be_drawn() {
    for keys in OPENING_KEYS {
        let (mut app, stream) = live(mixed());
        complete(&mut app, stream, task(7, State::Running, 4_020, 50));
        press(&mut app, keys);
        let mut ui = UiState::new(Colours::Sixteen);
        for size in sizes() {
            frame(&app, &mut ui, noon(), size);
            assert!(ui.page() >= 1 || size.1 < 3, "{keys:?} at {size:?}");
        }
    }
}

#[test]
fn usual_screen_gives_the_table_its_full_width() {
    let (app, _) = live(mixed());
    let regions = Regions::of(&app, Rect::new(0, 0, 80, 24), 0, SideSize::default());
    assert_eq!((regions.tasks.width, regions.tasks.height), (80, 20));
}
