//! Draws presence in the side panes: the sign before a name, and the warning that presence is unknown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Standing;
use crate::clock::Now;
use crate::model::Fault;
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::Theme;

/// Maximum height of the warning.
const MAX_WARNING_LINES: u16 = 4;

/// Returns the sign before a name.
pub(super) fn sign(standing: Standing) -> &'static str {
    if standing == Standing::Absent { "~" } else { " " }
}

/// Returns the warning that `what` is unknown, since when and why; none if it is known.
pub(super) fn unknown_warning(
    scene: &Scene<'_>,
    what: &str,
    trouble: Option<(Now, &Fault)>,
) -> Option<String> {
    let (since, why) = trouble?;
    let since = format::time_of_day(since.wall, scene.zone);
    Some(format!("{what} unknown since {since}: {}", why.kind))
}

/// Draws a warning at the bottom of a pane, in at most a third of its height. Returns the rest of the area.
pub(super) fn draw_warning(text: Option<&str>, theme: Theme, area: Rect, buf: &mut Buffer) -> Rect {
    let Some(text) = text else { return area };
    let max = usize::from(MAX_WARNING_LINES.min(area.height / 3));
    let pieces = sanitise::wrap(text, area.width.into());
    let mut lines: Vec<_> = pieces.take(max + 1).collect();
    if lines.len() > max {
        lines.truncate(max);
        if let Some(last) = lines.last_mut() {
            *last = sanitise::cut(&format!("{last}…"), area.width.into()).into_owned();
        }
    }
    let height = area.height - text::clamp_u16(lines.len());
    for ((_, at), line) in text::lines(text::skip_top(area, height)).zip(&lines) {
        text::put(buf, at, line, theme.tone(Tone::Warn));
    }
    Rect { height, ..area }
}
