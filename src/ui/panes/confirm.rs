//! Draws the confirmation dialogs: before an action, and before quitting while actions are in flight. The dialog of an
//! action shows the guid in full.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Position, Rect};
use ratatui::style::Style;

use super::answers;
use crate::app::{ActionQuestion, Confirmation, SessionId, Target};
use crate::model::plan::{Frozen, PlannedTask};
use crate::model::{TaskAction, TaskGuid};
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::theme::bold;
use crate::ui::{target, text};

/// Width of a dialog: a question with a guid fits on one line.
const WIDTH: u16 = 64;
/// Height of the border.
const BORDER_HEIGHT: u16 = 2;

/// Maximum number of actions in flight that a dialog lists.
const MAX_LISTED: usize = 3;

/// Draws the dialog for an action in the middle of the screen. Returns the position of the text cursor, if it has one.
pub(crate) fn draw(
    scene: &Scene<'_>,
    question: &ActionQuestion,
    screen: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let ActionQuestion { session, action, task, confirmation } = question;
    let facts = facts(scene, *session, task);
    let around = BORDER_HEIGHT + answers::height(confirmation);
    let height = usize::from(screen.height.saturating_sub(around)).saturating_sub(facts.len());
    let asked = question_about(*action, &task.guid, text_width(screen), height);
    let lines = asked.into_iter().map(|line| (line, bold())).chain(facts).collect();
    draw_box(scene, scene.app.target_of(*session), lines, confirmation, screen, buf)
}

/// Draws the dialog for quitting while actions are in flight.
pub(crate) fn draw_quit(scene: &Scene<'_>, confirmation: &Confirmation, screen: Rect, buf: &mut Buffer) {
    let mut lines = vec![("Quit anyway?".to_owned(), bold())];
    lines.extend(under_way(scene, None));
    if lines.len() == 1 {
        lines.push(("All actions have finished.".to_owned(), Style::new()));
    } else {
        let warning = "If you quit now, you will not see the outcome.".to_owned();
        lines.push((warning, scene.theme.tone(Tone::Warn)));
    }
    draw_box(scene, None, lines, confirmation, screen, buf);
}

/// Returns lines about runs and about actions in flight, of all sessions or of one; none without any.
pub(super) fn under_way(scene: &Scene<'_>, only: Option<SessionId>) -> Vec<(String, Style)> {
    let left = only.map_or_else(|| scene.app.tasks_in_runs(), |session| scene.app.tasks_in_run(session));
    let text = format!("A run is in progress: nothing more is sent for {}.", format::counted(left, "task"));
    let run = (left > 0).then_some((text, scene.theme.tone(Tone::Warn)));
    run.into_iter().chain(in_flight(scene, only)).collect()
}

fn in_flight(scene: &Scene<'_>, only: Option<SessionId>) -> Vec<(String, Style)> {
    let all = scene.app.tasks_in_flight();
    let meant: Vec<_> =
        all.into_iter().filter(|((session, _), _)| only.is_none_or(|only| only == *session)).collect();
    if meant.is_empty() {
        return Vec::new();
    }
    let understood = only.unwrap_or(scene.app.shown_session());
    let line = |((session, guid), doing): &((SessionId, &TaskGuid), &str)| {
        let target = scene.app.target_of(*session).filter(|_| *session != understood);
        let target = target.map(|target| format!(" on {}", target.label())).unwrap_or_default();
        (format!("  {doing} {guid}{target}"), Style::new())
    };
    let mut lines = vec![("The BBS has not answered yet:".to_owned(), Style::new())];
    lines.extend(meant.iter().take(MAX_LISTED).map(line));
    if let Some(more @ 1..) = meant.len().checked_sub(MAX_LISTED) {
        lines.push((format!("  and {} more", format::len(more)), Style::new()));
    }
    lines
}

/// Returns the width of a line of text in a dialog, in cells.
pub(super) fn text_width(screen: Rect) -> usize {
    usize::from(WIDTH.min(screen.width).saturating_sub(4))
}

