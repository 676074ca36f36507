//! Draws a run: its progress, the counts of its outcomes, and a line for each outcome.
//!
//! ```text
//! ┌ production ─────────────────────────────────────┐
//! │ Cancelling 12 of 34 tasks, at most 10 a second  │
//! │ ███████████████─────────────────────────  35 %  │
//! │ cancelled 10  failed 1  unknown 1               │
//! │ / filter                                        │
//! │ ✓ cancelled 0f1e…77aa                           │
//! │ ✗ failed    12ab…99ff could not cancel the task │
//! └ Esc stop  / filter  y copy  s save ─────────────┘
//! ```

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;

use super::{Drawn, Hint, draw_box, split_top};
use crate::app::{BulkRun, Ending, OutcomePane, Stop, TaskOutcome};
use crate::model::TaskAction;
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// Lines above the outcomes: progress, bar, counts, and the filter.
const HEAD: u16 = 4;
/// Width of the word for an ending, and of a guid.
const WORD_WIDTH: u16 = 9;
const GUID_WIDTH: u16 = 36;
const CUT_GUID_WIDTH: u16 = 13;
/// From this width on guids are shown as a whole even beside a reason.
const WIDE: u16 = 100;

/// Draws the run of a session and its outcomes.
pub(crate) fn draw(scene: &Scene<'_>, pane: &OutcomePane, screen: Rect, buf: &mut Buffer) -> Drawn {
    let Some(run) = scene.app.run_in(pane.session) else { return Drawn::default() };
    // As high as it is at the end, so that it stays where it is.
    let lines = usize::from(HEAD) + run.set().tasks().len();
    let inside = draw_box(scene, pane.session, lines, &hints(pane, run), (screen, buf));
    let (head, list) = split_top(inside, HEAD.min(inside.height.saturating_sub(1)));
    text::put(buf, text::line_at(head, 0), &progress_text(run), bold());
    draw_bar(scene, run, text::line_at(head, 1), buf);
    text::put_spans(buf, text::line_at(head, 2), &counts(scene, run));
    let cursor = draw_filter(scene, pane, text::line_at(head, usize::from(HEAD - 1)), buf);
    let height = usize::from(list.height);
    let last_scroll = pane.len().saturating_sub(height);
    let outcomes = scene.app.outcomes_from(pane, pane.scroll.min(last_scroll));
    for (outcome, (_, line)) in outcomes.zip(text::lines(list)) {
        draw_outcome(scene, run.set().action(), outcome, line, buf);
    }
    if pane.is_empty() {
        let text = if pane.is_filtered() { "No outcome matches the filter." } else { "No outcome yet." };
        text::put(buf, text::line_at(list, 0), text, scene.theme.tone(Tone::Quiet));
    }
    Drawn { last_scroll, page: height.max(1), cursor }
}

fn hints(pane: &OutcomePane, run: &BulkRun) -> Vec<Hint> {
    if pane.is_typing {
        return vec![("Enter", "keep the filter"), ("Esc", "clear it")];
    }
    let mut hints = match () {
        () if pane.is_filtered() => vec![("Esc", "clear the filter"), ("q", "close")],
        () if !run.is_over() && run.stop_reason().is_none() => vec![("Esc", "stop"), ("q", "hide")],
        () => vec![("Esc", "close")],
    };
    hints.extend([("/", "filter"), ("f", "by outcome")]);
    if run.is_over() && run.outcomes().counts().any(|(ending, count)| count > 0 && ending.can_be_retried()) {
        hints.push(("r", "retry"));
    }
    hints.extend([("y", "copy guids"), ("s", "save")]);
    hints
}

