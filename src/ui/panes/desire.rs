//! Draws the question before a task is created: the guid, warnings, and the task's text or how it differs from its source.
//!
//! ```text
//! ┌ prod ───────────── lines 1-3 of 9 ───┐
//! │ Create task GUID in domain batch?    │
//! │ warnings                             │
//! │ Clone of GUID: 1 line added, …       │
//! │   "disk_mb": 512,                    │
//! │ -  "memory_mb": 128,                 │
//! │ +  "memory_mb": 256,                 │
//! │                                      │
//! │  No   Yes   y / n, Tab and Enter     │
//! └ ↑ ↓ scroll  e edit again  Esc …  ────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;

use super::{answers, confirm, key_hints};
use crate::app::{DesireQuestion, DiffLine, DraftOrigin, Form, LineChange};
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// Maximum width of the question, in cells.
const MAX_WIDTH: u16 = 110;
/// Width of the border and the blanks beside it.
const FRAME_WIDTH: u16 = 4;
/// Height of the border, the empty line above the difference and the one below it.
const FRAME_HEIGHT: u16 = 4;
/// Lines of the difference that the head leaves in sight on any usual screen.
const MIN_DIFF: u16 = 4;

/// Draws the question in the middle of the screen. Returns the position of the text cursor, if it has one, and how many lines
/// of the difference are visible.
pub(crate) fn draw(
    scene: &Scene<'_>,
    question: &DesireQuestion,
    screen: Rect,
    buf: &mut Buffer,
) -> (Option<Position>, usize) {
    let width = MAX_WIDTH.min(screen.width);
    let head = head(scene, question, width.saturating_sub(FRAME_WIDTH).into());
    let answers_height = answers::height(&question.confirmation);
    let lines = text::clamp_u16(head.len() + question.diff.lines.len());
    let height = lines.saturating_add(FRAME_HEIGHT + answers_height).min(screen.height);
    let area = screen.centered(Constraint::Length(width), Constraint::Length(height));
    let inside = confirm::frame(scene, scene.app.target_of(question.session), area, buf);
    let inside = text::take_left(text::skip_left(inside, 1), inside.width.saturating_sub(2));

    let above = inside.height.saturating_sub(answers_height);
    let body = Rect { height: above, ..inside };
    let head_height = text::clamp_u16(head.len()).min(above.saturating_sub(MIN_DIFF).max(1));
    for ((line, style), (_, at)) in head.iter().zip(text::lines(Rect { height: head_height, ..body })) {
        text::put(buf, at, line, *style);
    }
    let diff = text::skip_top(body, head_height + u16::from(above > head_height + 2));
    let diff = Rect { height: diff.height.saturating_sub(1), ..diff };
    draw_diff(scene, question, diff, buf);
    draw_border_hints(scene, question, area, diff.height, buf);
    let cursor = answers::draw(scene, &question.confirmation, text::skip_top(inside, above), buf);
    (cursor, diff.height.into())
}

/// Returns the question, the warnings, and what the task was made from.
fn head(scene: &Scene<'_>, question: &DesireQuestion, width: usize) -> Vec<(String, Style)> {
    let (guid, domain) = (&question.task.guid, &question.task.domain);
    let made_from = match question.origin() {
        DraftOrigin::Template => "A new task. This is sent:".to_owned(),
        DraftOrigin::Clone(source) => {
            let (added, removed) =
                (format::counted(question.diff.added, "line"), format::len(question.diff.removed));
            format!("Clone of {}: {added} added, {removed} removed", source.guid)
        }
    };
    let masked = question.diff.masks.then_some("Secrets are masked here, and sent as they are in the text.");
    let warn = scene.theme.tone(Tone::Warn);
    let asked = (format!("Create task {guid} in domain {domain}?"), bold());
    let paragraphs = std::iter::once(asked)
        .chain(question.warnings.iter().map(|warning| (format!("Warning: {warning}"), warn)))
        .chain([(made_from, Style::new())])
        .chain(masked.map(|said| (said.to_owned(), scene.theme.tone(Tone::Quiet))));
    paragraphs
        .flat_map(|(text, style)| {
            sanitise::wrap(&text, width).map(move |line| (line, style)).collect::<Vec<_>>()
        })
        .collect()
}

fn draw_diff(scene: &Scene<'_>, question: &DesireQuestion, area: Rect, buf: &mut Buffer) {
    let has_source = matches!(question.origin(), DraftOrigin::Clone(_));
    let last = question.diff.lines.len().saturating_sub(area.height.into());
    let shown = question.diff.lines.iter().skip(question.scroll.min(last));
    for (line, (_, at)) in shown.zip(text::lines(area)) {
        let (sign, tone) = if has_source { sign(line) } else { ("", Tone::Normal) };
        let style = scene.theme.tone(tone);
        text::put_spans(buf, at, &[Span::styled(sign, style), Span::styled(line.text.as_str(), style)]);
    }
}

const fn sign(line: &DiffLine) -> (&'static str, Tone) {
    match line.change {
        LineChange::Same => ("  ", Tone::Normal),
        LineChange::Removed => ("- ", Tone::Bad),
        LineChange::Added => ("+ ", Tone::Good),
        LineChange::Skipped => ("… ", Tone::Quiet),
    }
}

/// Draws the keys into the lower border, and into the upper one which lines are visible.
fn draw_border_hints(
    scene: &Scene<'_>,
    question: &DesireQuestion,
    area: Rect,
    height: u16,
    buf: &mut Buffer,
) {
    let (all, height) = (question.diff.lines.len(), usize::from(height));
    let is_cut = all > height && height > 0;
    if is_cut {
        let first = question.scroll.min(all - height) + 1;
        let position = format!(" lines {first}-{} of {} ", first + height - 1, format::len(all));
        let top = text::take_left(text::line_at(area, 0), area.width.saturating_sub(2));
        text::put_right(buf, top, &position, scene.theme.border());
    }
    let can_edit = matches!(question.confirmation.form(), Form::YesNo(_));
    let hints = [
        is_cut.then_some(("↑ ↓", "scroll")),
        can_edit.then_some(("e", "edit again")),
        Some(("Esc", "do nothing")),
    ];
    let hints: Vec<_> = hints.into_iter().flatten().collect();
    key_hints::draw(scene, &hints, area, buf);
}
