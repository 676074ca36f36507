//! A ratatui backend that sends as few bytes as it can: over SSH they decide how fast a key feels.
//!
//! The terminal scrolls lines that only moved. A frame is a single write, and an unchanged frame writes nothing.

use std::io::{self, Write};
use std::ops::Range;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use termprofile::TermProfile;

use super::cell_writer::CellWriter;
use super::coalesce::{self, Run};
use super::frame_writer::FrameWriter;
use crate::present::sanitise;
use crate::ui::ScrollHint;

/// The fewest cells that scrolling must save: the scroll sequence takes some bytes itself.
const MIN_CELLS_SAVED: usize = 24;

/// Brings a terminal from the frame that it shows to the one that was drawn.
pub(super) struct Renderer<W: Write> {
    out: FrameWriter<W>,
    writer: CellWriter,
    size: fn() -> io::Result<Size>,
    /// The size that ratatui knows. The terminal may have another one by the time that the frame is drawn.
    known_size: std::cell::Cell<Size>,
    shown: Buffer,
    wanted: Buffer,
    /// Where the two buffers differ, in screen order.
    changed: Vec<Position>,
    shown_cursor: Option<Position>,
    wanted_cursor: Option<Position>,
}

impl<W: Write> Renderer<W> {
    /// Returns a renderer for an empty screen. `size` queries the terminal's size.
    pub(super) fn new(out: W, profile: TermProfile, size: fn() -> io::Result<Size>) -> Self {
        Self {
            out: FrameWriter::new(out),
            writer: CellWriter::new(profile),
            size,
            known_size: std::cell::Cell::default(),
            shown: Buffer::empty(Rect::ZERO),
            wanted: Buffer::empty(Rect::ZERO),
            changed: Vec::new(),
            shown_cursor: Some(Position::ORIGIN),
            wanted_cursor: None,
        }
    }

    /// Returns a renderer for a terminal that cannot erase some cells within a line.
    pub(super) fn without_erasing_cells(mut self) -> Self {
        self.writer.can_erase = false;
        self
    }

    /// Returns where the frames go.
    pub(super) const fn output(&self) -> &W {
        self.out.output()
    }

    /// Returns where the frames go, for other output between two frames.
    pub(super) const fn output_mut(&mut self) -> &mut W {
        self.out.output_mut()
    }

    /// Makes the terminal show the frame that was drawn. `hints` are lines that may only have moved.
    pub(super) fn show(&mut self, hints: &[ScrollHint]) -> io::Result<()> {
        for hint in hints {
            self.scroll(hint)?;
        }
        self.write_changes();
        self.update_cursor()?;
        self.out.flush()
    }

    fn write_changes(&mut self) {
        if self.changed.is_empty() {
            return;
        }
        self.writer.begin_frame(self.wanted.area.width);
        let out = &mut self.out.buffer;
        for at in &self.changed {
            let Some(cell) = self.wanted.cell(*at) else { continue };
            // Not every terminal agrees that the character is that wide; one that does not would go on to show these.
            for covered in covered_by(*at, cell) {
                if self.shown.cell(covered).is_some_and(|shown| *shown != Cell::EMPTY) {
                    self.writer.write_cell(out, covered, &Cell::EMPTY);
                }
            }
            set_cell(&mut self.shown, *at, cell);
        }
        for run in coalesce::runs(&self.changed, &self.wanted) {
            match run {
                Run::Cell(at) => {
                    if let Some(cell) = self.wanted.cell(at) {
                        self.writer.write_cell(out, at, cell);
                    }
                }
                Run::Blanks(at, count) => self.writer.erase(out, at, count),
            }
        }
        self.writer.end_frame(out);
        self.changed.clear();
        self.invalidate_cursor();
    }

    /// Marks the cursor's position as unknown, after something was written.
    fn invalidate_cursor(&mut self) {
        self.shown_cursor = self.shown_cursor.map(|_| Position { x: u16::MAX, y: u16::MAX });
    }

