//! The domains, each with its live tasks. The cursor is the filter.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::counts::{SideRow, side_pane};
use crate::app::Pane;
use crate::present::Tone;
use crate::ui::Scene;

/// Draws the pane and returns how many rows it has room for.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer, top: &mut usize) -> usize {
    let domains = scene.app.domain_rows();
    let rows: Vec<_> = domains
        .iter()
        .map(|row| SideRow {
            name: match &row.domain {
                None => "  all".to_owned(),
                Some(domain) => format!("{} {domain}", if row.fresh { " " } else { "~" }),
            },
            note: String::new(),
            style: scene.theme.tone(if row.fresh { Tone::Normal } else { Tone::Warn }),
            counts: row.counts,
            selected: row.selected,
        })
        .collect();
    let title = if domains.iter().all(|row| row.fresh) { "Domains" } else { "Domains (~ not fresh)" };
    side_pane(buf, area, scene.theme, (title, scene.has_focus(Pane::Domains)), &rows, top)
}
