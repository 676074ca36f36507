//! Fewer bytes for the same cells: what lies between two changed cells is written over where that is shorter than
//! moving the cursor, and blanks are erased.
//!
//! Pure: places of cells in, runs out.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use unicode_width::UnicodeWidthStr as _;

/// Moving the cursor along a line takes as many bytes as so many cells.
const MOVE: u16 = 4;
/// Erasing to the end of a line takes fewer bytes than so many blanks.
const TAIL: usize = 6;
/// Erasing in a line, and moving on, takes fewer bytes than so many blanks.
const BLANKS: usize = 12;

/// What is written at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// A cell.
    Cell(Position),
    /// So many blanks without a ground, from there.
    Blanks(Position, u16),
}

/// What is to be written so that these changes are on the screen. They are in its order; `wanted` is what it is to show.
pub(super) fn runs(changes: &[Position], wanted: &Buffer) -> Vec<Run> {
    let mut runs = Vec::with_capacity(changes.len());
    for line in changes.chunk_by(|one, other| one.y == other.y) {
        let (cells, tail) = split_tail(line, wanted);
        put_cells(&bridge(cells, wanted), wanted, &mut runs);
        if let Some(at) = tail.first() {
            runs.push(Run::Blanks(*at, wanted.area.width - at.x));
        }
    }
    runs
}

/// The changes of a line, and those of them in its blank end, if that is worth erasing.
fn split_tail<'a>(line: &'a [Position], wanted: &Buffer) -> (&'a [Position], &'a [Position]) {
    let Some(y) = line.first().map(|at| at.y) else { return (line, &[]) };
    let cell = |x| wanted.cell((x, y));
    let blanks = (0..wanted.area.width).rev().take_while(|x| cell(*x) == Some(&Cell::EMPTY)).count();
    let mut start = usize::from(wanted.area.width) - blanks;
    // What a wide character covers looks blank and is not.
    let last = start.checked_sub(1).and_then(|last| cell(u16::try_from(last).ok()?));
    start += last.map_or(0, |last| last.symbol().width().saturating_sub(1));
    let (cells, tail) = line.split_at(line.partition_point(|at| usize::from(at.x) < start));
    if tail.len() < TAIL { (line, &[]) } else { (cells, tail) }
}

fn put_cells(cells: &[Position], wanted: &Buffer, runs: &mut Vec<Run>) {
    let is_blank = |at: Position| wanted.cell(at) == Some(&Cell::EMPTY);
    let goes_on =
        |one: &Position, other: &Position| other.x == one.x + 1 && is_blank(*one) == is_blank(*other);
    for run in cells.chunk_by(goes_on) {
        match (run.first(), u16::try_from(run.len())) {
            (Some(first), Ok(count)) if run.len() >= BLANKS && is_blank(*first) => {
                runs.push(Run::Blanks(*first, count));
            }
            _ => runs.extend(run.iter().copied().map(Run::Cell)),
        }
    }
}

/// The changes of a line with what lies between them, where that is short and looks the same.
fn bridge(changes: &[Position], wanted: &Buffer) -> Vec<Position> {
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
    if gap.is_empty() || gap.len() > MOVE.into() {
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

    /// The columns of cells, and of blanks from one to another.
    fn written(changes: impl IntoIterator<Item = u16>, wanted: &Buffer) -> String {
        let changes: Vec<_> = changes.into_iter().map(|x| Position { x, y: 0 }).collect();
        let run = |run: &Run| match run {
            Run::Cell(at) => at.x.to_string(),
            Run::Blanks(at, count) => format!("{}..{}", at.x, at.x + count),
        };
        runs(&changes, wanted).iter().map(run).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_short_gap_is_written_over_and_a_long_one_is_not() {
        let screen = screen("cell-01 z1            1259 of them");
        assert_eq!(written([6, 9, 22], &screen), "6 7 8 9 22");
    }

    #[test]
    fn what_looks_different_is_not_written_over() {
        let mut coloured = screen("abcdef");
        coloured.set_style(Rect::new(1, 0, 1, 1), Style::new().fg(Color::Red));
        assert_eq!(written([0, 3], &coloured), "0 3");
        assert_eq!(written([0, 5], &screen("漢字 ab")), "0 5");
    }

    #[test]
    fn a_line_that_ends_blank_is_erased_from_there() {
        assert_eq!(written(0..40, &screen("abc")), "0 1 2 3..40");
        assert_eq!(written((4..40).step_by(3), &screen("abc")), "4..40", "some are blank already");
    }

    #[test]
    fn blanks_within_a_line_are_erased() {
        let screen = screen("abc                 def");
        assert_eq!(written(2..21, &screen), "2 3..20 20");
        assert_eq!(written(10..21, &screen), "10 11 12 13 14 15 16 17 18 19 20", "these are few");
        assert_eq!(written([38, 39], &screen), "38 39", "and so are these");
    }

    #[test]
    fn blanks_with_a_ground_of_their_own_are_written() {
        let mut selected = screen("abc");
        selected.set_style(Rect::new(0, 0, 40, 1), Style::new().bg(Color::Blue));
        let all: Vec<_> = (0..40).map(|x| x.to_string()).collect();
        assert_eq!(written(0..40, &selected), all.join(" "));
    }

    #[test]
    fn what_a_wide_character_covers_is_not_erased() {
        assert_eq!(written((0..40).filter(|x| *x != 1), &screen("漢")), "0 2..40");
    }
}
