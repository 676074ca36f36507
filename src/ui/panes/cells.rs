//! The cell pane: the tasks of each cell, by state. Moving the cursor filters the table.

use super::counts::{SidePane, SideRow};
use super::presence::{selected_row, sign, unknown_warning};
use crate::app::{CellRow, Standing};
use crate::present::Tone;
use crate::ui::Scene;

/// Returns the contents of the pane.
pub(crate) fn side_pane(scene: &Scene<'_>) -> SidePane {
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
    SidePane { title, rows, warning: unknown_warning(scene, "Presence", scene.app.cells().trouble()) }
}

fn name(row: &CellRow) -> String {
    match &row.cell {
        None => "  all".to_owned(),
        Some(cell) => format!("{} {cell}", sign(row.presence)),
    }
}

/// Explains the sign of the selected cell; none if it has none.
pub(super) fn explanation(scene: &Scene<'_>) -> Option<String> {
    let row = selected_row(scene.app.cell_rows(), |row| row.selected)?;
    let cell = row.cell.filter(|_| row.presence == Standing::Absent)?;
    Some(format!(
        "Cell {cell} is not present: its rep no longer reports to the BBS, so the BBS fails the tasks there."
    ))
}
