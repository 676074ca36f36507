//! Draws the failures view: a row for each reason with what dominates it, and below them a breakdown of the row under the
//! cursor. Reads only the rows in view.

mod breakdown;
mod columns;
mod row;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::presence::draw_warning;
use super::search_line;
use crate::app::{FailureSearch, FailuresPane, Pane};
use crate::model::failures::Clusters;
use crate::present::{Tone, format};
use crate::ui::Scene;
use crate::ui::text;
use columns::Columns;

/// Minimum height of the pane for the breakdown.
const MIN_HEIGHT_FOR_BREAKDOWN: u16 = 12;

/// Draws the pane. Returns the number of rows that fit.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer, offset: &mut usize) -> usize {
    ratatui::widgets::Widget::render(ratatui::widgets::Clear, area.intersection(buf.area), buf);
    let (pane, clusters) = (scene.app.failures(), scene.app.clusters());
    let columns = Columns::of(area.width);
    draw_title(scene, &columns, text::line_at(area, 0), buf);
    let area = draw_warning(warning(scene, clusters).as_deref(), scene.theme, area, buf);
    let (body, below) = split(scene, text::skip_top(area, 1));
    *offset = text::keep_in_view(*offset, pane.cursor_at(), body.height.into(), pane.rows().len());
    let rows = pane.rows().iter().skip(*offset);
    for (row, (nth, line)) in rows.zip(text::lines(body)) {
        row::draw(scene, &columns, *row, line, buf);
        if *offset + nth == pane.cursor_at() {
            let style = scene.theme.cursor(scene.has_focus(Pane::Failures));
            buf.set_style(line.intersection(buf.area), style);
        }
    }
    if pane.rows().is_empty() {
        draw_nothing(scene, body, buf);
    }
    if let Some(below) = below {
        breakdown::draw(scene, below, buf);
    }
    body.height.into()
}

/// Splits the body into the rows and the breakdown below them, which has a steady height so that rows do not jump.
fn split(scene: &Scene<'_>, body: Rect) -> (Rect, Option<Rect>) {
    if body.height < MIN_HEIGHT_FOR_BREAKDOWN || scene.app.failures().cursor().is_none() {
        return (body, None);
    }
    let height = body.height - breakdown::HEIGHT;
    (Rect { height, ..body }, Some(text::skip_top(body, height)))
}

fn draw_title(scene: &Scene<'_>, columns: &Columns, line: Rect, buf: &mut Buffer) {
    let (pane, clusters) = (scene.app.failures(), scene.app.clusters());
    let style = scene.theme.title(scene.has_focus(Pane::Failures));
    let room = line.width.saturating_sub(columns.width());
    let titles = titles(pane, clusters);
    let title = titles.iter().find(|title| text::width(title) < room).or(titles.last());
    text::title(buf, line, title.map_or("", String::as_str), style);
    for (title, cell, is_left) in columns.titles(pane.sort(), line) {
        if is_left {
            text::put(buf, cell, &title, style);
        } else {
            text::put_right(buf, cell, &title, style);
        }
    }
}

/// Returns the titles of the pane, the longest one first.
fn titles(pane: &FailuresPane, clusters: &Clusters) -> Vec<String> {
    let (title, window) = (pane.kind().title(), pane.window().name());
    let sign = columns::sign_of_reason(pane.sort());
    let (listed, total) = pane.listed_of_total();
    let failures = format::count(clusters.total().into());
    let reasons = format::counted(total, "reason");
    let short = format!("{title} {window}{sign}");
    if !pane.search().is_empty() {
        let search = pane.search();
        let found = format!("{} of {reasons}", format::len(listed));
        return vec![format!("{short}  /{search}  {found}"), format!("{short} /{search}"), short];
    }
    vec![
        format!("{title}, last {window}: {failures} for {reasons}{sign}"),
        format!("{title} {window}: {failures}{sign}"),
        short,
    ]
}

/// Says that not all failures of the window are counted.
fn warning(scene: &Scene<'_>, clusters: &Clusters) -> Option<String> {
    let since = format::time_of_day(clusters.cut_at()?, scene.zone);
    Some(format!("Too many to keep them all: counted since {since}"))
}

fn draw_nothing(scene: &Scene<'_>, body: Rect, buf: &mut Buffer) {
    let pane = scene.app.failures();
    let text = match (pane.search(), pane.kind()) {
        ("", crate::app::FailureKind::Failures) => {
            format!("No failures seen in the last {}", pane.window().name())
        }
        ("", crate::app::FailureKind::Rejections) => {
            format!("No rejections of waiting tasks seen in the last {}", pane.window().name())
        }
        (search, _) => format!("No match for \"{search}\""),
    };
    text::put(buf, text::skip_left(text::line_at(body, 0), 2), &text, scene.theme.tone(Tone::Quiet));
}

/// Draws the prompt to search failures. Returns the position of the text cursor.
pub(super) fn draw_search(
    scene: &Scene<'_>,
    search: &FailureSearch,
    line: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let pane = scene.app.failures();
    search_line::draw(scene, pane.kind().title(), &search.input, pane.listed_of_total(), line, buf)
}
