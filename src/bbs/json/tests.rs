//! The form against what `cfdot` really printed.

use super::*;
use crate::bbs::wire;

/// What `cfdot` printed of the task in which everything is set.
const EVERYTHING: &str = include_str!("../../../tests/fixtures/cfdot/task.out");
const CELLS: &str = include_str!("../../../tests/fixtures/cfdot/cells.out");

#[test]
fn compiles() {
    let mut out = Vec::new();
    cell(&mut out, &wire::CellPresence::default());
    assert!(!CELLS.is_empty());
    assert!(TaskSpec::parse(EVERYTHING).is_ok());
}
