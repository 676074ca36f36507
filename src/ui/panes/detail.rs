//! Draws the detail: every field of a task, in sections that fold. Long values wrap, and the cursor moves by wrapped lines.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{Detail, DetailTab, Entry, Pane};
use crate::present::detail::{Definition, DetailFacts, Line, TimelineFacts, lines, timeline_lines};
use crate::present::{Tone, sanitise};
use crate::ui::Scene;
use crate::ui::text;

/// Maximum wrapped lines of one field, and of the whole detail. They bound the work of a frame.
const MAX_FIELD_LINES: usize = 2_000;
const MAX_LINES: usize = 20_000;
/// Replaces what exceeds these bounds.
const TRUNCATED: &str = "… truncated; `taskdeck task GUID` prints all of it";

/// Cells for the duration beside a bar, as in ` 100d23h so far`.
const DURATION_CELLS: usize = 15;

/// Cells between a label and its value.
const GAP: u16 = 2;
/// The sign before the title of an open section.
const OPEN: &str = "▾ ";
/// The sign before the title of a folded section.
const FOLDED: &str = "▸ ";
/// Takes the place of a sign before the title of a section without fields.
const NO_FIELDS: &str = "  ";

/// What Enter toggles on a line of the detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toggle {
    /// Reveals or masks a secret, by its number.
    Secret(usize),
    /// Folds or unfolds a section, by its title.
    Section(&'static str),
}

/// What drawing the detail tells the rest of the frame.
#[derive(Debug, Default)]
pub(crate) struct Drawn {
    /// What Enter toggles under the cursor.
    pub(crate) toggle: Option<Toggle>,
    /// The number of wrapped lines, visible or not.
    pub(crate) lines: usize,
    /// The number of lines that fit.
    pub(crate) page: usize,
}

/// A wrapped line.
#[derive(Default)]
struct WrappedLine {
    /// Where the value starts.
    left: u16,
    label: String,
    value: String,
    label_style: Style,
    value_style: Style,
    toggle: Option<Toggle>,
}

/// Draws the pane. Updates `offset`, the first line in view.
pub(crate) fn draw(
    scene: &Scene<'_>,
    detail: &Detail,
    area: Rect,
    buf: &mut Buffer,
    offset: &mut usize,
) -> Drawn {
    let focused = scene.has_focus(Pane::Detail);
    let title_style = scene.theme.title(focused);
    let body = text::skip_top(area, 1);
    let page = usize::from(body.height);
    let Some(entry) = scene.app.detail_entry() else { return Drawn { page, ..Drawn::default() } };
    let title = format!("Task {}", entry.task.guid);
    text::title(buf, area, &title, title_style);
    draw_tabs(detail.tab, text::skip_left(area, text::width(&title) + GAP), buf, title_style);
    // Keep the right edge empty, so that wrapped text does not run into it.
    let text = text::take_left(body, body.width.saturating_sub(1));
    let title_is_whole = text::width(&title) <= text.width;
    let wrapped = wrapped_lines(scene, detail, entry, (text.width, title_is_whole));
    let cursor = detail.cursor.min(wrapped.len().saturating_sub(1));
    *offset = text::keep_in_view(*offset, cursor, page, wrapped.len());
    for ((nth, line), wrapped) in text::lines(body).zip(wrapped.iter().skip(*offset)) {
        let text = text::take_left(line, text.width);
        text::put(buf, text, &wrapped.label, wrapped.label_style);
        text::put(buf, text::skip_left(text, wrapped.left), &wrapped.value, wrapped.value_style);
        if focused && *offset + nth == cursor {
            buf.set_style(line.intersection(buf.area), scene.theme.cursor(true));
        }
    }
    let toggle = wrapped.get(cursor).and_then(|line| line.toggle);
    Drawn { toggle, lines: wrapped.len(), page }
}

/// Draws the names of the tabs, with the shown one in brackets, or that one alone if there is no room for both.
fn draw_tabs(tab: DetailTab, area: Rect, buf: &mut Buffer, style: Style) {
    let texts = match tab {
        DetailTab::Fields => ["[fields] timeline", "[fields]"],
        DetailTab::Timeline => ["fields [timeline]", "[timeline]"],
    };
    if let Some(tabs) = texts.into_iter().find(|tabs| text::width(tabs) < area.width) {
        text::put(buf, text::line_at(area, 0), tabs, style);
    }
}

/// Returns all lines. Omits the guid if the title shows it whole.
fn wrapped_lines(
    scene: &Scene<'_>,
    detail: &Detail,
    entry: &Entry,
    (width, title_is_whole): (u16, bool),
) -> Vec<WrappedLine> {
    let mut lines = match detail.tab {
        DetailTab::Fields => field_lines(scene, detail, entry),
        DetailTab::Timeline => history_lines(scene, entry, width),
    };
    lines.retain(|line| !title_is_whole || line.label != "task_guid");
    lines.splice(0..0, not_in_table(scene));
    let sections = lines.chunk_by(|_, next| next.section.is_none());
    let mut wrapped: Vec<_> =
        sections.flat_map(|section| wrap_section(scene, detail, section, width)).take(MAX_LINES).collect();
    if wrapped.len() == MAX_LINES {
        wrapped.push(WrappedLine { value: TRUNCATED.to_owned(), ..WrappedLine::default() });
    }
    wrapped
}

