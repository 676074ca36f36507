//! The README fits one screen and begins with what to type.

use crate::page::Page;

const CI: &str = include_str!("../../.ci/run");

#[test]
fn it_fits_a_screen() {
    let readme = Page::read("README.md");
    assert!(readme.text.lines().count() <= 60, "{}", readme.text.lines().count());
}

#[test]
fn its_commands_come_first_and_ci_runs_the_tests() {
    let readme = Page::read("README.md");
    let screen: Vec<_> = readme.text.lines().take(12).collect();
    for command in ["cargo run --release -- --demo", "cargo test"] {
        assert!(screen.iter().any(|line| line.starts_with(command)), "{command}");
    }
    assert!(CI.lines().any(|line| line.starts_with("cargo test")), "CI runs the test command of the README");
}
