//! What the event stream told, the newest at the bottom.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{App, Change, Happening, Pane, What};
use crate::model::{CellId, State};
use crate::present::{Tone, ending, format};
use crate::ui::Scene;
use crate::ui::text::{self, Part, part};

/// Draws the pane and returns how many happenings it has room for.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> usize {
    let scroll = scene.app.events_scroll();
    text::title(buf, area, &title(scene, scroll), scene.theme.title(scene.has_focus(Pane::Events)));
    let body = text::below(area, 1);
    let room = usize::from(body.height);
    for ((_, line), (_, happening)) in text::lines_of(body).zip(shown(scene.app, room)) {
        text::put_parts(buf, line, &parts(scene, happening));
    }
    room
}

/// The happenings that are shown where there is room for some, each with its number since the start.
pub(crate) fn shown(app: &App, room: usize) -> impl Iterator<Item = (u64, &Happening)> {
    let all = app.history().all();
    // Scrolled to the oldest, a page is still full.
    let end = all.len().saturating_sub(app.events_scroll()).max(room.min(all.len()));
    let start = end.saturating_sub(room);
    let newer = u64::try_from(all.len() - start).unwrap_or(0);
    let first = app.history().seen().saturating_sub(newer);
    (first..).zip(all.iter().skip(start).take(room))
}

fn title(scene: &Scene<'_>, scroll: usize) -> String {
    let seen = scene.app.history().seen();
    let skipped = scene.app.skipped_events();
    let parts = [
        Some(format!("Events  {} seen", format::count(seen))),
        (skipped > 0).then(|| format!("{} not understood", format::count(skipped))),
        (scroll > 0).then(|| format!("{} newer below", format::len(scroll))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn parts<'a>(scene: &Scene<'_>, happening: &'a Happening) -> Vec<Part<'a>> {
    let quiet = scene.theme.tone(Tone::Quiet);
    let mut parts = vec![part(format::time_of_day(happening.at, scene.zone), quiet), part("  ", quiet)];
    match &happening.what {
        What::Lost(why) => parts.push(part(why.as_str(), scene.theme.tone(Tone::Warn))),
        What::Task { guid, domain, cell, change, failed, reason } => {
            let (text, tone) = change_text(*change, *failed);
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

/// What a task did, and what that means.
pub(crate) fn change_text(change: Change, failed: bool) -> (Cow<'static, str>, Tone) {
    let bad = |tone| if failed { Tone::Bad } else { tone };
    match change {
        Change::Created => ("created".into(), Tone::Normal),
        Change::Removed(end) => (ending::event(end).into(), bad(Tone::Quiet)),
        Change::Moved(State::Pending, State::Pending) => ("rejected".into(), Tone::Warn),
        Change::Moved(_, State::Completed) if failed => ("failed".into(), Tone::Bad),
        Change::Moved(_, State::Completed) => ("completed".into(), Tone::Good),
        Change::Moved(from, to) => (format!("{from} → {to}").into(), bad(Tone::Normal)),
    }
}
