//! Puts texts on the screen: the one way by which a text gets there, made safe and cut to its room.
//!
//! Knows areas and styles, nothing of what is drawn.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::line;
use ratatui::widgets::{Block, Clear, Widget};

use crate::present::sanitise;

/// A text and how it looks.
pub(crate) type Part<'a> = (Cow<'a, str>, Style);

/// A part of a line.
pub(crate) fn part<'a>(text: impl Into<Cow<'a, str>>, style: Style) -> Part<'a> {
    (text.into(), style)
}

/// A number of cells; more than a screen can have is as much as it can have.
pub(crate) fn cells(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// The cells that a text takes once it is safe.
pub(crate) fn width(text: &str) -> u16 {
    cells(sanitise::width(&sanitise::clean(text)))
}

/// The line at `nth` of an area; empty if the area ends before it.
pub(crate) fn line_of(area: Rect, nth: usize) -> Rect {
    let nth = cells(nth);
    if nth >= area.height { Rect::ZERO } else { Rect { y: area.y + nth, height: 1, ..area } }
}

/// The lines of an area, from the top, with their number.
pub(crate) fn lines_of(area: Rect) -> impl Iterator<Item = (usize, Rect)> {
    (0..usize::from(area.height)).map(move |nth| (nth, line_of(area, nth)))
}

/// What of an area is right of its first `left` columns.
pub(crate) fn after(area: Rect, left: u16) -> Rect {
    let left = left.min(area.width);
    Rect { x: area.x + left, width: area.width - left, ..area }
}

/// The first `width` columns of an area.
pub(crate) fn first(area: Rect, width: u16) -> Rect {
    Rect { width: width.min(area.width), ..area }
}

/// What of an area is below its first `lines`.
pub(crate) fn below(area: Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    Rect { y: area.y + lines, height: area.height - lines, ..area }
}

/// Puts a text on the first line of an area, and says how many cells it took.
pub(crate) fn put(buf: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return 0;
    }
    let room = usize::from(area.width);
    let text = sanitise::cut(text, room);
    let (plain, rest) = plain_front(&text);
    let taken = put_plain(buf, area, plain, style);
    if rest.is_empty() {
        return taken;
    }
    let rest_at = after(area, taken);
    let (end, _) = buf.set_stringn(rest_at.x, area.y, rest, rest_at.width.into(), style);
    end.saturating_sub(area.x)
}

/// What of a text is a cell for a byte, and the rest. The last of the first may carry a mark of the rest's.
fn plain_front(text: &str) -> (&str, &str) {
    match text.bytes().position(|byte| !byte.is_ascii()) {
        Some(at) => text.split_at_checked(at.saturating_sub(1)).unwrap_or(("", text)),
        None => (text, ""),
    }
}

/// As ratatui does it, without looking for what takes several bytes or cells: nearly all text is of this kind.
fn put_plain(buf: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let start = buf.index_of(area.x, area.y);
    let line = buf.content.get_mut(start..start + usize::from(area.width)).unwrap_or_default();
    let mut taken = 0;
    for (cell, byte) in line.iter_mut().zip(text.bytes()) {
        cell.set_char(char::from(byte)).set_style(style);
        taken += 1;
    }
    taken
}

/// Puts a text at the right end of the first line of an area.
pub(crate) fn put_right(buf: &mut Buffer, area: Rect, text: &str, style: Style) {
    let safe = sanitise::cut(text, area.width.into());
    let left = area.width.saturating_sub(cells(sanitise::width(&safe)));
    put(buf, after(area, left), &safe, style);
}

/// Puts parts one after the other on the first line of an area, and says how many cells they took.
pub(crate) fn put_parts(buf: &mut Buffer, area: Rect, parts: &[Part<'_>]) -> u16 {
    parts.iter().fold(0, |left, (text, style)| left + put(buf, after(area, left), text, *style))
}

/// The cells that parts take.
pub(crate) fn width_of(parts: &[Part<'_>]) -> u16 {
    parts.iter().fold(0, |sum, (text, _)| sum.saturating_add(width(text)))
}

/// The first line of a pane: its title all the way across.
pub(crate) fn title(buf: &mut Buffer, area: Rect, text: &str, style: Style) {
    let line = line_of(area, 0);
    put(buf, line, text, style);
    buf.set_style(line.intersection(buf.area), style);
}

/// A line from the top of an area to its end.
pub(crate) fn rule(buf: &mut Buffer, area: Rect, style: Style) {
    for (_, at) in lines_of(area) {
        put(buf, at, line::VERTICAL, style);
    }
}

/// Empties an area, draws a box around it, and says what is inside.
pub(crate) fn boxed(buf: &mut Buffer, area: Rect, style: Style) -> Rect {
    let area = area.intersection(buf.area);
    Clear.render(area, buf);
    let block = Block::bordered().border_style(style);
    let inside = block.inner(area);
    block.render(area, buf);
    inside
}

/// The first line to show so that the one at `cursor` of `total` is among the `room` shown, moved no more than
/// needed.
pub(crate) fn follow(top: usize, cursor: usize, room: usize, total: usize) -> usize {
    let room = room.max(1);
    top.clamp(cursor.saturating_sub(room - 1), cursor).min(total.saturating_sub(room))
}