/// Returns the lines of the task's fields.
fn field_lines<'a>(scene: &Scene<'a>, detail: &'a Detail, entry: &'a Entry) -> Vec<Line<'a>> {
    let definition = match &detail.definition {
        Some(Ok(definition)) => Definition::Decoded(definition),
        Some(Err(problem)) => Definition::Invalid(problem),
        None if scene.app.replay().is_some() => Definition::NotRecorded,
        None if entry.task.definition.is_dropped() => Definition::Dropped,
        None => Definition::Pending,
    };
    let row = scene.facts(entry);
    let stuck = scene.app.store().stuck_of(entry, scene.server_now);
    let facts = DetailFacts { row, stuck, definition, revealed: &detail.revealed, zone: scene.zone };
    lines(&facts)
}

/// Returns the lines of the task's timeline.
fn history_lines<'a>(scene: &Scene<'a>, entry: &'a Entry, width: u16) -> Vec<Line<'a>> {
    let offset_ns = scene.server_now.as_nanos().saturating_sub(scene.now.wall.as_nanos());
    timeline_lines(&TimelineFacts {
        life: entry.life(scene.app.store().clocks()),
        end: entry.end.as_deref(),
        timeline: &scene.app.timeline(entry, offset_ns),
        now: scene.server_now,
        offset_ns,
        zone: scene.zone,
        bar_cells: usize::from(width - max_label_column(width)).saturating_sub(DURATION_CELLS).max(1),
    })
}

/// Returns a warning if the detail's task is not the selected row of the table.
fn not_in_table(scene: &Scene<'_>) -> Option<Line<'static>> {
    let text = if !scene.app.knows_detail() {
        "no longer tracked; showing the last known state"
    } else if !scene.app.selects_detail() {
        "not in the current view"
    } else {
        return None;
    };
    Some(Line { tone: Tone::Warn, ..plain(0, "row", text) })
}

/// Wraps a section: its heading, if it has one, and its fields unless it is folded.
fn wrap_section(scene: &Scene<'_>, detail: &Detail, section: &[Line<'_>], width: u16) -> Vec<WrappedLine> {
    let heading = section.first().and_then(|line| Some((line.section?, line)));
    let Some((title, line)) = heading else { return wrap_fields(scene, section, width) };
    let fields = section.get(1..).unwrap_or_default();
    let is_folded = detail.folded.contains(title);
    let summary =
        if is_folded { format!("{} fields", fields.len()) } else { line.value.clone().into_owned() };
    let sign = match (fields.is_empty(), is_folded) {
        (true, _) => NO_FIELDS,
        (false, true) => FOLDED,
        (false, false) => OPEN,
    };
    let label = [sign, title].concat();
    let heading = WrappedLine {
        left: text::width(&label) + GAP,
        label,
        value: summary,
        label_style: scene.theme.tone(Tone::Accent),
        value_style: scene.theme.tone(Tone::Quiet),
        toggle: (!fields.is_empty()).then_some(Toggle::Section(title)),
    };
    let fields = if is_folded { Vec::new() } else { wrap_fields(scene, fields, width) };
    std::iter::once(heading).chain(fields).collect()
}

/// Wraps fields, with their values in one column.
fn wrap_fields(scene: &Scene<'_>, fields: &[Line<'_>], width: u16) -> Vec<WrappedLine> {
    let column = value_column(fields, width);
    fields.iter().flat_map(|line| wrap_field(scene, line, column, width)).take(MAX_LINES).collect()
}

/// Returns the column that values begin at the latest.
const fn max_label_column(width: u16) -> u16 {
    width * 2 / 5
}

/// Returns the column of the values: right of the longest label that leaves them enough room.
fn value_column(fields: &[Line<'_>], width: u16) -> u16 {
    let max = max_label_column(width).saturating_sub(GAP);
    let labels = fields.iter().map(|line| text::width(&indented_label(line)));
    labels.filter(|label| *label <= max).max().unwrap_or(max) + GAP
}

fn indented_label(line: &Line<'_>) -> String {
    let label = format!("{:indent$}{}", "", line.label, indent = usize::from(line.indent) * 2);
    sanitise::clean(&label).into_owned()
}

/// Wraps a field: the label, and the value beside it.
fn wrap_field(scene: &Scene<'_>, line: &Line<'_>, column: u16, width: u16) -> Vec<WrappedLine> {
    let wrapped = |label: String, value: String| WrappedLine {
        left: column,
        label,
        value,
        label_style: scene.theme.tone(Tone::Quiet),
        value_style: scene.theme.tone(line.tone),
        toggle: line.secret.map(|id| Toggle::Secret(id.0)),
    };
    let mut lines = Vec::new();
    let mut label = indented_label(line);
    // A long label gets lines of its own.
    if text::width(&label) + GAP > column && !line.value.is_empty() {
        let pieces = sanitise::wrap(&label, width.into()).take(MAX_FIELD_LINES);
        lines.extend(pieces.map(|piece| wrapped(piece, String::new())));
        label = String::new();
    }
    let room = usize::from(width.saturating_sub(column));
    let value = line.brief.as_deref().filter(|_| line.value.len() > room).unwrap_or(&line.value);
    let mut pieces = sanitise::wrap(value, room);
    for piece in pieces.by_ref().take(MAX_FIELD_LINES) {
        lines.push(wrapped(std::mem::take(&mut label), piece));
    }
    if pieces.next().is_some() {
        lines.push(wrapped(String::new(), TRUNCATED.to_owned()));
    }
    lines
}

fn plain<'a>(indent: u8, label: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Line<'a> {
    let (label, value) = (label.into(), value.into());
    Line { indent, label, value, secret: None, brief: None, tone: Tone::Normal, section: None }
}
