//! Draws what the row under the cursor consists of: what dominates it, and its most frequent cells, apps and domains.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::line;

use crate::app::FailureRow;
use crate::model::Timestamp;
use crate::model::failures::{Dimension, Dominance, Part, Reason, Value};
use crate::present::failures::{dominance_sentence, percent, reason_text, value_text};
use crate::present::{Tone, format};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// The height with the line above.
pub(super) const HEIGHT: u16 = 6;

/// Width of the labels.
const LABEL_WIDTH: u16 = 9;
/// How many values are looked at, at most.
const MAX_VALUES: usize = 12;
/// Maximum width of a value, in cells.
const MAX_VALUE_WIDTH: u16 = 36;

/// Draws the breakdown of the row under the cursor.
pub(super) fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let (pane, clusters) = (scene.app.failures(), scene.app.clusters());
    let Some(row) = pane.cursor() else { return };
    let Some(reason) = clusters.reason(row.reason()) else { return };
    let part = match row {
        FailureRow::Part(_, part) => clusters.part(part),
        FailureRow::Reason(_) | FailureRow::More(..) => None,
    };
    draw_head(scene, &reason, text::line_at(area, 0), buf);
    let lines = text::skip_top(area, 1);
    let seen = part.map_or(reason.seen(), |part| part.seen());
    match part {
        Some(part) => draw_part(scene, &part, lines, buf),
        None => draw_reason(scene, &reason, lines, buf),
    }
    draw_times(scene, seen, text::line_at(lines, usize::from(HEIGHT) - 2), buf);
}

/// Draws the whole pattern into the line between the rows and the breakdown.
fn draw_head(scene: &Scene<'_>, reason: &Reason<'_>, line: Rect, buf: &mut Buffer) {
    let border = scene.theme.border();
    let rule = |from: u16, width: u16| (text::skip_left(line, from), line::HORIZONTAL.repeat(width.into()));
    let (at, dashes) = rule(0, 2);
    let left = text::put(buf, at, &dashes, border) + 1;
    let room = text::take_left(text::skip_left(line, left), line.width.saturating_sub(left + 3));
    let head = scene.theme.tone(Tone::Normal).patch(bold());
    let left = left + text::put(buf, room, reason_text(reason), head) + 1;
    let (at, dashes) = rule(left, line.width.saturating_sub(left));
    text::put(buf, at, &dashes, border);
}

fn draw_reason(scene: &Scene<'_>, reason: &Reason<'_>, area: Rect, buf: &mut Buffer) {
    draw_sentences(scene, reason, text::line_at(area, 0), buf);
    for (of, nth) in Dimension::ALL.into_iter().zip(1..) {
        draw_values(scene, reason, of, text::line_at(area, nth), buf);
    }
}

/// Says what dominates the reason, the news first; as many sentences as fit.
fn draw_sentences(scene: &Scene<'_>, reason: &Reason<'_>, line: Rect, buf: &mut Buffer) {
    let noun = scene.app.failures().kind().name();
    let mut left = 0;
    for dominance in reason.dominances().into_iter().filter(Dominance::is_told) {
        let sentence = format!("{}. ", dominance_sentence(&dominance, noun));
        if left > 0 && left + text::width(&sentence) > line.width {
            break;
        }
        let style = if dominance.is_notable() {
            scene.theme.tone(Tone::Warn).patch(bold())
        } else {
            scene.theme.tone(Tone::Normal)
        };
        left += text::put(buf, text::skip_left(line, left), &sentence, style);
    }
    if left == 0 {
        text::put(
            buf,
            line,
            "No single cell or app accounts for half of these.",
            scene.theme.tone(Tone::Quiet),
        );
    }
}

/// Draws the most frequent values of a property, as many as fit, and how many more there are.
fn draw_values(scene: &Scene<'_>, reason: &Reason<'_>, of: Dimension, line: Rect, buf: &mut Buffer) {
    let label = format!("{}s", of.name());
    text::put(buf, line, &label, scene.theme.tone(Tone::Quiet));
    let room = text::skip_left(line, LABEL_WIDTH);
    let distinct = reason.distinct(of);
    let (mut left, mut shown) = (0, 0);
    for (value, count) in reason.values(of).take(MAX_VALUES) {
        let share = percent(f64::from(count) / f64::from(reason.count().max(1)));
        let name = value_text(of, value);
        let name_width = text::width(name).min(MAX_VALUE_WIDTH);
        let width = name_width + text::width(&share) + 1;
        let rest = format!("+{} more", format::len(distinct - shown));
        let needed = if shown + 1 < distinct { text::width(&rest) + 3 } else { 0 };
        if shown > 0 && left + width + needed > room.width {
            break;
        }
        let at = text::skip_left(room, left);
        let used = text::put(buf, text::take_left(at, name_width), name, scene.theme.tone(Tone::Normal));
        text::put(buf, text::skip_left(at, used + 1), &share, scene.theme.tone(Tone::Accent));
        (left, shown) = (left + used + 1 + text::width(&share) + 3, shown + 1);
    }
    if distinct > shown {
        let rest = format!("+{} more", format::len(distinct - shown));
        text::put(buf, text::skip_left(room, left), &rest, scene.theme.tone(Tone::Quiet));
    }
}

fn draw_part(scene: &Scene<'_>, part: &Part<'_>, area: Rect, buf: &mut Buffer) {
    let share = percent(part.share());
    let sentence = format!("{share} of the {} with this reason", scene.app.failures().kind().name());
    text::put(buf, area, &sentence, scene.theme.tone(Tone::Normal));
    for (of, nth) in Dimension::ALL.into_iter().zip(1..) {
        let line = text::line_at(area, nth);
        text::put(buf, line, of.name(), scene.theme.tone(Tone::Quiet));
        let room = text::skip_left(line, LABEL_WIDTH);
        let value = part.value(of);
        let used = text::put(buf, room, value_text(of, value), scene.theme.tone(Tone::Normal));
        text::put(
            buf,
            text::skip_left(room, used + 2),
            &note(scene, of, value),
            scene.theme.tone(Tone::Quiet),
        );
    }
}

/// Returns what tells a value from others, or where it is: the zone of a cell, the org and space of an app.
fn note(scene: &Scene<'_>, of: Dimension, value: &Value) -> String {
    match (of, value) {
        (Dimension::Cell, Value::Name(cell)) => match scene.app.store().zone(Some(&(&**cell).into())) {
            "" => String::new(),
            zone => format!("zone {zone}"),
        },
        (_, Value::App { owner, .. }) => {
            let places = [owner.org().label(), owner.space().label()];
            places.into_iter().filter(|place| !place.is_empty()).collect::<Vec<_>>().join(" / ")
        }
        _ => String::new(),
    }
}

fn draw_times(scene: &Scene<'_>, (first, last): (Timestamp, Timestamp), line: Rect, buf: &mut Buffer) {
    let quiet = scene.theme.tone(Tone::Quiet);
    text::put(buf, line, "seen", quiet);
    let said = |at: Timestamp| {
        let ago = format::age(scene.server_now.since(at));
        format!("{} ({ago} ago)", format::time_of_day(at, scene.zone))
    };
    let text = format!("first {}, last {}", said(first), said(last));
    text::put(buf, text::skip_left(line, LABEL_WIDTH), &text, scene.theme.tone(Tone::Normal));
}
