//! The status lines at the bottom: the row count and the filter, then a notice, an explanation or the key hints.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use super::tasks::filter_text;
use super::{crumbs, failures, groups, prompt};
use crate::app::commands::{Command, CommandSpec, hinted};
use crate::app::{Notice, Overlay, Pane, Scope, Work};
use crate::model::secret::masked;
use crate::model::{Stuck, Task};
use crate::present::{Tone, format, of_task, sanitise, sign};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// Maximum height of a notice.
const MAX_MESSAGE_LINES: u16 = 6;
/// Maximum width of a host, in cells.
const MAX_HOST: usize = 30;

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
/// Returns the position of the text cursor while a prompt is open.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, reason: bool, buf: &mut Buffer) -> Option<Position> {
    let first = text::line_at(area, 0);
    match scene.app.overlay() {
        Overlay::Filter(prompt) => return prompt::draw_filter(scene, prompt, area, buf),
        Overlay::Command(prompt) => return prompt::draw_command(scene, prompt, area, buf),
        _ => {}
    }
    if let Overlay::GroupSearch(search) = scene.app.overlay() {
        draw_message(scene, text::skip_top(area, 1), false, buf);
        return groups::draw_search(scene, search, first, buf);
    }
    if let Overlay::FailureSearch(search) = scene.app.overlay() {
        draw_message(scene, text::skip_top(area, 1), false, buf);
        return failures::draw_search(scene, search, first, buf);
    }
    if area.height > 1 {
        let used = text::put_spans(buf, first, &summary(scene));
        crumbs::draw(scene, text::skip_left(first, used + 2), buf);
        draw_message(scene, text::skip_top(area, 1), reason, buf);
    } else {
        let used = text::put_spans(buf, text::take_left(first, first.width / 2), &summary(scene));
        draw_message(scene, text::skip_left(first, used + 2), reason, buf);
    }
    None
}

/// Returns the progress of work that takes longer than a frame.
pub(super) fn work_text(scene: &Scene<'_>) -> Option<String> {
    scene.app.work().map(|Work { doing, percent }| format!("{doing}… {percent} %"))
}

