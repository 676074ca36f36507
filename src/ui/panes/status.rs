//! The status lines at the bottom: the row count and the filter, then a notice, an explanation or the key hints.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use super::tasks::filter_text;
use super::views::VIEWS;
use super::{cells, domains};
use crate::app::commands::{Command, CommandSpec, hinted};
use crate::app::{FilterPrompt, Notice, Overlay, Pane, Work};
use crate::model::Task;
use crate::present::{Tone, format, of_task, sanitise, sign};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// The keys of the filter prompt.
const FILTER_KEYS: [(&str, &str); 3] = [("Enter", "keep the filter"), ("Esc", "clear it"), ("^u", "erase the line")];

/// Maximum height of a notice.
const MAX_MESSAGE_LINES: u16 = 6;

/// Returns how many lines the current notice or explanation takes, at most half of `screen`; 0 without one.
pub(crate) fn message_lines(scene: &Scene<'_>, screen: Rect) -> u16 {
    let max = MAX_MESSAGE_LINES.min((screen.height / 2).saturating_sub(1));
    let text = match scene.app.notices().current(scene.now) {
        Some(notice) => message(notice),
        None => explanation(scene).unwrap_or_default().into(),
    };
    if text.is_empty() {
        return 0;
    }
    text::clamp_u16(sanitise::wrap(&text, screen.width.into()).take(max.into()).count())
}

/// Draws the row count and, below or beside it, the message. With `reason`, the message may be the selected task's reason.
/// Returns the position of the text cursor while the filter prompt is open.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, reason: bool, buf: &mut Buffer) -> Option<Position> {
    let first = text::line_at(area, 0);
    if let Overlay::Filter(prompt) = scene.app.overlay() {
        let Some(mistake) = &prompt.mistake else {
            draw_message(scene, text::skip_top(area, 1), reason, buf);
            return draw_prompt(scene, prompt, None, first, buf);
        };
        let mistake = Span::styled(mistake.to_string(), scene.theme.tone(Tone::Bad));
        if area.height > 1 {
            text::put_spans(buf, text::line_at(area, 1), &[mistake]);
            return draw_prompt(scene, prompt, Some(active_filter(scene)), first, buf);
        }
        return draw_prompt(scene, prompt, Some(mistake), first, buf);
    }
    if area.height > 1 {
        text::put_spans(buf, first, &summary(scene));
        draw_message(scene, text::skip_top(area, 1), reason, buf);
    } else {
        let used = text::put_spans(buf, text::take_left(first, first.width / 2), &summary(scene));
        draw_message(scene, text::skip_left(first, used + 2), reason, buf);
    }
    None
}

/// Draws the filter prompt, with `beside` and the row count to its right. Returns the position of the text cursor.
fn draw_prompt(
    scene: &Scene<'_>,
    prompt: &FilterPrompt,
    beside: Option<Span<'_>>,
    line: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let (shown, total) = scene.app.shown_of_total();
    let count = match work_text(scene) {
        Some(work) => work,
        None => format!("{}/{}", format::len(shown), format::len(total)),
    };
    let mut line = split_off_right(buf, line, &count, scene.theme.tone(Tone::Quiet));
    if let Some(span) = beside {
        let text = sanitise::cut(&span.content, usize::from(line.width / 2));
        line = split_off_right(buf, line, &text, span.style);
    }
    let mut left = text::put(buf, line, "/", scene.theme.tone(Tone::Accent));
    let input = &prompt.input;
    let before: String = input.value().chars().take(input.cursor()).collect();
    let after: String = input.value().chars().skip(input.cursor()).collect();
    // Leave a cell for the cursor.
    let head = sanitise::cut_front(&before, line.width.saturating_sub(left + 1).into());
    let scrolled = text::width(&before).saturating_sub(text::width(&head));
    let text = text::skip_left(line, left);
    left += text::put(buf, text, &head, bold());
    text::put(buf, text::skip_left(line, left), &after, bold());
    if let Some(mistake) = &prompt.mistake {
        underline(scene, input.value(), &mistake.at(), scrolled, text, buf);
    }
    let at = Position::new(line.x.saturating_add(left), line.y);
    buf.area.contains(at).then_some(at)
}

