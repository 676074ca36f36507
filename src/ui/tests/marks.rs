//! Marks in the table and in the header.

use insta::assert_snapshot;

use super::scenes::{live, mixed, noon, press};
use super::*;

#[test]
fn marks_are_counted_in_the_header_and_shown_in_their_rows() {
    let (mut app, _) = live(mixed());
    press(&mut app, "  jVjj");
    for (name, size) in [("marks_small", SMALL), ("marks_usual", USUAL), ("marks_large", LARGE)] {
        assert_snapshot!(name, drawn(&app, noon(), size));
    }
    press(&mut app, "V/nothing\n");
    for size in [SMALL, USUAL, LARGE] {
        assert!(drawn(&app, noon(), size).contains("● 5 marked"), "hidden marks count too");
    }
    press(&mut app, "u");
    assert!(!drawn(&app, noon(), USUAL).contains("marked"));
}

#[test]
fn without_marks_the_table_starts_at_the_edge() {
    let (mut app, _) = live(mixed());
    assert!(drawn(&app, noon(), USUAL).lines().nth(2).unwrap().starts_with("GUID"));
    press(&mut app, " ");
    let with_mark = drawn(&app, noon(), USUAL);
    assert!(with_mark.lines().nth(2).unwrap().starts_with("  GUID"));
    assert_eq!(with_mark.lines().filter(|line| line.starts_with('●')).count(), 1);
}

#[test]
fn counts_beside_the_marks_are_whole_or_left_out() {
    let (mut app, _) = live(mixed());
    press(&mut app, " ");
    let mut seen = std::collections::BTreeSet::new();
    for width in 60..120 {
        let screen = drawn(&app, noon(), (width, 24));
        let header = screen.lines().nth(1).unwrap();
        assert!(header.contains("● 1 marked") && !header.contains('…'), "{header}");
        seen.insert(header.trim_end().split("  ").count());
    }
    assert!(seen.len() > 1, "narrow headers have fewer counts: {seen:?}");
}
