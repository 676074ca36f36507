//! The README says what is: its keys are those of the binding table, its commands are what CI runs.

use taskdeck::app::keymap;

const README: &str = include_str!("../README.md");
const CI: &str = include_str!("../.ci/run");
const BEGIN: &str = "<!-- keys -->\n";
const END: &str = "<!-- /keys -->\n";
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// `TASKDECK_DRAW=1 cargo test --test readme` writes the table anew.
#[test]
fn the_keys_are_those_of_the_bindings() {
    let (before, rest) = README.split_once(BEGIN).expect("the README marks where the keys begin");
    let (keys, after) = rest.split_once(END).expect("the README marks where the keys end");
    if std::env::var_os("TASKDECK_DRAW").is_some() {
        let text = [before, BEGIN, &keymap::markdown(), END, after].concat();
        std::fs::write(PATH, text).expect("the README can be written");
        return;
    }
    assert_eq!(keys, keymap::markdown(), "TASKDECK_DRAW=1 cargo test --test readme");
}

#[test]
fn its_two_commands_come_first_and_ci_runs_the_second() {
    let screen: Vec<_> = README.lines().take(10).collect();
    for command in ["cargo run --release -- --demo", "cargo test"] {
        assert!(screen.iter().any(|line| line.starts_with(command)), "{command}");
    }
    assert!(CI.lines().any(|line| line.starts_with("cargo test")), "CI runs the README's test command");
}

#[test]
fn what_it_links_is_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let links = README.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local: Vec<_> = links.filter(|link| !link.contains("://")).collect();
    assert!(!local.is_empty());
    for link in local {
        assert!(root.join(link).exists(), "{link}");
    }
}
