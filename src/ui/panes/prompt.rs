//! Draws the prompts at the bottom: the line that is typed, what is wrong with it, and the completions above it.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use super::status::{draw_notice, work_text};
use crate::app::{CommandPrompt, Completion, Completions, FilterPrompt, LinePrompt, Note};
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// How many completions are visible at most, on a low and on a high screen.
const MAX_ITEMS: (u16, u16) = (6, 10);
/// Minimum height of a high screen.
const MIN_HIGH: u16 = 36;
/// Maximum width of a label beside a note, in cells.
const MAX_LABEL_WIDTH: u16 = 48;
/// Lines of the header, which completions do not cover.
const HEADER_HEIGHT: u16 = 2;

const FILTER_KEYS: [(&str, &str); 4] =
    [("Tab", "complete"), ("↑", "history"), ("Enter", "apply"), ("Esc", "clear")];
const COMMAND_KEYS: [(&str, &str); 4] =
    [("Tab", "complete"), ("↑", "history"), ("Enter", "run"), ("Esc", "close")];

/// Draws the filter prompt with the number of rows, and below it the mistake, a notice or the keys. Returns the position of
/// the text cursor.
pub(crate) fn draw_filter(
    scene: &Scene<'_>,
    prompt: &FilterPrompt,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let (shown, total) = scene.app.shown_of_total();
    let count = match work_text(scene) {
        Some(work) => work,
        None => format!("{} of {}", format::len(shown), format::len(total)),
    };
    let first = text::line_at(area, 0);
    let mut line = split_off_right(buf, first, &count, scene.theme.tone(Tone::Quiet));
    let Some(mistake) = &prompt.mistake else {
        draw_below(scene, &FILTER_KEYS, area, buf);
        return draw_line(scene, ("/", &prompt.line), None, line, buf);
    };
    let bad = scene.theme.tone(Tone::Bad);
    let beside = if area.height > 1 { active_filter(scene) } else { Span::styled(mistake.to_string(), bad) };
    let cut = sanitise::cut(&beside.content, usize::from(line.width / 2));
    line = split_off_right(buf, line, &cut, beside.style);
    let fault = visible(&prompt.line, &mistake.at(), "/", line);
    draw_mistake(scene, &mistake.to_string(), &fault, text::line_at(area, 1), buf);
    draw_line(scene, ("/", &prompt.line), Some(fault), line, buf)
}

/// Draws the command prompt, and below it the mistake, a notice or the keys. Returns the position of the text cursor.
pub(crate) fn draw_command(
    scene: &Scene<'_>,
    prompt: &CommandPrompt,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let mut line = text::line_at(area, 0);
    match &prompt.mistake {
        Some(mistake) if area.height > 1 => {
            text::put(buf, text::line_at(area, 1), mistake, scene.theme.tone(Tone::Bad));
        }
        Some(mistake) => {
            let cut = sanitise::cut(mistake, usize::from(line.width / 2));
            line = split_off_right(buf, line, &cut, scene.theme.tone(Tone::Bad));
        }
        None => match scene.app.explain_command(prompt.line.text()) {
            Some(note) if !is_heading(&prompt.line, &note) => draw_explanation(scene, &note, area, buf),
            _ => draw_below(scene, &COMMAND_KEYS, area, buf),
        },
    }
    draw_line(scene, (":", &prompt.line), None, line, buf)
}

/// Returns whether the heading of the completions says the same.
fn is_heading(prompt: &LinePrompt, note: &Note) -> bool {
    let completions = prompt.completions();
    !completions.items.is_empty() && *note == Note::Help(completions.title.clone())
}

/// Draws what `Enter` would run, or why that is not available.
fn draw_explanation(scene: &Scene<'_>, note: &Note, area: Rect, buf: &mut Buffer) {
    let tone = if matches!(note, Note::Unavailable(_)) { Tone::Warn } else { Tone::Quiet };
    text::put(buf, text::line_at(area, 1), &note_text(note), scene.theme.tone(tone));
}

