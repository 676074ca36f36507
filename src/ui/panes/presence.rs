//! What the side panes say of presence: the sign before a name, and that it is unknown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Standing;
use crate::clock::Now;
use crate::model::Fault;
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::Theme;

/// The lines that the reason may take.
const MOST_LINES: u16 = 4;

/// The sign before a name.
pub(super) fn sign(standing: Standing) -> &'static str {
    if standing == Standing::Absent { "~" } else { " " }
}

/// The row that filters.
pub(super) fn selected<T>(rows: Vec<T>, is_selected: impl Fn(&T) -> bool) -> Option<T> {
    rows.into_iter().find(is_selected)
}

/// Returns that `what` is unknown, since when and why; nothing if it is known.
pub(super) fn unknown(scene: &Scene<'_>, what: &str, trouble: Option<(Now, &Fault)>) -> Option<String> {
    let (since, why) = trouble?;
    let since = format::time_of_day(since.wall, scene.zone);
    Some(format!("{what} unknown since {since}: {}", why.kind))
}

/// Draws a text at the foot of a pane, cut to a third of it. Returns the rest of the area.
pub(super) fn draw_foot(text: Option<&str>, theme: Theme, area: Rect, buf: &mut Buffer) -> Rect {
    let Some(text) = text else { return area };
    let most = usize::from(MOST_LINES.min(area.height / 3));
    let pieces = sanitise::wrap(text, area.width.into());
    let mut lines: Vec<_> = pieces.take(most + 1).collect();
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = sanitise::cut(&format!("{last}…"), area.width.into()).into_owned();
        }
    }
    let height = area.height - text::cells(lines.len());
    for ((_, at), line) in text::lines_of(text::below(area, height)).zip(&lines) {
        text::put(buf, at, line, theme.tone(Tone::Warn));
    }
    Rect { height, ..area }
}
