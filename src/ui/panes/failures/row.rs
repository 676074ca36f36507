//! Draws a row of the failures view.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::columns::{Column, Columns, bars};
use crate::app::FailureRow;
use crate::model::Timestamp;
use crate::model::failures::{BARS, Dimension, Dominance, Part, Reason};
use crate::present::columns::Times;
use crate::present::failures::{dominance_text, percent, reason_text, sparkline, spread_text, value_text};
use crate::present::{Tone, format};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// What the columns of numbers show.
struct Numbers {
    count: u32,
    share: f64,
    trend: [u32; BARS],
    seen: (Timestamp, Timestamp),
    tone: Tone,
    trend_tone: Tone,
}

/// Draws a row.
pub(super) fn draw(scene: &Scene<'_>, columns: &Columns, row: FailureRow, line: Rect, buf: &mut Buffer) {
    let clusters = scene.app.clusters();
    let Some(reason) = clusters.reason(row.reason()) else { return };
    match row {
        FailureRow::Reason(_) => draw_reason(scene, columns, &reason, line, buf),
        FailureRow::Part(_, part) => {
            if let Some(part) = clusters.part(part) {
                draw_part(scene, columns, &part, line, buf);
            }
        }
        FailureRow::More(_, more) => {
            let text = format!("    and {} more combinations", format::len(more));
            text::put(buf, line, &text, scene.theme.tone(Tone::Quiet));
        }
    }
}

fn draw_reason(scene: &Scene<'_>, columns: &Columns, reason: &Reason<'_>, line: Rect, buf: &mut Buffer) {
    let room = text::take_left(line, line.width.saturating_sub(columns.width()));
    let sign = if scene.app.failures().is_unfolded(reason.id()) { "▾ " } else { "▸ " };
    text::put(buf, room, sign, scene.theme.tone(Tone::Quiet));
    text::put(buf, text::skip_left(room, 2), reason_text(reason), scene.theme.tone(Tone::Normal));
    let dominances = reason.dominances();
    for (column, _, area) in columns.areas(line) {
        if column == Column::Mostly {
            draw_mostly(scene, reason, &dominances, area, buf);
        }
    }
    let is_news = dominances.iter().any(Dominance::is_notable);
    let numbers = Numbers {
        count: reason.count(),
        share: reason.share(),
        trend: reason.trend(),
        seen: reason.seen(),
        tone: Tone::Normal,
        trend_tone: if is_news { Tone::Warn } else { Tone::Quiet },
    };
    draw_numbers(scene, columns, &numbers, line, buf);
}

/// Draws what dominates a reason; as many of them as fit.
fn draw_mostly(
    scene: &Scene<'_>,
    reason: &Reason<'_>,
    dominances: &[Dominance<'_>],
    area: Rect,
    buf: &mut Buffer,
) {
    let mut left = 0;
    for dominance in dominances.iter().filter(|of| of.is_told()) {
        let text = dominance_text(dominance);
        // The first one may be cut, the others must not.
        if left > 0 && left + 2 + text::width(&text) > area.width {
            break;
        }
        let gap = if left > 0 { 2 } else { 0 };
        let style = if dominance.is_notable() {
            scene.theme.tone(Tone::Warn).patch(bold())
        } else {
            scene.theme.tone(Tone::Quiet)
        };
        left += gap + text::put(buf, text::skip_left(area, left + gap), &text, style);
    }
    if left == 0 {
        text::put(buf, area, &spread_text(reason), scene.theme.tone(Tone::Quiet));
    }
}

fn draw_part(scene: &Scene<'_>, columns: &Columns, part: &Part<'_>, line: Rect, buf: &mut Buffer) {
    let numbers_width: u16 = columns
        .areas(line)
        .filter(|(column, ..)| *column != Column::Mostly)
        .map(|(.., area)| area.width + 1)
        .sum();
    let room = text::take_left(line, line.width.saturating_sub(numbers_width));
    let names = Dimension::ALL.map(|of| value_text(of, part.value(of)));
    let quiet = scene.theme.tone(Tone::Quiet);
    text::put(buf, room, &format!("    {}", names.join(" · ")), quiet);
    let numbers = Numbers {
        count: part.count(),
        share: part.share(),
        trend: part.trend(),
        seen: part.seen(),
        tone: Tone::Quiet,
        trend_tone: Tone::Quiet,
    };
    draw_numbers(scene, columns, &numbers, line, buf);
}

fn draw_numbers(scene: &Scene<'_>, columns: &Columns, numbers: &Numbers, line: Rect, buf: &mut Buffer) {
    let style = scene.theme.tone(numbers.tone);
    for (column, _, area) in columns.areas(line) {
        match column {
            Column::Mostly => {}
            Column::Count => text::put_right(buf, area, &format::count(numbers.count.into()), style),
            Column::Share => text::put_right(buf, area, &percent(numbers.share), style),
            Column::Trend => {
                let trend = sparkline(&numbers.trend, bars(area.width));
                text::put(buf, area, &trend, scene.theme.tone(numbers.trend_tone));
            }
            Column::First => text::put_right(buf, area, &time(scene, numbers.seen.0), style),
            Column::Last => text::put_right(buf, area, &time(scene, numbers.seen.1), style),
        }
    }
}

/// Formats a time as the table does: its age, or the time of day.
fn time(scene: &Scene<'_>, at: Timestamp) -> String {
    match scene.times {
        Times::Age => format::age(scene.server_now.since(at)),
        Times::In(zone) => format::time_of_day(at, zone),
    }
}