/// Returns the filter that stays active while the typed one has a mistake.
fn active_filter(scene: &Scene<'_>) -> Span<'static> {
    let terms = &scene.app.filter().terms;
    let text =
        if terms.is_empty() { "active: no filter".to_owned() } else { format!("active: /{}", terms.text()) };
    Span::styled(text, scene.theme.tone(Tone::Warn))
}

/// Draws a text at the right end of a line. Returns the rest of the line.
fn split_off_right(buf: &mut Buffer, line: Rect, text: &str, style: Style) -> Rect {
    let room = line.width.saturating_sub(text::width(text) + 2);
    text::put_right(buf, text::skip_left(line, room), text, style);
    text::take_left(line, room)
}

/// Underlines a mistake in the typed text. The text is scrolled to the left by `scrolled` cells.
fn underline(
    scene: &Scene<'_>,
    typed: &str,
    mistake: &Range<usize>,
    scrolled: u16,
    area: Rect,
    buf: &mut Buffer,
) {
    let column_of = |end: usize| text::width(typed.get(..end).unwrap_or_default()).saturating_sub(scrolled);
    let (start, end) = (column_of(mistake.start), column_of(mistake.end));
    let at = text::take_left(text::skip_left(area, start), end - start);
    let style = scene.theme.tone(Tone::Bad).add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
    buf.set_style(at.intersection(buf.area), style);
}

/// Returns the progress of work that takes longer than a frame.
fn work_text(scene: &Scene<'_>) -> Option<String> {
    scene.app.work().map(|Work { doing, percent }| format!("{doing}… {percent} %"))
}

/// Returns the first line: row count and filter, then whatever is in progress.
fn summary(scene: &Scene<'_>) -> Vec<Span<'static>> {
    let app = scene.app;
    let (shown, total) = app.shown_of_total();
    let view = VIEWS.iter().find(|view| view.scope == app.filter().scope).map_or("", |view| view.adjective);
    let quiet = scene.theme.tone(Tone::Quiet);
    let mut spans =
        vec![Span::styled(format!("{}/{} {view}", format::len(shown), format::len(total)), bold())];
    if app.filter().is_active() {
        spans.push(Span::styled(" ", quiet));
        spans.push(Span::styled(filter_text(app.filter()), scene.theme.tone(Tone::Accent)));
    } else {
        spans.push(Span::styled(" no filter", quiet));
    }
    if let Some(work) = work_text(scene) {
        spans.push(Span::styled(format!("  {work}"), scene.theme.tone(Tone::Accent)));
    }
    if app.paused() {
        spans.push(Span::styled("  paused", scene.theme.tone(Tone::Warn).add_modifier(Modifier::BOLD)));
    }
    if app.actions_in_flight() > 0 {
        spans.push(Span::styled(
            format!("  {} under way", app.actions_in_flight()),
            scene.theme.tone(Tone::Accent),
        ));
    }
    spans
}

/// Explains the sign in the selected row of the focused side pane.
fn explanation(scene: &Scene<'_>) -> Option<String> {
    match scene.app.focus() {
        Pane::Domains => domains::explanation(scene),
        Pane::Cells => cells::explanation(scene),
        Pane::Tasks | Pane::Detail | Pane::Events => None,
    }
}

fn draw_explanation(scene: &Scene<'_>, text: &str, area: Rect, buf: &mut Buffer) {
    for ((_, line), piece) in text::lines(area).zip(sanitise::wrap(text, area.width.into())) {
        text::put(buf, line, &piece, scene.theme.tone(Tone::Quiet));
    }
}

/// Draws the current notice or else the explanation, the task's reason if `reason` is set, or the key hints.
fn draw_message(scene: &Scene<'_>, area: Rect, reason: bool, buf: &mut Buffer) {
    let Some(notice) = scene.app.notices().current(scene.now) else {
        let line = text::line_at(area, 0);
        return match (explanation(scene), scene.app.selected().filter(|_| reason)) {
            (Some(text), _) => draw_explanation(scene, &text, area, buf),
            (None, Some(entry)) => draw_reason(scene, &entry.task, line, buf),
            (None, None) => draw_hints(scene, line, buf),
        };
    };
    let style = scene.theme.severity(notice.severity);
    let text = message(notice);
    let mut lines = sanitise::wrap(&text, area.width.into()).peekable();
    for (_, line) in text::lines(area) {
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

/// Draws the task's reason instead of the key hints, except for that of the help.
fn draw_reason(scene: &Scene<'_>, task: &Task, line: Rect, buf: &mut Buffer) {
    let tone = of_task(task, false, scene.server_now);
    let reason = [sign(task), " ", task.reason()].concat();
    let room = draw_help_hint(scene, line, buf);
    text::put(buf, room, &reason, scene.theme.tone(tone));
}

/// Draws the hint of the help at the right end of a line. Returns the rest of the line.
fn draw_help_hint(scene: &Scene<'_>, line: Rect, buf: &mut Buffer) -> Rect {
    let spec = Command::Help.spec();
    let hint = spec.and_then(|spec| Some((spec, spec.hint(scene.app.focus())?)));
    let Some(spans) = hint.and_then(|(spec, hint)| hint_spans(scene, spec, hint.word)) else { return line };
    let room = line.width.saturating_sub(text::spans_width(&spans) + 2);
    if room < line.width / 2 {
        return line;
    }
    text::put_spans(buf, text::skip_left(line, room + 2), &spans);
    text::take_left(line, room)
}

/// Returns the command's first key and its word in the footer; none for a command without a key.
fn hint_spans(scene: &Scene<'_>, spec: &CommandSpec, word: &'static str) -> Option<[Span<'static>; 3]> {
    let key = scene.app.keymap().keys(spec.command).next()?;
    Some(key_spans(scene, key.label(), word))
}

fn key_spans(scene: &Scene<'_>, key: String, word: &'static str) -> [Span<'static>; 3] {
    [
        Span::styled(key, scene.theme.tone(Tone::Accent)),
        Span::styled(" ", Style::new()),
        Span::styled(word, scene.theme.tone(Tone::Quiet)),
    ]
}

/// Draws the keys that work now: those of the prompt, or those of the focused pane by rank, as many as fit. The boxes of
/// other overlays show their own keys.
fn draw_hints(scene: &Scene<'_>, line: Rect, buf: &mut Buffer) {
    match scene.app.overlay() {
        Overlay::None => draw_pane_hints(scene, line, buf),
        Overlay::Filter(_) => {
            let hints = FILTER_KEYS.map(|(key, word)| key_spans(scene, key.to_owned(), word));
            draw_fitting(hints, line, buf);
        }
        _ => {}
    }
}

fn draw_pane_hints(scene: &Scene<'_>, line: Rect, buf: &mut Buffer) {
    let room = draw_help_hint(scene, line, buf);
    // Help is at the right end already, if there was room for it.
    let has_help = room != line;
    let works = |spec: &CommandSpec| {
        spec.availability(scene.app).is_ok() && !(has_help && spec.command == Command::Help)
    };
    let hints = hinted(scene.app.focus()).into_iter().filter(|(spec, _)| works(spec));
    draw_fitting(hints.filter_map(|(spec, hint)| hint_spans(scene, spec, hint.word)), room, buf);
}

/// Draws hints from left to right until one does not fit.
fn draw_fitting(hints: impl IntoIterator<Item = [Span<'static>; 3]>, line: Rect, buf: &mut Buffer) {
    let mut left = 0;
    for spans in hints {
        // A hint that does not fit is left out, not cut.
        if left + text::spans_width(&spans) > line.width {
            break;
        }
        left += text::put_spans(buf, text::skip_left(line, left), &spans) + 2;
    }
}
