//! Merges nearby cell changes to reduce terminal output: rewrites unchanged cells where that is shorter than moving the
//! cursor over them, and erases blanks instead of writing them.
//!
//! Pure: takes the positions of changed cells, returns runs.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;

use crate::present::sanitise;

/// The most unchanged cells that are rewritten between two changes. Moving the cursor along a line takes about as many
/// bytes.
const MAX_REWRITTEN: u16 = 4;
/// The fewest changed cells for which erasing to the end of the line is shorter than writing blanks.
const MIN_LINE_END: usize = 6;
/// The fewest blanks for which erasing them and moving on is shorter than writing them.
const MIN_BLANKS: usize = 12;

/// A part of a line that is sent to the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// One cell, written.
    Cell(Position),
    /// A number of blanks with the default background, erased from a position on.
    Blanks(Position, u16),
}

/// Returns the runs that bring these changes of `wanted` to the screen. `changes` are in screen order.
pub(super) fn runs(changes: &[Position], wanted: &Buffer) -> Vec<Run> {
    let mut runs = Vec::with_capacity(changes.len());
    for line in changes.chunk_by(|one, other| one.y == other.y) {
        let (cells, line_end) = split_line_end(line, wanted);
        push_runs(&fill_gaps(cells, wanted), wanted, &mut runs);
        if let Some(at) = line_end.first() {
            runs.push(Run::Blanks(*at, wanted.area.width - at.x));
        }
    }
    runs
}

/// Splits the changes of a line into those before its blank end and those within it. The second part is empty if
/// erasing to the end of the line is not worth it.
fn split_line_end<'a>(line: &'a [Position], wanted: &Buffer) -> (&'a [Position], &'a [Position]) {
    let Some(y) = line.first().map(|at| at.y) else { return (line, &[]) };
    let cell = |x| wanted.cell((x, y));
    let blanks = (0..wanted.area.width).rev().take_while(|x| cell(*x) == Some(&Cell::EMPTY)).count();
    let mut start = usize::from(wanted.area.width) - blanks;
    // The cell that a wide character covers looks blank but must not be erased.
    let last = start.checked_sub(1).and_then(|last| cell(u16::try_from(last).ok()?));
    start += last.map_or(0, |last| sanitise::width(last.symbol()).saturating_sub(1));
    let (cells, line_end) = line.split_at(line.partition_point(|at| usize::from(at.x) < start));
    if line_end.len() < MIN_LINE_END { (line, &[]) } else { (cells, line_end) }
}

/// Turns cells of a line into runs.
fn push_runs(cells: &[Position], wanted: &Buffer, runs: &mut Vec<Run>) {
    let is_blank = |at: Position| wanted.cell(at) == Some(&Cell::EMPTY);
    let same_run =
        |one: &Position, other: &Position| other.x == one.x + 1 && is_blank(*one) == is_blank(*other);
    for run in cells.chunk_by(same_run) {
        match (run.first(), u16::try_from(run.len())) {
            (Some(first), Ok(count)) if run.len() >= MIN_BLANKS && is_blank(*first) => {
                runs.push(Run::Blanks(*first, count));
            }
            _ => runs.extend(run.iter().copied().map(Run::Cell)),
        }
    }
}

/// Adds the unchanged cells between changes of a line, where rewriting them is shorter than moving the cursor.
fn fill_gaps(changes: &[Position], wanted: &Buffer) -> Vec<Position> {
    let mut filled: Vec<Position> = Vec::with_capacity(changes.len());
    for next in changes {
        if let Some(last) = filled.last().copied()
            && is_worth_filling(wanted, last, *next)
        {
            filled.extend((last.x + 1..next.x).map(|x| Position { x, ..*next }));
        }
        filled.push(*next);
    }
    filled
}

/// Returns whether there are cells between two written ones, and rewriting them is shorter than moving the cursor.
fn is_worth_filling(wanted: &Buffer, last: Position, next: Position) -> bool {
    let gap = last.x.saturating_add(1)..next.x;
    if gap.is_empty() || gap.len() > MAX_REWRITTEN.into() {
        return false;
    }
    let Some(last) = wanted.cell(last) else { return false };
    let is_cheap = |cell: &Cell| cell.symbol().len() == 1 && cell.style() == last.style();
    is_narrow(last) && gap.into_iter().all(|x| wanted.cell((x, next.y)).is_some_and(is_cheap))
}

/// Returns whether a cell is surely one column wide. The cell that a wide character covers must not be written.
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

    /// Returns the columns of the cells that are written, and the ranges that are erased.
    fn written(changes: impl IntoIterator<Item = u16>, wanted: &Buffer) -> String {
        let changes: Vec<_> = changes.into_iter().map(|x| Position { x, y: 0 }).collect();
        let run = |run: &Run| match run {
            Run::Cell(at) => at.x.to_string(),
            Run::Blanks(at, count) => format!("{}..{}", at.x, at.x + count),
        };
        runs(&changes, wanted).iter().map(run).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_short_gap_is_rewritten_and_a_long_one_is_skipped() {
        let screen = screen("cell-01 z1            1259 of them");
        assert_eq!(written([6, 9, 22], &screen), "6 7 8 9 22");
    }

    #[test]
    fn a_gap_in_another_style_is_skipped() {
        let mut coloured = screen("abcdef");
        coloured.set_style(Rect::new(1, 0, 1, 1), Style::new().fg(Color::Red));
        assert_eq!(written([0, 3], &coloured), "0 3");
        assert_eq!(written([0, 5], &screen("漢字 ab")), "0 5");
    }

    #[test]
    fn the_blank_end_of_a_line_is_erased() {
        assert_eq!(written(0..40, &screen("abc")), "0 1 2 3..40");
        assert_eq!(written((4..40).step_by(3), &screen("abc")), "4..40", "some cells were blank already");
    }

    #[test]
    fn blanks_within_a_line_are_erased() {
        let screen = screen("abc                 def");
        assert_eq!(written(2..21, &screen), "2 3..20 20");
        assert_eq!(written(10..21, &screen), "10 11 12 13 14 15 16 17 18 19 20", "too few to erase");
        assert_eq!(written([38, 39], &screen), "38 39", "too few to erase to the end of the line");
    }

    #[test]
    fn blanks_with_a_background_are_written() {
        let mut selected = screen("abc");
        selected.set_style(Rect::new(0, 0, 40, 1), Style::new().bg(Color::Blue));
        let all: Vec<_> = (0..40).map(|x| x.to_string()).collect();
        assert_eq!(written(0..40, &selected), all.join(" "));
    }

    #[test]
    fn the_cell_that_a_wide_character_covers_is_not_erased() {
        assert_eq!(written((0..40).filter(|x| *x != 1), &screen("漢")), "0 2..40");
    }
}
