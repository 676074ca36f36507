//! The screen of a terminal, brought up to date with few bytes: lines that only moved are scrolled by the terminal
//! itself, a frame that changes nothing writes nothing, and one that changes something is one write.
//!
//! A backend for ratatui. Over SSH these bytes are what a key feels like.

use std::io::{self, Write};
use std::ops::Range;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use termprofile::TermProfile;
use unicode_width::UnicodeWidthStr as _;

use super::cell_writer::CellWriter;
use super::coalesce::{self, Run};
use crate::ui::ScrollHint;

/// Told around a frame, so that the terminal shows it whole.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
/// Scrolling must save as many cells at least: it costs some bytes itself.
const WORTH: usize = 24;

/// The screen: what the terminal shows, and what it is to show.
pub(super) struct Renderer<W: Write> {
    out: Gathered<W>,
    writer: CellWriter,
    size: fn() -> io::Result<Size>,
    shown: Buffer,
    wanted: Buffer,
    /// Where the two differ, in the order of the screen.
    changed: Vec<Position>,
    shown_cursor: Option<Position>,
    wanted_cursor: Option<Position>,
}

impl<W: Write> Renderer<W> {
    /// A screen that shows nothing yet, with its cursor wherever it is. `size` asks the terminal for its size.
    pub(super) fn new(out: W, has: TermProfile, size: fn() -> io::Result<Size>) -> Self {
        Self {
            out: Gathered::new(out),
            writer: CellWriter::new(has),
            size,
            shown: Buffer::empty(Rect::ZERO),
            wanted: Buffer::empty(Rect::ZERO),
            changed: Vec::new(),
            shown_cursor: Some(Position::ORIGIN),
            wanted_cursor: None,
        }
    }

    /// Makes the terminal show the frame that was drawn. `moved` are the lines that may only have moved.
    pub(super) fn show(&mut self, moved: &[ScrollHint]) -> io::Result<()> {
        for moved in moved {
            self.scroll(moved)?;
        }
        self.write_changed();
        self.show_cursor_where_wanted()?;
        self.out.flush()
    }

    fn write_changed(&mut self) {
        if self.changed.is_empty() {
            return;
        }
        for at in &self.changed {
            if let Some(cell) = self.wanted.cell(*at) {
                put(&mut self.shown, *at, cell);
            }
        }
        self.writer.lose(self.wanted.area.width);
        let frame = &mut self.out.frame;
        for run in coalesce::runs(&self.changed, &self.wanted) {
            match run {
                Run::Cell(at) => {
                    if let Some(cell) = self.wanted.cell(at) {
                        self.writer.put(frame, at, cell);
                    }
                }
                Run::Blanks(at, count) => self.writer.erase(frame, at, count),
            }
        }
        self.writer.rest(frame);
        self.changed.clear();
        self.lose_cursor();
    }

    /// Writing moved it.
    fn lose_cursor(&mut self) {
        self.shown_cursor = self.shown_cursor.map(|_| Position { x: u16::MAX, y: u16::MAX });
    }

    fn show_cursor_where_wanted(&mut self) -> io::Result<()> {
        if self.shown_cursor == self.wanted_cursor {
            return Ok(());
        }
        match (self.shown_cursor, self.wanted_cursor) {
            (_, None) => self.out.write_all(b"\x1b[?25l")?,
            (hidden, Some(Position { x, y })) => {
                write!(self.out, "\x1b[{};{}H", y.saturating_add(1), x.saturating_add(1))?;
                if hidden.is_none() {
                    self.out.write_all(b"\x1b[?25h")?;
                }
            }
        }
        self.shown_cursor = self.wanted_cursor;
        Ok(())
    }

    /// Lets the terminal scroll the lines, if that leaves less to be written. A selection stays at the edge that lines scroll
    /// away from: its line is better left where it is, so both ways are compared.
    fn scroll(&mut self, moved: &ScrollHint) -> io::Result<()> {
        if self.changed.len() <= WORTH {
            return Ok(());
        }
        let Range { start, end } = moved.rows;
        let within = if moved.by > 0 { start..end.saturating_sub(1) } else { start + 1..end };
        let ways = [start..end, within].map(|rows| ScrollHint { rows, ..*moved });
        let ways =
            ways.into_iter().filter(|way| self.can_scroll(way)).map(|way| (self.differing_after(&way), way));
        let Some((differing, way)) = ways.min_by_key(|(differing, _)| *differing) else { return Ok(()) };
        if differing + WORTH > self.changed.len() {
            return Ok(());
        }
        let ScrollHint { rows: Range { start, end }, by } = way;
        shift(rows_mut(&mut self.shown, start, end), cells(&way, &self.wanted), by > 0);
        self.changed.clear();
        self.changed.extend(self.shown.diff_iter(&self.wanted).map(|(x, y, _)| Position { x, y }));
        // A line feed at the lower margin, or its reverse at the upper one: every terminal knows these.
        write!(self.out, "\x1b[{};{end}r", start + 1)?;
        let (line, step): (u16, &[u8]) = if by > 0 { (end, b"\n") } else { (start + 1, b"\x1bM") };
        write!(self.out, "\x1b[{line}H")?;
        self.out.write_all(&step.repeat(by.unsigned_abs().into()))?;
        self.out.write_all(b"\x1b[r")?;
        self.lose_cursor();
        Ok(())
    }

