//! The hint of the first start.

use insta::assert_snapshot;

use super::scenes::{noon, press, target};
use super::*;
use crate::app::Settings;

fn first_start() -> App {
    App::new(target(), Settings { welcome: true, ..Settings::default() })
}

#[test]
fn welcome_stands_in_a_corner_until_a_key_is_pressed() {
    let mut app = first_start();
    assert_snapshot!("welcome_usual", drawn(&app, noon(), USUAL));
    press(&mut app, "j");
    assert!(!drawn(&app, noon(), USUAL).contains("Welcome"));
}

#[test]
fn welcome_leaves_the_table_on_a_small_screen() {
    assert!(!drawn(&first_start(), noon(), SMALL).contains("Welcome"));
}
