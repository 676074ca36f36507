//! Draws the help from the tables of commands, filter fields, signs and endings.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;

use crate::app::commands::{CommandSpec, Group};
use crate::app::key::Key;
use crate::app::{App, SIGNS};
use crate::filter::FIELDS;
use crate::model::End;
use crate::present::{Tone, ending};
use crate::ui::Scene;
use crate::ui::text;

/// The heading of the filter fields, with the syntax that needs no field.
const FILTER_HEADING: &str = "Filter (all must match): word  !not  one|other  part*part  \"a phrase\"";

/// Width of the keys, in cells.
const KEY_WIDTH: u16 = 12;

/// Width of the example terms, in cells.
const TERM_WIDTH: u16 = 28;

/// Cells between the two columns.
const GAP: u16 = 3;

enum Line {
    Heading(&'static str),
    Command { keys: String, spec: &'static CommandSpec },
    Sign(&'static str, &'static str),
    Term(&'static str, &'static str),
}

/// Draws the help in the middle of the screen, in two columns if they fit, scrolled down by `scroll` lines. Commands that
/// are not available are dimmed. Returns the number of lines shown.
pub(crate) fn draw(scene: &Scene<'_>, scroll: usize, screen: Rect, buf: &mut Buffer) -> usize {
    let lines: Vec<_> = lines(scene.app).collect();
    let columns = columns(&lines, screen.width);
    let tallest = columns.iter().map(|column| column.len()).max().unwrap_or(0);
    let width = box_width(&columns).min(screen.width);
    let height = text::clamp_u16(tallest).saturating_add(2).min(screen.height);
    let area = screen.centered(Constraint::Length(width), Constraint::Length(height));
    let inside = text::boxed(buf, area, scene.theme.tone(Tone::Accent));
    let more = tallest.saturating_sub(inside.height.into());
    let top = scroll.min(more);
    let mut left = 1;
    for column in &columns {
        let shown = column.get(top..).unwrap_or_default();
        draw_column(scene, shown, text::skip_left(inside, left), buf);
        left += widest(column) + GAP;
    }
    let hint = if more > 0 { " Esc closes, ↓ shows more " } else { " Esc closes " };
    let last = usize::from(area.height.saturating_sub(1));
    text::put(buf, text::skip_left(text::line_at(area, last), 2), hint, scene.theme.border());
    inside.height.into()
}

/// Splits the lines at a heading into two columns of similar height, or keeps one column if two are too wide.
fn columns(lines: &[Line], room: u16) -> Vec<&[Line]> {
    let headings = (1..lines.len()).filter(|at| matches!(lines.get(*at), Some(Line::Heading(_))));
    let halves = headings.filter_map(|at| lines.split_at_checked(at));
    let evenest = halves.min_by_key(|(left, right)| left.len().max(right.len()));
    let two = evenest.map(|(left, right)| vec![left, right]);
    two.filter(|columns| box_width(columns) <= room).unwrap_or_else(|| vec![lines])
}

/// Returns the width of the box around the columns, in cells.
fn box_width(columns: &[&[Line]]) -> u16 {
    let gaps = GAP * text::clamp_u16(columns.len().saturating_sub(1));
    // A border and a space on both sides.
    columns.iter().map(|column| widest(column)).sum::<u16>() + gaps + 4
}

fn widest(column: &[Line]) -> u16 {
    let width = |line: &Line| match line {
        Line::Heading(title) => text::width(title),
        Line::Command { spec, .. } => KEY_WIDTH + 1 + text::width(spec.help),
        Line::Sign(_, help) => KEY_WIDTH + 1 + text::width(help),
        Line::Term(_, help) => TERM_WIDTH + 1 + text::width(help),
    };
    column.iter().map(width).max().unwrap_or(0)
}

fn draw_column(scene: &Scene<'_>, lines: &[Line], area: Rect, buf: &mut Buffer) {
    let accent = scene.theme.tone(Tone::Accent);
    for ((_, at), line) in text::lines(area).zip(lines) {
        let (column, left, right) = match line {
            Line::Heading(title) => (at.width, *title, ""),
            Line::Command { keys, spec } => (KEY_WIDTH, keys.as_str(), spec.help),
            Line::Sign(sign, help) => (KEY_WIDTH, *sign, *help),
            Line::Term(term, help) => (TERM_WIDTH, *term, *help),
        };
        let style = match line {
            Line::Command { spec, .. } if spec.availability(scene.app).is_err() => {
                scene.theme.tone(Tone::Quiet)
            }
            _ => Style::new(),
        };
        text::put(buf, text::take_left(at, column), left, accent);
        text::put(buf, text::skip_left(at, column + 1), right, style);
    }
}

fn lines(app: &App) -> impl Iterator<Item = Line> {
    let commands = Group::ALL.into_iter().flat_map(|group| {
        let rows = group.commands().map(|spec| command(app, spec));
        std::iter::once(Line::Heading(group.title())).chain(rows)
    });
    let terms = FIELDS.iter().map(|field| Line::Term(field.example, field.help));
    let signs = SIGNS.iter().map(|(sign, help)| Line::Sign(sign, help));
    let ends = End::ALL.into_iter().map(|end| Line::Sign(ending::word(end), ending::sentence(end)));
    let filter = [Line::Heading(FILTER_HEADING)].into_iter().chain(terms);
    let signs = [Line::Heading("Signs, and how a task ended")].into_iter().chain(signs).chain(ends);
    commands.chain(filter).chain(signs)
}

fn command(app: &App, spec: &'static CommandSpec) -> Line {
    let keys: Vec<_> = app.keymap().keys(spec.command).map(Key::label).collect();
    Line::Command { keys: keys.join(" "), spec }
}
