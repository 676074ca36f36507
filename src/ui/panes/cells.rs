//! The cells, each with the live tasks on it. The cursor is the filter.

use super::counts::{Side, SideRow};
use crate::app::CellRow;
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
            style: scene.theme.tone(if row.present { Tone::Normal } else { Tone::Warn }),
            counts: row.counts,
            selected: row.selected,
        })
        .collect();
    let title = if cells.iter().all(|row| row.present) { "Cells" } else { "Cells (~ not seen)" };
    Side { title, rows }
}

fn name(row: &CellRow) -> String {
    let mark = if row.present { " " } else { "~" };
    match &row.cell {
        None => "  all".to_owned(),
        Some(cell) => format!("{mark} {cell}"),
    }
}
