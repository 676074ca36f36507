//! What rows show besides a task's own record: the zone of its cell and fields of its definition. Either is read only for
//! columns that show it.

use std::collections::BTreeMap;

use crate::bbs::{Client, read_summary};
use crate::cli::output;
use crate::model::{CellId, Clocks, DefinitionSummary, Task, Timestamp};
use crate::present::columns::{Column, RowFacts, ZONE};

/// Turns tasks into rows.
pub(super) struct Rows {
    now: Timestamp,
    clocks: Clocks,
    zones: BTreeMap<CellId, String>,
    reads_definition: bool,
}

impl Rows {
    /// Requests the cells if a column shows their zones. Without an answer the column stays empty, with a warning: the
    /// tasks are worth more than their zones.
    pub(super) async fn new(client: &Client, columns: &[&Column], clocks: Clocks, now: Timestamp) -> Self {
        let reads_definition = columns.iter().any(|column| column.reads_definition());
        let mut zones = BTreeMap::new();
        if columns.iter().any(|column| column.key == ZONE) {
            match client.cells().await {
                Ok(cells) => zones.extend(cells.into_iter().map(|cell| (cell.id, cell.zone))),
                Err(fault) => {
                    output::print_message(&format!(
                        "Could not get the cells; column {ZONE} is empty. Cause: {fault}"
                    ));
                }
            }
        }
        Self { now, clocks, zones, reads_definition }
    }

    /// Returns what columns show of the task's definition.
    pub(super) fn summary<'a>(&self, task: &'a Task) -> DefinitionSummary<'a> {
        if self.reads_definition { read_summary(&task.definition) } else { DefinitionSummary::default() }
    }

    /// Returns the row of a task with this summary.
    pub(super) fn facts<'a>(&'a self, task: &'a Task, summary: &'a DefinitionSummary<'a>) -> RowFacts<'a> {
        let zone = task.cell.as_ref().and_then(|cell| self.zones.get(cell));
        RowFacts {
            zone: zone.map_or("", String::as_str),
            summary,
            clocks: &self.clocks,
            ..RowFacts::of(task, self.now)
        }
    }
}