/// Draws the current notice, or else the keys of the prompt.
fn draw_below(scene: &Scene<'_>, keys: &[(&str, &str)], area: Rect, buf: &mut Buffer) {
    let below = text::skip_top(area, 1);
    if draw_notice(scene, below, buf) {
        return;
    }
    let (accent, quiet) = (scene.theme.tone(Tone::Accent), scene.theme.tone(Tone::Quiet));
    let spans: Vec<_> = keys
        .iter()
        .flat_map(|(key, word)| {
            [Span::styled(scene.keys(key), accent), Span::styled(format!(" {word}  "), quiet)]
        })
        .collect();
    text::put_spans(buf, text::line_at(below, 0), &spans);
}

/// Draws what is typed behind its sign, scrolled so that the cursor is visible, with the fault underlined. Returns the
/// position of the text cursor.
fn draw_line(
    scene: &Scene<'_>,
    (sign, prompt): (&str, &LinePrompt),
    fault: Option<Range<u16>>,
    line: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let mut left = text::put(buf, line, sign, scene.theme.tone(Tone::Accent));
    let (before, after) = prompt.text().split_at_checked(prompt.cursor()).unwrap_or((prompt.text(), ""));
    let head = sanitise::cut_front(before, room(line, left));
    left += text::put(buf, text::skip_left(line, left), &head, bold());
    text::put(buf, text::skip_left(line, left), after, bold());
    if let Some(fault) = fault {
        let at = text::take_left(text::skip_left(line, fault.start), fault.end - fault.start);
        let style = scene.theme.tone(Tone::Bad).add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
        buf.set_style(at.intersection(buf.area), style);
    }
    let at = Position::new(line.x.saturating_add(left), line.y);
    buf.area.contains(at).then_some(at)
}

/// Returns the room for the text before the cursor, which needs a cell itself.
fn room(line: Rect, sign_width: u16) -> usize {
    line.width.saturating_sub(sign_width + 1).into()
}

/// Returns the columns of the line in which these bytes of the text stand.
fn visible(prompt: &LinePrompt, bytes: &Range<usize>, sign: &str, line: Rect) -> Range<u16> {
    let sign_width = text::width(sign);
    let before = prompt.text().get(..prompt.cursor()).unwrap_or_default();
    let scrolled =
        text::width(before).saturating_sub(text::width(&sanitise::cut_front(before, room(line, sign_width))));
    let column = |byte: usize| {
        let column = text::width(prompt.text().get(..byte).unwrap_or_default()).saturating_sub(scrolled);
        column.saturating_add(sign_width).min(line.width)
    };
    column(bytes.start)..column(bytes.end)
}

/// Draws carets under a fault and the message beside them. A message that has no room beside them comes alone: the fault is
/// underlined as well.
fn draw_mistake(scene: &Scene<'_>, message: &str, fault: &Range<u16>, line: Rect, buf: &mut Buffer) {
    let bad = scene.theme.tone(Tone::Bad);
    let (width, carets) = (text::width(message), fault.end.saturating_sub(fault.start).max(1));
    let end = fault.start + carets;
    let message_at = if width < line.width.saturating_sub(end) {
        end + 1
    } else if width < fault.start {
        0
    } else {
        text::put(buf, line, message, bad);
        return;
    };
    text::put(buf, text::skip_left(line, fault.start), &"^".repeat(carets.into()), bad);
    text::put(buf, text::skip_left(line, message_at), message, bad);
}

