//! Draws the keys of a dialog or list into its lower border, so that all of them look alike.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::present::Tone;
use crate::ui::Scene;
use crate::ui::text;

/// A key, or several, and a word for what it does.
pub(crate) type Hint = (&'static str, &'static str);

/// Cells of a border that are not for hints: the corner and a piece of line, at both ends.
const CORNERS: u16 = 4;

/// Draws the hints into the lower border of a box, as many as fit.
pub(crate) fn draw(scene: &Scene<'_>, hints: &[Hint], area: Rect, buf: &mut Buffer) {
    let (accent, border) = (scene.theme.tone(Tone::Accent), scene.theme.border());
    let line = text::line_at(area, usize::from(area.height.saturating_sub(1)));
    let line = text::skip_left(text::take_left(line, line.width.saturating_sub(CORNERS / 2)), CORNERS / 2);
    let mut used = 0;
    for (key, word) in hints {
        let spans = [
            Span::styled(" ", border),
            Span::styled(scene.keys(key), accent),
            Span::styled(" ", border),
            Span::styled(*word, border),
            Span::styled(" ", border),
        ];
        // A hint that does not fit is left out, not cut.
        if used + text::spans_width(&spans) > line.width {
            break;
        }
        used += text::put_spans(buf, text::skip_left(line, used), &spans);
    }
}

/// Returns the width of a box whose lower border has room for all hints.
pub(crate) fn box_width(hints: &[Hint]) -> u16 {
    CORNERS + hints.iter().map(|(key, word)| text::width(key) + text::width(word) + 3).sum::<u16>()
}
