//! Measures the texts of columns, so that their widths can follow what they hold.

use super::{COLUMNS, Chosen, Column, RowFacts};
use crate::present::sanitise;

/// Texts are measured up to this width in cells: no screen is wider.
const WIDEST: u16 = 400;

/// The widest text seen in each column. It only grows, so that columns do not shift back and forth while rows scroll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    widest: [u16; COLUMNS.len()],
    has_rows: bool,
}

impl Default for Contents {
    fn default() -> Self {
        Self { widest: [0; COLUMNS.len()], has_rows: false }
    }
}

impl Contents {
    /// Measures the texts of `rows` in `columns`. Reads no further into a text than a screen can be wide.
    pub fn add<'a>(&mut self, columns: &[Chosen], rows: impl Iterator<Item = RowFacts<'a>>) {
        let is_measured = |column: &Column| {
            !column.width.is_fixed() && columns.iter().any(|measured| measured.column.key == column.key)
        };
        let mut measured: Vec<_> =
            COLUMNS.iter().zip(&mut self.widest).filter(|(column, _)| is_measured(column)).collect();
        for row in rows {
            self.has_rows = true;
            for (column, widest) in &mut measured {
                measure(&(column.text)(&row), widest);
            }
        }
    }

    /// Measures a text that a row shows in a column in place of the column's own.
    pub fn add_text(&mut self, column: &Column, text: &str) {
        let known = COLUMNS.iter().zip(&mut self.widest).find(|(known, _)| known.key == column.key);
        if let Some((_, widest)) = known {
            measure(text, widest);
        }
    }

    /// Returns the width of the widest text seen in a column; none before the first row was seen.
    pub(super) fn widest(&self, column: &Column) -> Option<u16> {
        let mut known = COLUMNS.iter().zip(self.widest);
        known.find(|(known, _)| known.key == column.key).map(|(_, widest)| widest).filter(|_| self.has_rows)
    }
}

fn measure(text: &str, widest: &mut u16) {
    // A text of no more bytes has no more cells.
    if text.len() > usize::from(*widest) {
        let cells = sanitise::width(&sanitise::cut(text, WIDEST.into()));
        *widest = u16::try_from(cells).unwrap_or(WIDEST).max(*widest);
    }
}
