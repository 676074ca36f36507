//! The first lines: what we look at, what the feed is worth, how many tasks there are, what a list costs.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::counts::{COUNTED, Counted};
use super::views::tabs;
use crate::app::{Health, Target};
use crate::model::{Fault, FaultKind};
use crate::present::{Tone, format};
use crate::ui::Scene;
use crate::ui::text::{self, Part, part};
use crate::ui::theme::bold;

/// Draws one line or two, as many as the area has.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let line = text::line_of(area, 0);
    let mut left = draw_target(scene, line, buf);
    left += text::put_parts(buf, text::after(line, left), &health(scene));
    left += text::put_parts(buf, text::after(line, left), &silence(scene));
    if area.height > 1 {
        let second = text::line_of(area, 1);
        let left = text::put_parts(buf, second, &tabs(scene)) + 1;
        let rest = text::after(second, left);
        text::put_parts(buf, rest, &states(scene, rest.width));
        let ((list, tone), rest) = (list(scene), text::after(line, left + 2));
        if text::width(&list) <= rest.width {
            text::put_right(buf, rest, &list, scene.theme.tone(tone));
        }
    } else if line.width > left + 2 {
        let rest = text::after(line, left + 2);
        text::put_parts(buf, rest, &counts(scene));
    }
}

fn draw_target(scene: &Scene<'_>, line: Rect, buf: &mut Buffer) -> u16 {
    let target = scene.app.target();
    let mut parts = Vec::new();
    if let Some(name) = &target.name {
        parts.push(part(name.as_str(), bold()));
        parts.push(part(" ", bold()));
    }
    let flags: Vec<_> = flags(target).collect();
    // On a narrow screen the name says enough.
    if target.name.is_none() || line.width >= 80 + 20 * text::cells(flags.len()) {
        parts.push(part(target.url.as_str(), scene.theme.tone(Tone::Normal)));
    }
    // What the feed is worth must be seen, however long the target's name is.
    let room = (line.width * 3 / 5).max(line.width.saturating_sub(60));
    let mut left = text::put_parts(buf, text::first(line, room), &parts);
    for flag in flags {
        let at = text::after(line, left);
        left += text::put_parts(buf, at, &[part(" ", bold()), part(flag, scene.theme.tone(Tone::Warn))]);
    }
    left + text::put(buf, text::after(line, left), "  ", bold())
}

fn flags(target: &Target) -> impl Iterator<Item = &'static str> {
    let all = [
        (target.simulated, "simulated"),
        (target.read_only, "read-only"),
        (target.unverified, "TLS UNVERIFIED"),
    ];
    all.into_iter().filter_map(|(is_set, name)| is_set.then_some(name))
}

