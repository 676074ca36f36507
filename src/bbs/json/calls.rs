//! The client's calls that return lines of JSON instead of model types, for commands that only print them.

use super::buffer::line;
use super::{TaskSpec, cell, task, text};
use crate::bbs::Client;
use crate::bbs::wire;
use crate::model::{CellId, Fault, TaskGuid};

/// A cell's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellLine {
    /// Whose it is.
    pub id: CellId,
    /// The line, with its end.
    pub line: Vec<u8>,
}

impl Client {
    /// One task's line.
    pub async fn task_line(&self, guid: &TaskGuid) -> Result<Vec<u8>, Fault> {
        let of = self.wire_task(guid).await?;
        Ok(line(|out| task(out, &of)))
    }

    /// The lines of the cells that are present.
    pub async fn cell_lines(&self) -> Result<Vec<CellLine>, Fault> {
        let cells = self.wire_cells().await?;
        let line_of = |of: &wire::CellPresence| CellLine {
            id: CellId::from(wire::text(&of.cell_id)),
            line: line(|out| cell(out, of)),
        };
        Ok(cells.iter().map(line_of).collect())
    }

    /// The lines of the domains that somebody keeps fresh.
    pub async fn domain_lines(&self) -> Result<Vec<Vec<u8>>, Fault> {
        Ok(self.wire_domains().await?.iter().map(|domain| line(|out| text(out, domain))).collect())
    }

    /// Desires the task of the spec.
    pub async fn desire_spec(&self, spec: TaskSpec) -> Result<(), Fault> {
        self.desire_wire(&spec.into_request()).await
    }
}
