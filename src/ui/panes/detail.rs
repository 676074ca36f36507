//! The selected task, every field, in sections that fold. Long values are wrapped; the cursor goes by lines of the screen.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::events::transition_text;
use crate::app::{Detail, Entry, LogKind, Pane};
use crate::present::columns::RowFacts;
use crate::present::detail::{Definition, DetailFacts, Line, lines};
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::selected;

/// Lines of the screen that one field may take, and that all may take together. More is for `show --json`.
const LINES_OF_A_FIELD: usize = 2_000;
const LINES: usize = 20_000;

/// The cells between a label and its value.
const GAP: u16 = 2;
/// The section of what the event stream told.
const EVENTS: &str = "Events seen";

/// What stands before the title of a section that is open, and of one that is folded.
const OPEN: &str = "▾ ";
const FOLDED: &str = "▸ ";
/// The same of one that holds nothing.
const NOTHING: &str = "  ";

/// What the cursor can be on that Enter toggles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnderCursor {
    /// A secret, by its number.
    Secret(usize),
    /// A section, by its title.
    Section(&'static str),
}

/// What the pane tells about itself.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// What is under the cursor.
    pub(crate) under_cursor: Option<UnderCursor>,
    /// All lines.
    pub(crate) lines: usize,
    /// Lines that there is room for.
    pub(crate) page: usize,
}

/// A line of the screen.
#[derive(Default)]
struct Row {
    left: u16,
    label: String,
    value: String,
    label_style: Style,
    value_style: Style,
    toggles: Option<UnderCursor>,
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
    let body = text::below(area, 1);
    let page = usize::from(body.height);
    let Some(entry) = scene.app.detail_entry() else { return Seen { page, ..Seen::default() } };
    let title = format!("Task {}", entry.task.guid);
    text::title(buf, area, &title, title_style);
    // What is read to its end does not touch the edge.
    let text = text::first(body, body.width.saturating_sub(1));
    let title_is_whole = text::width(&title) <= text.width;
    let rows = rows(scene, detail, entry, (text.width, title_is_whole));
    let cursor = detail.cursor.min(rows.len().saturating_sub(1));
    *top = text::follow(*top, cursor, page, rows.len());
    for ((nth, line), row) in text::lines_of(body).zip(rows.iter().skip(*top)) {
        let text = text::first(line, text.width);
        text::put(buf, text, &row.label, row.label_style);
        text::put(buf, text::after(text, row.left), &row.value, row.value_style);
        if focused && *top + nth == cursor {
            buf.set_style(line.intersection(buf.area), selected(true));
        }
    }
    Seen { under_cursor: rows.get(cursor).and_then(|row| row.toggles), lines: rows.len(), page }
}

/// All lines of the screen. The guid is not said twice where the title has it whole.
fn rows(scene: &Scene<'_>, detail: &Detail, entry: &Entry, (width, title_is_whole): (u16, bool)) -> Vec<Row> {
    let definition = match &detail.definition {
        Some(Ok(definition)) => Definition::Decoded(definition),
        Some(Err(problem)) => Definition::Invalid(problem),
        None => Definition::Pending,
    };
    let row = RowFacts {
        task: &entry.task,
        cell: entry.last_cell.as_ref(),
        end: entry.end,
        now: scene.server_now,
        times: scene.times,
    };
    let facts = DetailFacts { row, definition, revealed: &detail.revealed, zone: scene.zone };
    let mut lines = lines(&facts);
    lines.retain(|line| !title_is_whole || line.label != "task_guid");
    lines.splice(0..0, standing(scene));
    lines.extend(timeline(scene, entry));
    let sections = lines.chunk_by(|_, next| next.section.is_none());
    let mut rows: Vec<_> =
        sections.flat_map(|section| section_rows(scene, detail, section, width)).take(LINES).collect();
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
    Some(Line { tone: Tone::Warn, ..plain(0, "row", text) })
}

