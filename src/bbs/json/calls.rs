//! The client's calls that return lines of JSON instead of model types, for commands that only print them.

use super::buffer::line;
use super::{TaskSpec, cell, task, text};
use crate::bbs::Client;
use crate::bbs::wire;
use crate::model::{CellId, Fault, TaskGuid};

/// A cell as a line of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellLine {
    /// Id of the cell.
    pub id: CellId,
    /// The line, including its line feed.
    pub line: Vec<u8>,
}

impl Client {
    /// Returns one task as a line of JSON.
    pub async fn task_line(&self, guid: &TaskGuid) -> Result<Vec<u8>, Fault> {
        let wire_task = self.wire_task(guid).await?;
        Ok(line(|out| task(out, &wire_task)))
    }

    /// Returns the cells that are present as lines of JSON.
    pub async fn cell_lines(&self) -> Result<Vec<CellLine>, Fault> {
        let cells = self.wire_cells().await?;
        let cell_line = |presence: &wire::CellPresence| CellLine {
            id: CellId::from(wire::text(&presence.cell_id)),
            line: line(|out| cell(out, presence)),
        };
        Ok(cells.iter().map(cell_line).collect())
    }

    /// Returns the fresh domains as lines of JSON.
    pub async fn domain_lines(&self) -> Result<Vec<Vec<u8>>, Fault> {
        Ok(self.wire_domains().await?.iter().map(|domain| line(|out| text(out, domain))).collect())
    }

    /// Creates the task of the spec.
    pub async fn desire_spec(&self, spec: TaskSpec) -> Result<(), Fault> {
        self.desire_wire(&spec.into_request()).await
    }
}
