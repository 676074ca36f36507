//! The screen of a terminal, brought up to date with few bytes: lines that only moved are scrolled by the terminal
//! itself, a frame that changes nothing writes nothing, and one that changes something is one write.
//!
//! A backend for ratatui, around its own for crossterm, which writes the cells. Over SSH these bytes are what a key
//! feels like.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use termprofile::TermProfile;
use unicode_width::UnicodeWidthStr as _;

use super::pen::Pen;
use super::thrift;
use crate::ui::Moved;

/// Told around a frame, so that the terminal shows it whole.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
/// Scrolling must save as many cells at least: it costs some bytes itself.
const WORTH: usize = 24;

/// The screen: what the terminal shows, and what it is to show.
pub(super) struct Canvas<W: Write> {
    inner: CrosstermBackend<Pen<Gathered<W>>>,
    size: fn() -> io::Result<Size>,
    shown: Buffer,
    wanted: Buffer,
    /// Where the two differ, in the order of the screen.
    changed: Vec<Position>,
    shown_cursor: Option<Position>,
    wanted_cursor: Option<Position>,
}

impl<W: Write> Canvas<W> {
    /// A screen that shows nothing yet, with its cursor wherever it is. `size` asks the terminal for its size.
    pub(super) fn new(out: W, has: TermProfile, size: fn() -> io::Result<Size>) -> Self {
        Self {
            inner: CrosstermBackend::new(Pen::new(Gathered::new(out), has)),
            size,
            shown: Buffer::empty(Rect::ZERO),
            wanted: Buffer::empty(Rect::ZERO),
            changed: Vec::new(),
            shown_cursor: Some(Position::ORIGIN),
            wanted_cursor: None,
        }
    }

    /// Makes the terminal show the frame that was drawn. `moved` are the lines that may only have moved.
    pub(super) fn show(&mut self, moved: &[Moved]) -> io::Result<()> {
        for moved in moved {
            self.scroll(moved)?;
        }
        self.write_changed()?;
        self.show_cursor_where_wanted()?;
        Write::flush(&mut self.inner)
    }

    fn write_changed(&mut self) -> io::Result<()> {
        if self.changed.is_empty() {
            return Ok(());
        }
        for at in &self.changed {
            if let Some(cell) = self.wanted.cell(*at) {
                put(&mut self.shown, *at, cell);
            }
        }
        let erased = thrift::take_blank_ends(&mut self.changed, &self.wanted);
        let written = thrift::bridge(&self.changed, &self.wanted);
        self.changed.clear();
        let cell = |at: &Position| self.wanted.cell(*at).map(|cell| (at.x, at.y, cell));
        self.inner.draw(written.iter().filter_map(cell))?;
        for Position { x, y } in erased {
            write!(self.inner, "\x1b[{};{}H\x1b[K", y + 1, x + 1)?;
        }
        self.lose_cursor();
        Ok(())
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
            (_, None) => self.inner.write_all(b"\x1b[?25l")?,
            (hidden, Some(Position { x, y })) => {
                write!(self.inner, "\x1b[{};{}H", y.saturating_add(1), x.saturating_add(1))?;
                if hidden.is_none() {
                    self.inner.write_all(b"\x1b[?25h")?;
                }
            }
        }
        self.shown_cursor = self.wanted_cursor;
        Ok(())
    }

    /// Lets the terminal scroll the lines, if that leaves less to be written: tried on what we hold of it first.
    fn scroll(&mut self, moved: &Moved) -> io::Result<()> {
        let (top, bottom) = (moved.rows.start, moved.rows.end);
        let by = usize::from(moved.by.unsigned_abs());
        let may = bottom <= self.shown.area.height && (1..moved.rows.len()).contains(&by);
        if !may || self.changed.len() <= WORTH {
            return Ok(());
        }
        let (cells, up) = (by * usize::from(self.shown.area.width), moved.by > 0);
        let gone = shift(rows(&mut self.shown, top, bottom), cells, up);
        let mut left = Vec::with_capacity(self.changed.len());
        left.extend(self.shown.diff_iter(&self.wanted).map(|(x, y, _)| Position { x, y }));
        if left.len() + WORTH > self.changed.len() {
            shift_back(rows(&mut self.shown, top, bottom), gone, up);
            return Ok(());
        }
        self.changed = left;
        // A line feed at the lower margin, or its reverse at the upper one: every terminal knows these.
        write!(self.inner, "\x1b[{};{bottom}r", top + 1)?;
        let (line, step): (u16, &[u8]) = if up { (bottom, b"\n") } else { (top + 1, b"\x1bM") };
        write!(self.inner, "\x1b[{line};1H")?;
        self.inner.write_all(&step.repeat(by))?;
        self.inner.write_all(b"\x1b[r")?;
        self.lose_cursor();
        Ok(())
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

/// The cells of some lines.
fn rows(buffer: &mut Buffer, top: u16, bottom: u16) -> &mut [Cell] {
    let width = usize::from(buffer.area.width);
    buffer.content.get_mut(usize::from(top) * width..usize::from(bottom) * width).unwrap_or_default()
}

/// Moves cells as a terminal does when it scrolls; what comes in is blank. Gives what goes out.
fn shift(cells: &mut [Cell], by: usize, up: bool) -> Vec<Cell> {
    turn(cells, by, up);
    incoming(cells, by, up).iter_mut().map(|cell| std::mem::replace(cell, Cell::EMPTY)).collect()
}

/// Moves them back to where they were.
fn shift_back(cells: &mut [Cell], gone: Vec<Cell>, up: bool) {
    let by = gone.len();
    for (cell, gone) in incoming(cells, by, up).iter_mut().zip(gone) {
        *cell = gone;
    }
    turn(cells, by, !up);
}

fn turn(cells: &mut [Cell], by: usize, up: bool) {
    if up { cells.rotate_left(by) } else { cells.rotate_right(by) }
}

/// The cells at the end from which a shift brings in new ones.
fn incoming(cells: &mut [Cell], by: usize, up: bool) -> &mut [Cell] {
    let kept = cells.len().saturating_sub(by);
    if up { cells.get_mut(kept..) } else { cells.get_mut(..by) }.unwrap_or_default()
}

impl<W: Write> Backend for Canvas<W> {
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
        if clear_type != ClearType::All {
            return self.inner.clear_region(clear_type);
        }
        self.forget();
        // Not the inner backend's, which would write it at once and let an empty screen be seen.
        self.inner.write_all(b"\x1b[2J")
    }

    fn size(&self) -> io::Result<Size> {
        (self.size)()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    /// What was drawn waits for [`Canvas::show`], which knows what moved.
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
#[path = "canvas_tests.rs"]
mod tests;
