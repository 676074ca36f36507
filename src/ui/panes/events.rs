//! Draws the event log, the newest entry at the bottom.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::app::{App, LogEntry, LogKind, Pane, Reconciled, Transition};
use crate::model::secret::masked;
use crate::model::{CellId, LostEvents, State};
use crate::present::{Tone, ending, format};
use crate::ui::Scene;
use crate::ui::text;

/// Draws the pane and returns how many entries fit.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> usize {
    let scroll = scene.app.events_scroll();
    text::title(buf, area, &title(scene, scroll), scene.theme.title(scene.has_focus(Pane::Events)));
    let body = text::skip_top(area, 1);
    let room = usize::from(body.height);
    for ((_, line), (_, entry)) in text::lines(body).zip(visible(scene.app, room)) {
        text::put_spans(buf, line, &spans(scene, entry));
    }
    room
}

/// Returns the entries in view, each with its number since the start. `room` is the height of the pane.
pub(crate) fn visible(app: &App, room: usize) -> impl Iterator<Item = (u64, &LogEntry)> {
    let log = app.event_log();
    let all = log.entries();
    // Scrolling stops once the oldest entry is at the top.
    let end = all.len().saturating_sub(app.events_scroll()).max(room.min(all.len()));
    let start = end.saturating_sub(room);
    let newer = u64::try_from(all.len() - start).unwrap_or(0);
    let first = log.seen().saturating_sub(newer);
    (first..).zip(all.iter().skip(start).take(room))
}

fn title(scene: &Scene<'_>, scroll: usize) -> String {
    let seen = scene.app.event_log().seen();
    let skipped = scene.app.skipped_events();
    let parts = [
        Some(format!("Events  {} seen", format::count(seen))),
        (skipped > 0).then(|| format!("{} not understood", format::count(skipped))),
        (scroll > 0).then(|| format!("{} newer below", format::len(scroll))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn spans<'a>(scene: &Scene<'_>, entry: &'a LogEntry) -> Vec<Span<'a>> {
    let quiet = scene.theme.tone(Tone::Quiet);
    let mut spans =
        vec![Span::styled(format::time_of_day(entry.at, scene.zone), quiet), Span::styled("  ", quiet)];
    match &entry.kind {
        LogKind::Gap(lost) => {
            spans.push(Span::styled(gap_text(lost, scene.zone), scene.theme.tone(Tone::Warn)));
        }
        LogKind::Reconciled(found) => {
            spans.push(Span::styled(reconciled_text(*found), scene.theme.tone(Tone::Accent)));
        }
        LogKind::Task { guid, domain, cell, transition, failed, reason } => {
            let (text, tone) = transition_text(*transition, *failed);
            spans.push(Span::styled(format!("{text:<24} "), scene.theme.tone(tone)));
            spans.push(Span::styled(guid.as_str(), Style::new()));
            spans.push(Span::styled(format!("  {domain}"), quiet));
            let cell = cell.as_ref().map_or("", CellId::as_str);
            spans
                .push(Span::styled(if cell.is_empty() { String::new() } else { format!("  {cell}") }, quiet));
            spans.push(Span::styled("  ", quiet));
            spans.push(Span::styled(masked(reason), scene.theme.tone(tone)));
        }
    }
    spans
}

/// Says in which stretch of time events were lost, and why.
fn gap_text(lost: &LostEvents, zone: &TimeZone) -> String {
    let time = |at| format::time_of_day(at, zone);
    let LostEvents { start, end, why } = lost;
    match end {
        Some(end) => {
            format!("gap {}–{} ({}): {why}", time(*start), time(*end), format::took(end.since(*start)))
        }
        None => format!("gap since {}: {why}", time(*start)),
    }
}

/// Says what lists revealed after a gap.
fn reconciled_text(found: Reconciled) -> String {
    let tasks = match found.total() {
        0 => "no task".to_owned(),
        1 => "1 task".to_owned(),
        number => format!("{} tasks", format::len(number)),
    };
    let parts = [(found.new, "new"), (found.gone, "gone")].into_iter().filter(|(number, _)| *number > 0);
    let parts: Vec<_> = parts.map(|(number, what)| format!("{} {what}", format::len(number))).collect();
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    format!("reconciled: {tasks} changed during the gap{parts}")
}

/// Describes a transition of a task. Returns the text and its tone.
fn transition_text(transition: Transition, failed: bool) -> (Cow<'static, str>, Tone) {
    let bad = |tone| if failed { Tone::Bad } else { tone };
    match transition {
        Transition::Created => ("created".into(), Tone::Normal),
        Transition::Removed(end) => (ending::event(end).into(), bad(Tone::Quiet)),
        Transition::Moved(from, to) if from == to && from != State::Pending => {
            ("changed".into(), Tone::Normal)
        }
        Transition::Moved(State::Pending, State::Pending) => ("rejected".into(), Tone::Warn),
        Transition::Moved(State::Resolving, State::Completed) => ("demoted to Completed".into(), Tone::Warn),
        Transition::Moved(_, State::Completed) if failed => ("failed".into(), Tone::Bad),
        Transition::Moved(_, State::Completed) => ("completed".into(), Tone::Good),
        Transition::Moved(from, to) => (format!("{from} → {to}").into(), bad(Tone::Normal)),
    }
}
