//! What the side panes say of presence: the sign before a name, and that it is unknown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Standing;
use crate::clock::Now;
use crate::model::Fault;
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::pen;

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

/// Says at the foot of a pane that `what` is unknown, if it is, and why. Returns what is left of the area.
pub(super) fn draw_unknown(
    scene: &Scene<'_>,
    what: &str,
    trouble: Option<(Now, &Fault)>,
    area: Rect,
    buf: &mut Buffer,
) -> Rect {
    let Some((since, why)) = trouble else { return area };
    let since = format::time_of_day(since.wall, scene.zone);
    let text = format!("{what} unknown since {since}: {}", why.kind);
    let most = usize::from(MOST_LINES.min(area.height / 3));
    let pieces = sanitise::wrap(&text, area.width.into());
    let mut lines: Vec<_> = pieces.take(most + 1).collect();
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = sanitise::cut(&format!("{last}…"), area.width.into()).into_owned();
        }
    }
    let height = area.height - pen::cells(lines.len());
    let foot = pen::below(area, height);
    ratatui::widgets::Widget::render(ratatui::widgets::Clear, foot.intersection(buf.area), buf);
    for ((_, at), line) in pen::lines_of(foot).zip(&lines) {
        pen::put(buf, at, line, scene.theme.tone(Tone::Warn));
    }
    Rect { height, ..area }
}
