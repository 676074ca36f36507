//! The cells, each with the live tasks on it. The cursor is the filter.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::counts::{SideRow, side_pane};
use crate::app::{CellRow, Pane};
use crate::present::Tone;
use crate::ui::Scene;

/// Draws the pane and returns how many rows it has room for.
pub(crate) fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer, top: &mut usize) -> usize {
    let cells = scene.app.cell_rows();
    let rows: Vec<_> = cells
        .iter()
        .map(|row| SideRow {
            name: name(row),
            note: row.zone.clone().unwrap_or_default(),
            style: scene.theme.tone(if row.present { Tone::Normal } else { Tone::Warn }),
            counts: row.counts,
            selected: row.selected,
        })
        .collect();
    let title = if cells.iter().all(|row| row.present) { "Cells" } else { "Cells (~ not seen)" };
    side_pane(buf, area, scene.theme, (title, scene.has_focus(Pane::Cells)), &rows, top)
}

fn name(row: &CellRow) -> String {
    let mark = if row.present { " " } else { "~" };
    match &row.cell {
        None => "  all".to_owned(),
        Some(cell) => format!("{mark} {cell}"),
    }
}
