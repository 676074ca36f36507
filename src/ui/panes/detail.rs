//! The selected task, every field. Long values are wrapped; the cursor goes by lines of the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::events::change_text;
use crate::app::{Detail, Entry, Pane, What};
use crate::present::columns::RowFacts;
use crate::present::detail::{Definition, DetailFacts, Line, lines};
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::pen;
use crate::ui::theme::selected;

/// Lines of the screen that one field may take, and that all may take together. More is for `show --json`.
const LINES_OF_A_FIELD: usize = 2_000;
const LINES: usize = 20_000;

/// What the pane tells about itself.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The secret under the cursor.
    pub(crate) secret: Option<usize>,
    /// All lines.
    pub(crate) lines: usize,
    /// Lines that there is room for.
    pub(crate) page: usize,
}

/// A line of the screen.
struct Row {
    left: u16,
    label: String,
    value: String,
    label_style: Style,
    value_style: Style,
    secret: Option<usize>,
}

/// Draws the pane. `top` is the first line shown.
pub(crate) fn draw(
    scene: &Scene<'_>,
    detail: &Detail,
    area: Rect,
    buf: &mut Buffer,
    top: &mut usize,
) -> Seen {
    let focused = scene.has_focus(Pane::Detail);
    let title_style = scene.theme.title(focused);
    let body = pen::below(area, 1);
    let page = usize::from(body.height);
    let Some(entry) = scene.app.detail_entry() else { return Seen { page, ..Seen::default() } };
    pen::title(buf, area, &format!("Task {}", entry.task.guid), title_style);
    let rows = rows(scene, detail, entry, body.width);
    let cursor = detail.cursor.min(rows.len().saturating_sub(1));
    *top = pen::follow(*top, cursor, page, rows.len());
    for ((nth, line), row) in pen::lines_of(body).zip(rows.iter().skip(*top)) {
        pen::put(buf, line, &row.label, row.label_style);
        pen::put(buf, pen::after(line, row.left), &row.value, row.value_style);
        if focused && *top + nth == cursor {
            buf.set_style(line.intersection(buf.area), selected(true));
        }
    }
    Seen { secret: rows.get(cursor).and_then(|row| row.secret), lines: rows.len(), page }
}

fn rows(scene: &Scene<'_>, detail: &Detail, entry: &Entry, width: u16) -> Vec<Row> {
    let definition = match &detail.definition {
        Some(Ok(definition)) => Definition::Known(definition),
        Some(Err(problem)) => Definition::Faulty(problem),
        None => Definition::Awaited,
    };
    let row = RowFacts {
        task: &entry.task,
        cell: entry.last_cell.as_ref(),
        ended: entry.end.is_some(),
        now: scene.server_now,
        times: scene.times,
    };
    let facts = DetailFacts { row, definition, revealed: &detail.revealed, zone: scene.zone };
    let lines: Vec<_> = standing(scene).into_iter().chain(lines(&facts)).collect();
    let mut rows: Vec<_> = lines
        .iter()
        .chain(&timeline(scene, entry))
        .flat_map(|line| rows_of(scene, line, width))
        .take(LINES)
        .collect();
    if rows.len() == LINES {
        rows.push(note("… and more that is not shown here"));
    }
    rows
}

/// Where the detail's task is, when it is not the row under the cursor.
fn standing(scene: &Scene<'_>) -> Option<Line<'static>> {
    let text = if !scene.app.knows_detail() {
        "no longer known here; this is how it was last seen"
    } else if !scene.app.selects_detail() {
        "the table does not show it now"
    } else {
        return None;
    };
    let (label, value) = ("row".into(), text.into());
    Some(Line { indent: 0, label, value, secret: None, tone: Tone::Warn, heading: false })
}

/// One field on as many lines as it needs: the label, and the value beside it.
fn rows_of(scene: &Scene<'_>, line: &Line<'_>, width: u16) -> Vec<Row> {
    let label = format!("{:indent$}{}", "", line.label, indent = usize::from(line.indent) * 2);
    let label = sanitise::clean(&label).into_owned();
    let column = (width / 3).clamp(1, 24);
    let label_style = scene.theme.tone(if line.heading { Tone::Accent } else { Tone::Quiet });
    let value_style = scene.theme.tone(if line.heading { Tone::Quiet } else { line.tone });
    let row = |label: String, value: String| Row {
        left: column,
        label,
        value,
        label_style,
        value_style,
        secret: line.secret.map(|id| id.0),
    };
    let mut rows = Vec::new();
    let mut beside = label;
    // A long label has lines of its own.
    if pen::width(&beside) >= column && !line.value.is_empty() {
        let pieces = sanitise::wrap(&beside, width.into()).take(LINES_OF_A_FIELD);
        rows.extend(pieces.map(|piece| row(piece, String::new())));
        beside = String::new();
    }
    let room = usize::from(width.saturating_sub(column));
    let mut pieces = sanitise::wrap(&line.value, room);
    for piece in pieces.by_ref().take(LINES_OF_A_FIELD) {
        rows.push(row(std::mem::take(&mut beside), piece));
    }
    if pieces.next().is_some() {
        rows.push(row(String::new(), "… and more that is not shown here".to_owned()));
    }
    rows
}

/// What the event stream told about this task.
fn timeline<'a>(scene: &Scene<'a>, entry: &'a Entry) -> Vec<Line<'a>> {
    let mut lines: Vec<_> = scene
        .app
        .history()
        .of(&entry.task.guid)
        .filter_map(|happening| match &happening.what {
            What::Task { change, failed, .. } => {
                let (text, tone) = change_text(*change, *failed);
                let at = format::time_of_day(happening.at, scene.zone);
                Some(Line { indent: 1, label: at.into(), value: text, secret: None, tone, heading: false })
            }
            What::Lost(_) => None,
        })
        .collect();
    if !lines.is_empty() {
        let heading = Line {
            indent: 0,
            label: "Events seen".into(),
            value: "".into(),
            secret: None,
            tone: Tone::Accent,
            heading: true,
        };
        lines.insert(0, heading);
    }
    lines
}

fn note(text: &str) -> Row {
    Row {
        left: 0,
        label: String::new(),
        value: text.to_owned(),
        label_style: Style::new(),
        value_style: Style::new(),
        secret: None,
    }
}
