//! Fewer bytes for the same cells: what lies between two changed cells is written over where that is shorter than
//! moving the cursor, and a line that ends blank is erased to its end.
//!
//! Pure: lists of cells in, lists of cells out.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;

/// A cell that is to be written, and where.
pub(super) type Change = (u16, u16, Cell);

/// Moving the cursor takes as many bytes as so many cells, or more.
const MOVE: u16 = 7;
/// Moving the cursor and erasing takes fewer bytes than so many blanks.
const ERASE: usize = 12;

/// The changes with what lies between them, where that is short and looks the same. They are in the order of the
/// screen, `wanted` is what it is to show.
pub(super) fn bridge(changes: Vec<Change>, wanted: &Buffer) -> Vec<Change> {
    let mut bridged: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes {
        if let Some((x, y, last)) = bridged.last()
            && *y == change.1
            && let Some(between) = between(wanted, (*x, *y), change.0, last)
        {
            bridged.extend(between);
        }
        bridged.push(change);
    }
    bridged
}

/// The cells between one that is written and the next one, if they are worth writing.
fn between(wanted: &Buffer, (x, y): (u16, u16), next: u16, last: &Cell) -> Option<Vec<Change>> {
    let gap = x.saturating_add(1)..next;
    if gap.is_empty() || gap.len() > MOVE.into() {
        return None;
    }
    let cells = gap.map(|x| wanted.cell((x, y)).map(|cell| (x, y, cell.clone())));
    let cells: Vec<_> = cells.collect::<Option<_>>()?;
    let is_cheap = |cell: &Cell| cell.symbol().len() == 1 && cell.style() == last.style();
    (is_narrow(last) && cells.iter().all(|(.., cell)| is_cheap(cell))).then_some(cells)
}

/// A wide character covers the cell behind it, which nobody may write.
fn is_narrow(cell: &Cell) -> bool {
    cell.symbol().is_ascii()
}

/// Takes out the blanks at the ends of lines, and gives where each such line is to be erased from.
pub(super) fn take_blank_ends(changes: &mut Vec<Change>, width: u16) -> Vec<Position> {
    let mut ends = Vec::new();
    let mut kept = Vec::with_capacity(changes.len());
    for line in changes.chunk_by(|(_, one, _), (_, other, _)| one == other) {
        let blank = blank_end(line, width);
        let (head, tail) = line.split_at_checked(line.len() - blank).unwrap_or((line, &[]));
        kept.extend_from_slice(head);
        ends.extend(tail.first().map(|(x, y, _)| Position { x: *x, y: *y }));
    }
    *changes = kept;
    ends
}

/// How many cells at the end of the line are blank to its end, if they are worth erasing.
fn blank_end(line: &[Change], width: u16) -> usize {
    let blank = |(expected, (x, _, cell)): &(u16, &Change)| x == expected && *cell == Cell::EMPTY;
    let count = (0..width).rev().zip(line.iter().rev()).take_while(blank).count();
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

    fn changes(of: &Buffer, at: impl IntoIterator<Item = u16>) -> Vec<Change> {
        at.into_iter().map(|x| (x, 0, of.cell((x, 0)).unwrap().clone())).collect()
    }

    fn places(changes: &[Change]) -> Vec<u16> {
        changes.iter().map(|(x, ..)| *x).collect()
    }

    #[test]
    fn a_short_gap_is_written_over_and_a_long_one_is_not() {
        let screen = screen("cell-01 z1            1259 of them");
        let bridged = bridge(changes(&screen, [6, 9, 22]), &screen);
        assert_eq!(places(&bridged), [6, 7, 8, 9, 22]);
    }

    #[test]
    fn what_looks_different_is_not_written_over() {
        let mut coloured = screen("abcdef");
        coloured.set_style(Rect::new(1, 0, 1, 1), Style::new().fg(Color::Red));
        let bridged = bridge(changes(&coloured, [0, 3]), &coloured);
        assert_eq!(places(&bridged), [0, 3]);
        let wide = screen("漢字 ab");
        assert_eq!(places(&bridge(changes(&wide, [0, 5]), &wide)), [0, 5]);
    }

    #[test]
    fn a_line_that_ends_blank_is_erased_from_there() {
        let screen = screen("abc");
        let mut all = changes(&screen, 0..40);
        assert_eq!(take_blank_ends(&mut all, 40), [Position { x: 3, y: 0 }]);
        assert_eq!(places(&all), [0, 1, 2]);
    }

    #[test]
    fn blanks_that_are_few_or_end_before_the_line_does_are_written() {
        let screen = screen("abc");
        for at in [30..40, 0..39] {
            let mut some = changes(&screen, at.clone());
            assert_eq!(take_blank_ends(&mut some, 40), []);
            assert_eq!(places(&some), at.collect::<Vec<_>>());
        }
    }

    #[test]
    fn blanks_with_a_ground_of_their_own_are_written() {
        let mut selected = screen("abc");
        selected.set_style(Rect::new(0, 0, 40, 1), Style::new().bg(Color::Blue));
        let mut all = changes(&selected, 0..40);
        assert_eq!(take_blank_ends(&mut all, 40), []);
        assert_eq!(all.len(), 40);
    }
}
