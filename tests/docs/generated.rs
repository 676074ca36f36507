//! The generated parts of the pages are what `taskdeck docs` prints.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};

use crate::page::{self, Page, root};

const BEGIN: &str = "<!-- generated: taskdeck docs ";
const END: &str = "<!-- end -->\n";

/// Runs `taskdeck docs` with the default keys.
fn docs(table: &str) -> Output {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_taskdeck"));
    command.args(["docs", table]).env_clear().env("HOME", home.path()).output().unwrap()
}

fn table(name: &str) -> String {
    let Output { status, stdout, stderr } = docs(name);
    assert!(status.success(), "{name}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// Returns the page with its tables as they should be, and the names of the tables.
fn regenerated(page: &Page) -> (String, Vec<String>) {
    let (mut text, mut names) = (String::new(), Vec::new());
    let mut rest = page.text.as_str();
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, after) = after.split_once(" -->\n").expect("the name of a table");
        let (_, after) = after.split_once(END).unwrap_or_else(|| panic!("{}: no end", page.path.display()));
        text += &[before, BEGIN, name, " -->\n", &table(name), END].concat();
        names.push(name.to_owned());
        rest = after;
    }
    (text + rest, names)
}

/// `TASKDECK_DRAW=1 cargo test --test docs` regenerates the tables.
#[test]
fn the_tables_are_those_of_the_program() {
    let mut shown = BTreeSet::new();
    for page in page::book() {
        let (text, names) = regenerated(&page);
        shown.extend(names);
        if std::env::var_os("TASKDECK_DRAW").is_some() {
            fs::write(root().join(&page.path), text).unwrap();
        } else {
            let path = page.path.display();
            assert_eq!(page.text, text, "{path} is out of date: TASKDECK_DRAW=1 cargo test --test docs");
        }
    }
    assert_eq!(shown, known(), "each table of `taskdeck docs` has its place in a page");
}

/// Returns the names of all tables, as the program lists them.
fn known() -> BTreeSet<String> {
    let error = String::from_utf8(docs("nope").stderr).unwrap();
    let (_, names) = error.split_once("[possible values: ").unwrap_or_else(|| panic!("{error}"));
    let (names, _) = names.split_once(']').expect("the end of the names");
    names.split(", ").map(str::to_owned).collect()
}
