//! The table of tasks. Only the rows that are seen are looked at.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::{Entry, Filter, Health, Pane, Pending, Phase, Scope, SortKey};
use crate::model::lifecycle::Step;
use crate::model::plan::{Outcome, Reply};
use crate::present::columns::{Align, Contents, Placed, RowFacts, place, shown};
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::{bold, selected};

/// Cells between two columns.
const GAP: u16 = 1;

/// What the pane tells about itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    /// How many rows there is room for.
    pub(crate) page: usize,
    /// Whether the selected row has more to say of its reason than its column shows.
    pub(crate) reason_is_cut: bool,
}

/// Draws the table. `top` is the first row shown; `contents` is what the rows were seen to need.
pub(crate) fn draw(
    scene: &Scene<'_>,
    area: Rect,
    buf: &mut Buffer,
    top: &mut usize,
    contents: &mut Contents,
) -> Seen {
    let body = text::below(area, 1);
    let (rows, _) = scene.app.shown_of_total();
    *top = text::follow(*top, scene.app.selected_at(), body.height.into(), rows);
    let in_view = (*top..).map_while(|at| scene.app.row(at)).take(body.height.into());
    in_view.for_each(|entry| contents.add(&facts(scene, entry)));
    let columns = place(shown(), area.width, GAP, scene.times, contents);
    draw_titles(scene, &columns, text::line_of(area, 0), buf);
    if rows == 0 {
        draw_nothing(scene, body, buf);
    }
    for (nth, line) in text::lines_of(body) {
        let at = *top + nth;
        let Some(entry) = scene.app.row(at) else { break };
        draw_row(scene, &columns, entry, line, buf);
        if at == scene.app.selected_at() {
            let style = selected(scene.has_focus(Pane::Tasks));
            buf.set_style(line.intersection(buf.area), style);
        }
    }
    Seen { page: body.height.into(), reason_is_cut: is_reason_cut(scene, &columns) }
}

fn is_reason_cut(scene: &Scene<'_>, columns: &[Placed]) -> bool {
    let room = columns.iter().find(|placed| placed.column.key == "reason").map_or(0, |placed| placed.width);
    let reason = scene.app.selected().map_or("", |entry| entry.task.reason());
    reason.len() > room.into() && text::width(reason) > room
}

fn facts<'a>(scene: &Scene<'a>, entry: &'a Entry) -> RowFacts<'a> {
    RowFacts {
        task: &entry.task,
        cell: entry.last_cell.as_ref(),
        end: entry.end,
        now: scene.server_now,
        times: scene.times,
    }
}

fn draw_titles(scene: &Scene<'_>, columns: &[Placed], line: Rect, buf: &mut Buffer) {
    let style = scene.theme.title(scene.has_focus(Pane::Tasks));
    text::title(buf, line, "", style);
    for placed in columns {
        let mut title = placed.column.title.to_owned();
        if let Some(sign) = sorted(scene, placed.column.key) {
            title.push(sign);
        }
        put_aligned(buf, placed, line, &title, style);
    }
}

/// The sign of the column that the rows are ordered by.
fn sorted(scene: &Scene<'_>, key: &str) -> Option<char> {
    let (sort, reversed) = scene.app.sort();
    let is_it = key
        == match sort {
            SortKey::Guid => "guid",
            SortKey::Domain => "domain",
            SortKey::State => "state",
            SortKey::Cell => "cell",
            SortKey::Age => "age",
            SortKey::InState => "in-state",
            SortKey::Reason => "reason",
        };
    is_it.then_some(if reversed { '▲' } else { '▼' })
}

fn put_aligned(buf: &mut Buffer, placed: &Placed, line: Rect, text: &str, style: Style) {
    let at = text::first(text::after(line, placed.left), placed.width);
    match placed.column.align {
        Align::Left => {
            text::put(buf, at, text, style);
        }
        Align::Right => text::put_right(buf, at, text, style),
    }
}

fn draw_row(scene: &Scene<'_>, columns: &[Placed], entry: &Entry, line: Rect, buf: &mut Buffer) {
    let facts = facts(scene, entry);
    let pending = scene.app.pending(&entry.task.guid);
    for placed in columns {
        let key = placed.column.key;
        let (text, style) =
            pending.and_then(|pending| action_text(scene, pending, key)).unwrap_or_else(|| {
                ((placed.column.text)(&facts), scene.theme.tone(cell_tone(facts.tone(), key)))
            });
        put_aligned(buf, placed, line, &text, style);
    }
}

/// What is out of the ordinary colours the words that say so, and the name to act on; what is common only its
/// state.
fn cell_tone(row: Tone, key: &str) -> Tone {
    match (row, key) {
        (Tone::Ended, _) | (_, "state") | (Tone::Bad | Tone::Warn, "guid" | "reason") => row,
        _ => Tone::Normal,
    }
}

/// What a row says of the action on it, in the columns for the state and the reason.
fn action_text(scene: &Scene<'_>, pending: &Pending, key: &str) -> Option<(Cow<'static, str>, Style)> {
    let (word, tone) = match &pending.phase {
        Phase::Sent(step) => (format!("{}…", doing(*step, pending)), Tone::Accent),
        Phase::Verifying { reply: Reply::Missing } => ("unknown…".to_owned(), Tone::Warn),
        Phase::Verifying { .. } => ("verifying…".to_owned(), Tone::Accent),
        Phase::Ended(Outcome::Done) => (format!("✓{}", pending.action.done()), Tone::Good),
        Phase::Ended(Outcome::NotDone) => ("✗ not done".to_owned(), Tone::Bad),
        Phase::Ended(Outcome::Unknown) => ("? unknown".to_owned(), Tone::Warn),
    };
    let style = scene.theme.tone(tone).add_modifier(Modifier::BOLD);
    match key {
        "state" => Some((word.into(), style)),
        "reason" if pending.in_flight() => {
            let since = format::age(scene.now.mono.saturating_sub(pending.since.mono));
            // Short: on the usual screen the column has twelve cells.
            let text = match pending.phase {
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

/// Why there are no rows: not known yet, none at all, or none that the filter admits.
fn draw_nothing(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let (text, tone) = nothing(scene);
    let room = text::after(area, 1);
    let width = usize::from(room.width.saturating_sub(1));
    for (line, (nth, at)) in sanitise::wrap(&text, width).zip(text::lines_of(text::below(room, 1))) {
        let style = if nth == 0 { scene.theme.tone(tone).patch(bold()) } else { Style::new() };
        text::put(buf, at, &line, style);
    }
}

fn nothing(scene: &Scene<'_>) -> (String, Tone) {
    let url = &scene.app.target().url;
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
                Scope::Live => "No task",
                Scope::Failed => "No failed task",
                Scope::Ended => "No ended task",
            };
            (format!("{scope} matches {filter}.\nx drops all filters."), Tone::Normal)
        }
        _ => {
            let text = match scene.app.filter().scope {
                Scope::Live => "The BBS holds no tasks.",
                Scope::Failed => "No failed tasks.",
                Scope::Ended => "No task has ended while we watched.",
            };
            (text.to_owned(), Tone::Normal)
        }
    }
}

/// What is filtered, in words; empty if nothing is.
pub(crate) fn filter_text(filter: &Filter) -> String {
    let parts = [
        (!filter.terms.is_empty()).then(|| format!("/{}", filter.terms.text())),
        filter.domain.as_ref().map(|domain| format!("domain {domain}")),
        filter.cell.as_ref().map(|cell| format!("cell {cell}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
