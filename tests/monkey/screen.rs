//! What must hold of every frame: no character that a terminal could take for a command, and each row as wide as the screen.

use ratatui::buffer::{Buffer, Cell};
use taskdeck::present::sanitise::is_invisible;
use unicode_width::UnicodeWidthStr as _;

/// Checks a frame.
pub(crate) fn check(buffer: &Buffer) {
    for cell in buffer.content() {
        let symbol = cell.symbol();
        assert!(!symbol.is_empty() && !symbol.chars().any(is_invisible), "{symbol:?} is on the screen");
    }
    let width = usize::from(buffer.area.width).max(1);
    buffer.content().chunks(width).for_each(check_width);
}

/// Checks that the symbols of a row take its cells and no other: a wide one has the cells after it for itself.
fn check_width(row: &[Cell]) {
    let mut left = row;
    while let Some((cell, rest)) = left.split_first() {
        let behind = cell.symbol().width().saturating_sub(1);
        let taken = rest.get(..behind).unwrap_or_else(|| panic!("{cell:?} does not fit on its row"));
        let is_free = taken.iter().all(|cell| cell.symbol().trim().is_empty());
        assert!(
            is_free,
            "{taken:?} is behind a wide character of {:?}",
            row.iter().map(Cell::symbol).collect::<String>()
        );
        left = &rest[behind..];
    }
}

/// Returns the text of a frame in one line.
pub(crate) fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width).max(1);
    let row = |cells: &[Cell]| cells.iter().map(Cell::symbol).collect::<String>();
    buffer.content().chunks(width).map(row).collect::<Vec<_>>().join("\n")
}
