//! Draws the question about many tasks: what they have in common, what is refused, and the frozen list.
//!
//! ```text
//! ┌ production ─────────────────────────────────────┐
//! │ Cancel 34 of 37 marked tasks?                   │
//! │ hidden   2 are hidden; they come first          │
//! │ refused  3: Task has already completed          │
//! │ state    Running 20, Pending 14                 │
//! │ …                                               │
//! │ GUID          STATE    DOMAIN   APP   CELL      │
//! │ 0f1e…77aa     Running  cf-tasks shop  cell-1    │
//! │  No    Yes                                      │
//! └ ↑ ↓ scroll ─────────────────────────────────────┘
//! ```

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Drawn, Hint, Line, draw_box, split_top};
use crate::app::{BulkQuestion, ChosenBy, Tally};
use crate::model::CellId;
use crate::model::lifecycle::Step;
use crate::model::plan::PlannedTask;
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::panes::answers;
use crate::ui::text;
use crate::ui::theme::bold;

/// Width of the names of the facts, in cells.
const NAME_WIDTH: usize = 9;
/// Width of a guid in the list: cut in the middle on a narrow screen.
const GUID_WIDTH: u16 = 36;
const CUT_GUID_WIDTH: u16 = 13;
/// Width of a state, and of a domain, an app and a cell where there is room for them.
const STATE_WIDTH: u16 = 9;
const FACT_WIDTH: u16 = 16;
/// From this width on the list shows whole guids, and from the next on domain, app and cell.
const WIDE: u16 = 74;
const VERY_WIDE: u16 = 116;
/// How many lines of the list stay visible, however much there is to say above it.
const MIN_LISTED: u16 = 3;
/// How many guids a line names.
const MAX_NAMED: usize = 3;

/// Draws the question.
pub(crate) fn draw(scene: &Scene<'_>, question: &BulkQuestion, screen: Rect, buf: &mut Buffer) -> Drawn {
    let facts = facts(scene, question, usize::from(screen.width.saturating_sub(4)));
    let (tasks, answers_height) = (question.set.tasks(), answers::height(&question.confirmation));
    let wanted = facts.len() + 2 + tasks.len() + usize::from(answers_height);
    let hints: &[Hint] = &[("↑ ↓ PgUp PgDn", "scroll"), ("Esc", "do nothing")];
    let inside = draw_box(scene, question.session, wanted, hints, (screen, buf));
    let (body, answers) = split_top(inside, inside.height.saturating_sub(answers_height));
    // On a low screen the facts at the end give way.
    let facts_height = body.height.saturating_sub(MIN_LISTED).max(1);
    let (top, list) = split_top(body, facts_height.min(text::clamp_u16(facts.len())));
    for ((fact, style), (_, line)) in facts.iter().zip(text::lines(top)) {
        text::put(buf, line, fact, *style);
    }
    let drawn = draw_list(scene, question, list, buf);
    let cursor = answers::draw(scene, &question.confirmation, answers, buf);
    Drawn { cursor, ..drawn }
}

/// Returns what there is to say above the list, the most important first.
fn facts(scene: &Scene<'_>, question: &BulkQuestion, width: usize) -> Vec<Line> {
    let warn = scene.theme.tone(Tone::Warn);
    let mut lines = vec![(question_text(question), bold())];
    if question.hidden > 0 {
        let (count, them) =
            (format::len(question.hidden), if question.hidden == 1 { "it comes" } else { "they come" });
        let are = if question.hidden == 1 { "is" } else { "are" };
        lines.push((
            fact("hidden", &format!("{count} {are} not in the table; {them} first in this list")),
            warn,
        ));
    }
    if !question.lost.is_empty() {
        let guids =
            question.lost.iter().take(MAX_NAMED).map(|guid| sanitise::clean(guid.as_str()).into_owned());
        let more = if question.lost.len() > MAX_NAMED { "…" } else { "" };
        let guids = guids.collect::<Vec<_>>().join(", ");
        let count = format::len(question.lost.len());
        lines.push((
            fact("gone", &format!("{count} no longer known, nothing will be sent: {guids}{more}")),
            warn,
        ));
    }
    for (why, count) in &question.refusals {
        lines.push((fact("refused", &format!("{}: {why}", format::len(*count))), warn));
    }
    lines.push((fact("calls", &calls_text(scene, question)), Style::new()));
    lines.extend(question.tallies.iter().map(|tally| (tally_text(tally, width), Style::new())));
    lines
}

fn fact(name: &str, text: &str) -> String {
    format!("{name:NAME_WIDTH$}{text}")
}

fn question_text(question: &BulkQuestion) -> String {
    let set = &question.set;
    let (verb, all, allowed) =
        (set.action().title(), set.tasks().len() + question.lost.len(), set.actionable());
    let tasks = if all == 1 { "task" } else { "tasks" };
    let count = if all == allowed {
        format::len(all)
    } else {
        format!("{} of {}", format::len(allowed), format::len(all))
    };
    match question.chosen_by {
        ChosenBy::Marks => format!("{verb} {count} marked {tasks}?"),
        ChosenBy::Retry => format!("{verb} {count} {tasks} left over from the last run?"),
    }
}