/// Draws a dialog. Its border has the name of the target that the answer is about.
pub(super) fn draw_box(
    scene: &Scene<'_>,
    target: Option<&Target>,
    lines: Vec<(String, Style)>,
    confirmation: &Confirmation,
    screen: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let width = WIDTH.min(screen.width);
    let answers_height = answers::height(confirmation);
    let wanted = text::clamp_u16(lines.len()).saturating_add(1 + BORDER_HEIGHT + answers_height);
    let area = screen.centered(Constraint::Length(width), Constraint::Length(wanted.min(screen.height)));
    let inside = frame(scene, target, area, buf);
    // The last lines are for the answers, however long the question is.
    let texts_height = inside.height.saturating_sub(answers_height);
    let texts = text::skip_left(Rect { height: texts_height, ..inside }, 1);
    for ((text, style), (_, at)) in lines.into_iter().zip(text::lines(texts)) {
        text::put(buf, text::take_left(at, at.width.saturating_sub(1)), &text, style);
    }
    answers::draw(scene, confirmation, text::skip_left(text::skip_top(inside, texts_height), 1), buf)
}

/// Draws the border of a dialog, with the name of the target. Returns the area inside.
pub(super) fn frame(scene: &Scene<'_>, target: Option<&Target>, area: Rect, buf: &mut Buffer) -> Rect {
    let border = scene.theme.tone(Tone::Accent);
    let border = target.map_or(border, |target| target::border_style(scene.theme, target, border));
    let inside = text::boxed(buf, area, border);
    if let Some((target, name)) = target.and_then(|target| Some((target, target.name.as_deref()?))) {
        let at = text::skip_left(text::line_at(area, 0), 2);
        let at = text::take_left(at, at.width.saturating_sub(2));
        text::put(buf, at, &format!(" {name} "), target::name_style(scene.theme, target));
    }
    inside
}

/// Returns the question about a task. If it does not fit on one line, the guid starts a line of its own. A guid that
/// needs more than `height` lines is cut, with its length: it must not push the facts about the task out of sight.
fn question_about(action: TaskAction, guid: &TaskGuid, room: usize, height: usize) -> Vec<String> {
    let verb = action.title();
    let whole = format!("{verb} task {guid}?");
    if sanitise::width(&sanitise::clean(&whole)) <= room {
        return vec![sanitise::clean(&whole).into_owned()];
    }
    let mut lines = vec![format!("{verb} this task?")];
    let mut pieces = sanitise::wrap(guid.as_str(), room);
    lines.extend(pieces.by_ref().take(height.saturating_sub(2).max(1)));
    if pieces.next().is_some() {
        lines.push(format!("… ({} bytes in all)", format::len(guid.as_str().len())));
    }
    lines
}

/// Returns the facts about the task, and whether its state has changed since the dialog opened.
fn facts(scene: &Scene<'_>, session: SessionId, task: &PlannedTask) -> Vec<(String, Style)> {
    let theme = scene.theme;
    let Some(entry) = scene.app.task_in(session, &task.guid) else {
        return vec![("taskdeck no longer tracks this task.".to_owned(), theme.tone(Tone::Warn))];
    };
    let now = entry.task.state;
    let asked_in = task.frozen.map_or(now, |frozen| frozen.state);
    let state = match &entry.end {
        Some(_) => format!("{now}, removed from the BBS"),
        None if now == asked_in => now.to_string(),
        None => format!("{now}; was {asked_in} when you asked"),
    };
    let tone = if entry.end.is_some() || now != asked_in { Tone::Warn } else { Tone::Normal };
    let mut lines = vec![
        (format!("domain {}", entry.task.domain), Style::new()),
        (format!("state  {state}"), theme.tone(tone)),
    ];
    if let Some(Frozen { plan: Ok(plan), .. }) = task.frozen
        && let [first, second] = plan.steps()
    {
        lines.push((format!("calls  {}, then {}", first.word(), second.word()), Style::new()));
    }
    lines
}
