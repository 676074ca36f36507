//! Reads lives from rows, each text and owner once.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use rusqlite::{OptionalExtension, Row};

use super::RecordedLife;
use crate::model::recording::Limits;
use crate::model::{
    Domain, End, Ended, Evidence, Owner, RawDefinition, State, Task, TaskGuid, Timestamp, Unseen,
};
use crate::record::codes::{Code, Source};
use crate::record::guid::ReadGuid;
use crate::record::read::Texts;
use crate::record::version::{VERSION_COLUMNS, Version};
use crate::record::{Position, Recording, Result, Run, RunId, owners};

/// How many owners and domains are remembered.
const MOST_REMEMBERED: usize = 16_384;

/// Reads the rows of a query for [`columns`].
pub(super) struct Rows<'a> {
    recording: &'a Recording,
    pub(super) texts: Texts<'a>,
    owners: HashMap<i64, Owner, RandomState>,
    domains: HashMap<i64, Domain, RandomState>,
    /// The target of each run, and when it was last seen.
    runs: HashMap<RunId, (Arc<str>, Timestamp), RandomState>,
}

/// A life, and what names it in its file.
pub(super) struct LifeRow {
    pub(super) id: i64,
    pub(super) run: RunId,
    /// The position of its last change.
    pub(super) last: i64,
    pub(super) life: RecordedLife,
}

/// Returns the columns of a life that is joined with its last change.
pub(super) fn columns() -> String {
    format!(
        "lives.id, lives.run, lives.guid, lives.created_at, lives.domain, lives.owner, lives.callback, \
         lives.memory_mb, lives.disk_mb, lives.first, lives.last, lives.started_at, lives.last_cell, \
         lives.failed, lives.ended, lives.end, changes.source, {VERSION_COLUMNS}"
    )
}

/// The first of the version's columns.
const VERSION: usize = 17;

impl<'a> Rows<'a> {
    pub(super) fn new(recording: &'a Recording, runs: &[Run]) -> Self {
        let of = |run: &Run| (run.id, (Arc::from(run.target.as_str()), run.seen));
        Self {
            recording,
            texts: Texts::new(recording),
            owners: HashMap::default(),
            domains: HashMap::default(),
            runs: runs.iter().map(of).collect(),
        }
    }

    pub(super) fn read(&mut self, row: &Row<'_>) -> Result<LifeRow> {
        let (id, run, last) = (row.get(0)?, RunId(row.get(1)?), row.get(10)?);
        let mut definition = RawDefinition::default().with_callback(row.get(6)?);
        definition.drop_bytes();
        let guid: TaskGuid = row.get::<_, ReadGuid>(2)?.0;
        let blank = Task {
            created_at: Timestamp::from_nanos(row.get(3)?),
            owner: self.owner(row.get(5)?)?,
            definition,
            ..Task::blank(guid, self.domain(row.get(4)?)?, State::Invalid)
        };
        let task = self.texts.task(&blank, Version::read(row, VERSION)?)?;
        let limits = match (row.get(7)?, row.get(8)?) {
            (Some(memory_mb), Some(disk_mb)) => Some(Limits { memory_mb, disk_mb }),
            _ => None,
        };
        let cell = row.get::<_, Option<i64>>(12)?.map(|cell| self.texts.cell(cell)).transpose()?;
        let (target, watched_until) = self.runs.get(&run).cloned().unwrap_or_default();
        let life = RecordedLife {
            target,
            watched_until,
            // The index of failed lives goes by this one.
            task: Task { failed: row.get(13)?, ..task },
            limits,
            cell,
            started_at: Timestamp::from_nanos(row.get(11)?),
            first_seen: Position(row.get(9)?).time(),
            last_changed: Position(last).time(),
            end: end(row)?,
        };
        Ok(LifeRow { id, run, last, life })
    }

    fn domain(&mut self, id: Option<i64>) -> Result<Domain> {
        let Some(id) = id else { return Ok("".into()) };
        if let Some(domain) = self.domains.get(&id) {
            return Ok(domain.clone());
        }
        let domain = Domain::from(&*self.texts.get(Some(id))?);
        if self.domains.len() >= MOST_REMEMBERED {
            self.domains.clear();
        }
        self.domains.insert(id, domain.clone());
        Ok(domain)
    }

    fn owner(&mut self, id: Option<i64>) -> Result<Owner> {
        let Some(id) = id else { return Ok(Owner::default()) };
        if let Some(owner) = self.owners.get(&id) {
            return Ok(owner.clone());
        }
        let mut query = self.recording.db.prepare_cached(
            "SELECT app_guid, app, space_guid, space, org_guid, org FROM owners WHERE id = ?1",
        )?;
        let owner = query.query_row([id], |row| owners::read(row, 0)).optional()?.unwrap_or_default();
        if self.owners.len() >= MOST_REMEMBERED {
            self.owners.clear();
        }
        self.owners.insert(id, owner.clone());
        Ok(owner)
    }
}

/// Reads how a life ended.
fn end(row: &Row<'_>) -> Result<Option<Ended>> {
    let (at, how): (Option<i64>, Option<i64>) = (row.get(14)?, row.get(15)?);
    let (Some(at), Some(how)) = (at, how.and_then(End::of_code)) else { return Ok(None) };
    let at = Position(at).time();
    let source = Source::of_code(row.get(16)?);
    // A list tells that a task is gone, and not when it left.
    let is_gap = source == Some(Source::Change(Evidence::Reconciled));
    let is_unseen = is_gap || source == Some(Source::Change(Evidence::List));
    let unseen = is_unseen.then_some(Unseen { since: Timestamp::UNSET, is_gap });
    Ok(Some(Ended { unseen, ..Ended::new(how, at) }))
}
