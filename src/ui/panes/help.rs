//! The keys, made from the bindings, and the filter's fields, made from theirs.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;

use crate::app::SIGNS;
use crate::app::keymap::{BINDINGS, Binding, Group};
use crate::filter::FIELDS;
use crate::present::Tone;
use crate::ui::Scene;
use crate::ui::pen;

/// As wide as the longest line needs.
const WIDTH: u16 = 76;
/// What is not about a field in a filter.
const FILTER: &str = "Filter (all terms hold): word  !not  one|other  part*part  \"as it is\"";
/// The column of the keys.
const KEYS: u16 = 12;

/// The column of the examples of terms.
const TERMS: u16 = 28;

/// A line of help.
enum Line {
    Heading(&'static str),
    Key(String, &'static str),
    Term(&'static str, &'static str),
}

/// Draws the help in the middle of the screen, scrolled down by some lines. Returns how many lines it shows.
pub(crate) fn draw(scene: &Scene<'_>, scroll: usize, screen: Rect, buf: &mut Buffer) -> usize {
    let lines: Vec<_> = lines().collect();
    let height = pen::cells(lines.len()).saturating_add(2).min(screen.height);
    let area = screen.centered(Constraint::Length(WIDTH.min(screen.width)), Constraint::Length(height));
    let inside = pen::boxed(buf, area, scene.theme.tone(Tone::Accent));
    let more = lines.len().saturating_sub(inside.height.into());
    let top = scroll.min(more);
    let accent = scene.theme.tone(Tone::Accent);
    for ((_, at), line) in pen::lines_of(inside).zip(lines.iter().skip(top)) {
        let at = pen::after(at, 1);
        let (column, left, right) = match line {
            Line::Heading(title) => (at.width, *title, ""),
            Line::Key(keys, help) => (KEYS, keys.as_str(), *help),
            Line::Term(term, help) => (TERMS, *term, *help),
        };
        pen::put(buf, pen::first(at, column), left, accent);
        pen::put(buf, pen::after(at, column + 1), right, Style::new());
    }
    let hint = if more > 0 { " Esc closes, ↓ shows more " } else { " Esc closes " };
    let last = usize::from(area.height.saturating_sub(1));
    pen::put(buf, pen::after(pen::line_of(area, last), 2), hint, scene.theme.rule());
    inside.height.into()
}

fn lines() -> impl Iterator<Item = Line> {
    let keys = Group::ALL.into_iter().flat_map(|group| {
        let rows = BINDINGS.iter().filter(move |binding| binding.group == group).map(key);
        std::iter::once(Line::Heading(group.title())).chain(rows)
    });
    let terms = FIELDS.iter().map(|field| Line::Term(field.example, field.help));
    let signs = SIGNS.iter().map(|(sign, help)| Line::Key((*sign).to_owned(), help));
    keys.chain([Line::Heading(FILTER)]).chain(terms).chain([Line::Heading("Signs")]).chain(signs)
}

fn key(binding: &Binding) -> Line {
    let keys: Vec<_> = binding.keys.iter().map(|key| key.label()).collect();
    Line::Key(keys.join(" "), binding.help)
}
