//! Writes text into the frame buffer. All text goes through here, which sanitises it and cuts it to fit.
//!
//! Must know areas and styles only, not panes or tasks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::line;
use ratatui::text::Span;
use ratatui::widgets::{Block, Clear, Widget};

use crate::present::sanitise;

/// Converts a number of screen cells, saturating: no terminal has more than `u16::MAX`.
pub(crate) fn clamp_u16(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// The largest width of a text: wider than any terminal, and small enough to add a few of them.
const MAX_WIDTH: u16 = 1 << 14;

/// Returns the width of a text after sanitising, in cells; at most [`MAX_WIDTH`].
pub(crate) fn width(text: &str) -> u16 {
    clamp_u16(sanitise::width(&sanitise::clean(text))).min(MAX_WIDTH)
}

/// Returns line `nth` of an area; an empty area if there is no such line.
pub(crate) fn line_at(area: Rect, nth: usize) -> Rect {
    let nth = clamp_u16(nth);
    if nth >= area.height { Rect::ZERO } else { Rect { y: area.y + nth, height: 1, ..area } }
}

/// Returns the numbered lines of an area, from the top.
pub(crate) fn lines(area: Rect) -> impl Iterator<Item = (usize, Rect)> {
    (0..usize::from(area.height)).map(move |nth| (nth, line_at(area, nth)))
}

/// Returns the area without its leftmost `width` cells.
pub(crate) fn skip_left(area: Rect, width: u16) -> Rect {
    let width = width.min(area.width);
    Rect { x: area.x + width, width: area.width - width, ..area }
}

/// Returns the leftmost `width` cells of an area.
pub(crate) fn take_left(area: Rect, width: u16) -> Rect {
    Rect { width: width.min(area.width), ..area }
}

/// Returns the area without its top `height` lines.
pub(crate) fn skip_top(area: Rect, height: u16) -> Rect {
    let height = height.min(area.height);
    Rect { y: area.y + height, height: area.height - height, ..area }
}

/// Writes a text on the first line of an area. Returns the cells used.
pub(crate) fn put(buf: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return 0;
    }
    let text = sanitise::cut(text, usize::from(area.width));
    let (simple, rest) = split_simple(&text);
    let used = put_simple(buf, area, simple, style);
    if rest.is_empty() {
        return used;
    }
    let rest_at = skip_left(area, used);
    let (end, _) = buf.set_stringn(rest_at.x, area.y, rest, rest_at.width.into(), style);
    end.saturating_sub(area.x)
}

/// Splits a text into its prefix of characters that take a cell each, and the rest. A combining mark at the start of the rest
/// needs the character before it, so that one belongs to the rest.
fn split_simple(text: &str) -> (&str, &str) {
    let mut last = 0;
    for (at, c) in text.char_indices() {
        if !sanitise::is_single_cell(c) {
            return text.split_at_checked(last).unwrap_or(("", text));
        }
        last = at;
    }
    (text, "")
}

/// Writes one character to a cell, which skips ratatui's segmentation into graphemes. Nearly all text is like that.
fn put_simple(buf: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let start = buf.index_of(area.x, area.y);
    let line = buf.content.get_mut(start..start + usize::from(area.width)).unwrap_or_default();
    let mut used = 0;
    for (cell, c) in line.iter_mut().zip(text.chars()) {
        cell.set_char(c).set_style(style);
        used += 1;
    }
    used
}

/// Writes a text, right-aligned, on the first line of an area.
pub(crate) fn put_right(buf: &mut Buffer, area: Rect, text: &str, style: Style) {
    let safe = sanitise::cut(text, area.width.into());
    let left = area.width.saturating_sub(clamp_u16(sanitise::width(&safe)));
    put(buf, skip_left(area, left), &safe, style);
}

/// Writes spans one after the other on the first line of an area. Returns the cells used.
pub(crate) fn put_spans(buf: &mut Buffer, area: Rect, spans: &[Span<'_>]) -> u16 {
    spans.iter().fold(0, |used, span| used + put(buf, skip_left(area, used), &span.content, span.style))
}

/// Returns the width of spans after sanitising, in cells.
pub(crate) fn spans_width(spans: &[Span<'_>]) -> u16 {
    spans.iter().fold(0, |sum, span| sum.saturating_add(width(&span.content)))
}

/// Draws a pane's title on the first line of its area, styled over the full width.
pub(crate) fn title(buf: &mut Buffer, area: Rect, text: &str, style: Style) {
    let line = line_at(area, 0);
    put(buf, line, text, style);
    buf.set_style(line.intersection(buf.area), style);
}

/// Draws a vertical line from the top of an area to its bottom.
pub(crate) fn vertical_line(buf: &mut Buffer, area: Rect, style: Style) {
    for (_, at) in lines(area) {
        put(buf, at, line::VERTICAL, style);
    }
}

/// Clears an area and draws a border around it. Returns the area inside the border.
pub(crate) fn boxed(buf: &mut Buffer, area: Rect, style: Style) -> Rect {
    let area = area.intersection(buf.area);
    Clear.render(area, buf);
    clear_reaching_into(buf, area);
    let block = Block::bordered().border_style(style);
    let inside = block.inner(area);
    block.render(area, buf);
    inside
}

/// Clears wide characters that begin left of an area and reach into it. A terminal cannot show half of one, so the border would
/// be missing on that line.
fn clear_reaching_into(buf: &mut Buffer, area: Rect) {
    let Some(before) = area.x.checked_sub(1) else { return };
    for y in area.top()..area.bottom() {
        if let Some(cell) = buf.cell_mut((before, y)).filter(|cell| sanitise::width(cell.symbol()) > 1) {
            cell.set_symbol(" ");
        }
    }
}

/// Returns the scroll offset nearest to `offset` that keeps line `cursor` of `total` within a viewport of `height` lines.
pub(crate) fn keep_in_view(offset: usize, cursor: usize, height: usize, total: usize) -> usize {
    let height = height.max(1);
    offset.clamp(cursor.saturating_sub(height - 1), cursor).min(total.saturating_sub(height))
}
