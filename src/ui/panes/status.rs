//! The last lines: what is filtered and how many rows that leaves, then a notice or the keys.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::tasks::filter_text;
use super::views::VIEWS;
use super::{cells, domains};
use crate::app::keymap::{BINDINGS, Command, Key};
use crate::app::{FilterPrompt, Notice, Overlay, Pane, Work};
use crate::model::Task;
use crate::present::{Tone, format, of_task, sanitise, sign};
use crate::ui::Scene;
use crate::ui::text::{self, Part, part};
use crate::ui::theme::bold;

/// Lines that a notice may take.
const MESSAGE_LINES: u16 = 6;

/// The lines of the screen that the current notice needs, as far as it is given them; 0 without one.
pub(crate) fn message_lines(scene: &Scene<'_>, screen: Rect) -> u16 {
    let most = MESSAGE_LINES.min((screen.height / 2).saturating_sub(1));
    let text = match scene.app.notices().current(scene.now) {
        Some(notice) => message(notice),
        None => explanation(scene).unwrap_or_default().into(),
    };
    if text.is_empty() {
        return 0;
    }
    text::cells(sanitise::wrap(&text, screen.width.into()).take(most.into()).count())
}

/// Draws as many lines as the area has: the rows, and below them what is to be told; `reason` asks for the selected
/// task's. Returns where the text cursor is while the filter is typed.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, reason: bool, buf: &mut Buffer) -> Option<Position> {
    let first = text::line_of(area, 0);
    if let Overlay::Filter(prompt) = scene.app.overlay() {
        let Some(mistake) = &prompt.mistake else {
            draw_message(scene, text::below(area, 1), reason, buf);
            return draw_input(scene, prompt, None, first, buf);
        };
        let said = part(mistake.to_string(), scene.theme.tone(Tone::Bad));
        if area.height > 1 {
            text::put_parts(buf, text::line_of(area, 1), &[said]);
            return draw_input(scene, prompt, Some(in_force(scene)), first, buf);
        }
        return draw_input(scene, prompt, Some(said), first, buf);
    }
    if area.height > 1 {
        text::put_parts(buf, first, &rows(scene));
        draw_message(scene, text::below(area, 1), reason, buf);
    } else {
        let taken = text::put_parts(buf, text::first(first, first.width / 2), &rows(scene));
        draw_message(scene, text::after(first, taken + 2), reason, buf);
    }
    None
}

/// Draws what is typed, with how many rows are shown, and `beside` it where something is wrong.
fn draw_input(
    scene: &Scene<'_>,
    prompt: &FilterPrompt,
    beside: Option<Part<'_>>,
    line: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let (shown, total) = scene.app.shown_of_total();
    let count = match work_in_words(scene) {
        Some(work) => work,
        None => format!("{}/{}", format::len(shown), format::len(total)),
    };
    let mut line = keep_right(buf, line, &count, scene.theme.tone(Tone::Quiet));
    if let Some((text, style)) = beside {
        line = keep_right(buf, line, &sanitise::cut(&text, usize::from(line.width / 2)), style);
    }
    let mut left = text::put(buf, line, "/", scene.theme.tone(Tone::Accent));
    let input = &prompt.input;
    let before: String = input.value().chars().take(input.cursor()).collect();
    let after: String = input.value().chars().skip(input.cursor()).collect();
    // The cursor itself needs a cell.
    let head = sanitise::cut_front(&before, line.width.saturating_sub(left + 1).into());
    let hidden = text::width(&before).saturating_sub(text::width(&head));
    let text = text::after(line, left);
    left += text::put(buf, text, &head, bold());
    text::put(buf, text::after(line, left), &after, bold());
    if let Some(mistake) = &prompt.mistake {
        mark_fault(scene, input.value(), &mistake.at(), hidden, text, buf);
    }
    let at = Position::new(line.x.saturating_add(left), line.y);
    buf.area.contains(at).then_some(at)
}

