//! The questions: before an action, about one guid, which it holds and says in full; and before the program is quit
//! while an action awaits its answer.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::{Modifier, Style};

use crate::app::{Answer, Confirmation, Dialog, SessionId};
use crate::model::lifecycle::Step;
use crate::model::plan::{ActionSet, Frozen, PlannedTask};
use crate::model::{TaskAction, TaskGuid};
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text::{self, part};
use crate::ui::theme::bold;

/// As wide as a guid and its question need, and some more.
const WIDTH: u16 = 64;
/// The border and the answers.
const FRAME: u16 = 3;

/// The actions that are named when the program is to be quit.
const NAMED: usize = 3;

/// Draws the question before an action in the middle of the screen.
pub(crate) fn draw(scene: &Scene<'_>, dialog: &Dialog, screen: Rect, buf: &mut Buffer) {
    let set = &dialog.set;
    let (question, facts) = match set.tasks() {
        [task] => {
            let facts = facts(scene, dialog.session, task);
            let height = usize::from(screen.height.saturating_sub(FRAME)).saturating_sub(facts.len());
            (question(set.action(), &task.guid, room(screen), height), facts)
        }
        tasks => (vec![question_about(set)], named(scene, tasks)),
    };
    let lines = question.into_iter().map(|line| (line, bold())).chain(facts).collect();
    draw_box(scene, lines, dialog.confirmation, screen, buf);
}

/// Draws the question before the program ends while actions await their answers.
pub(crate) fn draw_quit(scene: &Scene<'_>, confirmation: Confirmation, screen: Rect, buf: &mut Buffer) {
    let mut lines = vec![("Quit anyway?".to_owned(), bold())];
    let in_flight = scene.app.tasks_in_flight();
    if in_flight.is_empty() {
        lines.push(("All actions have been answered.".to_owned(), Style::new()));
    } else {
        lines.push(("The BBS has not answered yet:".to_owned(), Style::new()));
        let line =
            |(guid, action): (&TaskGuid, &TaskAction)| (format!("  {} {guid}", action.doing()), Style::new());
        lines.extend(in_flight.iter().take(NAMED).map(|((_, guid), action)| line((guid, action))));
        if let Some(more @ 1..) = in_flight.len().checked_sub(NAMED) {
            lines.push((format!("  and {} more", format::len(more)), Style::new()));
        }
        let warning = "If you quit now, you will not see the outcome.".to_owned();
        lines.push((warning, scene.theme.tone(Tone::Warn)));
    }
    draw_box(scene, lines, confirmation, screen, buf);
}

/// The cells of a line of text.
fn room(screen: Rect) -> usize {
    usize::from(WIDTH.min(screen.width).saturating_sub(4))
}

fn draw_box(
    scene: &Scene<'_>,
    lines: Vec<(String, Style)>,
    confirmation: Confirmation,
    screen: Rect,
    buf: &mut Buffer,
) {
    let width = WIDTH.min(screen.width);
    let wanted = text::cells(lines.len() + 1).saturating_add(FRAME);
    let area = screen.centered(Constraint::Length(width), Constraint::Length(wanted.min(screen.height)));
    let inside = text::boxed(buf, area, scene.theme.tone(Tone::Accent));
    // The answers are seen whatever the question's length.
    let (texts, answers) = match inside.height {
        0 => (inside, inside),
        height => (Rect { height: height - 1, ..inside }, text::below(inside, height - 1)),
    };
    let texts = text::after(texts, 1);
    for ((text, style), (_, at)) in lines.into_iter().zip(text::lines_of(texts)) {
        text::put(buf, text::first(at, at.width.saturating_sub(1)), &text, style);
    }
    draw_answers(scene, confirmation, text::after(answers, 1), buf);
}

/// On one line if it fits; else the guid starts a line, so that it is read in one piece. A guid for which the
/// screen is too small says so: it must not push out of sight what else is known of its task.
fn question(action: TaskAction, guid: &TaskGuid, room: usize, height: usize) -> Vec<String> {
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

/// The question about several tasks: those that the action is not refused for.
fn question_about(set: &ActionSet) -> String {
    let (verb, count) = (set.action().title(), format::len(set.actionable()));
    match set.tasks().len() - set.actionable() {
        0 => format!("{verb} {count} tasks?"),
        refused => format!("{verb} {count} tasks? ({} are refused)", format::len(refused)),
    }
}

/// The first of several tasks, each with its state or why it is refused.
fn named(scene: &Scene<'_>, tasks: &[PlannedTask]) -> Vec<(String, Style)> {
    let line = |task: &PlannedTask| match (task.frozen, task.refusal()) {
        (_, Some(why)) => (format!("  {}: {why}", task.guid), scene.theme.tone(Tone::Quiet)),
        (Some(frozen), None) => (format!("  {}  {}", task.guid, frozen.state), Style::new()),
        (None, None) => (format!("  {}", task.guid), Style::new()),
    };
    let mut lines: Vec<_> = tasks.iter().take(NAMED).map(line).collect();
    if let Some(more @ 1..) = tasks.len().checked_sub(NAMED) {
        lines.push((format!("  and {} more", format::len(more)), Style::new()));
    }
    lines
}

/// What is known of the one task now, and how that differs from what it was when the question was asked.
fn facts(scene: &Scene<'_>, session: SessionId, task: &PlannedTask) -> Vec<(String, Style)> {
    let theme = scene.theme;
    let Some(entry) = scene.app.task_in(session, &task.guid) else {
        return vec![("It is no longer known.".to_owned(), theme.tone(Tone::Warn))];
    };
    let now = entry.task.state;
    let asked_in = task.frozen.map_or(now, |frozen| frozen.state);
    let state = match &entry.end {
        Some(_) => format!("{now}, and gone from the BBS"),
        None if now == asked_in => now.to_string(),
        None => format!("{now}; it was {asked_in} when you asked"),
    };
    let tone = if entry.end.is_some() || now != asked_in { Tone::Warn } else { Tone::Normal };
    let mut lines = vec![
        (format!("domain {}", entry.task.domain), Style::new()),
        (format!("state  {state}"), theme.tone(tone)),
    ];
    if let Some(Frozen { plan: Ok(plan), .. }) = task.frozen
        && let [first, second] = plan.steps()
    {
        lines.push((format!("calls  {}, then {}", call(*first), call(*second)), Style::new()));
    }
    lines
}

const fn call(step: Step) -> &'static str {
    match step {
        Step::Cancel => "cancel",
        Step::Resolving => "resolve",
        Step::Delete => "delete",
    }
}

/// No stands first, and is what Enter gives until the other is chosen.
fn draw_answers(scene: &Scene<'_>, confirmation: Confirmation, line: Rect, buf: &mut Buffer) {
    let style = |answer| {
        let is_highlighted = confirmation.highlighted() == answer;
        if is_highlighted { bold().add_modifier(Modifier::REVERSED) } else { Style::new() }
    };
    let quiet = scene.theme.tone(Tone::Quiet);
    let hint = if confirmation.too_soon() {
        part("   Too soon: key ignored. Answer again", scene.theme.tone(Tone::Warn))
    } else {
        part("   y / n, Tab and Enter", quiet)
    };
    text::put_parts(
        buf,
        line,
        &[part(" No ", style(Answer::No)), part("  ", quiet), part(" Yes ", style(Answer::Yes)), hint],
    );
}
