//! Holds `SECURITY.md` to the tests that it names.
#![expect(clippy::panic, reason = "test helpers")]

use std::fs;
use std::path::Path;

const DOCUMENT: &str = include_str!("../SECURITY.md");

/// Returns the file and the name in the last cell of a row.
fn named_test(row: &str) -> (&str, &str) {
    let cell = row.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap_or_default();
    let named = cell.trim_start_matches("| ").strip_prefix('`').and_then(|cell| cell.strip_suffix('`'));
    named.and_then(|named| named.split_once("`: `")).unwrap_or_else(|| panic!("no test in {row}"))
}

#[test]
fn each_promise_has_a_test_that_exists() {
    let rows: Vec<_> = DOCUMENT.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert!(rows.len() > 15, "{}", rows.len());
    for row in rows {
        let (file, name) = named_test(row);
        let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect(file);
        assert!(source.contains(&format!("fn {name}(")), "{file} has no {name}");
    }
}
