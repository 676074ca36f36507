//! Scenario files: each is a scenario, or one sentence about one of its lines.

use taskdeck::sim::Scenario;

use super::{assert_names_a_line, text};

/// Takes a file.
pub fn check(input: &[u8]) {
    let text = text(input);
    if let Err(problem) = Scenario::parse(&text) {
        assert_names_a_line(&problem, &text);
        assert_eq!(problem.lines().count(), 1, "{problem:?}");
    }
}