    fn update_cursor(&mut self) -> io::Result<()> {
        if self.shown_cursor == self.wanted_cursor {
            return Ok(());
        }
        match (self.shown_cursor, self.wanted_cursor) {
            (_, None) => self.out.write_all(b"\x1b[?25l")?,
            (before, Some(Position { x, y })) => {
                write!(self.out, "\x1b[{};{}H", y.saturating_add(1), x.saturating_add(1))?;
                if before.is_none() {
                    self.out.write_all(b"\x1b[?25h")?;
                }
            }
        }
        self.shown_cursor = self.wanted_cursor;
        Ok(())
    }

    /// Makes the terminal scroll lines if fewer cells are left to write then. The selection often stays on the line at
    /// the edge, which is then better left out, so this compares both regions.
    fn scroll(&mut self, hint: &ScrollHint) -> io::Result<()> {
        if self.changed.len() <= MIN_CELLS_SAVED {
            return Ok(());
        }
        let Range { start, end } = hint.rows;
        let without_edge = if hint.by > 0 { start..end.saturating_sub(1) } else { start + 1..end };
        let regions = [start..end, without_edge].map(|rows| ScrollHint { rows, ..*hint });
        let regions = regions.iter().zip(self.differing_after(&regions));
        let regions = regions.filter(|(region, _)| self.can_scroll(region));
        let Some((region, differing)) = regions.min_by_key(|(_, differing)| *differing) else {
            return Ok(());
        };
        if differing + MIN_CELLS_SAVED > self.changed.len() {
            return Ok(());
        }
        let ScrollHint { rows: Range { start, end }, by } = *region;
        shift(rows_mut(&mut self.shown, start, end), cell_count(region, &self.wanted), by > 0);
        self.changed.clear();
        self.changed.extend(self.shown.diff_iter(&self.wanted).map(|(x, y, _)| Position { x, y }));
        // A line feed at the bottom margin or a reverse index at the top margin: every terminal supports these.
        write!(self.out, "\x1b[{};{end}r", start + 1)?;
        let (line, scroll): (u16, &[u8]) = if by > 0 { (end, b"\n") } else { (start + 1, b"\x1bM") };
        write!(self.out, "\x1b[{line}H")?;
        self.out.write_all(&scroll.repeat(by.unsigned_abs().into()))?;
        self.out.write_all(b"\x1b[r")?;
        self.invalidate_cursor();
        Ok(())
    }

    /// Returns whether a hint is valid: it lies on the screen and moves by fewer lines than it has.
    fn can_scroll(&self, hint: &ScrollHint) -> bool {
        hint.rows.end <= self.shown.area.height
            && (1..hint.rows.len()).contains(&usize::from(hint.by.unsigned_abs()))
    }

    /// Returns how many cells would differ from the wanted ones after each of two scrolls. They move most lines alike, and
    /// each of those is compared once.
    fn differing_after(&self, hints: &[ScrollHint; 2]) -> [usize; 2] {
        let mut differing = [0; 2];
        for y in 0..self.wanted.area.height {
            let [one, other] = hints.each_ref().map(|hint| LineAfter::scroll(hint, y));
            let count = self.differing_in(y, one);
            differing[0] += count;
            differing[1] += if one == other { count } else { self.differing_in(y, other) };
        }
        differing
    }

    /// Returns how many cells of a line would differ from the wanted ones.
    fn differing_in(&self, y: u16, after: LineAfter) -> usize {
        let wanted = rows(&self.wanted, y, y + 1);
        match after {
            LineAfter::Same => {
                self.changed.partition_point(|at| at.y <= y) - self.changed.partition_point(|at| at.y < y)
            }
            LineAfter::From(from) => {
                let pairs = rows(&self.shown, from, from + 1).iter().zip(wanted);
                pairs.filter(|(shown, wanted)| shown != wanted).count()
            }
            LineAfter::Blank => wanted.iter().filter(|cell| **cell != Cell::EMPTY).count(),
        }
    }