fn progress_text(run: &BulkRun) -> String {
    let action = run.set().action();
    let (finished, total) = (format::len(run.finished()), format::len(run.total()));
    let tasks = if run.total() == 1 { "task" } else { "tasks" };
    match (run.is_over(), run.stop_reason()) {
        (false, None) => {
            let left = run.total() - run.finished();
            let time = run.interval() * u32::try_from(left).unwrap_or(u32::MAX);
            let time = if time < Duration::from_secs(2) {
                String::new()
            } else {
                format!(", {} left", format::age(time))
            };
            format!("{} {tasks}: {finished} of {total}{time}", capitalised(action.doing()))
        }
        (false, Some(_)) => {
            format!("Stopping: {finished} of {total} {tasks}. Waiting for the answers in flight")
        }
        (true, stop) => {
            let done = format::len(run.outcomes().count(Ending::Done));
            let why = match stop {
                None => "",
                Some(Stop::Asked) => ". You stopped the run",
                Some(Stop::Unanswered) => ". The BBS did not answer, so the run was stopped",
            };
            format!("{} {done} of {total} {tasks}{why}", capitalised(action.done()))
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn draw_bar(scene: &Scene<'_>, run: &BulkRun, line: Rect, buf: &mut Buffer) {
    let percent = run.finished() * 100 / run.total().max(1);
    let bar = usize::from(line.width.saturating_sub(7).min(60));
    let filled = bar * run.finished() / run.total().max(1);
    let spans = [
        Span::styled("█".repeat(filled), scene.theme.tone(Tone::Accent)),
        Span::styled("─".repeat(bar - filled), scene.theme.tone(Tone::Quiet)),
        Span::styled(format!(" {percent:>3} %"), Style::new()),
    ];
    text::put_spans(buf, line, &spans);
}

/// Returns the counts of the endings that occur.
fn counts(scene: &Scene<'_>, run: &BulkRun) -> Vec<Span<'static>> {
    let action = run.set().action();
    let counts = run.outcomes().counts().filter(|(_, count)| *count > 0);
    counts
        .map(|(ending, count)| {
            let text = format!("{} {}  ", ending.word(action), format::len(count));
            Span::styled(text, scene.theme.tone(tone(ending)))
        })
        .collect()
}

fn draw_filter(scene: &Scene<'_>, pane: &OutcomePane, line: Rect, buf: &mut Buffer) -> Option<Position> {
    let quiet = scene.theme.tone(Tone::Quiet);
    if !pane.is_typing && !pane.is_filtered() {
        return None;
    }
    let value = pane.input.value();
    let used = text::put_spans(buf, line, &[Span::styled("/ ", quiet), Span::styled(value, bold())]);
    let matching = format!("{} match", format::len(pane.len()));
    text::put(buf, text::skip_left(line, used + 2), &matching, quiet);
    let before: String = value.chars().take(pane.input.cursor()).collect();
    let x = line.x.saturating_add(2 + text::width(&before));
    pane.is_typing.then(|| Position::new(x.min(line.right().saturating_sub(1)), line.y))
}

fn draw_outcome(scene: &Scene<'_>, action: TaskAction, outcome: &TaskOutcome, line: Rect, buf: &mut Buffer) {
    let style = scene.theme.tone(tone(outcome.ending));
    text::put(buf, text::take_left(line, 1), sign(outcome.ending), style);
    let rest = text::skip_left(line, 2);
    text::put(buf, text::take_left(rest, WORD_WIDTH), outcome.ending.word(action), style);
    let rest = text::skip_left(rest, WORD_WIDTH + 1);
    let is_whole = line.width >= WIDE || (outcome.reason.is_empty() && rest.width >= GUID_WIDTH);
    let guid_width = if is_whole { GUID_WIDTH } else { CUT_GUID_WIDTH };
    let guid = sanitise::cut_middle(outcome.guid.as_str(), guid_width.into());
    text::put(buf, text::take_left(rest, guid_width), &guid, Style::new());
    text::put(buf, text::skip_left(rest, guid_width + 1), &outcome.reason, Style::new());
}

const fn sign(ending: Ending) -> &'static str {
    match ending {
        Ending::Done => "✓",
        Ending::Failed => "✗",
        Ending::Unknown => "?",
        Ending::Skipped | Ending::NotSent | Ending::Refused => "·",
    }
}

const fn tone(ending: Ending) -> Tone {
    match ending {
        Ending::Done => Tone::Good,
        Ending::Failed => Tone::Bad,
        Ending::Unknown | Ending::Skipped => Tone::Warn,
        Ending::NotSent | Ending::Refused => Tone::Quiet,
    }
}
