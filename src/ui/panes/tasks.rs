//! Draws the task table. Must read only the rows in view: the table may have 100,000.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::commands::Command;
use crate::app::{Entry, Filter, Health, Pane, Pending, Phase, Replay, Scope};
use crate::model::lifecycle::Step;
use crate::model::plan::{Outcome, Reply};
use crate::model::secret::masked;
use crate::model::{DefinitionSummary, Sort};
use crate::present::columns::{
    self, Align, Arrangement, Chosen, Column, Contents, Placed, REASON, Room, RowFacts, STATE, arrange,
};
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// Cells between two columns.
const GAP: u16 = 1;

/// Cells at the left for the signs of marks, with the gap after them.
const MARKS: u16 = 2;

/// What drawing the table tells the rest of the frame.
#[derive(Debug)]
pub(crate) struct Drawn {
    /// The number of rows that fit.
    pub(crate) page: usize,
    /// Whether the column cuts the reason of the selected row.
    pub(crate) reason_is_cut: bool,
    /// How far the columns are scrolled to the right.
    pub(crate) scroll: usize,
    /// Where the titles are, counted from `left`.
    pub(crate) titles: Vec<Placed>,
    /// The left edge of the columns on the screen.
    pub(crate) left: u16,
}

/// A row in view.
struct Row<'a> {
    entry: &'a Entry,
    /// Empty if no visible column shows a field of the definition.
    summary: DefinitionSummary<'a>,
}

/// Draws the table. Updates `offset`, the first row in view, and `contents`, the widest texts so far.
pub(crate) fn draw(
    scene: &Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    offset: &mut usize,
    contents: &mut Contents,
) -> Drawn {
    let (marks, area) = mark_area(scene, area);
    let body = text::skip_top(area, 1);
    let (rows, _) = scene.app.shown_of_total();
    *offset = text::keep_in_view(*offset, scene.app.selected_at(), body.height.into(), rows);
    let chosen = chosen_columns(scene);
    let in_view = rows_in_view(scene, *offset, body.height, &chosen);
    contents.add(&chosen, in_view.iter().map(|row| facts(scene, row)));
    add_action_texts(scene, &in_view, &chosen, contents);
    let arrangement = arrange(&chosen, &room(scene, area.width), contents);
    text::title(buf, marks, "", scene.theme.title(scene.has_focus(Pane::Tasks)));
    draw_titles(scene, &arrangement, text::line_at(area, 0), buf);
    if rows == 0 {
        draw_no_rows(scene, body, buf);
    }
    for (row, (nth, line)) in in_view.iter().zip(text::lines(body)) {
        draw_row(scene, &arrangement.placed, row, line, buf);
        draw_mark(scene, row.entry, *offset + nth, text::line_at(marks, nth + 1), buf);
        if *offset + nth == scene.app.selected_at() {
            let style = scene.theme.cursor(scene.has_focus(Pane::Tasks));
            let line = Rect { x: marks.x, width: marks.width + line.width, ..line };
            buf.set_style(line.intersection(buf.area), style);
        }
    }
    let reason_is_cut = is_reason_cut(scene, &arrangement.placed);
    Drawn {
        page: body.height.into(),
        reason_is_cut,
        scroll: arrangement.scroll,
        titles: arrangement.placed,
        left: area.x,
    }
}

/// Returns the area of the signs of marks, which is empty without marks, and the rest.
fn mark_area(scene: &Scene<'_>, area: Rect) -> (Rect, Rect) {
    let width = if scene.app.has_marks() { MARKS } else { 0 };
    (text::take_left(area, width), text::skip_left(area, width))
}

/// Draws the sign of a mark, or a smaller one for a row that is in the open range.
fn draw_mark(scene: &Scene<'_>, entry: &Entry, at: usize, area: Rect, buf: &mut Buffer) {
    let sign = match () {
        () if area.is_empty() => return,
        () if scene.app.is_marked(entry) => "●",
        () if scene.app.is_in_range(at) => "·",
        () => return,
    };
    text::put(buf, area, sign, scene.theme.tone(Tone::Accent));
}

fn chosen_columns(scene: &Scene<'_>) -> Vec<Chosen> {
    let visible = scene.app.columns().visible();
    visible
        .filter_map(|choice| {
            let column = columns::find(choice.key)?;
            Some(Chosen { column, extra: choice.extra, if_room: choice.if_room })
        })
        .collect()
}

fn room<'a>(scene: &Scene<'a>, width: u16) -> Room<'a> {
    let (app, columns) = (scene.app, scene.app.columns());
    let (wide, scroll) = (columns.is_wide(), columns.scroll());
    Room { width, gap: GAP, times: scene.times, sorted: app.sort().column, wide, scroll }
}

