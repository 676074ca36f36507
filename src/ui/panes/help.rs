//! The keys, made from the bindings.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;

use crate::app::keymap::{BINDINGS, Binding, Group};
use crate::present::Tone;
use crate::ui::Scene;
use crate::ui::pen;

/// As wide as the longest line needs.
const WIDTH: u16 = 76;
/// The column of the keys.
const KEYS: u16 = 12;

/// Draws the help in the middle of the screen, scrolled down by some lines. Returns how many lines it shows.
pub(crate) fn draw(scene: &Scene<'_>, scroll: usize, screen: Rect, buf: &mut Buffer) -> usize {
    let lines: Vec<_> = lines().collect();
    let height = pen::cells(lines.len()).saturating_add(2).min(screen.height);
    let area = screen.centered(Constraint::Length(WIDTH.min(screen.width)), Constraint::Length(height));
    let inside = pen::boxed(buf, area, scene.theme.tone(Tone::Accent));
    let more = lines.len().saturating_sub(inside.height.into());
    let top = scroll.min(more);
    for ((_, at), (keys, help)) in pen::lines_of(inside).zip(lines.iter().skip(top)) {
        let at = pen::after(at, 1);
        if help.is_empty() {
            pen::put(buf, at, keys, scene.theme.tone(Tone::Accent));
        } else {
            pen::put(buf, pen::first(at, KEYS), keys, scene.theme.tone(Tone::Accent));
            pen::put(buf, pen::after(at, KEYS + 1), help, Style::new());
        }
    }
    let hint = if more > 0 { " Esc closes, ↓ shows more " } else { " Esc closes " };
    let last = usize::from(area.height.saturating_sub(1));
    pen::put(buf, pen::after(pen::line_of(area, last), 2), hint, scene.theme.rule());
    inside.height.into()
}

/// Headings have keys only.
fn lines() -> impl Iterator<Item = (String, &'static str)> {
    Group::ALL.into_iter().flat_map(|group| {
        let rows = BINDINGS.iter().filter(move |binding| binding.group == group).map(row);
        std::iter::once((group.title().to_owned(), "")).chain(rows)
    })
}

fn row(binding: &Binding) -> (String, &'static str) {
    let keys: Vec<_> = binding.keys.iter().map(|key| key.label()).collect();
    (keys.join(" "), binding.help)
}
