//! Holds the tables of `RELIABILITY.md` to the scenarios and to the tests of other suites.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;

use crate::elsewhere;
use crate::scenarios;

const DOCUMENT: &str = include_str!("../../RELIABILITY.md");

/// The kinds of fault that the project promises to play.
const PROMISED: usize = 25;

/// The kinds of fault that are played here.
fn played() -> String {
    let mut table = "| fault | what you see | what is kept | test |\n| --- | --- | --- | --- |\n".to_owned();
    for scenario in scenarios::all() {
        let seen: Vec<_> =
            scenario.sees.iter().map(|text| format!("`{}`", text.trim_end_matches(':'))).collect();
        let (name, fault, keeps) = (scenario.name, scenario.fault, scenario.keeps);
        writeln!(table, "| {fault} | {} | {keeps} | `{name}` |", seen.join(", then ")).unwrap();
    }
    table
}

/// Those that other suites play.
fn played_elsewhere() -> String {
    let mut table =
        "| fault | what you see or get | what is kept | test |\n| --- | --- | --- | --- |\n".to_owned();
    for case in elsewhere::CASES {
        let (suite, _) = case.file.split_once('/').unwrap();
        let elsewhere::Case { fault, sees, keeps, test, .. } = case;
        writeln!(table, "| {fault} | {sees} | {keeps} | `{suite}`: `{test}` |").unwrap();
    }
    table
}

/// `TASKDECK_DRAW=1 cargo test --test faults reliability` regenerates the tables.
#[test]
fn its_tables_are_those_of_the_tests() {
    let mut text = DOCUMENT.to_owned();
    for (name, table) in [("faults", played()), ("elsewhere", played_elsewhere())] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
        let (before, rest) = text.split_once(&begin).expect("the table's first marker");
        let (_, after) = rest.split_once(&end).expect("the table's last marker");
        text = [before, &begin, &table, &end, after].concat();
    }
    if std::env::var_os("TASKDECK_DRAW").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("RELIABILITY.md");
        std::fs::write(path, text).expect("write the document");
        return;
    }
    assert_eq!(DOCUMENT, text, "regenerate with TASKDECK_DRAW=1 cargo test --test faults reliability");
}

#[test]
fn as_many_faults_are_played_as_promised_and_none_twice() {
    let faults: Vec<_> = scenarios::all().map(|scenario| scenario.fault).collect();
    assert!(faults.len() >= PROMISED, "{}", faults.len());
    assert_eq!(faults.iter().collect::<HashSet<_>>().len(), faults.len());
    let says_nothing =
        scenarios::all().find(|scenario| scenario.sees.is_empty() || scenario.keeps.is_empty());
    assert!(says_nothing.is_none_or(|scenario| panic!("{} says nothing", scenario.name)));
}

#[test]
fn tests_of_other_suites_are_there() {
    for case in elsewhere::CASES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(case.file);
        let source = std::fs::read_to_string(&path).unwrap();
        assert!(source.contains(&format!("fn {}(", case.test)), "{} has no {}", case.file, case.test);
    }
}
