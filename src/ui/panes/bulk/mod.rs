//! Draws the question about many tasks and the outcomes of a run, each in a large box that leaves the status lines visible.

pub(crate) mod outcomes;
pub(crate) mod question;

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Position, Rect};
use ratatui::style::Style;

use super::key_hints::{self, Hint};
use crate::app::SessionId;
use crate::ui::Scene;
use crate::ui::panes::confirm;
use crate::ui::text;

/// Width of a box; a narrower screen is used as a whole.
const MAX_WIDTH: u16 = 160;
/// The lines of the header above a box and of the status below it, and the height from which on they stay visible.
const ABOVE: u16 = 2;
const BELOW: u16 = 2;
const MIN_HEIGHT: u16 = 14;

/// What drawing a box tells the rest of the frame.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Drawn {
    /// How many lines scroll at most.
    pub(crate) last_scroll: usize,
    /// How many lines are visible at a time.
    pub(crate) page: usize,
    /// The position of the text cursor.
    pub(crate) cursor: Option<Position>,
}

/// A line of text and its style.
type Line = (String, Style);

/// Draws a box that has room for `lines` lines, with the session's target and the keys in its border. Returns the area
/// inside, without the cells next to the border.
fn draw_box(
    scene: &Scene<'_>,
    session: SessionId,
    lines: usize,
    hints: &[Hint],
    (screen, buf): (Rect, &mut Buffer),
) -> Rect {
    let room = if screen.height < MIN_HEIGHT { screen } else { text::skip_top(screen, ABOVE) };
    let below = if screen.height < MIN_HEIGHT { 0 } else { BELOW };
    let room = Rect { height: room.height.saturating_sub(below), ..room };
    let height = text::clamp_u16(lines).saturating_add(2).min(room.height);
    let area = room.centered(Constraint::Length(MAX_WIDTH.min(room.width)), Constraint::Length(height));
    let inside = confirm::frame(scene, scene.app.target_of(session), area, buf);
    key_hints::draw(scene, hints, area, buf);
    let inside = text::skip_left(inside, 1);
    text::take_left(inside, inside.width.saturating_sub(1))
}

/// Splits an area after its first `height` lines.
fn split_top(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    (Rect { height, ..area }, text::skip_top(area, height))
}
