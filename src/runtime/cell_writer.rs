//! Writes cells to a terminal. Tracks the cursor and the current style, so that it sends the shortest cursor movement
//! and only the style changes that are needed.
//!
//! The terminal must be in raw mode: a line feed must keep the column.

use ratatui::buffer::Cell;
use ratatui::layout::Position;
use termprofile::TermProfile;

use super::sgr::CellStyle;
use crate::present::sanitise;

/// Encodes cells, given the terminal's cursor position and style.
pub(super) struct CellWriter {
    profile: TermProfile,
    style: CellStyle,
    /// `None` if the position is not certain.
    cursor: Option<Position>,
    width: u16,
    /// Whether the terminal can erase some cells within a line (ECH).
    pub(super) can_erase: bool,
}

impl CellWriter {
    /// Returns a writer for a terminal with the colours of `profile`.
    pub(super) const fn new(profile: TermProfile) -> Self {
        Self { profile, style: CellStyle::PLAIN, cursor: None, width: 0, can_erase: true }
    }

    /// Begins a frame on a screen of `width` columns. The cursor may be anywhere.
    pub(super) const fn begin_frame(&mut self, width: u16) {
        (self.cursor, self.width) = (None, width);
    }

    fn move_to(&mut self, out: &mut Vec<u8>, to: Position) {
        out.extend_from_slice(cursor_movement(self.cursor, to).as_bytes());
        self.cursor = Some(to);
    }

    /// Writes a cell at a position.
    pub(super) fn write_cell(&mut self, out: &mut Vec<u8>, at: Position, cell: &Cell) {
        self.move_to(out, at);
        self.set_style(out, CellStyle::of(cell));
        out.extend_from_slice(cell.symbol().as_bytes());
        let next = Position { x: at.x + 1, ..at };
        // Terminals differ in where the cursor is after the last column, and in which characters are wide.
        let is_certain =
            next.x < self.width && (cell.symbol().len() == 1 || sanitise::width(cell.symbol()) == 1);
        self.cursor = is_certain.then_some(next);
    }

    /// Erases `count` cells from a position on, with the default background.
    pub(super) fn erase(&mut self, out: &mut Vec<u8>, at: Position, count: u16) {
        self.move_to(out, at);
        // Terminals erase with the current background.
        self.set_style(out, CellStyle::PLAIN);
        if at.x + count >= self.width {
            out.extend_from_slice(b"\x1b[K");
        } else if self.can_erase {
            out.extend_from_slice(format!("\x1b[{count}X").as_bytes());
        } else {
            out.extend_from_slice(&b" ".repeat(count.into()));
            self.cursor = Some(Position { x: at.x + count, ..at });
        }
    }

    /// Ends a frame. Resets the style, for other programs that write to the terminal.
    pub(super) fn end_frame(&mut self, out: &mut Vec<u8>) {
        self.set_style(out, CellStyle::PLAIN);
    }

    fn set_style(&mut self, out: &mut Vec<u8>, style: CellStyle) {
        out.extend_from_slice(self.style.transition(style, self.profile).as_bytes());
        self.style = style;
    }
}

/// Returns the shortest sequence that moves the cursor to a position.
fn cursor_movement(from: Option<Position>, to: Position) -> String {
    if from == Some(to) {
        return String::new();
    }
    let absolute = match (to.y + 1, to.x + 1) {
        (line, 1) => format!("\x1b[{line}H"),
        (line, column) => format!("\x1b[{line};{column}H"),
    };
    let Some(from) = from else { return absolute };
    let Some(down) = to.y.checked_sub(from.y).filter(|down| *down < 6) else { return absolute };
    let relative = "\n".repeat(down.into()) + &column_movement(from.x, to.x);
    if relative.len() <= absolute.len() { relative } else { absolute }
}

/// Returns the shortest sequence that moves the cursor to another column of its line.
fn column_movement(from: u16, to: u16) -> String {
    let counted = |count: u16, code: char| match count {
        1 => format!("\x1b[{code}"),
        count => format!("\x1b[{count}{code}"),
    };
    let sequences = [
        (to >= from).then(|| if to == from { String::new() } else { counted(to - from, 'C') }),
        (to < from && from - to < 6).then(|| "\x08".repeat((from - to).into())),
        (to < from).then(|| counted(from - to, 'D')),
        Some(if to == 0 { "\r".to_owned() } else { format!("\r{}", counted(to, 'C')) }),
    ];
    sequences.into_iter().flatten().min_by_key(String::len).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn movement(from: (u16, u16), to: (u16, u16)) -> String {
        cursor_movement(Some(from.into()), to.into())
    }

    #[test]
    fn the_shortest_cursor_movement_is_sent() {
        assert_eq!(cursor_movement(None, (0, 4).into()), "\x1b[5H");
        assert_eq!(cursor_movement(None, (9, 4).into()), "\x1b[5;10H");
        assert_eq!(movement((5, 2), (5, 2)), "");
        assert_eq!(movement((5, 2), (6, 2)), "\x1b[C");
        assert_eq!(movement((5, 2), (25, 2)), "\x1b[20C");
        assert_eq!(movement((5, 2), (2, 2)), "\x08\x08\x08");
        assert_eq!(movement((50, 2), (20, 2)), "\x1b[30D");
        assert_eq!(movement((50, 2), (0, 3)), "\n\r");
        assert_eq!(movement((21, 2), (8, 3)), "\n\x1b[13D");
        assert_eq!(movement((0, 9), (0, 2)), "\x1b[3H", "no line-by-line movement upwards");
        assert_eq!(movement((0, 2), (120, 30)), "\x1b[31;121H");
    }

    #[test]
    fn the_position_is_sent_in_full_after_the_last_column_and_after_a_wide_character() {
        let (mut writer, mut out) = (CellWriter::new(TermProfile::TrueColor), Vec::new());
        writer.begin_frame(10);
        let mut written = |x: u16, text: &'static str| {
            out.clear();
            writer.write_cell(&mut out, (x, 0).into(), &Cell::new(text));
            String::from_utf8(out.clone()).unwrap()
        };
        assert_eq!(written(3, "a"), "\x1b[1;4Ha");
        assert_eq!(written(4, "é"), "é");
        assert_eq!(written(5, "漢"), "漢");
        assert_eq!(written(7, "b"), "\x1b[1;8Hb");
        assert_eq!(written(9, "c"), "\x1b[Cc");
        assert_eq!(written(0, "d"), "\x1b[1Hd");
        // ratatui and terminals differ in the width of a halfwidth sound mark.
        assert_eq!(written(1, "\u{ff8a}\u{ff9e}"), "\u{ff8a}\u{ff9e}");
        assert_eq!(written(3, "e"), "\x1b[1;4He");
    }

    #[test]
    fn a_terminal_that_cannot_erase_cells_gets_blanks() {
        let erased = |can_erase, at: u16| {
            let (mut writer, mut out) = (CellWriter::new(TermProfile::NoColor), Vec::new());
            writer.can_erase = can_erase;
            writer.begin_frame(20);
            writer.erase(&mut out, (at, 0).into(), 14);
            writer.write_cell(&mut out, (14, 0).into(), &Cell::new("a"));
            String::from_utf8(out).unwrap()
        };
        assert_eq!(erased(true, 0), "\x1b[1H\x1b[14X\x1b[14Ca");
        assert_eq!(erased(false, 0), "\x1b[1H              a");
        assert_eq!(erased(false, 6), "\x1b[1;7H\x1b[K\x1b[8Ca", "every terminal erases to the end of a line");
    }
}