fn rows_in_view<'a>(scene: &Scene<'a>, offset: usize, height: u16, chosen: &[Chosen]) -> Vec<Row<'a>> {
    let app = scene.app;
    let reads_definition = chosen.iter().any(|chosen| chosen.column.reads_definition());
    let summary = |entry: &'a Entry| {
        if reads_definition { app.store().summary(&entry.task) } else { DefinitionSummary::default() }
    };
    let entries = (offset..).map_while(|at| app.row(at)).take(height.into());
    entries.map(|entry| Row { entry, summary: summary(entry) }).collect()
}

fn is_reason_cut(scene: &Scene<'_>, columns: &[Placed]) -> bool {
    let room = columns.iter().find(|placed| placed.column.key == REASON).map_or(0, |placed| placed.width);
    let reason = scene.app.selected().map_or("", |entry| entry.task.reason());
    reason.len() > room.into() && text::width(&masked(reason)) > room
}

/// Measures what rows show of actions on their tasks.
fn add_action_texts(scene: &Scene<'_>, rows: &[Row<'_>], chosen: &[Chosen], contents: &mut Contents) {
    let pending = rows.iter().filter_map(|row| scene.app.pending(&row.entry.task.guid));
    for (pending, chosen) in pending.flat_map(|pending| chosen.iter().map(move |chosen| (pending, chosen))) {
        if let Some((text, _)) = action_text(scene, pending, chosen.column.key) {
            contents.add_text(chosen.column, &text);
        }
    }
}

fn facts<'a>(scene: &Scene<'a>, row: &'a Row<'_>) -> RowFacts<'a> {
    RowFacts { summary: &row.summary, ..scene.facts(row.entry) }
}

fn draw_titles(scene: &Scene<'_>, arrangement: &Arrangement, line: Rect, buf: &mut Buffer) {
    let style = scene.theme.title(scene.has_focus(Pane::Tasks));
    text::title(buf, line, "", style);
    for placed in &arrangement.placed {
        let title = title_text(scene.app.sort(), placed.column, placed.width);
        put_aligned(buf, placed, line, &title, style);
    }
    draw_hidden_sort(scene, line, style, buf);
    // Columns are scrolled out at the left, or follow at the right.
    for (mark, at) in [("‹", arrangement.left_mark), ("›", arrangement.right_mark)] {
        if let Some(at) = at {
            text::put(buf, text::take_left(text::skip_left(line, at), 1), mark, style);
        }
    }
}

/// Names the sort at the right end of the titles if its column is hidden.
fn draw_hidden_sort(scene: &Scene<'_>, line: Rect, style: Style, buf: &mut Buffer) {
    let sort = scene.app.sort();
    if scene.app.columns().visible().any(|choice| choice.key == sort.column) {
        return;
    }
    let title = columns::find(sort.column).map_or("", |column| column.title);
    let label = format!(" {title}{} ", sort_sign(sort, sort.column).unwrap_or_default());
    text::put_right(buf, line, &label, style);
}

/// Returns the title of a column, with the sign of the sort, which stays where the title is cut.
fn title_text(sort: Sort, column: &Column, width: u16) -> Cow<'static, str> {
    let Some(sign) = sort_sign(sort, column.key) else { return Cow::Borrowed(column.title) };
    let title = sanitise::cut(column.title, usize::from(width.saturating_sub(1)));
    Cow::Owned(format!("{title}{sign}"))
}

/// Returns the arrow for the title of the column that the rows are sorted by.
fn sort_sign(sort: Sort, key: &str) -> Option<char> {
    (sort.column == key).then_some(if sort.reversed { '▲' } else { '▼' })
}

fn put_aligned(buf: &mut Buffer, placed: &Placed, line: Rect, text: &str, style: Style) {
    let at = text::take_left(text::skip_left(line, placed.left), placed.width);
    let text = &placed.column.cut.apply(text, placed.width);
    match placed.column.align {
        Align::Left => {
            text::put(buf, at, text, style);
        }
        Align::Right => text::put_right(buf, at, text, style),
    }
}

fn draw_row(scene: &Scene<'_>, columns: &[Placed], row: &Row<'_>, line: Rect, buf: &mut Buffer) {
    let facts = facts(scene, row);
    let pending = scene.app.pending(&row.entry.task.guid);
    let tone = facts.tone();
    // Where held and ended tasks stand together, ended ones are dimmed, failed or not.
    let is_dimmed = row.entry.end.is_some() && scene.app.filter().scope.mixes_ended();
    let dimmed = |style: Style| if is_dimmed { style.add_modifier(Modifier::DIM) } else { style };
    for placed in columns {
        let column = placed.column;
        let (text, style) = pending
            .and_then(|pending| action_text(scene, pending, column.key))
            .unwrap_or_else(|| ((column.text)(&facts), dimmed(scene.theme.tone(column.tone(tone)))));
        put_aligned(buf, placed, line, &masked(&text), style);
    }
}

