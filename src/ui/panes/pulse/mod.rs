//! Draws the pulse: a row of statistics for each subject, and below them the distributions of the row under the cursor.
//!
//! ```text
//! Domains, last 10 min   2 deviate   wait p95  run p95  done/min  failed
//!   all                                 4.1 s     41 s       120    12 %
//! ! cf-tasks                             41 s     41 s       100    14 %  p95 wait 4.1 s → 41 s
//!   cf-app-staging                      2.0 s     30 s        20     1 %
//! cf-tasks                                       last 10 min, and the hour before
//! waiting  p50 …               running  p50 …
//!     1 – 3 s  ████ 62 %  ██   …
//! completed ▁▂▃▅▇   failed ▁▁▁▇█
//! ```

mod columns;
mod distributions;
mod sparkline;

use std::borrow::Cow;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget as _};

use super::presence::draw_warning;
use crate::app::{Health, Pane, PulseFacts, PulsePane, PulseSort, RowName};
use crate::model::statistics::{Dimension, MOST_SUBJECTS};
use crate::present::{Tone, format, pulse};
use crate::ui::Scene;
use crate::ui::text;

use columns::Columns;

/// Minimum height of the pane to draw the distributions below the rows.
const MIN_HEIGHT_FOR_DISTRIBUTIONS: u16 = 18;
/// A past that was watched for less is said: deviations are still rare.
const SHORT_PAST: Duration = Duration::from_secs(900);

/// What was drawn.
pub(crate) struct Drawn {
    /// The area of the title and the rows.
    pub(crate) area: Rect,
    /// How many rows fit.
    pub(crate) page: usize,
}

/// Draws the pane.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer, offset: &mut usize) -> Drawn {
    Clear.render(area.intersection(buf.area), buf);
    let pane = scene.app.pulse();
    let (upper, lower) = split(area, pane.rows().len());
    let upper = draw_warning(warning(scene).as_deref(), scene.theme, upper, buf);
    let body = text::skip_top(upper, 1);
    let columns = Columns::fitting(upper.width);
    draw_title(scene, pane, &columns, text::line_at(upper, 0), buf);
    *offset = text::keep_in_view(*offset, pane.cursor_at(), body.height.into(), pane.rows().len());
    for ((nth, line), row) in text::lines(body).zip(pane.rows().iter().skip(*offset)) {
        let Some(facts) = scene.app.pulse_facts(*offset + nth) else { continue };
        draw_row(scene, &columns, (&row.name, facts), line, buf);
        if *offset + nth == pane.cursor_at() {
            let style = scene.theme.cursor(scene.has_focus(Pane::Pulse));
            buf.set_style(line.intersection(buf.area), style);
        }
    }
    draw_note(scene, pane, body, buf);
    let row = pane.rows().get(pane.cursor_at()).zip(scene.app.pulse_facts(pane.cursor_at()));
    if let (Some(lower), Some((row, facts))) = (lower, row) {
        distributions::draw(scene, &row_name(&row.name, facts), facts, lower, buf);
    }
    Drawn { area: upper, page: body.height.into() }
}

/// Splits the pane between its rows and the distributions, if there is room for both.
fn split(area: Rect, rows: usize) -> (Rect, Option<Rect>) {
    if area.height < MIN_HEIGHT_FOR_DISTRIBUTIONS {
        return (area, None);
    }
    // Few rows leave more room.
    let wanted = text::clamp_u16(rows).saturating_add(3);
    let most = distributions::MAX_HEIGHT.min(area.height / 2);
    let height = area.height.saturating_sub(wanted).clamp(distributions::MIN_HEIGHT.min(most), most);
    let upper = Rect { height: area.height - height, ..area };
    (upper, Some(text::skip_top(area, upper.height)))
}