/// What filters while what is typed cannot.
fn in_force(scene: &Scene<'_>) -> Part<'static> {
    let terms = &scene.app.filter().terms;
    let text =
        if terms.is_empty() { "still no filter".to_owned() } else { format!("still /{}", terms.text()) };
    part(text, scene.theme.tone(Tone::Warn))
}

/// Puts a text at the right end of a line, and gives what is left of the line.
fn keep_right(buf: &mut Buffer, line: Rect, text: &str, style: Style) -> Rect {
    let room = line.width.saturating_sub(text::width(text) + 2);
    text::put_right(buf, text::after(line, room), text, style);
    text::first(line, room)
}

/// Marks the part of the typed text that is at fault. `hidden` cells of the text are to the left of the area.
fn mark_fault(
    scene: &Scene<'_>,
    typed: &str,
    fault: &Range<usize>,
    hidden: u16,
    area: Rect,
    buf: &mut Buffer,
) {
    let cells_to = |end: usize| text::width(typed.get(..end).unwrap_or_default()).saturating_sub(hidden);
    let (start, end) = (cells_to(fault.start), cells_to(fault.end));
    let at = text::first(text::after(area, start), end - start);
    let style = scene.theme.tone(Tone::Bad).add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
    buf.set_style(at.intersection(buf.area), style);
}

/// What takes longer than a frame, and how far it is.
fn work_in_words(scene: &Scene<'_>) -> Option<String> {
    scene.app.work().map(|Work { doing, percent }| format!("{doing}… {percent} %"))
}

fn rows(scene: &Scene<'_>) -> Vec<Part<'static>> {
    let app = scene.app;
    let (shown, total) = app.shown_of_total();
    let view = VIEWS.iter().find(|view| view.scope == app.filter().scope).map_or("", |view| view.word);
    let quiet = scene.theme.tone(Tone::Quiet);
    let mut parts = vec![part(format!("{}/{} {view}", format::len(shown), format::len(total)), bold())];
    if app.filter().is_active() {
        parts.push(part(" ", quiet));
        parts.push(part(filter_text(app.filter()), scene.theme.tone(Tone::Accent)));
    } else {
        parts.push(part(" no filter", quiet));
    }
    if let Some(work) = work_in_words(scene) {
        parts.push(part(format!("  {work}"), scene.theme.tone(Tone::Accent)));
    }
    if app.paused() {
        parts.push(part("  paused", scene.theme.tone(Tone::Warn).add_modifier(Modifier::BOLD)));
    }
    if app.actions_in_flight() > 0 {
        parts.push(part(format!("  {} under way", app.actions_in_flight()), scene.theme.tone(Tone::Accent)));
    }
    parts
}

/// What the sign of the row under the cursor means, in a side pane.
fn explanation(scene: &Scene<'_>) -> Option<String> {
    match scene.app.focus() {
        Pane::Domains => domains::explanation(scene),
        Pane::Cells => cells::explanation(scene),
        Pane::Tasks | Pane::Detail | Pane::Events => None,
    }
}

fn draw_explanation(scene: &Scene<'_>, text: &str, area: Rect, buf: &mut Buffer) {
    for ((_, line), piece) in text::lines_of(area).zip(sanitise::wrap(text, area.width.into())) {
        text::put(buf, line, &piece, scene.theme.tone(Tone::Quiet));
    }
}

/// The current notice; without one, what there is to explain, the reason that is asked for, or else the keys to know.
fn draw_message(scene: &Scene<'_>, area: Rect, reason: bool, buf: &mut Buffer) {
    let Some(notice) = scene.app.notices().current(scene.now) else {
        let line = text::line_of(area, 0);
        return match (explanation(scene), scene.app.selected().filter(|_| reason)) {
            (Some(text), _) => draw_explanation(scene, &text, area, buf),
            (None, Some(entry)) => draw_reason(scene, &entry.task, line, buf),
            (None, None) => draw_hints(scene, line, buf),
        };
    };
    let style = scene.theme.severity(notice.severity);
    let text = message(notice);
    let mut lines = sanitise::wrap(&text, area.width.into()).peekable();
    for (_, line) in text::lines_of(area) {
        let Some(mut piece) = lines.next() else { break };
        let is_last = line.bottom() == area.bottom();
        if is_last && lines.peek().is_some() {
            piece.push('…');
        }
        text::put(buf, line, &piece, style);
    }
}

fn message(notice: &Notice) -> Cow<'_, str> {
    match notice.times {
        0 | 1 => Cow::Borrowed(&notice.text),
        times => Cow::Owned(format!("({times}×) {}", notice.text)),
    }
}

/// The reason in the place of the keys, but for the key that shows them all.
fn draw_reason(scene: &Scene<'_>, task: &Task, line: Rect, buf: &mut Buffer) {
    let tone = of_task(task, false, scene.server_now);
    let reason = [sign(task), " ", task.reason()].concat();
    let room = draw_help_hint(scene, line, buf);
    text::put(buf, room, &reason, scene.theme.tone(tone));
}

/// Puts the key of the help at the right end of a line, and gives what is left of the line.
fn draw_help_hint(scene: &Scene<'_>, line: Rect, buf: &mut Buffer) -> Rect {
    let help = BINDINGS.iter().find(|binding| binding.command == Command::Help);
    let Some((key, hint)) = help.and_then(|binding| Some((binding.keys.first()?, binding.hint?))) else {
        return line;
    };
    let parts = hint_parts(scene, *key, hint);
    let room = line.width.saturating_sub(text::width_of(&parts) + 2);
    if room < line.width / 2 {
        return line;
    }
    text::put_parts(buf, text::after(line, room + 2), &parts);
    text::first(line, room)
}

fn hint_parts(scene: &Scene<'_>, key: Key, hint: &'static str) -> [Part<'static>; 3] {
    [
        part(key.label(), scene.theme.tone(Tone::Accent)),
        part(" ", Style::new()),
        part(hint, scene.theme.tone(Tone::Quiet)),
    ]
}

fn draw_hints(scene: &Scene<'_>, line: Rect, buf: &mut Buffer) {
    let mut left = 0;
    for (key, hint) in BINDINGS.iter().filter_map(|binding| Some((binding.keys.first()?, binding.hint?))) {
        let parts = hint_parts(scene, *key, hint);
        // Half a hint says nothing.
        if left + text::width_of(&parts) > line.width {
            break;
        }
        left += text::put_parts(buf, text::after(line, left), &parts) + 2;
    }
}
