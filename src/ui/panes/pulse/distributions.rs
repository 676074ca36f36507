//! Draws the distributions of one row: how long tasks waited and ran, now and before, and the course of the window.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sparkline;
use crate::app::PulseFacts;
use crate::model::statistics::{Durations, Window};
use crate::present::{Tone, format, pulse};
use crate::ui::Scene;
use crate::ui::text;

/// Height of the area: title, figures, ranges, what deviates, and course.
pub(super) const MIN_HEIGHT: u16 = 9;
pub(super) const MAX_HEIGHT: u16 = 14;

/// Cells of the label of a range, and of a share.
const LABEL_WIDTH: u16 = 12;
const SHARE_WIDTH: u16 = 6;
/// The longest bar.
const MAX_BAR: u16 = 24;
/// Cells between the two distributions.
const GAP: u16 = 2;

/// The ranges: their upper bounds, how these read, and how the ranges do.
const RANGES: [(Duration, &str, &str); 13] = [
    (Duration::from_millis(10), "10 ms", "up to 10 ms"),
    (Duration::from_millis(100), "100 ms", "10–100 ms"),
    (Duration::from_millis(300), "300 ms", "100–300 ms"),
    (Duration::from_secs(1), "1 s", "0.3–1 s"),
    (Duration::from_secs(3), "3 s", "1–3 s"),
    (Duration::from_secs(10), "10 s", "3–10 s"),
    (Duration::from_secs(30), "30 s", "10–30 s"),
    (Duration::from_secs(60), "1 min", "30–60 s"),
    (Duration::from_secs(180), "3 min", "1–3 min"),
    (Duration::from_secs(600), "10 min", "3–10 min"),
    (Duration::from_secs(1_800), "30 min", "10–30 min"),
    (Duration::from_secs(3_600), "1 h", "30–60 min"),
    (Duration::from_secs(86_400), "1 d", "1–24 h"),
];

/// A range of durations, and the share of them in it now and before.
#[derive(Debug, Clone, PartialEq)]
struct RangeShare {
    label: String,
    now: f64,
    before: f64,
}

/// Draws the distributions of a row.
pub(super) fn draw(scene: &Scene<'_>, name: &str, facts: &PulseFacts, area: Rect, buf: &mut Buffer) {
    let window = scene.app.pulse().window();
    let title = text::line_at(area, 0);
    text::title(buf, title, name, scene.theme.title(false));
    let what = format!("last {} █  hour before ▒", window.name());
    if text::width(name) + text::width(&what) + 2 <= title.width {
        text::put_right(buf, title, &what, scene.theme.title(false));
    }
    let body = text::skip_top(area, 1);
    let deviation = facts.figures.deviations.first();
    let lines_below = if deviation.is_some() { 2 } else { 1 };
    let half = (body.width.saturating_sub(GAP)) / 2;
    let (now, before) = (&facts.figures.now, &facts.figures.before);
    let halves = [
        ("waiting", "started", &now.waiting, &before.waiting, text::take_left(body, half)),
        ("running", "completed", &now.running, &before.running, text::skip_left(body, half + GAP)),
    ];
    for (title, did, now, before, area) in halves {
        let area = Rect { height: area.height.saturating_sub(lines_below), ..area };
        draw_figures(scene, (title, did), now, text::line_at(area, 0), buf);
        draw_ranges(scene, now, before, text::skip_top(area, 1), buf);
    }
    let below = text::skip_top(area, area.height.saturating_sub(lines_below));
    if let Some(deviation) = deviation {
        let said = pulse::explanation(deviation);
        text::put(buf, text::line_at(below, 0), &said, scene.theme.tone(Tone::Warn));
    }
    draw_course(scene, facts, window, text::line_at(below, usize::from(lines_below - 1)), buf);
}

fn draw_figures(
    scene: &Scene<'_>,
    (title, did): (&str, &str),
    durations: &Durations,
    line: Rect,
    buf: &mut Buffer,
) {
    let left = text::put(buf, line, title, scene.theme.tone(Tone::Accent)) + 1;
    let text = match (durations.quantile(0.5), durations.quantile(0.95), durations.longest()) {
        (Some(p50), Some(p95), Some(max)) => {
            let texts = [("p50", p50), ("p95", p95), ("max", max)];
            let texts = texts.map(|(name, span)| format!("{name} {}", pulse::span(span)));
            let wide = texts.join("  ");
            if left + text::width(&wide) <= line.width { wide } else { texts.join(" ") }
        }
        _ => format!("none {did}"),
    };
    text::put(buf, text::skip_left(line, left), &text, scene.theme.tone(Tone::Quiet));
}

fn draw_ranges(scene: &Scene<'_>, now: &Durations, before: &Durations, area: Rect, buf: &mut Buffer) {
    let ranges = ranges(now, before, area.height.into());
    let room = area.width.saturating_sub(LABEL_WIDTH + SHARE_WIDTH + 2);
    // The past is half as long as the window's bars: it is there to compare.
    let bar_width = (room * 3 / 5).min(MAX_BAR);
    let past_width = room.saturating_sub(bar_width).min(bar_width);
    let longest = ranges.iter().map(|range| range.now.max(range.before)).fold(0.0, f64::max);
    for ((_, line), range) in text::lines(area).zip(&ranges) {
        text::put_right(buf, text::take_left(line, LABEL_WIDTH), &range.label, scene.theme.tone(Tone::Quiet));
        let left = text::skip_left(line, LABEL_WIDTH + 1);
        let bars = bar("█", range.now / longest, bar_width);
        text::put(buf, left, &bars, scene.theme.tone(Tone::Normal));
        let left = text::skip_left(left, bar_width);
        if range.now > 0.0 {
            text::put_right(
                buf,
                text::take_left(left, SHARE_WIDTH),
                &pulse::share(range.now),
                scene.theme.tone(Tone::Normal),
            );
        }
        let bars = bar("▒", range.before / longest, past_width);
        text::put(buf, text::skip_left(left, SHARE_WIDTH + 1), &bars, scene.theme.tone(Tone::Quiet));
    }
}

