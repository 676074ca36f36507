//! Writes cells into a terminal, and remembers where its cursor stands and how it writes: moves are as short as they can
//! be, and what is so already is not said again.
//!
//! The terminal must be raw: a line feed must leave the column as it is.

use ratatui::buffer::Cell;
use ratatui::layout::Position;
use termprofile::TermProfile;
use unicode_width::UnicodeWidthStr as _;

use super::sgr::Look;

/// Where the next cell goes, and how it looks.
pub(super) struct CellWriter {
    has: TermProfile,
    look: Look,
    /// None if that is not known for certain.
    at: Option<Position>,
    width: u16,
}

impl CellWriter {
    pub(super) const fn new(has: TermProfile) -> Self {
        Self { has, look: Look::PLAIN, at: None, width: 0 }
    }

    /// Nobody knows where the cursor is, on a screen that is so wide.
    pub(super) const fn lose(&mut self, width: u16) {
        (self.at, self.width) = (None, width);
    }

    pub(super) fn move_to(&mut self, out: &mut Vec<u8>, to: Position) {
        out.extend_from_slice(shortest(self.at, to).as_bytes());
        self.at = Some(to);
    }

    /// Writes a cell there.
    pub(super) fn put(&mut self, out: &mut Vec<u8>, at: Position, cell: &Cell) {
        self.move_to(out, at);
        self.take_on(out, Look::of(cell));
        out.extend_from_slice(cell.symbol().as_bytes());
        let next = Position { x: at.x + 1, ..at };
        // After the last column the cursor is somewhere between two lines; and not all terminals agree on what is wide.
        let is_certain = next.x < self.width && (cell.symbol().len() == 1 || cell.symbol().width() == 1);
        self.at = is_certain.then_some(next);
    }

    /// Makes so many cells blank from there, or all to the end of the line.
    pub(super) fn erase(&mut self, out: &mut Vec<u8>, at: Position, count: u16) {
        self.move_to(out, at);
        // The ground that is erased to is that of the look.
        self.take_on(out, Look::PLAIN);
        let code = if at.x + count >= self.width { "\x1b[K".to_owned() } else { format!("\x1b[{count}X") };
        out.extend_from_slice(code.as_bytes());
    }

    /// Ends a frame: whatever else writes into the terminal finds it plain.
    pub(super) fn rest(&mut self, out: &mut Vec<u8>) {
        self.take_on(out, Look::PLAIN);
    }

    fn take_on(&mut self, out: &mut Vec<u8>, look: Look) {
        out.extend_from_slice(self.look.change(look, self.has).as_bytes());
        self.look = look;
    }
}

/// The shortest way to a place.
fn shortest(from: Option<Position>, to: Position) -> String {
    if from == Some(to) {
        return String::new();
    }
    let absolute = match (to.y + 1, to.x + 1) {
        (line, 1) => format!("\x1b[{line}H"),
        (line, column) => format!("\x1b[{line};{column}H"),
    };
    let Some(from) = from else { return absolute };
    let Some(down) = to.y.checked_sub(from.y).filter(|down| *down < 6) else { return absolute };
    let relative = "\n".repeat(down.into()) + &along(from.x, to.x);
    if relative.len() <= absolute.len() { relative } else { absolute }
}

/// The shortest way along a line.
fn along(from: u16, to: u16) -> String {
    let counted = |count: u16, code: char| match count {
        1 => format!("\x1b[{code}"),
        count => format!("\x1b[{count}{code}"),
    };
    let ways = [
        (to >= from).then(|| if to == from { String::new() } else { counted(to - from, 'C') }),
        (to < from && from - to < 6).then(|| "\x08".repeat((from - to).into())),
        (to < from).then(|| counted(from - to, 'D')),
        Some(if to == 0 { "\r".to_owned() } else { format!("\r{}", counted(to, 'C')) }),
    ];
    ways.into_iter().flatten().min_by_key(String::len).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(from: (u16, u16), to: (u16, u16)) -> String {
        shortest(Some(from.into()), to.into())
    }

    #[test]
    fn the_cursor_takes_the_shortest_way() {
        assert_eq!(shortest(None, (0, 4).into()), "\x1b[5H");
        assert_eq!(shortest(None, (9, 4).into()), "\x1b[5;10H");
        assert_eq!(way((5, 2), (5, 2)), "");
        assert_eq!(way((5, 2), (6, 2)), "\x1b[C");
        assert_eq!(way((5, 2), (25, 2)), "\x1b[20C");
        assert_eq!(way((5, 2), (2, 2)), "\x08\x08\x08");
        assert_eq!(way((50, 2), (20, 2)), "\x1b[30D");
        assert_eq!(way((50, 2), (0, 3)), "\n\r");
        assert_eq!(way((21, 2), (8, 3)), "\n\x1b[13D");
        assert_eq!(way((0, 9), (0, 2)), "\x1b[3H", "never up step by step");
        assert_eq!(way((0, 2), (120, 30)), "\x1b[31;121H");
    }

    #[test]
    fn after_the_last_column_and_a_wide_character_the_way_is_told_whole() {
        let (mut writer, mut out) = (CellWriter::new(TermProfile::TrueColor), Vec::new());
        writer.lose(10);
        let mut put = |x: u16, text: &'static str| {
            out.clear();
            writer.put(&mut out, (x, 0).into(), &Cell::new(text));
            String::from_utf8(out.clone()).unwrap()
        };
        assert_eq!(put(3, "a"), "\x1b[1;4Ha");
        assert_eq!(put(4, "é"), "é");
        assert_eq!(put(5, "漢"), "漢");
        assert_eq!(put(7, "b"), "\x1b[1;8Hb");
        assert_eq!(put(9, "c"), "\x1b[Cc");
        assert_eq!(put(0, "d"), "\x1b[1Hd");
    }
}
