//! Draws the answers of a question at the bottom of its dialog: yes and no, or the line in which a word is typed.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use crate::app::{Answer, Confirmation, Form, Typed};
use crate::present::Tone;
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// Returns how many lines the answers need.
pub(crate) fn height(confirmation: &Confirmation) -> u16 {
    match confirmation.form() {
        Form::YesNo(_) => 1,
        Form::Typed(_) => 2,
    }
}

/// Draws the answers. Returns the position of the text cursor if the answer is typed.
pub(crate) fn draw(
    scene: &Scene<'_>,
    confirmation: &Confirmation,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let too_soon = confirmation.too_soon();
    match confirmation.form() {
        Form::YesNo(highlighted) => {
            draw_yes_no(scene, *highlighted, too_soon, text::line_at(area, 0), buf);
            None
        }
        Form::Typed(typed) => draw_typed(scene, typed, too_soon, area, buf),
    }
}

/// No comes first and is the default for Enter.
fn draw_yes_no(scene: &Scene<'_>, highlighted: Answer, too_soon: bool, line: Rect, buf: &mut Buffer) {
    let style =
        |answer| if highlighted == answer { bold().add_modifier(Modifier::REVERSED) } else { Style::new() };
    let quiet = scene.theme.tone(Tone::Quiet);
    let hint = if too_soon {
        Span::styled("   Too soon: key ignored. Answer again", scene.theme.tone(Tone::Warn))
    } else {
        Span::styled("   y / n, Tab and Enter", quiet)
    };
    text::put_spans(
        buf,
        line,
        &[
            Span::styled(" No ", style(Answer::No)),
            Span::styled("  ", quiet),
            Span::styled(" Yes ", style(Answer::Yes)),
            hint,
        ],
    );
}

/// The last line is for the typed word, so that it is visible in the smallest dialog.
fn draw_typed(
    scene: &Scene<'_>,
    typed: &Typed,
    too_soon: bool,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let line = text::line_at(area, usize::from(area.height.checked_sub(1)?));
    if area.height > 1 {
        let what = format!(", {}:", typed.what());
        let spans = [Span::raw("Type "), Span::styled(typed.wanted(), bold()), Span::raw(what)];
        text::put_spans(buf, text::line_at(area, 0), &spans);
    }
    let hint = match (too_soon, typed.is_wrong()) {
        (true, _) => "Too soon: key ignored".to_owned(),
        (false, true) => format!("That is not {}", typed.what()),
        (false, false) => "Enter confirms, Esc goes back".to_owned(),
    };
    let tone = if too_soon || typed.is_wrong() { Tone::Warn } else { Tone::Quiet };
    let used = text::put_spans(buf, line, &[Span::styled("> ", bold()), Span::styled(typed.text(), bold())]);
    let rest = text::skip_left(line, used + 3);
    if text::width(&hint) <= rest.width {
        text::put(buf, rest, &hint, scene.theme.tone(tone));
    }
    let x = line.x.saturating_add(2 + text::width(typed.before_cursor()));
    Some(Position::new(x.min(line.right().saturating_sub(1)), line.y))
}
