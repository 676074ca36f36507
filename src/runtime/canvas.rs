//! The screen of a terminal, brought up to date with few bytes: lines that only moved are scrolled by the terminal
//! itself, a frame that changes nothing writes nothing, and one that changes something is one write.
//!
//! A backend for ratatui, around its own for crossterm, which writes the cells. Over SSH these bytes are what a key
//! feels like.

use std::io::{self, Write};
use std::ops::Range;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use termprofile::TermProfile;
use unicode_width::UnicodeWidthStr as _;

use super::pen::Pen;
use super::thrift::{self, Change};
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
    /// In what the two differ, as long as nothing is scrolled.
    changed: Vec<Change>,
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
        let mut scrolled = false;
        for moved in moved {
            scrolled |= self.scroll(moved)?;
        }
        if scrolled {
            let changed = self.shown.diff(&self.wanted);
            let changed: Vec<_> = changed.into_iter().map(|(x, y, cell)| (x, y, cell.clone())).collect();
            self.changed = changed;
        }
        self.write_changed()?;
        self.show_cursor_where_wanted()?;
        Write::flush(&mut self.inner)
    }

    fn write_changed(&mut self) -> io::Result<()> {
        if self.changed.is_empty() {
            return Ok(());
        }
        for (x, y, cell) in &self.changed {
            put(&mut self.shown, (*x, *y), cell);
        }
        let mut written = std::mem::take(&mut self.changed);
        let erased = thrift::take_blank_ends(&mut written, self.wanted.area.width);
        let written = thrift::bridge(written, &self.wanted);
        self.inner.draw(written.iter().map(|(x, y, cell)| (*x, *y, cell)))?;
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

    /// Lets the terminal scroll the lines, if that leaves less to be written; says whether it did.
    fn scroll(&mut self, moved: &Moved) -> io::Result<bool> {
        let (top, bottom) = (moved.rows.start, moved.rows.end);
        let by = usize::from(moved.by.unsigned_abs());
        if bottom > self.shown.area.height || by == 0 || by >= moved.rows.len() {
            return Ok(false);
        }
        let left = |by| difference(&self.shown, &self.wanted, &moved.rows, by);
        if left(moved.by) + WORTH > left(0) {
            return Ok(false);
        }
        // A line feed at the lower margin, or its reverse at the upper one: every terminal knows these.
        write!(self.inner, "\x1b[{};{bottom}r", top + 1)?;
        let (line, step): (u16, &[u8]) = if moved.by > 0 { (bottom, b"\n") } else { (top + 1, b"\x1bM") };
        write!(self.inner, "\x1b[{line};1H")?;
        self.inner.write_all(&step.repeat(by))?;
        self.inner.write_all(b"\x1b[r")?;
        let cells = by * usize::from(self.shown.area.width);
        shift(rows(&mut self.shown, top, bottom), cells, moved.by > 0);
        self.lose_cursor();
        Ok(true)
    }

    fn forget(&mut self) {
        self.shown.reset();
        self.wanted.reset();
        self.changed.clear();
    }
}

/// Puts a cell in. Of what a wide character covers nothing is told; it must not look as if it still were there.
fn put(buffer: &mut Buffer, (x, y): (u16, u16), cell: &Cell) {
    if let Some(at) = buffer.cell_mut((x, y)) {
        at.clone_from(cell);
    }
    // Nearly every character is of one byte, and no character of one byte is wide.
    let width = if cell.symbol().len() == 1 { 1 } else { cell.symbol().width() };
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

/// Moves cells as a terminal does when it scrolls; what comes in is blank.
fn shift(cells: &mut [Cell], by: usize, up: bool) {
    let kept = cells.len().saturating_sub(by);
    let blank = if up {
        cells.rotate_left(by);
        cells.get_mut(kept..)
    } else {
        cells.rotate_right(by);
        cells.get_mut(..by)
    };
    blank.unwrap_or_default().fill(Cell::EMPTY);
}

/// How many cells of some lines are not as wanted once what they show has gone up by so many lines.
fn difference(shown: &Buffer, wanted: &Buffer, lines: &Range<u16>, by: i16) -> usize {
    let line = |of: &Buffer, y: u16| {
        let width = usize::from(of.area.width);
        let start = usize::from(y) * width;
        start..start + width
    };
    let of_line = |y: u16| {
        let from = y.checked_add_signed(by).filter(|from| lines.contains(from));
        let wanted = wanted.content.get(line(wanted, y)).unwrap_or_default();
        match from.and_then(|from| shown.content.get(line(shown, from))) {
            Some(shown) => shown.iter().zip(wanted).filter(|(one, other)| one != other).count(),
            None => wanted.iter().filter(|cell| **cell != Cell::EMPTY).count(),
        }
    };
    lines.clone().map(of_line).sum()
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
            put(&mut self.wanted, (x, y), cell);
            self.changed.push((x, y, cell.clone()));
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
