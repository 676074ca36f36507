//! Draws the line in which the rows of a view are searched.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_input::Input;

use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// Draws what is searched, the text, and how many rows match of how many. Returns the position of the text cursor.
pub(super) fn draw(
    scene: &Scene<'_>,
    title: &str,
    input: &Input,
    (listed, total): (usize, usize),
    line: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let count = format!("{} of {}", format::len(listed), format::len(total));
    let room = line.width.saturating_sub(text::width(&count) + 2);
    text::put_right(buf, text::skip_left(line, room), &count, scene.theme.tone(Tone::Quiet));
    let line = text::take_left(line, room);
    let mut left = text::put(buf, line, &format!("{title} /"), scene.theme.tone(Tone::Accent));
    let before: String = input.value().chars().take(input.cursor()).collect();
    let after: String = input.value().chars().skip(input.cursor()).collect();
    let head = sanitise::cut_front(&before, line.width.saturating_sub(left + 1).into());
    left += text::put(buf, text::skip_left(line, left), &head, bold());
    text::put(buf, text::skip_left(line, left), &after, bold());
    let at = Position::new(line.x.saturating_add(left), line.y);
    buf.area.contains(at).then_some(at)
}
