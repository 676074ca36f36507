//! Draws the event log, the newest entry at the bottom.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{App, LogEntry, LogKind, Pane, Transition};
use crate::model::{CellId, State};
use crate::present::{Tone, ending, format};
use crate::ui::Scene;
use crate::ui::text::{self, Part, part};

/// Draws the pane and returns how many entries fit.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> usize {
    let scroll = scene.app.events_scroll();
    text::title(buf, area, &title(scene, scroll), scene.theme.title(scene.has_focus(Pane::Events)));
    let body = text::below(area, 1);
    let room = usize::from(body.height);
    for ((_, line), (_, entry)) in text::lines_of(body).zip(shown(scene.app, room)) {
        text::put_parts(buf, line, &parts(scene, entry));
    }
    room
}

/// Returns the entries that are shown in `room` lines, each with its number since the start.
pub(crate) fn shown(app: &App, room: usize) -> impl Iterator<Item = (u64, &LogEntry)> {
    let log = app.event_log();
    let all = log.entries();
    // The page stays full when it is scrolled to the oldest entry.
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

fn parts<'a>(scene: &Scene<'_>, entry: &'a LogEntry) -> Vec<Part<'a>> {
    let quiet = scene.theme.tone(Tone::Quiet);
    let mut parts = vec![part(format::time_of_day(entry.at, scene.zone), quiet), part("  ", quiet)];
    match &entry.kind {
        LogKind::Gap(why) => parts.push(part(why.as_str(), scene.theme.tone(Tone::Warn))),
        LogKind::Task { guid, domain, cell, transition, failed, reason } => {
            let (text, tone) = transition_text(*transition, *failed);
            parts.push(part(format!("{text:<24} "), scene.theme.tone(tone)));
            parts.push(part(guid.as_str(), Style::new()));
            parts.push(part(format!("  {domain}"), quiet));
            let cell = cell.as_ref().map_or("", CellId::as_str);
            parts.push(part(if cell.is_empty() { String::new() } else { format!("  {cell}") }, quiet));
            parts.push(part("  ", quiet));
            parts.push(part(&**reason, scene.theme.tone(tone)));
        }
    }
    parts
}

/// Returns the words for what a task did, and their tone.
pub(crate) fn transition_text(transition: Transition, failed: bool) -> (Cow<'static, str>, Tone) {
    let bad = |tone| if failed { Tone::Bad } else { tone };
    match transition {
        Transition::Created => ("created".into(), Tone::Normal),
        Transition::Removed(end) => (ending::event(end).into(), bad(Tone::Quiet)),
        Transition::Moved(State::Pending, State::Pending) => ("rejected".into(), Tone::Warn),
        Transition::Moved(_, State::Completed) if failed => ("failed".into(), Tone::Bad),
        Transition::Moved(_, State::Completed) => ("completed".into(), Tone::Good),
        Transition::Moved(from, to) => (format!("{from} → {to}").into(), bad(Tone::Normal)),
    }
}