/// Returns the first line: row count and filter, then whatever is in progress.
fn summary(scene: &Scene<'_>) -> Vec<Span<'static>> {
    let app = scene.app;
    let (shown, total) = app.shown_of_total();
    // Ended tasks among the held ones are counted behind them.
    let scope = app.filter().scope;
    let view = if scope.mixes_ended() { Scope::Live } else { scope }.name();
    let quiet = scene.theme.tone(Tone::Quiet);
    let ended = app.ended_rows();
    let (held, all) = (shown.saturating_sub(ended.shown), total.saturating_sub(ended.all));
    let mut spans = vec![Span::styled(format!("{}/{} {view}", format::len(held), format::len(all)), bold())];
    if ended.shown > 0 {
        spans.push(Span::styled(format!(" + {} ended ", format::len(ended.shown)), quiet));
    }
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
    if let Some(run) = app.active_run() {
        let key = app.keymap().keys(Command::ShowOutcomes).next();
        let key = key.map(|key| format!(" ({key})")).unwrap_or_default();
        let (doing, finished) = (run.set().action().doing(), format::len(run.finished()));
        let text = format!("  {doing} {finished}/{}{key}", format::len(run.total()));
        spans.push(Span::styled(text, scene.theme.tone(Tone::Accent)));
    } else if app.actions_in_flight() > 0 {
        spans.push(Span::styled(
            format!("  {} under way", app.actions_in_flight()),
            scene.theme.tone(Tone::Accent),
        ));
    }
    spans.extend(stuck(scene));
    spans
}

/// Says how many tasks are stuck and how, the most urgent first, and the command that shows them. Says nothing if none is.
fn stuck(scene: &Scene<'_>) -> Vec<Span<'static>> {
    let counts = scene.app.stuck(scene.now);
    if counts.is_empty() {
        return Vec::new();
    }
    let kinds: Vec<_> = counts.iter().map(|(kind, count)| stuck_text(scene, kind, count)).collect();
    let (warn, quiet) = (scene.theme.tone(Tone::Warn), scene.theme.tone(Tone::Quiet));
    vec![Span::styled(format!("  stuck: {}", kinds.join(", ")), warn), Span::styled(" (:stuck)", quiet)]
}

fn stuck_text(scene: &Scene<'_>, kind: Stuck, count: usize) -> String {
    let number = format::len(count);
    let plural = if count == 1 { "" } else { "s" };
    match kind {
        Stuck::Cell => format!("{number} on absent cells"),
        Stuck::Rejections => format!("{number} at the rejection limit"),
        Stuck::Callback => format!("{number} callback{plural} unanswered{}", by_hosts(scene)),
        Stuck::Claim => format!("{number} claim{plural} abandoned"),
        Stuck::Pending => {
            let limit = scene.app.store().clocks().long_pending();
            format!("{number} pending over {}", format::wait(limit))
        }
    }
}

/// Names the host that does not answer callbacks, or says how many there are.
fn by_hosts(scene: &Scene<'_>) -> String {
    let mut hosts = scene.app.store().silent_hosts().map(|(host, _)| host);
    match (hosts.next(), hosts.count()) {
        (None | Some(""), 0) => String::new(),
        (Some(host), 0) => format!(" by {}", sanitise::cut(host, MAX_HOST)),
        (_, others) => format!(" by {} hosts", others + 1),
    }
}

/// Explains the sign in the selected row of the focused side pane.
fn explanation(scene: &Scene<'_>) -> Option<String> {
    match scene.app.focus() {
        Pane::Groups(place) => groups::explanation(scene, place),
        Pane::Tasks | Pane::Failures | Pane::Pulse | Pane::Detail | Pane::Events | Pane::Output => None,
    }
}

fn draw_explanation(scene: &Scene<'_>, text: &str, area: Rect, buf: &mut Buffer) {
    for ((_, line), piece) in text::lines(area).zip(sanitise::wrap(text, area.width.into())) {
        text::put(buf, line, &piece, scene.theme.tone(Tone::Quiet));
    }
}

/// Draws the current notice or else the explanation, the task's reason if `reason` is set, or the key hints.
fn draw_message(scene: &Scene<'_>, area: Rect, reason: bool, buf: &mut Buffer) {
    if draw_notice(scene, area, buf) {
        return;
    }
    let line = text::line_at(area, 0);
    match (explanation(scene), scene.app.selected().filter(|_| reason)) {
        (Some(text), _) => draw_explanation(scene, &text, area, buf),
        (None, Some(entry)) => draw_reason(scene, &entry.task, line, buf),
        (None, None) => draw_hints(scene, line, buf),
    }
}

/// Draws the current notice. Returns whether there is one.
pub(super) fn draw_notice(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> bool {
    let Some(notice) = scene.app.notices().current(scene.now) else { return false };
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
    true
}

fn message(notice: &Notice) -> Cow<'_, str> {
    match notice.times {
        0 | 1 => masked(&notice.text),
        times => Cow::Owned(format!("({times}×) {}", masked(&notice.text))),
    }
}

/// Draws the task's reason instead of the key hints, except for that of the help.
fn draw_reason(scene: &Scene<'_>, task: &Task, line: Rect, buf: &mut Buffer) {
    let tone = of_task(task, false, scene.app.store().clocks(), scene.server_now);
    let reason = [sign(task), " ", &masked(task.reason())].concat();
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
    Some([
        Span::styled(scene.key(key), scene.theme.tone(Tone::Accent)),
        Span::styled(" ", Style::new()),
        Span::styled(word, scene.theme.tone(Tone::Quiet)),
    ])
}

/// Draws the keys that work in the focused pane now, by rank, as many as fit. Overlays show their own keys.
fn draw_hints(scene: &Scene<'_>, line: Rect, buf: &mut Buffer) {
    if !matches!(scene.app.overlay(), Overlay::None) {
        return;
    }
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