/// Returns what a row shows of an action on its task, instead of the state or the reason.
fn action_text(scene: &Scene<'_>, pending: &Pending, key: &str) -> Option<(Cow<'static, str>, Style)> {
    let (word, tone) = match &pending.phase {
        Phase::Sent(step) => (format!("{}…", doing(*step, pending)), Tone::Accent),
        Phase::Waiting => ("waiting…".to_owned(), Tone::Accent),
        Phase::Verifying { reply: Reply::Missing } => ("unknown…".to_owned(), Tone::Warn),
        Phase::Verifying { .. } => ("verifying…".to_owned(), Tone::Accent),
        Phase::Ended(Outcome::Done) => (format!("✓{}", pending.action.done()), Tone::Good),
        Phase::Ended(Outcome::NotDone) => ("✗ not done".to_owned(), Tone::Bad),
        Phase::Ended(Outcome::Unknown) => ("? unknown".to_owned(), Tone::Warn),
    };
    let style = scene.theme.tone(tone).add_modifier(Modifier::BOLD);
    match key {
        STATE => Some((word.into(), style)),
        REASON if pending.in_flight() => {
            let since = format::age(scene.now.mono.saturating_sub(pending.since.mono));
            // The time comes first, because the column may be only 12 cells wide.
            let text = match pending.phase {
                Phase::Waiting => format!("for {since}: the next step waits for its turn"),
                Phase::Verifying { reply: Reply::Missing } => {
                    format!("for {since}: no answer to {}, looking it up", pending.action.title())
                }
                Phase::Verifying { .. } => {
                    format!("for {since}: looking up what {} did", pending.action.title())
                }
                _ => format!("for {since}, no answer yet"),
            };
            Some((text.into(), style))
        }
        _ => None,
    }
}

fn doing(step: Step, pending: &Pending) -> &'static str {
    match step {
        Step::Resolving => "resolving",
        Step::Delete => "deleting",
        Step::Cancel => pending.action.doing(),
    }
}

/// Explains why there are no rows: no list yet, no tasks, or none that matches the filter.
fn draw_no_rows(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let (text, tone) = no_rows_text(scene);
    let room = text::skip_left(area, 1);
    let width = usize::from(room.width.saturating_sub(1));
    for (line, (nth, at)) in sanitise::wrap(&text, width).zip(text::lines(text::skip_top(room, 1))) {
        let style = if nth == 0 { scene.theme.tone(tone).patch(bold()) } else { Style::new() };
        text::put(buf, at, &line, style);
    }
}

fn no_rows_text(scene: &Scene<'_>) -> (String, Tone) {
    let url = &scene.app.target().url;
    if scene.app.replay().is_some_and(Replay::is_seeking) {
        return ("Reading the recording…".to_owned(), Tone::Accent);
    }
    match scene.app.health(scene.now) {
        Health::Connecting { cause: Some(cause), .. } => {
            (format!("Not connected to {url} yet.\n{cause}"), Tone::Bad)
        }
        Health::Connecting { cause: None, .. } => match scene.app.list_progress() {
            Some((got, _)) if got > 0 => {
                (format!("Receiving the first list: {}.", format::bytes(got)), Tone::Accent)
            }
            _ => (format!("Connecting to {url}…"), Tone::Accent),
        },
        _ if scene.app.filter().is_active() => {
            let filter = filter_text(scene.app.filter());
            let scope = match scene.app.filter().scope {
                Scope::Live | Scope::LiveAndEnded => "No task",
                Scope::Failed => "No failed task",
                Scope::Ended => "No ended task",
            };
            (format!("{scope} matches {filter}.{}", clear_hint(scene)), Tone::Normal)
        }
        _ => {
            let text = match (scene.app.filter().scope, scene.app.replay()) {
                (Scope::Live | Scope::LiveAndEnded, None) => "The BBS holds no tasks.",
                (Scope::Live | Scope::LiveAndEnded, Some(_)) => "The BBS held no tasks at this time.",
                (Scope::Failed, _) => "No failed tasks.",
                (Scope::Ended, None) => "No task has ended since taskdeck started.",
                (Scope::Ended, Some(_)) => "No task had ended by this time.",
            };
            (text.to_owned(), Tone::Normal)
        }
    }
}

/// Returns a line with the key that clears the filters; empty if no key does.
fn clear_hint(scene: &Scene<'_>) -> String {
    let key = scene.app.keymap().keys(Command::ClearFilters).next();
    key.map(|key| format!("\nPress {} to clear all filters.", scene.key(key))).unwrap_or_default()
}

/// Returns the filter in words; empty without a filter.
pub(crate) fn filter_text(filter: &Filter) -> String {
    let terms = (!filter.terms.is_empty()).then(|| format!("/{}", filter.terms.text()));
    let groups = filter.groups.iter().map(|(key, name)| format!("{} {}", key.spec().name, name.label()));
    terms.into_iter().chain(groups).collect::<Vec<_>>().join(", ")
}