/// The lines of a section: its heading, if it has one, and unless it is folded its fields, with their values in one
/// column.
fn section_rows(scene: &Scene<'_>, detail: &Detail, section: &[Line<'_>], width: u16) -> Vec<Row> {
    let heading = section.first().and_then(|line| Some((line.section?, line)));
    let Some((title, line)) = heading else { return field_rows(scene, section, width) };
    let fields = section.get(1..).unwrap_or_default();
    let is_folded = detail.folded.contains(title);
    let hidden = if is_folded { format!("{} fields", fields.len()) } else { line.value.clone().into_owned() };
    let sign = match (fields.is_empty(), is_folded) {
        (true, _) => NOTHING,
        (false, true) => FOLDED,
        (false, false) => OPEN,
    };
    let label = [sign, title].concat();
    let row = Row {
        left: text::width(&label) + GAP,
        label,
        value: hidden,
        label_style: scene.theme.tone(Tone::Accent),
        value_style: scene.theme.tone(Tone::Quiet),
        toggles: (!fields.is_empty()).then_some(UnderCursor::Section(title)),
    };
    let fields = if is_folded { Vec::new() } else { field_rows(scene, fields, width) };
    std::iter::once(row).chain(fields).collect()
}

fn field_rows(scene: &Scene<'_>, fields: &[Line<'_>], width: u16) -> Vec<Row> {
    let column = value_column(fields, width);
    fields.iter().flat_map(|line| rows_of(scene, line, column, width)).take(LINES).collect()
}

/// Where the values of these fields begin: after the longest label of those that leave the values enough room.
fn value_column(fields: &[Line<'_>], width: u16) -> u16 {
    let most = (width * 2 / 5).saturating_sub(GAP);
    let labels = fields.iter().map(|line| text::width(&label_of(line)));
    labels.filter(|label| *label <= most).max().unwrap_or(most) + GAP
}

fn label_of(line: &Line<'_>) -> String {
    let label = format!("{:indent$}{}", "", line.label, indent = usize::from(line.indent) * 2);
    sanitise::clean(&label).into_owned()
}

/// One field on as many lines as it needs: the label, and the value beside it.
fn rows_of(scene: &Scene<'_>, line: &Line<'_>, column: u16, width: u16) -> Vec<Row> {
    let row = |label: String, value: String| Row {
        left: column,
        label,
        value,
        label_style: scene.theme.tone(Tone::Quiet),
        value_style: scene.theme.tone(line.tone),
        toggles: line.secret.map(|id| UnderCursor::Secret(id.0)),
    };
    let mut rows = Vec::new();
    let mut beside = label_of(line);
    // A long label has lines of its own.
    if text::width(&beside) + GAP > column && !line.value.is_empty() {
        let pieces = sanitise::wrap(&beside, width.into()).take(LINES_OF_A_FIELD);
        rows.extend(pieces.map(|piece| row(piece, String::new())));
        beside = String::new();
    }
    let room = usize::from(width.saturating_sub(column));
    let value = line.brief.as_deref().filter(|_| line.value.len() > room).unwrap_or(&line.value);
    let mut pieces = sanitise::wrap(value, room);
    for piece in pieces.by_ref().take(LINES_OF_A_FIELD) {
        rows.push(row(std::mem::take(&mut beside), piece));
    }
    if pieces.next().is_some() {
        rows.push(row(String::new(), "… and more that is not shown here".to_owned()));
    }
    rows
}

/// The logged events of this task, as a section.
fn timeline<'a>(scene: &Scene<'a>, entry: &'a Entry) -> Vec<Line<'a>> {
    let mut lines: Vec<_> = scene
        .app
        .event_log()
        .of(&entry.task.guid)
        .filter_map(|logged| match &logged.kind {
            LogKind::Task { transition, failed, .. } => {
                let (text, tone) = transition_text(*transition, *failed);
                let at = format::time_of_day(logged.at, scene.zone);
                Some(Line { tone, ..plain(1, at, text) })
            }
            LogKind::Gap(_) => None,
        })
        .collect();
    if !lines.is_empty() {
        let heading = Line { section: Some(EVENTS), ..plain(0, EVENTS, "") };
        lines.insert(0, heading);
    }
    lines
}

fn plain<'a>(indent: u8, label: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Line<'a> {
    let (label, value) = (label.into(), value.into());
    Line { indent, label, value, secret: None, brief: None, tone: Tone::Normal, section: None }
}

fn note(text: &str) -> Row {
    Row { value: text.to_owned(), ..Row::default() }
}
