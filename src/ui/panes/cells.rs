//! The cells, each with the tasks that are on it or were last. The cursor is the filter.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::counts::{SideRow, side_pane};
use super::presence::{draw_unknown, selected, sign};
use crate::app::{CellRow, Pane, Standing};
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
            style: scene.theme.tone(if row.presence == Standing::Absent { Tone::Warn } else { Tone::Normal }),
            counts: row.counts,
            selected: row.selected,
        })
        .collect();
    let is_any_gone = cells.iter().any(|row| row.presence == Standing::Absent);
    let title = if is_any_gone { "Cells (~ not present)" } else { "Cells" };
    let area = draw_unknown(scene, "Presence", scene.app.cells().trouble(), area, buf);
    side_pane(buf, area, scene.theme, (title, scene.has_focus(Pane::Cells)), &rows, top)
}

fn name(row: &CellRow) -> String {
    match &row.cell {
        None => "  all".to_owned(),
        Some(cell) => format!("{} {cell}", sign(row.presence)),
    }
}

/// What the sign of the selected cell means.
pub(super) fn explanation(scene: &Scene<'_>) -> Option<String> {
    let row = selected(scene.app.cell_rows(), |row| row.selected)?;
    let cell = row.cell.filter(|_| row.presence == Standing::Absent)?;
    Some(format!(
        "Cell {cell} is not present: its rep no longer reports to the BBS, which fails the tasks that run there."
    ))
}
