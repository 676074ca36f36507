//! Draws the search by name: the pattern, and below it the hits with the letters that match.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Position, Rect};
use ratatui::style::Style;

use super::key_hints;
use super::prompt::emphasise;
use crate::app::{Find, Hit, Note};
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

const MAX_WIDTH: u16 = 110;
const MAX_HEIGHT: u16 = 28;
/// Width of the word for what a hit is, in cells.
const KIND_WIDTH: u16 = 9;
/// Maximum width of a name beside its note, in cells.
const MAX_NAME_WIDTH: u16 = 40;

/// Draws the search in the middle of the screen. Returns the position of the text cursor, and the number of hits shown.
pub(crate) fn draw(
    scene: &Scene<'_>,
    find: &Find,
    screen: Rect,
    buf: &mut Buffer,
) -> (Option<Position>, usize) {
    let size = (screen.width.min(MAX_WIDTH), screen.height.saturating_sub(4).clamp(4, MAX_HEIGHT));
    let area = screen.centered(Constraint::Length(size.0), Constraint::Length(size.1.min(screen.height)));
    let accent = scene.theme.tone(Tone::Accent);
    let inside = text::boxed(buf, area, accent);
    text::put(buf, text::skip_left(area, 2), " Jump to a task, app, domain, cell or command ", accent);
    key_hints::draw(scene, &[("↑ ↓", "choose"), ("Enter", "jump"), ("Esc", "close")], area, buf);
    let inside = text::take_left(text::skip_left(inside, 1), inside.width.saturating_sub(2));
    let cursor = draw_pattern(scene, find, text::line_at(inside, 0), buf);
    let below = text::skip_top(inside, 1);
    let height = usize::from(below.height).max(1);
    let offset = text::keep_in_view(0, find.at, height, find.hits.len());
    for (hit, (nth, line)) in find.hits.iter().skip(offset).zip(text::lines(below)) {
        draw_hit(scene, hit, line, buf);
        if offset + nth == find.at {
            buf.set_style(line.intersection(buf.area), scene.theme.cursor(true));
        }
    }
    if find.hits.is_empty() {
        text::put(buf, text::line_at(below, 0), "Nothing has this name.", scene.theme.tone(Tone::Quiet));
    }
    (cursor, height)
}

fn draw_pattern(scene: &Scene<'_>, find: &Find, line: Rect, buf: &mut Buffer) -> Option<Position> {
    let quiet = scene.theme.tone(Tone::Quiet);
    let count = format!("{} found", format::len(find.total));
    text::put_right(buf, line, &count, quiet);
    let line = text::take_left(line, line.width.saturating_sub(text::width(&count) + 2));
    let mut left = text::put(buf, line, "> ", scene.theme.tone(Tone::Accent));
    let before = find.before_cursor();
    let head = sanitise::cut_front(&before, line.width.saturating_sub(left + 1).into());
    left += text::put(buf, text::skip_left(line, left), &head, bold());
    let after = find.pattern().get(before.len()..).unwrap_or_default();
    text::put(buf, text::skip_left(line, left), after, bold());
    let at = Position::new(line.x.saturating_add(left), line.y);
    buf.area.contains(at).then_some(at)
}

fn draw_hit(scene: &Scene<'_>, hit: &Hit, line: Rect, buf: &mut Buffer) {
    let quiet = scene.theme.tone(Tone::Quiet);
    text::put(buf, text::take_left(line, KIND_WIDTH - 1), hit.kind.name(), quiet);
    let line = text::skip_left(line, KIND_WIDTH);
    let (note, is_off) = match &hit.note {
        Note::Count(1) => ("1 task".to_owned(), false),
        Note::Count(count) => (format!("{} tasks", format::len(*count)), false),
        Note::Help(help) => (help.clone(), false),
        Note::Unavailable(why) => (why.clone(), true),
    };
    let name_width = MAX_NAME_WIDTH.min(line.width);
    let name = text::take_left(line, name_width);
    text::put(buf, name, &hit.name, if is_off { quiet } else { Style::new() });
    for bytes in &hit.matched {
        emphasise(scene, &hit.name, bytes, name, buf);
    }
    text::put(buf, text::skip_left(line, name_width + 2), &note, quiet);
}
