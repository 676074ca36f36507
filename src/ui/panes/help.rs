//! Draws the help: what works in the focused pane first, then everything by group, narrowed by a filter line.
//!
//! ```text
//! ┌ Help ────────────────────────────────┐
//! │ / filter                             │
//! │ In the task table    Filters         │
//! │ Enter  Open the task word  anywhere  │
//! │ …                    …               │
//! └ ↓ show more  Esc close ──────────────┘
//! ```
//!
//! All of it comes from tables: commands, filter forms and fields, signs and endings.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Position, Rect};
use ratatui::style::Style;

use super::key_hints;
use crate::app::commands::{COMMANDS, CommandSpec, Group, hinted};
use crate::app::own_commands::OwnCommand;
use crate::app::{Help, Pane, SIGNS, argument_commands};
use crate::filter::{FIELDS, FORMS};
use crate::model::Cause;
use crate::present::{Tone, ending, pulse, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// Minimum and maximum width of a column, in cells.
const MIN_COLUMN: u16 = 46;
const MAX_COLUMN: u16 = 78;

/// Cells between the two columns.
const GAP: u16 = 3;

/// Minimum width of keys and terms, in cells: most keys fit, so that the sections line up.
const MIN_LEFT: u16 = 9;

/// Maximum width of keys and terms, in cells; longer ones have a line of their own.
const MAX_LEFT: u16 = 28;

/// Lines inside the box that do not scroll: the filter, and an empty line.
const FILTER_LINES: u16 = 2;

/// The order of the groups: what matters most comes first.
const IN_LIFE: [Group; 6] =
    [Group::Act, Group::Mark, Group::View, Group::Move, Group::Program, Group::Replay];
const IN_REPLAY: [Group; 6] =
    [Group::Replay, Group::View, Group::Move, Group::Mark, Group::Program, Group::Act];

/// What was drawn.
pub(crate) struct Drawn {
    /// How many lines scroll at most.
    pub(crate) last_scroll: usize,
    /// How many lines are visible at a time.
    pub(crate) page: usize,
    /// The position of the text cursor.
    pub(crate) cursor: Option<Position>,
}

struct Section {
    title: &'static str,
    entries: Vec<Entry>,
}

/// A key or term, and what it does.
struct Entry {
    left: String,
    right: String,
    /// Finds the entry, but is not shown.
    name: &'static str,
    is_available: bool,
}

/// A line of a column.
#[derive(Clone)]
enum Line {
    Empty,
    Heading(&'static str),
    Text { left: String, left_width: u16, right: String, is_available: bool },
}

/// Draws the help in the middle of the screen, in two columns if they fit.
pub(crate) fn draw(scene: &Scene<'_>, help: &Help, screen: Rect, buf: &mut Buffer) -> Drawn {
    let all = sections(scene);
    let (count, width) = column_widths(screen.width);
    // The box is as large as without a filter, so that it keeps its place while one is typed.
    let tallest = columns(&all, count, width, 0).iter().map(Vec::len).max().unwrap_or(0);
    let height = text::clamp_u16(tallest).saturating_add(FILTER_LINES + 2).min(screen.height);
    let box_width = (width * count + GAP * (count - 1) + 4).min(screen.width);
    let area = screen.centered(Constraint::Length(box_width), Constraint::Length(height));
    let inside = text::boxed(buf, area, scene.theme.tone(Tone::Accent));
    let inside = text::take_left(text::skip_left(inside, 1), inside.width.saturating_sub(2));
    let (cursor, body) = (draw_filter(scene, help, inside, buf), text::skip_top(inside, FILTER_LINES));
    let shown = if help.is_filtered() { admitted(all, help) } else { all };
    let columns = columns(&shown, count, width, if help.is_filtered() { body.height.into() } else { 0 });
    let last_scroll = columns.iter().map(Vec::len).max().unwrap_or(0).saturating_sub(body.height.into());
    let top = help.scroll.min(last_scroll);
    if shown.is_empty() {
        text::put(buf, body, "Nothing matches. Esc shows everything again.", scene.theme.tone(Tone::Quiet));
    }
    for (at, column) in (0..).step_by(usize::from(width + GAP)).zip(&columns) {
        let room = text::take_left(text::skip_left(body, text::clamp_u16(at)), width);
        draw_column(scene, column.get(top..).unwrap_or_default(), room, buf);
    }
    draw_border_hints(scene, help, area, (top, last_scroll), buf);
    Drawn { last_scroll, page: body.height.into(), cursor }
}

/// Returns how many columns there are, and the width of each.
fn column_widths(screen: u16) -> (u16, u16) {
    let inside = screen.saturating_sub(4);
    let half = inside.saturating_sub(GAP) / 2;
    if half >= MIN_COLUMN { (2, half.min(MAX_COLUMN)) } else { (1, inside) }
}

fn draw_border_hints(
    scene: &Scene<'_>,
    help: &Help,
    area: Rect,
    (top, last_scroll): (usize, usize),
    buf: &mut Buffer,
) {
    text::put(buf, text::skip_left(text::line_at(area, 0), 2), " Help ", scene.theme.tone(Tone::Accent));
    let closes = if help.is_filtered() { ("Esc", "clear the filter") } else { ("Esc", "close") };
    let more = match (top > 0, top < last_scroll) {
        (false, false) => None,
        (false, true) => Some(("↓", "show more")),
        (true, false) => Some(("↑", "go back")),
        (true, true) => Some(("↑ ↓", "scroll")),
    };
    let hints: Vec<_> = more.into_iter().chain([closes]).collect();
    key_hints::draw(scene, &hints, area, buf);
}

/// Draws the filter line. Returns the position of the text cursor.
fn draw_filter(scene: &Scene<'_>, help: &Help, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let line = text::line_at(area, 0);
    let used = text::put(buf, line, "/", scene.theme.tone(Tone::Accent));
    let room = text::skip_left(line, used);
    let typed = help.input.value();
    if typed.is_empty() {
        text::put(buf, text::skip_left(room, 1), "type to filter", scene.theme.tone(Tone::Quiet));
    }
    let before: String = typed.chars().take(help.input.cursor()).collect();
    let after: String = typed.chars().skip(help.input.cursor()).collect();
    // Leave a cell for the cursor.
    let head = sanitise::cut_front(&before, room.width.saturating_sub(1).into());
    let left = text::put(buf, room, &head, bold());
    text::put(buf, text::skip_left(room, left), &after, bold());
    let at = Position::new(room.x.saturating_add(left), room.y);
    (!room.is_empty() && buf.area.contains(at)).then_some(at)
}

fn draw_column(scene: &Scene<'_>, lines: &[Line], area: Rect, buf: &mut Buffer) {
    let accent = scene.theme.tone(Tone::Accent);
    for ((_, at), line) in text::lines(area).zip(lines) {
        match line {
            Line::Empty => {}
            Line::Heading(title) => drop(text::put(buf, at, title, bold())),
            Line::Text { left, left_width, right, is_available } => {
                let quiet = scene.theme.tone(Tone::Quiet);
                let (keys, words) = if *is_available { (accent, Style::new()) } else { (quiet, quiet) };
                text::put(buf, at, left, keys);
                if !right.is_empty() {
                    text::put(buf, text::skip_left(at, *left_width + 1), right, words);
                }
            }
        }
    }
}

/// Lays the sections out in at most `count` columns of similar height; in one if they fit `height`.
fn columns(sections: &[Section], count: u16, width: u16, height: usize) -> Vec<Vec<Line>> {
    let blocks: Vec<_> = sections.iter().map(|section| lines(section, width)).collect();
    let one = joined(&blocks);
    if count < 2 || one.len() <= height {
        return vec![one];
    }
    let splits = (1..blocks.len()).filter_map(|at| blocks.split_at_checked(at));
    let pairs = splits.map(|(left, right)| [joined(left), joined(right)]);
    let evenest = pairs.min_by_key(|[left, right]| left.len().max(right.len()));
    evenest.map_or(vec![one], Vec::from)
}

/// Puts blocks below each other, an empty line between them.
fn joined(blocks: &[Vec<Line>]) -> Vec<Line> {
    blocks.join(&Line::Empty)
}

/// Returns the lines of a section, wrapped.
fn lines(section: &Section, width: u16) -> Vec<Line> {
    let widest = section.entries.iter().map(|entry| text::width(&entry.left)).max().unwrap_or(0);
    let left_width = widest.clamp(MIN_LEFT, MAX_LEFT).min(width / 2);
    let entries = section.entries.iter().flat_map(|entry| entry_lines(entry, left_width, width));
    std::iter::once(Line::Heading(section.title)).chain(entries).collect()
}

fn entry_lines(entry: &Entry, left_width: u16, width: u16) -> Vec<Line> {
    let line = |left: &str, right: String| Line::Text {
        left: left.to_owned(),
        left_width,
        right,
        is_available: entry.is_available,
    };
    let room = width.saturating_sub(left_width + 1).max(1);
    let mut pieces = sanitise::wrap(&entry.right, room.into());
    let is_long = text::width(&entry.left) > left_width;
    let beside = if is_long { None } else { pieces.next() };
    let first = line(&entry.left, beside.unwrap_or_default());
    std::iter::once(first).chain(pieces.map(|piece| line("", piece))).collect()
}

/// Returns what the filter admits, without empty sections.
fn admitted(sections: Vec<Section>, help: &Help) -> Vec<Section> {
    let narrowed = sections.into_iter().map(|Section { title, mut entries }| {
        entries.retain(|entry| help.admits(&[title, &entry.left, &entry.right, entry.name]));
        Section { title, entries }
    });
    narrowed.filter(|section| !section.entries.is_empty()).collect()
}

fn sections(scene: &Scene<'_>) -> Vec<Section> {
    let focus = scene.app.focus();
    let here = hinted(focus).into_iter().map(|(spec, _)| spec).filter(|spec| spec.is_about(focus));
    let here = section(place(focus), here.map(|spec| command(scene, spec)));
    let groups = if scene.app.replay().is_some() { IN_REPLAY } else { IN_LIFE };
    let groups = groups.into_iter().map(|group| {
        let rest = COMMANDS.iter().filter(|spec| spec.group == group && !spec.is_about(focus));
        section(group.title(), rest.map(|spec| command(scene, spec)))
    });
    let typed = argument_commands().map(|(typed, name, help)| Entry { name, ..entry(&typed, help) });
    let forms = FORMS.iter().map(|form| entry(form.form, form.help));
    let fields = FIELDS.iter().map(|field| entry(field.example, field.help));
    let signs = SIGNS.iter().map(|(sign, help)| entry(sign, help));
    let causes = Cause::ALL.into_iter().map(|cause| entry(cause.name(), ending::meaning(cause)));
    let reference = [
        section("Filters (all terms must match)", forms),
        section("Filter fields", fields),
        section("Commands with an argument (:)", typed),
        section("Symbols, and why a task ended", signs.chain(causes)),
    ];
    let pulse = if focus == Pane::Pulse { &pulse::TERMS[..] } else { &[] };
    let pulse = section("Terms of the pulse", pulse.iter().map(|(left, right)| entry(left, right)));
    let own =
        section("Your own commands", scene.app.own_commands().iter().map(|own| own_command(scene, own)));
    let sections = std::iter::once(here).chain([pulse, own]).chain(groups).chain(reference);
    sections.filter(|section| !section.entries.is_empty()).collect()
}

/// Returns the heading of the commands that are about a pane.
const fn place(pane: Pane) -> &'static str {
    match pane {
        Pane::Tasks => "In the task table",
        Pane::Detail => "In the detail",
        Pane::Failures => "In the failures",
        Pane::Groups(_) => "In the groups",
        Pane::Pulse => "In the pulse",
        Pane::Events => "In the events",
        Pane::Output => "In the output",
    }
}

fn section(title: &'static str, entries: impl Iterator<Item = Entry>) -> Section {
    Section { title, entries: entries.collect() }
}

fn entry(left: &str, right: &str) -> Entry {
    Entry { left: left.to_owned(), right: right.to_owned(), name: "", is_available: true }
}

/// Returns an own command with its key, or else what to type, and why it is not available.
fn own_command(scene: &Scene<'_>, command: &Arc<OwnCommand>) -> Entry {
    let left = command.key.map_or_else(|| format!(":{}", command.name), |key| scene.key(key));
    let (right, is_available) = match scene.app.own_run(command) {
        Ok(_) => (command.help.clone(), true),
        Err(why) => (format!("{} ({why})", command.help), false),
    };
    Entry { left, right, name: "", is_available }
}

/// Returns a command with its keys, or its name if it has none, and why it is not available.
fn command(scene: &Scene<'_>, spec: &'static CommandSpec) -> Entry {
    let keys: Vec<_> = scene.app.keymap().keys(spec.command).map(|key| scene.key(key)).collect();
    let (right, is_available) = match spec.availability(scene.app) {
        Ok(()) => (spec.help.to_owned(), true),
        Err(why) => (format!("{} ({why})", spec.help), false),
    };
    let left = if keys.is_empty() { format!(":{}", spec.name) } else { keys.join(" ") };
    Entry { left, right, name: spec.name, is_available }
}