    fn can_scroll(&self, moved: &ScrollHint) -> bool {
        moved.rows.end <= self.shown.area.height
            && (1..moved.rows.len()).contains(&usize::from(moved.by.unsigned_abs()))
    }

    /// Counts the cells that would differ from the wanted ones after these lines had scrolled.
    fn differing_after(&self, moved: &ScrollHint) -> usize {
        let Range { start, end } = moved.rows;
        let by = cells(moved, &self.wanted);
        let (shown, wanted) = (rows(&self.shown, start, end), rows(&self.wanted, start, end));
        let (kept, arrived) = (shown.len().saturating_sub(by), by.min(shown.len()));
        let (from, to) = if moved.by > 0 { (arrived, 0) } else { (0, arrived) };
        let pairs = shown.iter().skip(from).take(kept).zip(wanted.iter().skip(to).take(kept));
        let inside = pairs.filter(|(shown, wanted)| shown != wanted).count();
        let blank = if moved.by > 0 { wanted.get(kept..) } else { wanted.get(..arrived) };
        let incoming = blank.unwrap_or_default().iter().filter(|cell| **cell != Cell::EMPTY).count();
        inside + incoming + self.changed.iter().filter(|at| !moved.rows.contains(&at.y)).count()
    }

    fn forget(&mut self) {
        self.shown.reset();
        self.wanted.reset();
        self.changed.clear();
    }
}

/// Puts a cell in. Of what a wide character covers nothing is told; it must not look as if it still were there.
fn put(buffer: &mut Buffer, Position { x, y }: Position, cell: &Cell) {
    if let Some(at) = buffer.cell_mut((x, y)) {
        at.clone_from(cell);
    }
    // Nearly every character is of one byte, and no character of one byte is wide.
    if cell.symbol().len() == 1 {
        return;
    }
    let width = cell.symbol().width();
    for covered in 1..u16::try_from(width).unwrap_or(1) {
        if let Some(covered) = buffer.cell_mut((x + covered, y)) {
            covered.reset();
        }
    }
}

/// How many cells lines move by.
fn cells(moved: &ScrollHint, on: &Buffer) -> usize {
    usize::from(moved.by.unsigned_abs()) * usize::from(on.area.width)
}

/// The cells of some lines.
fn rows(buffer: &Buffer, top: u16, bottom: u16) -> &[Cell] {
    let width = usize::from(buffer.area.width);
    buffer.content.get(usize::from(top) * width..usize::from(bottom) * width).unwrap_or_default()
}

/// The cells of some lines, to change them.
fn rows_mut(buffer: &mut Buffer, top: u16, bottom: u16) -> &mut [Cell] {
    let width = usize::from(buffer.area.width);
    buffer.content.get_mut(usize::from(top) * width..usize::from(bottom) * width).unwrap_or_default()
}

/// Moves cells as a terminal does when it scrolls; the cells that come in are blank.
fn shift(cells: &mut [Cell], by: usize, up: bool) {
    let kept = cells.len().saturating_sub(by);
    if up {
        cells.rotate_left(by.min(cells.len()));
    } else {
        cells.rotate_right(by.min(cells.len()));
    }
    let incoming = if up { cells.get_mut(kept..) } else { cells.get_mut(..by) };
    incoming.unwrap_or_default().fill(Cell::EMPTY);
}

impl<W: Write> Backend for Renderer<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let area = Rect::from((Position::ORIGIN, self.size()?));
        if self.wanted.area != area {
            // Another size comes with a cleared screen.
            (self.shown, self.wanted) = (Buffer::empty(area), Buffer::empty(area));
            self.changed.clear();
        }
        for (x, y, cell) in content {
            let at = Position { x, y };
            put(&mut self.wanted, at, cell);
            self.changed.push(at);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.wanted_cursor = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.wanted_cursor.get_or_insert_default();
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // Asking the terminal would wait for an answer that the keyboard's reader swallows.
        Ok(self.shown_cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.wanted_cursor = Some(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        // Held back until the next frame, or an empty screen would be seen.
        match clear_type {
            ClearType::All => {
                self.forget();
                self.out.write_all(b"\x1b[2J")
            }
            ClearType::AfterCursor => self.out.write_all(b"\x1b[J"),
            ClearType::BeforeCursor => self.out.write_all(b"\x1b[1J"),
            ClearType::CurrentLine => self.out.write_all(b"\x1b[2K"),
            ClearType::UntilNewLine => self.out.write_all(b"\x1b[K"),
        }
    }

    fn size(&self) -> io::Result<Size> {
        (self.size)()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    /// What was drawn waits for [`Renderer::show`], which knows what moved.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Holds back what is written until it is flushed, and then writes it at once. Nothing held back is no write.
struct Gathered<W> {
    frame: Vec<u8>,
    out: W,
}

impl<W> Gathered<W> {
    fn new(out: W) -> Self {
        Self { frame: BEGIN.to_vec(), out }
    }
}

impl<W: Write> Write for Gathered<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.len() > BEGIN.len() {
            self.frame.extend_from_slice(END);
            self.out.write_all(&self.frame)?;
            self.frame.truncate(BEGIN.len());
        }
        self.out.flush()
    }
}

#[cfg(test)]
#[path = "renderer_tests.rs"]
mod tests;
