//! Holds the README against the program: its tables of keys, filter fields and columns, its filters, and the commands
//! that CI runs.

use taskdeck::present::columns;
use taskdeck::{app, filter};

const README: &str = include_str!("../README.md");
const CI: &str = include_str!("../.ci/run");
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// What is made from a table of the program: the name of its place in the README, and the text.
fn tables() -> [(&'static str, String); 3] {
    [("keys", app::keymap::markdown()), ("fields", filter::markdown()), ("columns", columns::markdown())]
}

/// `TASKDECK_DRAW=1 cargo test --test readme` writes the tables anew.
#[test]
fn its_tables_are_those_of_the_program() {
    let mut text = README.to_owned();
    for (name, table) in tables() {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
        let (before, rest) = text.split_once(&begin).expect("the README marks where the table begins");
        let (_, after) = rest.split_once(&end).expect("the README marks where the table ends");
        text = [before, &begin, &table, &end, after].concat();
    }
    if std::env::var_os("TASKDECK_DRAW").is_some() {
        std::fs::write(PATH, text).expect("the README can be written");
        return;
    }
    assert_eq!(README, text, "TASKDECK_DRAW=1 cargo test --test readme");
}

/// Every filter that it shows can be read.
#[test]
fn its_filters_are_filters() {
    let shown = |word: &str| {
        README
            .split(word)
            .skip(1)
            .filter_map(|rest| rest.split('\'').next())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let filters = shown("--filter '");
    assert!(filters.len() >= 2, "{filters:?}");
    for text in filters {
        assert!(filter::Filter::parse(&text).is_ok(), "{text}");
    }
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