    /// Treats the screen as empty.
    fn invalidate(&mut self) {
        self.shown.reset();
        self.wanted.reset();
        self.changed.clear();
    }
}

/// What a line shows after a scroll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineAfter {
    /// What it shows now: it lies outside of the region.
    Same,
    /// What this line shows now.
    From(u16),
    /// Nothing: it scrolled in.
    Blank,
}

impl LineAfter {
    /// Returns what line `y` shows after a scroll.
    fn scroll(hint: &ScrollHint, y: u16) -> Self {
        if !hint.rows.contains(&y) {
            return Self::Same;
        }
        let from = y.checked_add_signed(hint.by).filter(|from| hint.rows.contains(from));
        from.map_or(Self::Blank, Self::From)
    }
}

/// Sets a cell. Resets the cells that a wide character covers: ratatui reports no change for these.
fn set_cell(buffer: &mut Buffer, at: Position, cell: &Cell) {
    if let Some(at) = buffer.cell_mut(at) {
        at.clone_from(cell);
    }
    for covered in covered_by(at, cell) {
        if let Some(covered) = buffer.cell_mut(covered) {
            covered.reset();
        }
    }
}

/// Returns the positions that a wide character covers besides its own.
fn covered_by(at: Position, cell: &Cell) -> impl Iterator<Item = Position> {
    // Fast path: nearly every symbol is one byte long, and none of these is wide.
    let width = if cell.symbol().len() == 1 { 1 } else { sanitise::width(cell.symbol()) };
    let width = u16::try_from(width).unwrap_or(1);
    (1..width).map(move |covered| Position { x: at.x.saturating_add(covered), ..at })
}

/// Returns by how many cells lines move.
fn cell_count(hint: &ScrollHint, on: &Buffer) -> usize {
    usize::from(hint.by.unsigned_abs()) * usize::from(on.area.width)
}

/// Returns the cells of the lines from `top` up to `bottom`.
fn rows(buffer: &Buffer, top: u16, bottom: u16) -> &[Cell] {
    let width = usize::from(buffer.area.width);
    buffer.content.get(usize::from(top) * width..usize::from(bottom) * width).unwrap_or_default()
}

/// Returns the cells of the lines from `top` up to `bottom`, mutably.
fn rows_mut(buffer: &mut Buffer, top: u16, bottom: u16) -> &mut [Cell] {
    let width = usize::from(buffer.area.width);
    buffer.content.get_mut(usize::from(top) * width..usize::from(bottom) * width).unwrap_or_default()
}

/// Moves cells as a scrolling terminal does; the incoming cells are blank.
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
        let area = Rect::from((Position::ORIGIN, self.known_size.get()));
        if self.wanted.area != area {
            // ratatui has cleared the screen of a terminal that was resized.
            (self.shown, self.wanted) = (Buffer::empty(area), Buffer::empty(area));
            self.changed.clear();
        }
        for (x, y, cell) in content {
            let at = Position { x, y };
            set_cell(&mut self.wanted, at, cell);
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
        // A query would never be answered: the keyboard thread reads the terminal's replies.
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
        // Buffered until the next frame, so that the screen does not flicker.
        match clear_type {
            ClearType::All => {
                self.invalidate();
                self.out.write_all(b"\x1b[2J")
            }
            ClearType::AfterCursor => self.out.write_all(b"\x1b[J"),
            ClearType::BeforeCursor => self.out.write_all(b"\x1b[1J"),
            ClearType::CurrentLine => self.out.write_all(b"\x1b[2K"),
            ClearType::UntilNewLine => self.out.write_all(b"\x1b[K"),
        }
    }

    fn size(&self) -> io::Result<Size> {
        let size = (self.size)()?;
        self.known_size.set(size);
        Ok(size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    /// Does nothing: [`Renderer::show`] sends the frame, since it knows which lines moved.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "renderer_tests.rs"]
mod tests;