/// Returns the filter that stays active while the typed one has a mistake.
fn active_filter(scene: &Scene<'_>) -> Span<'static> {
    let terms = &scene.app.filter().terms;
    let text =
        if terms.is_empty() { "active: no filter".to_owned() } else { format!("active: /{}", terms.text()) };
    Span::styled(text, scene.theme.tone(Tone::Warn))
}

/// Draws a text at the right end of a line. Returns the rest of the line.
fn split_off_right(buf: &mut Buffer, line: Rect, text: &str, style: Style) -> Rect {
    let room = line.width.saturating_sub(text::width(text) + 2);
    text::put_right(buf, text::skip_left(line, room), text, style);
    text::take_left(line, room)
}

/// Draws the completions in a box above the prompt, at the column where they would be inserted.
pub(crate) fn draw_completions(scene: &Scene<'_>, prompt: &LinePrompt, status: Rect, buf: &mut Buffer) {
    let completions = prompt.completions();
    let screen = buf.area;
    let above = status.y.saturating_sub(screen.y + HEADER_HEIGHT);
    let most = if screen.height < MIN_HIGH { MAX_ITEMS.0 } else { MAX_ITEMS.1 };
    let items = text::clamp_u16(completions.items.len()).min(most).min(above.saturating_sub(2));
    if items == 0 {
        return;
    }
    let columns = Columns::of(completions);
    let width = (columns.width() + 4).max(text::width(&completions.title) + 6).min(screen.width);
    let column = visible(prompt, &(completions.start()..completions.start()), ":", status).start;
    // The labels stand right above the text.
    let x = (status.x + column).saturating_sub(2).min(screen.right().saturating_sub(width));
    let area = Rect { x, y: status.y - items - 2, width, height: items + 2 };
    let border = scene.theme.border();
    let inside = text::boxed(buf, area, border);
    let title = text::take_left(text::skip_left(area, 1), width.saturating_sub(2));
    let heading = sanitise::cut(&completions.title, width.saturating_sub(6).into());
    text::put(buf, text::skip_left(title, 1), &format!(" {heading} "), scene.theme.tone(Tone::Accent));
    let at = completions.chosen.unwrap_or(0);
    let total = completions.items.len();
    if total > items.into() {
        let bottom = text::take_left(text::line_at(area, usize::from(items) + 1), width.saturating_sub(2));
        let position = completions.chosen.map_or(String::new(), |at| format!("{}/", at + 1));
        text::put_right(buf, bottom, &format!(" {position}{total} "), border);
    }
    let offset = text::keep_in_view(0, at, items.into(), total);
    for (item, (nth, line)) in completions.items.iter().skip(offset).zip(text::lines(inside)) {
        draw_item(scene, item, &columns, line, buf);
        if completions.chosen == Some(offset + nth) {
            buf.set_style(line.intersection(buf.area), scene.theme.cursor(true));
        }
    }
}

/// The widths of labels and notes, in cells.
struct Columns {
    label: u16,
    note: u16,
}

impl Columns {
    fn of(completions: &Completions) -> Self {
        let items = completions.items.iter();
        let label = items.clone().map(|item| text::width(&item.candidate.label)).max().unwrap_or(0);
        let note = items.map(|item| text::width(&note_text(&item.candidate.note))).max().unwrap_or(0);
        Self { label: if note == 0 { label } else { label.min(MAX_LABEL_WIDTH) }, note }
    }

    fn width(&self) -> u16 {
        self.label + if self.note == 0 { 0 } else { self.note + 2 }
    }
}

fn note_text(note: &Note) -> String {
    match note {
        Note::Count(count) => format::len(*count),
        Note::Help(text) | Note::Unavailable(text) => text.clone(),
    }
}

fn draw_item(scene: &Scene<'_>, item: &Completion, columns: &Columns, line: Rect, buf: &mut Buffer) {
    let quiet = scene.theme.tone(Tone::Quiet);
    let line = text::take_left(text::skip_left(line, 1), line.width.saturating_sub(2));
    let label = &item.candidate.label;
    let is_off = matches!(item.candidate.note, Note::Unavailable(_));
    let at = text::take_left(line, columns.label);
    text::put(buf, at, label, if is_off { quiet } else { Style::new() });
    emphasise(scene, label, &item.matched, at, buf);
    let note = note_text(&item.candidate.note);
    match item.candidate.note {
        Note::Count(_) => text::put_right(buf, text::skip_left(line, columns.label + 2), &note, quiet),
        _ => drop(text::put(buf, text::skip_left(line, columns.label + 2), &note, quiet)),
    }
}

/// Emphasises these bytes of a text that stands at the start of an area.
pub(super) fn emphasise(scene: &Scene<'_>, whole: &str, bytes: &Range<usize>, area: Rect, buf: &mut Buffer) {
    let column = |byte: usize| text::width(whole.get(..byte).unwrap_or_default());
    let (start, end) = (column(bytes.start), column(bytes.end));
    let at = text::take_left(text::skip_left(area, start), end.saturating_sub(start));
    let style = scene.theme.tone(Tone::Accent).add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
    if !at.is_empty() {
        buf.set_style(at.intersection(buf.area), style);
    }
}
