//! The keys, made from the bindings, and the filter's fields, made from theirs.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;

use crate::app::SIGNS;
use crate::app::keymap::{BINDINGS, Binding, Group};
use crate::filter::FIELDS;
use crate::model::End;
use crate::present::{Tone, ending};
use crate::ui::Scene;
use crate::ui::text;

/// What is not about a field in a filter.
const FILTER: &str = "Filter (all terms hold): word  !not  one|other  part*part  \"as it is\"";
/// The column of the keys.
const KEYS: u16 = 12;

/// The column of the examples of terms.
const TERMS: u16 = 28;

/// Between two columns of lines.
const GAP: u16 = 3;

/// A line of help.
enum Line {
    Heading(&'static str),
    Key(String, &'static str),
    Term(&'static str, &'static str),
}

/// Draws the help in the middle of the screen, scrolled down by some lines: in two columns where there is room for them.
/// Returns how many lines it shows.
pub(crate) fn draw(scene: &Scene<'_>, scroll: usize, screen: Rect, buf: &mut Buffer) -> usize {
    let lines: Vec<_> = lines().collect();
    let columns = columns(&lines, screen.width);
    let tallest = columns.iter().map(|column| column.len()).max().unwrap_or(0);
    let width = width_of(&columns).min(screen.width);
    let height = text::cells(tallest).saturating_add(2).min(screen.height);
    let area = screen.centered(Constraint::Length(width), Constraint::Length(height));
    let inside = text::boxed(buf, area, scene.theme.tone(Tone::Accent));
    let more = tallest.saturating_sub(inside.height.into());
    let top = scroll.min(more);
    let mut left = 1;
    for column in &columns {
        let shown = column.get(top..).unwrap_or_default();
        draw_column(scene, shown, text::after(inside, left), buf);
        left += widest(column) + GAP;
    }
    let hint = if more > 0 { " Esc closes, ↓ shows more " } else { " Esc closes " };
    let last = usize::from(area.height.saturating_sub(1));
    text::put(buf, text::after(text::line_of(area, last), 2), hint, scene.theme.rule());
    inside.height.into()
}

/// The lines in two columns of about one height, or all in one where that is too wide.
fn columns(lines: &[Line], room: u16) -> Vec<&[Line]> {
    let headings = (1..lines.len()).filter(|at| matches!(lines.get(*at), Some(Line::Heading(_))));
    let halves = headings.filter_map(|at| lines.split_at_checked(at));
    let evenest = halves.min_by_key(|(left, right)| left.len().max(right.len()));
    let two = evenest.map(|(left, right)| vec![left, right]);
    two.filter(|columns| width_of(columns) <= room).unwrap_or_else(|| vec![lines])
}

/// The cells of a box around columns.
fn width_of(columns: &[&[Line]]) -> u16 {
    let gaps = GAP * text::cells(columns.len().saturating_sub(1));
    // A border and an empty cell on both sides.
    columns.iter().map(|column| widest(column)).sum::<u16>() + gaps + 4
}

fn widest(column: &[Line]) -> u16 {
    let width = |line: &Line| match line {
        Line::Heading(title) => text::width(title),
        Line::Key(_, help) => KEYS + 1 + text::width(help),
        Line::Term(_, help) => TERMS + 1 + text::width(help),
    };
    column.iter().map(width).max().unwrap_or(0)
}

fn draw_column(scene: &Scene<'_>, lines: &[Line], area: Rect, buf: &mut Buffer) {
    let accent = scene.theme.tone(Tone::Accent);
    for ((_, at), line) in text::lines_of(area).zip(lines) {
        let (column, left, right) = match line {
            Line::Heading(title) => (at.width, *title, ""),
            Line::Key(keys, help) => (KEYS, keys.as_str(), *help),
            Line::Term(term, help) => (TERMS, *term, *help),
        };
        text::put(buf, text::first(at, column), left, accent);
        text::put(buf, text::after(at, column + 1), right, Style::new());
    }
}

fn lines() -> impl Iterator<Item = Line> {
    let keys = Group::ALL.into_iter().flat_map(|group| {
        let rows = BINDINGS.iter().filter(move |binding| binding.group == group).map(key);
        std::iter::once(Line::Heading(group.title())).chain(rows)
    });
    let terms = FIELDS.iter().map(|field| Line::Term(field.example, field.help));
    let signs = SIGNS.iter().map(|(sign, help)| Line::Key((*sign).to_owned(), help));
    let ends = End::ALL.into_iter().map(|end| Line::Key(ending::word(end).to_owned(), ending::sentence(end)));
    let filter = [Line::Heading(FILTER)].into_iter().chain(terms);
    let signs = [Line::Heading("Signs, and how a task ended")].into_iter().chain(signs).chain(ends);
    keys.chain(filter).chain(signs)
}

fn key(binding: &Binding) -> Line {
    let keys: Vec<_> = binding.keys.iter().map(|key| key.label()).collect();
    Line::Key(keys.join(" "), binding.help)
}
