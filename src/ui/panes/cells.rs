//! The cells, each with the tasks that are on it or were last. The cursor is the filter.

use super::counts::{Side, SideRow};
use super::presence::{selected, sign, unknown};
use crate::app::{CellRow, Standing};
use crate::present::Tone;
use crate::ui::Scene;

/// What the pane shows.
pub(crate) fn side(scene: &Scene<'_>) -> Side {
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
    Side { title, rows, foot: unknown(scene, "Presence", scene.app.cells().trouble()) }
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