/// Returns the calls that tasks take, and how long they take at the target's pace.
fn calls_text(scene: &Scene<'_>, question: &BulkQuestion) -> String {
    let steps = |steps: &[Step]| steps.iter().map(|step| step.word()).collect::<Vec<_>>().join(", then ");
    let calls: Vec<_> = question
        .calls
        .iter()
        .map(|(plan, count)| format!("{} for {}", steps(plan), format::len(*count)))
        .collect();
    let writes: usize = question.calls.iter().map(|(plan, count)| plan.len() * count).sum();
    let rate =
        scene.app.target_of(question.session).map(|target| target.writes_per_second).unwrap_or_default();
    let took = rate.interval() * u32::try_from(writes.saturating_sub(1)).unwrap_or(u32::MAX);
    let pace = format!("at most {} calls a second", rate.get());
    if took < Duration::from_secs(1) {
        format!("{}; {pace}", calls.join("; "))
    } else {
        format!("{}; {pace}, {} in all", calls.join("; "), format::age(took))
    }
}

/// Returns the counts of a property, as many as fit, and how many other values there are.
fn tally_text(tally: &Tally, width: usize) -> String {
    let mut text = fact(tally.name, "");
    let mut left = tally.values.len() + tally.more;
    for (nth, (value, count)) in tally.values.iter().enumerate() {
        let value = if value.is_empty() { "none".into() } else { sanitise::clean(value) };
        let comma = if nth == 0 { "" } else { ", " };
        let next = format!("{comma}{value} {}", format::len(*count));
        // The number of the others needs some room too.
        if nth > 0 && sanitise::width(&text) + sanitise::width(&next) + 10 > width {
            break;
        }
        text.push_str(&next);
        left -= 1;
    }
    if left > 0 { format!("{text}, {} more", format::len(left)) } else { text }
}

fn draw_list(scene: &Scene<'_>, question: &BulkQuestion, area: Rect, buf: &mut Buffer) -> Drawn {
    let tasks = question.set.tasks();
    let area = text::skip_top(area, u16::from(usize::from(area.height) > tasks.len() + 1));
    let (titles, rows) = split_top(area, 1);
    let page = usize::from(rows.height);
    let last_scroll = tasks.len().saturating_sub(page);
    let top = question.scroll.min(last_scroll);
    draw_row(
        titles,
        &["GUID", "STATE", "CALLS", "DOMAIN", "APP", "CELL"],
        scene.theme.tone(Tone::Quiet),
        buf,
    );
    if last_scroll > 0 {
        let position =
            format!(" {}-{} of {}", top + 1, top + page.min(tasks.len()), format::len(tasks.len()));
        text::put_right(buf, titles, &position, scene.theme.tone(Tone::Quiet));
    }
    for ((nth, task), (_, line)) in tasks.iter().enumerate().skip(top).zip(text::lines(rows)) {
        draw_task(scene, question, task, nth < question.hidden, line, buf);
    }
    Drawn { last_scroll, page: page.max(1), cursor: None }
}

fn draw_task(
    scene: &Scene<'_>,
    question: &BulkQuestion,
    task: &PlannedTask,
    is_hidden: bool,
    line: Rect,
    buf: &mut Buffer,
) {
    let entry = scene.app.task_in(question.session, &task.guid);
    let state = task.frozen.map(|frozen| frozen.state.to_string()).unwrap_or_default();
    let calls = match task.frozen.map(|frozen| frozen.plan) {
        Some(Ok(plan)) => plan.steps().iter().map(|step| step.word()).collect::<Vec<_>>().join(", "),
        Some(Err(why)) => format!("refused: {why}"),
        None => String::new(),
    };
    let calls = if is_hidden { format!("hidden, {calls}") } else { calls };
    let domain = entry.map_or("", |entry| entry.task.domain.as_str());
    let app = entry.map_or("", |entry| entry.task.owner.app().label());
    let cell = entry.and_then(|entry| entry.last_cell.as_ref()).map_or("", CellId::as_str);
    let tone = match (task.refusal(), is_hidden) {
        (Some(_), _) => Tone::Quiet,
        (None, true) => Tone::Warn,
        (None, false) => Tone::Normal,
    };
    draw_row(line, &[task.guid.as_str(), &state, &calls, domain, app, cell], scene.theme.tone(tone), buf);
}

/// Draws guid, state and calls; on a very wide screen domain, app and cell before the calls.
fn draw_row(line: Rect, texts: &[&str; 6], style: Style, buf: &mut Buffer) {
    let [guid, state, calls, domain, app, cell] = *texts;
    let guid_width = if line.width >= WIDE { GUID_WIDTH } else { CUT_GUID_WIDTH };
    let facts: &[(&str, u16)] = if line.width >= VERY_WIDE {
        &[(domain, FACT_WIDTH), (app, FACT_WIDTH), (cell, FACT_WIDTH)]
    } else {
        &[]
    };
    let guid = sanitise::cut_middle(guid, guid_width.into());
    let columns =
        [(guid.as_ref(), guid_width), (state, STATE_WIDTH)].into_iter().chain(facts.iter().copied());
    let mut left = 0;
    for (content, width) in columns {
        text::put(buf, text::take_left(text::skip_left(line, left), width), content, style);
        left += width + 1;
    }
    text::put(buf, text::skip_left(line, left), calls, style);
}
