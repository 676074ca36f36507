//! Draws the breadcrumbs: the names of the views that the keys of the history lead to, around the one on the screen.
//!
//! They take the rest of the line that tells the filter, so they cost no line.

use std::collections::VecDeque;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{View, ViewHistory};
use crate::present::{Tone, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// Between two names.
const SEPARATOR: &str = " › ";
/// Stands for views that do not fit.
const MORE: &str = "…";
/// Maximum width of a name, in cells.
const MAX_NAME: usize = 20;

/// Draws the breadcrumbs at the right end of a line. Draws none if there is no history, or if no other view has room.
pub(crate) fn draw(scene: &Scene<'_>, line: Rect, buf: &mut Buffer) {
    let Some(trail) = Trail::of(scene.app.view_history(), line.width) else { return };
    let quiet = scene.theme.tone(Tone::Quiet);
    let current = scene.theme.tone(Tone::Accent).patch(bold());
    let mut left = line.width.saturating_sub(trail.width);
    let mut put = |text: &str, style| left += text::put(buf, text::skip_left(line, left), text, style);
    for (nth, name) in trail.names.iter().enumerate() {
        if nth > 0 {
            put(SEPARATOR, quiet);
        }
        put(name, if nth == trail.current { current } else { quiet });
    }
}

/// Names from left to right, and which of them is on the screen.
struct Trail {
    names: VecDeque<String>,
    current: usize,
    width: u16,
}

impl Trail {
    /// Returns the names around the current view, as many as fit in the room: by turns an earlier and a later one.
    fn of(history: &ViewHistory, room: u16) -> Option<Self> {
        let (views, at) = history.all();
        // The line has the name of the first filter already.
        if matches!(views.as_slice(), [all, narrow] if at == 1 && narrow.narrows(all)) {
            return None;
        }
        let name_at = |at: usize| {
            let before = at.checked_sub(1).and_then(|before| views.get(before));
            views.get(at).map(|view| name(view, before.copied()))
        };
        let current = name_at(at).filter(|_| views.len() > 1)?;
        let mut trail = Self { width: text::width(&current), names: [current].into(), current: 0 };
        // Marks of more views at both ends.
        let room = room.checked_sub(2 * (text::width(SEPARATOR) + text::width(MORE)))?;
        let (mut earlier, mut later) = (at, at + 1);
        loop {
            let begin = trail.names.len();
            if let Some(name) = earlier.checked_sub(1).and_then(name_at).filter(|name| trail.fits(name, room))
            {
                trail.push_front(name);
                earlier -= 1;
            }
            if let Some(name) = name_at(later).filter(|name| trail.fits(name, room)) {
                trail.push_back(name);
                later += 1;
            }
            if trail.names.len() == begin {
                break;
            }
        }
        if trail.names.len() < 2 {
            return None;
        }
        if earlier > 0 {
            trail.push_front(MORE.to_owned());
        }
        if later < views.len() {
            trail.push_back(MORE.to_owned());
        }
        Some(trail)
    }

    fn fits(&self, name: &str, room: u16) -> bool {
        self.width_with(name) <= room
    }

    fn width_with(&self, name: &str) -> u16 {
        self.width + text::width(SEPARATOR) + text::width(name)
    }

    fn push_front(&mut self, name: String) {
        self.width = self.width_with(&name);
        self.names.push_front(name);
        self.current += 1;
    }

    fn push_back(&mut self, name: String) {
        self.width = self.width_with(&name);
        self.names.push_back(name);
    }
}

/// Returns the name of a view, compared with the one before.
fn name(view: &View, before: Option<&View>) -> String {
    let name = before.map_or_else(|| view.name(), |before| view.name_after(before));
    sanitise::cut(&name, MAX_NAME).into_owned()
}