fn health(scene: &Scene<'_>) -> Vec<Part<'static>> {
    let tone = |tone| scene.theme.tone(tone);
    match scene.app.health(scene.now) {
        Health::Connecting { cause: None, .. } => vec![part("connecting…", tone(Tone::Accent))],
        Health::Connecting { cause: Some(cause), tries, next_in } => vec![
            part(format!("not connected, try {} in {}", tries + 1, format::wait(next_in)), tone(Tone::Bad)),
            part(format!(": {}", cause.kind), tone(Tone::Normal)),
        ],
        Health::Live => match scene.app.list_fault() {
            None => vec![part("live", tone(Tone::Good))],
            Some(fault) => vec![
                part("live, lists fail", tone(Tone::Warn)),
                part(format!(": {}", fault.kind), tone(Tone::Normal)),
            ],
        },
        Health::Polling { every, unsupported } => {
            let why = if unsupported { "no event stream here" } else { "event stream lost" };
            let tone = tone(if unsupported { Tone::Normal } else { Tone::Warn });
            vec![part(format!("polling every {}, {why}", format::wait(every)), tone)]
        }
        Health::Silent { since, cause } => {
            let mut parts = vec![part(format!("NOT RESPONDING for {}", format::age(since)), tone(Tone::Bad))];
            let why = |cause: Fault| part(format!(": {}", cause.kind), tone(Tone::Normal));
            // That a ping got no answer in time is what was said already.
            parts.extend(cause.filter(|cause| !matches!(cause.kind, FaultKind::TimedOut { .. })).map(why));
            parts
        }
        Health::Stale { since, cause, tries, next_in } => vec![
            part(
                format!("STALE for {}, try {} in {}", format::age(since), tries + 1, format::wait(next_in)),
                tone(Tone::Bad),
            ),
            part(format!(": {}", cause.kind), tone(Tone::Normal)),
        ],
    }
}

/// When the server was last heard, where the feed still counts as fresh and that is longer ago than it should be.
fn silence(scene: &Scene<'_>) -> Vec<Part<'static>> {
    let is_fresh = matches!(scene.app.health(scene.now), Health::Live | Health::Polling { .. });
    let silence = scene.app.silence(scene.now).filter(|_| is_fresh);
    let words = |silence| part(format!(", heard {} ago", format::age(silence)), scene.theme.tone(Tone::Warn));
    silence.map(words).into_iter().collect()
}

/// The states of the held tasks, in full words where there is room for all. Nothing before there is anything to count:
/// no tasks is not the same as none known.
fn states(scene: &Scene<'_>, room: u16) -> Vec<Part<'static>> {
    // How many failed is in the views.
    let states = || COUNTED.iter().filter(|counted| counted.name != "failed");
    let long = counted(scene, states(), |counted| counted.name);
    if text::width_of(&long) <= room { long } else { counted(scene, states(), |counted| counted.short) }
}

/// How many tasks are held, and of which kinds. What failed comes first: the right end may be cut.
fn counts(scene: &Scene<'_>) -> Vec<Part<'static>> {
    let total = scene.app.store().counts().all().total();
    let noun = if total == 1 { "task" } else { "tasks" };
    let mut kinds: Vec<_> = COUNTED.iter().collect();
    kinds.rotate_right(1);
    let mut parts = counted(scene, kinds.into_iter(), |counted| counted.short);
    if !parts.is_empty() {
        parts.insert(0, part(format!("{} {noun}", format::len(total)), bold()));
    }
    parts
}

fn counted<'a>(
    scene: &Scene<'_>,
    kinds: impl Iterator<Item = &'a Counted>,
    name: fn(&Counted) -> &'static str,
) -> Vec<Part<'static>> {
    let all = scene.app.store().counts().all();
    if all.total() == 0 && matches!(scene.app.health(scene.now), Health::Connecting { .. }) {
        return Vec::new();
    }
    let is_wanted = |counted: &&Counted| counted.name != "unknown" || all.other > 0;
    kinds
        .filter(is_wanted)
        .map(|counted| {
            let number = (counted.of)(&all);
            let text = format!("  {} {}", name(counted), format::len(number));
            part(text, counted.style(scene.theme, number))
        })
        .collect()
}

/// A list that has brought nothing for so long is worth a word.
const SLOW: Duration = Duration::from_secs(2);

/// What the list in flight has brought, or what the last one cost.
fn list(scene: &Scene<'_>) -> (String, Tone) {
    if let Some(silent) = scene.app.list_silent_for(scene.now).filter(|silent| *silent >= SLOW) {
        return (format!("list: asked {} ago", format::age(silent)), Tone::Warn);
    }
    let text = match (scene.app.list_progress(), scene.app.list_cost()) {
        (Some((got, Some(all))), _) if got > 0 => {
            format!("list: {} of {}", format::bytes(got), format::bytes(all))
        }
        (Some((got, None)), _) if got > 0 => format!("list: {} so far", format::bytes(got)),
        (_, Some(cost)) => format!("last list: {} in {}", format::bytes(cost.bytes), format::took(cost.took)),
        (Some(_), None) => "list: asked".to_owned(),
        (None, None) => String::new(),
    };
    (text, Tone::Quiet)
}
