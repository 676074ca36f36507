//! The questions: before an action, about one guid, which it holds and says in full; and before the program is quit
//! while an action awaits its answer.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::{Modifier, Style};

use crate::app::{Answer, Confirmation, Dialog, Verb};
use crate::model::TaskGuid;
use crate::model::lifecycle::Step;
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

/// Draws the question about a task in the middle of the screen.
pub(crate) fn draw(scene: &Scene<'_>, dialog: &Dialog, screen: Rect, buf: &mut Buffer) {
    let facts = facts(scene, dialog);
    let height = usize::from(screen.height.saturating_sub(FRAME)).saturating_sub(facts.len());
    let question = question(dialog, room(screen), height);
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
        let line = |(guid, verb): (&TaskGuid, &Verb)| (format!("  {} {guid}", verb.doing()), Style::new());
        lines.extend(in_flight.iter().take(NAMED).map(|(guid, verb)| line((guid, verb))));
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
fn question(dialog: &Dialog, room: usize, height: usize) -> Vec<String> {
    let (verb, guid) = (dialog.verb.name(), &dialog.guid);
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

fn facts(scene: &Scene<'_>, dialog: &Dialog) -> Vec<(String, Style)> {
    let theme = scene.theme;
    let mut lines = match scene.app.store().get(&dialog.guid) {
        None => vec![("It is no longer known.".to_owned(), theme.tone(Tone::Warn))],
        Some(entry) => {
            let state = entry.task.state;
            let state = match &entry.end {
                Some(_) => format!("{state}, and gone from the BBS"),
                None if state == dialog.asked_in => state.to_string(),
                None => format!("{state}; it was {} when you asked", dialog.asked_in),
            };
            let changed = entry.end.is_some() || entry.task.state != dialog.asked_in;
            let tone = if changed { Tone::Warn } else { Tone::Normal };
            vec![
                (format!("domain {}", entry.task.domain), Style::new()),
                (format!("state  {state}"), theme.tone(tone)),
            ]
        }
    };
    if let [first, second] = dialog.plan.steps() {
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