fn draw_title(scene: &Scene<'_>, pane: &PulsePane, columns: &Columns, line: Rect, buf: &mut Buffer) {
    let style = scene.theme.title(scene.has_focus(Pane::Pulse));
    let name = pane.group_key().spec().title;
    let reversed = match pane.sort() {
        (PulseSort::Name, true) => " ▲",
        (PulseSort::Name, false) => " ▼",
        (PulseSort::Deviation, true) => ", least deviating first",
        _ => "",
    };
    let window = pane.window().name();
    let titles = [format!("{name}, last {window}{reversed}"), format!("{name}, {window}")];
    let title = titles.iter().find(|title| text::width(title) <= columns.title_width());
    text::title(buf, line, title.map_or(name, String::as_str), style);
    columns.draw_titles(pane.sort(), line, style, buf);
    if let Some(room) = columns.words(line) {
        let deviating = match pane.deviating() {
            0 if pane.past().is_zero() => String::new(),
            0 => "none deviates".to_owned(),
            1 => "1 deviates".to_owned(),
            more => format!("{} deviate", format::len(more)),
        };
        text::put(buf, room, &deviating, style);
    }
}

fn draw_row(
    scene: &Scene<'_>,
    columns: &Columns,
    (name, facts): (&RowName, &PulseFacts),
    line: Rect,
    buf: &mut Buffer,
) {
    let deviations = &facts.figures.deviations;
    let (sign, tone) = if deviations.is_empty() { ("  ", Tone::Normal) } else { ("! ", Tone::Warn) };
    let names = columns.names(line);
    let used = text::put(buf, names, sign, scene.theme.tone(tone));
    let label = row_name(name, facts);
    let used = used + text::put(buf, text::skip_left(names, used), &label, scene.theme.tone(Tone::Normal));
    let note = facts.name.as_ref().map_or("", |name| name.note());
    if used + 4 < names.width && !note.is_empty() {
        text::put(buf, text::skip_left(names, used + 1), note, scene.theme.tone(Tone::Quiet));
    }
    columns.draw(scene, facts, line, buf);
    if let Some(room) = columns.words(line) {
        let words = deviations.iter().map(|deviation| pulse::shift(deviation.shift));
        text::put(buf, room, &words.collect::<Vec<_>>().join(", "), scene.theme.tone(tone));
    }
}

fn row_name<'a>(name: &'a RowName, facts: &'a PulseFacts) -> Cow<'a, str> {
    match (name, &facts.name) {
        (_, Some(name)) => name.label().into(),
        (RowName::Subject(id), None) => id.as_ref().into(),
        (RowName::Whole, None) => "all".into(),
        (RowName::Other, None) => format!("others (beyond {})", format::len(MOST_SUBJECTS)).into(),
    }
}

/// Says below the rows why there are none, or why nothing deviates yet.
fn draw_note(scene: &Scene<'_>, pane: &PulsePane, body: Rect, buf: &mut Buffer) {
    let line = text::skip_left(text::line_at(body, pane.rows().len() + 1), 2);
    let note = if pane.rows().len() > 1 {
        let watched = format::age(pane.past());
        match pane.past() {
            Duration::ZERO => "Nothing deviates yet: there is no past to compare with".to_owned(),
            past if past < SHORT_PAST => {
                format!("Compared with a past of {watched}; the full past is an hour")
            }
            _ => return,
        }
    } else {
        match pane.dimension() {
            Dimension::Domain => "No task has started or completed yet".to_owned(),
            Dimension::App => "No task of a known app has started or completed yet".to_owned(),
            Dimension::Cell => "No task has started on a cell or completed there yet".to_owned(),
        }
    };
    text::put(buf, line, &note, scene.theme.tone(Tone::Quiet));
}

/// Says what the figures lack.
fn warning(scene: &Scene<'_>) -> Option<String> {
    let lost = scene.app.pulse().lost();
    if !lost.is_zero() {
        let (lost, window) = (format::wait(lost), scene.app.pulse().window().name());
        return Some(format!(
            "Events were lost for {lost} in the last {window}: tasks from that time may be missing"
        ));
    }
    let polls = matches!(scene.app.health(scene.now), Health::Polling { .. });
    polls.then(|| "Without an event stream, tasks that end between two lists are missing".to_owned())
}
