//! The status lines at the bottom: the row count and the filter, then a notice, an explanation or the key hints.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::tasks::filter_text;
use super::views::VIEWS;
use super::{cells, domains};
use crate::app::commands::{COMMANDS, Command, CommandSpec};
use crate::app::{FilterPrompt, Notice, Overlay, Pane, Work};
use crate::model::Task;
use crate::present::{Tone, format, of_task, sanitise, sign};
use crate::ui::Scene;
use crate::ui::text::{self, Part, part};
use crate::ui::theme::bold;

/// The most lines that a notice may take.
const MESSAGE_LINES: u16 = 6;

/// Returns how many lines the current notice or explanation takes, at most half of `screen`; 0 without one.
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

/// Draws the row count and, below or beside it, the message. With `reason`, the message may be the selected task's reason.
/// Returns the position of the text cursor while the filter prompt is open.
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

/// Draws the filter prompt, with the row count and `beside` at its right.
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
    // The cursor takes a cell.
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

/// Returns the filter that stays in effect while the typed one is faulty.
fn in_force(scene: &Scene<'_>) -> Part<'static> {
    let terms = &scene.app.filter().terms;
    let text =
        if terms.is_empty() { "still no filter".to_owned() } else { format!("still /{}", terms.text()) };
    part(text, scene.theme.tone(Tone::Warn))
}

/// Draws a text at the right end of a line. Returns the rest of the line.
fn keep_right(buf: &mut Buffer, line: Rect, text: &str, style: Style) -> Rect {
    let room = line.width.saturating_sub(text::width(text) + 2);
    text::put_right(buf, text::after(line, room), text, style);
    text::first(line, room)
}

/// Underlines the faulty part of the typed text. `hidden` cells of the text are scrolled out to the left of the area.
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

/// Returns the work that takes longer than a frame, with its progress.
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

/// Returns the meaning of the sign in the selected row of a side pane.
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

/// Draws the current notice; without one, the explanation, the task's reason if asked for, or else the key hints.
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

/// Draws the task's reason in place of the key hints, and keeps the hint of the help.
fn draw_reason(scene: &Scene<'_>, task: &Task, line: Rect, buf: &mut Buffer) {
    let tone = of_task(task, false, scene.server_now);
    let reason = [sign(task), " ", task.reason()].concat();
    let room = draw_help_hint(scene, line, buf);
    text::put(buf, room, &reason, scene.theme.tone(tone));
}

/// Draws the hint of the help at the right end of a line. Returns the rest of the line.
fn draw_help_hint(scene: &Scene<'_>, line: Rect, buf: &mut Buffer) -> Rect {
    let Some(parts) = Command::Help.spec().and_then(|spec| hint_parts(scene, spec)) else { return line };
    let room = line.width.saturating_sub(text::width_of(&parts) + 2);
    if room < line.width / 2 {
        return line;
    }
    text::put_parts(buf, text::after(line, room + 2), &parts);
    text::first(line, room)
}

/// Returns the command's first key and its hint; none for a command without a hint or without a key.
fn hint_parts(scene: &Scene<'_>, spec: &CommandSpec) -> Option<[Part<'static>; 3]> {
    let hint = spec.hint?;
    let key = scene.app.keymap().keys(spec.command).next()?;
    Some([
        part(key.label(), scene.theme.tone(Tone::Accent)),
        part(" ", Style::new()),
        part(hint, scene.theme.tone(Tone::Quiet)),
    ])
}

fn draw_hints(scene: &Scene<'_>, line: Rect, buf: &mut Buffer) {
    let mut left = 0;
    for parts in COMMANDS.iter().filter_map(|spec| hint_parts(scene, spec)) {
        // A hint that does not fit is left out, not cut.
        if left + text::width_of(&parts) > line.width {
            break;
        }
        left += text::put_parts(buf, text::after(line, left), &parts) + 2;
    }
}