/// Draws a share of the longest bar: at least a cell if there is anything.
fn bar(glyph: &str, share: f64, width: u16) -> String {
    let cells = (1..=width).filter(|cell| f64::from(*cell) <= share * f64::from(width) + 0.5).count();
    let some = usize::from(share > 0.0);
    glyph.repeat(cells.max(some))
}

/// Returns the ranges from the shortest duration to the longest, at most so many: the lowest ones are put together.
fn ranges(now: &Durations, before: &Durations, most: usize) -> Vec<RangeShare> {
    let above = |bound: Option<Duration>| {
        let share = |durations: &Durations| {
            let above = bound.map_or(durations.count(), |bound| durations.count_above(bound));
            f64::from(above) / f64::from(durations.count().max(1))
        };
        (share(now), share(before))
    };
    let bounds: Vec<_> = RANGES.iter().map(|(bound, ..)| above(Some(*bound))).collect();
    let is_above = |at: usize| bounds.get(at).is_some_and(|of| of.0 > 0.0 || of.1 > 0.0);
    let (all_now, all_before) = above(None);
    if all_now + all_before == 0.0 {
        return Vec::new();
    }
    // The last range is above all bounds.
    let last = (0..RANGES.len()).rev().find(|at| is_above(*at)).map_or(0, |at| at + 1);
    let is_below = |at: &usize| bounds.get(*at).is_some_and(|of| *of != (all_now, all_before));
    let first = (0..RANGES.len()).find(is_below).unwrap_or(RANGES.len());
    let first = first.max((last + 1).saturating_sub(most));
    let share = |at: usize| bounds.get(at).copied().unwrap_or_default();
    let range = |at: usize| {
        let from = if at == first { (all_now, all_before) } else { share(at - 1) };
        let to = share(at);
        let label = match RANGES.get(at) {
            Some((_, upper, _)) if at == first && first > 0 => format!("up to {upper}"),
            Some((.., label)) => (*label).to_owned(),
            None => "over 1 d".to_owned(),
        };
        RangeShare { label, now: from.0 - to.0, before: from.1 - to.1 }
    };
    (first..=last).map(range).collect()
}

fn draw_course(scene: &Scene<'_>, facts: &PulseFacts, window: Window, line: Rect, buf: &mut Buffer) {
    let (now, quiet) = (&facts.figures.now, scene.theme.tone(Tone::Quiet));
    let (normal, accent) = (scene.theme.tone(Tone::Normal), scene.theme.tone(Tone::Accent));
    let spans = [
        ("completed ", accent),
        (&sparkline::throughput(&facts.course), normal),
        (&format!(" {}", format::count(now.completed.into())), quiet),
        ("   failed ", accent),
        (&sparkline::failures(&facts.course), normal),
        (&format!(" {}", format::count(now.failed.into())), quiet),
        ("   each bar in ", quiet),
        (window.slot_name(), quiet),
    ];
    spans
        .iter()
        .fold(0, |used, (part, style)| used + text::put(buf, text::skip_left(line, used), part, *style));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_at_least_a_cell_if_there_is_anything() {
        assert_eq!(bar("#", 0.0, 10), "");
        assert_eq!(bar("#", 0.001, 10), "#");
        assert_eq!(bar("#", 0.5, 10), "#####");
        assert_eq!(bar("#", 1.0, 10), "##########");
    }

    fn durations(seconds: &[(u64, u32)]) -> Durations {
        let mut durations = Durations::default();
        for (seconds, count) in seconds {
            (0..*count).for_each(|_| durations.record(Duration::from_secs(*seconds)));
        }
        durations
    }

    fn labels(ranges: &[RangeShare]) -> Vec<(&str, u32, u32)> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a percentage")]
        let percent = |share: f64| (100.0 * share).round() as u32;
        ranges.iter().map(|range| (&*range.label, percent(range.now), percent(range.before))).collect()
    }

    #[test]
    fn ranges_go_from_the_shortest_duration_to_the_longest() {
        let (now, before) = (durations(&[(2, 3), (20, 1)]), durations(&[(5, 1)]));
        let shown = ranges(&now, &before, 9);
        assert_eq!(labels(&shown), [("up to 3 s", 75, 0), ("3–10 s", 0, 100), ("10–30 s", 25, 0)]);
        assert_eq!(labels(&ranges(&now, &before, 2)), [("up to 10 s", 75, 100), ("10–30 s", 25, 0)]);
        assert_eq!(labels(&ranges(&durations(&[(200_000, 1)]), &before, 1)), [("over 1 d", 100, 100)]);
        assert_eq!(ranges(&Durations::default(), &Durations::default(), 9), []);
        let quick = durations(&[(0, 4)]);
        assert_eq!(labels(&ranges(&quick, &Durations::default(), 9)), [("up to 10 ms", 100, 0)]);
    }
}
