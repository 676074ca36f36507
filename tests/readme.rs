//! Checks the README against the program: the tables of keys, filters and columns, the filters, the links and CI's
//! commands.

use taskdeck::app::keymap::Keymap;
use taskdeck::present::columns;
use taskdeck::{app, filter, theme};

const README: &str = include_str!("../README.md");
const CI: &str = include_str!("../.ci/run");
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// The generated tables: the name of the markers in the README, and the text between them.
fn tables() -> [(&'static str, String); 7] {
    [
        ("keys", app::keymap::markdown(&Keymap::default())),
        ("arguments", app::argument_commands_markdown()),
        ("placeholders", app::own_commands::markdown()),
        ("forms", filter::forms_markdown()),
        ("fields", filter::markdown()),
        ("columns", columns::markdown()),
        ("roles", theme::markdown()),
    ]
}

/// `TASKDECK_DRAW=1 cargo test --test readme` regenerates the tables.
#[test]
fn its_tables_are_generated_from_the_program() {
    let mut text = README.to_owned();
    for (name, table) in tables() {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
        let (before, rest) = text.split_once(&begin).expect("the README has the table's first marker");
        let (_, after) = rest.split_once(&end).expect("the README has the table's last marker");
        text = [before, &begin, &table, &end, after].concat();
    }
    if std::env::var_os("TASKDECK_DRAW").is_some() {
        std::fs::write(PATH, text).expect("write the README");
        return;
    }
    assert_eq!(README, text, "regenerate with TASKDECK_DRAW=1 cargo test --test readme");
}

#[test]
fn its_filters_parse() {
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
fn its_commands_come_first_and_ci_runs_the_tests() {
    let screen: Vec<_> = README.lines().take(10).collect();
    for command in ["cargo run --release -- --demo", "cargo test"] {
        assert!(screen.iter().any(|line| line.starts_with(command)), "{command}");
    }
    assert!(CI.lines().any(|line| line.starts_with("cargo test")), "CI runs the test command of the README");
}

#[test]
fn its_local_links_exist() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let links = README.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local: Vec<_> = links.filter(|link| !link.contains("://") && !link.starts_with('#')).collect();
    assert!(!local.is_empty());
    for link in local {
        assert!(root.join(link).exists(), "{link}");
    }
}
