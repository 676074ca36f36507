//! Draws charts as inline SVG.
//!
//! A chart is stretched to the width of the page, so it holds shapes only; its texts are HTML beside it, which stay readable
//! at any width. Every chart has a title for those who cannot see it.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::super::document::{Chart, Kind, Mark, Marked, Strip};
use super::super::series::Counts;

/// The width of a bar and the space after it, in units of the drawing.
const STEP: u32 = 4;
/// The width of a bar.
const BAR: u32 = 3;
/// The height of a strip.
const HEIGHT: f64 = 100.0;
/// The height of a bar that is not nothing, at least.
const MIN_HEIGHT: f64 = 2.0;

/// Returns the strips of a chart with its axis and its key.
pub(super) fn figure(chart: &Chart) -> Markup {
    html! {
        "\n" figure.chart {
            @for strip in &chart.strips { (self::strip(chart, strip)) }
            "\n" div.axis aria-hidden="true" {
                @for (nth, tick) in chart.ticks.iter().enumerate() {
                    span.minor[nth % 2 == 1] style={ "left:" (percent(tick.place)) "%" } { (tick.label) }
                }
            }
            @if !chart.marks.is_empty() {
                "\n" p.key aria-hidden="true" {
                    @for what in [Marked::Incident, Marked::Unknown] {
                        @if chart.marks.iter().any(|mark| mark.what == what) {
                            span { i class=(class(what)) {} (name(what)) }
                        }
                    }
                }
            }
            "\n" figcaption { (chart.summary) }
            "\n"
        }
    }
}

const fn class(what: Marked) -> &'static str {
    match what {
        Marked::Incident => "incident",
        Marked::Unknown => "unknown",
    }
}

const fn name(what: Marked) -> &'static str {
    match what {
        Marked::Incident => "the incident",
        Marked::Unknown => "unknown: events were lost, or nothing was recorded",
    }
}

fn strip(chart: &Chart, strip: &Strip) -> Markup {
    let count = |(_, counts): &(Box<str>, Counts)| strip.kind.of(counts);
    let most = chart.bars.iter().map(count).max().unwrap_or(0);
    let width = STEP * u32::try_from(chart.bars.len()).unwrap_or(u32::MAX / STEP).max(1);
    html! {
        "\n" div class={ "strip " (strip.kind.name()) } {
            "\n" p { strong { (strip.kind.title()) } " " (strip.label) }
            "\n" svg role="img" viewBox={ "0 0 " (width) " 100" } preserveAspectRatio="none" {
                "\n" title { (strip.kind.title()) " over time. " (super::plain(&strip.label)) }
                @for mark in &chart.marks { (self::mark(mark, width)) }
                @if strip.kind.is_trouble() {
                    (titled_bars(chart, strip.kind, most))
                } @else {
                    "\n" path d=(outline(chart.bars.iter().map(count), most)) {}
                }
                "\n"
            }
            "\n"
        }
    }
}

fn mark(mark: &Mark, width: u32) -> Markup {
    let (start, end) = (mark.place.start * f64::from(width), mark.place.end * f64::from(width));
    html! {
        "\n" rect class=(class(mark.what)) x=(coordinate(start)) y="0" width=(coordinate(end - start)) height="100" {}
    }
}

/// Bars that tell their count and time to the pointer.
fn titled_bars(chart: &Chart, kind: Kind, most: u64) -> Markup {
    html! {
        @for (x, (start, counts)) in (0..).step_by(STEP as usize).zip(&chart.bars) {
            @let count = kind.of(counts);
            @if count > 0 {
                @let height = height(count, most);
                "\n" rect x=(x) y=(coordinate(HEIGHT - height)) width=(BAR) height=(coordinate(height)) {
                    title { (start) ": " (count) " " (kind.name()) }
                }
            }
        }
    }
}

/// Returns all bars as one path.
fn outline(counts: impl Iterator<Item = u64>, most: u64) -> String {
    let mut path = String::new();
    for (x, count) in (0_u32..).step_by(STEP as usize).zip(counts) {
        if count > 0 {
            // Cannot fail: it is written to a text.
            let _ = write!(path, "M{x} 100v-{}h{BAR}V100z", coordinate(height(count, most)));
        }
    }
    path
}

#[expect(clippy::cast_precision_loss, reason = "a height on paper")]
fn height(count: u64, most: u64) -> f64 {
    (count as f64 / most.max(1) as f64 * HEIGHT).max(MIN_HEIGHT)
}

/// Returns a small chart of counts over time.
pub(super) fn course(counts: &[u64]) -> Markup {
    let most = counts.iter().copied().max().unwrap_or(0);
    let width = STEP * u32::try_from(counts.len()).unwrap_or(u32::MAX / STEP).max(1);
    html! {
        svg.course role="img" viewBox={ "0 0 " (width) " 100" } preserveAspectRatio="none" {
            title { "Over time, at most " (most) }
            path d=(outline(counts.iter().copied(), most)) {}
        }
    }
}

/// Returns a bar as long as a share of its place.
pub(super) fn bar(share: f64) -> Markup {
    html! {
        svg.bar aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none" {
            rect width=(coordinate(share.clamp(0.0, 1.0) * 100.0)) height="8" {}
        }
    }
}

fn percent(place: f64) -> String {
    coordinate(place * 100.0)
}

/// Formats a coordinate with at most one decimal.
fn coordinate(at: f64) -> String {
    let text = format!("{at:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}
