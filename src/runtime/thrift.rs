//! Fewer bytes for the same cells: what lies between two changed cells is written over where that is shorter than
//! moving the cursor, and a line that ends blank is erased to its end.
//!
//! Pure: places of cells in, places of cells out.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;

/// Moving the cursor takes as many bytes as so many cells, or more.
const MOVE: u16 = 7;
/// Moving the cursor and erasing takes fewer bytes than so many blanks.
const ERASE: usize = 12;

/// The changes with what lies between them, where that is short and looks the same. They are in the order of the
/// screen, `wanted` is what it is to show.
pub(super) fn bridge(changes: &[Position], wanted: &Buffer) -> Vec<Position> {
    let mut bridged: Vec<Position> = Vec::with_capacity(changes.len());
    for next in changes {
        if let Some(last) = bridged.last().copied()
            && is_bridged(wanted, last, *next)
        {
            bridged.extend((last.x + 1..next.x).map(|x| Position { x, ..*next }));
        }
        bridged.push(*next);
    }
    bridged
}

/// Whether there are cells between one that is written and the next one, and they are worth writing.
fn is_bridged(wanted: &Buffer, last: Position, next: Position) -> bool {
    let gap = last.x.saturating_add(1)..next.x;
    if last.y != next.y || gap.is_empty() || gap.len() > MOVE.into() {
        return false;
    }
    let Some(last) = wanted.cell(last) else { return false };
    let is_cheap = |cell: &Cell| cell.symbol().len() == 1 && cell.style() == last.style();
    is_narrow(last) && gap.into_iter().all(|x| wanted.cell((x, next.y)).is_some_and(is_cheap))
}

/// A wide character covers the cell behind it, which nobody may write.
fn is_narrow(cell: &Cell) -> bool {
    cell.symbol().is_ascii()
}

/// Takes out the blanks at the ends of lines, and gives where each such line is to be erased from.
pub(super) fn take_blank_ends(changes: &mut Vec<Position>, wanted: &Buffer) -> Vec<Position> {
    let mut ends: Vec<Position> = Vec::new();
    for line in changes.chunk_by(|one, other| one.y == other.y) {
        let blank = blank_end(line, wanted);
        let (_, tail) = line.split_at_checked(line.len() - blank).unwrap_or((line, &[]));
        ends.extend(tail.first());
    }
    // Both are in the order of the screen.
    let mut rest = ends.as_slice();
    changes.retain(|at| {
        while let [end, later @ ..] = rest
            && end.y < at.y
        {
            rest = later;
        }
        rest.first().is_none_or(|end| end.y != at.y || at.x < end.x)
    });
    ends
}

/// How many cells at the end of the line are blank to its end, if they are worth erasing.
fn blank_end(line: &[Position], wanted: &Buffer) -> usize {
    let blank =
        |(expected, at): &(u16, &Position)| at.x == *expected && wanted.cell(**at) == Some(&Cell::EMPTY);
    let count = (0..wanted.area.width).rev().zip(line.iter().rev()).take_while(blank).count();
    if count < ERASE { 0 } else { count }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    use super::*;

    fn screen(text: &str) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 1));
        buffer.set_string(0, 0, text, Style::new());
        buffer
    }

    fn changes(at: impl IntoIterator<Item = u16>) -> Vec<Position> {
        at.into_iter().map(|x| Position { x, y: 0 }).collect()
    }

    fn places(changes: &[Position]) -> Vec<u16> {
        changes.iter().map(|at| at.x).collect()
    }

    #[test]
    fn a_short_gap_is_written_over_and_a_long_one_is_not() {
        let screen = screen("cell-01 z1            1259 of them");
        let bridged = bridge(&changes([6, 9, 22]), &screen);
        assert_eq!(places(&bridged), [6, 7, 8, 9, 22]);
    }

    #[test]
    fn what_looks_different_is_not_written_over() {
        let mut coloured = screen("abcdef");
        coloured.set_style(Rect::new(1, 0, 1, 1), Style::new().fg(Color::Red));
        let bridged = bridge(&changes([0, 3]), &coloured);
        assert_eq!(places(&bridged), [0, 3]);
        let wide = screen("漢字 ab");
        assert_eq!(places(&bridge(&changes([0, 5]), &wide)), [0, 5]);
    }

    #[test]
    fn a_line_that_ends_blank_is_erased_from_there() {
        let screen = screen("abc");
        let mut all = changes(0..40);
        assert_eq!(take_blank_ends(&mut all, &screen), [Position { x: 3, y: 0 }]);
        assert_eq!(places(&all), [0, 1, 2]);
    }

    #[test]
    fn blanks_that_are_few_or_end_before_the_line_does_are_written() {
        let screen = screen("abc");
        for at in [30..40, 0..39] {
            let mut some = changes(at.clone());
            assert_eq!(take_blank_ends(&mut some, &screen), []);
            assert_eq!(places(&some), at.collect::<Vec<_>>());
        }
    }

    #[test]
    fn blanks_with_a_ground_of_their_own_are_written() {
        let mut selected = screen("abc");
        selected.set_style(Rect::new(0, 0, 40, 1), Style::new().bg(Color::Blue));
        let mut all = changes(0..40);
        assert_eq!(take_blank_ends(&mut all, &selected), []);
        assert_eq!(all.len(), 40);
    }
}
