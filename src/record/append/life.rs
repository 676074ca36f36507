//! Appends the changes of tasks, and keeps the rows of their lives up to date.

use rusqlite::{OptionalExtension, ToSql, params};

use super::Batch;
use crate::model::recording::TaskEntry;
use crate::model::{Cause, Evidence, State, Task, Timestamp, started_at};
use crate::record::Result;
use crate::record::codes::{Code, Source};
use crate::record::guid::StoredGuid;
use crate::record::version::{VERSION_COLUMNS, Version};

/// What is remembered of a life.
#[derive(Debug, Clone, Copy)]
pub(super) struct Life {
    id: i64,
    created_at: Timestamp,
    version: Option<Version>,
    started_at: Timestamp,
    last_cell: Option<i64>,
    ended: Option<i64>,
    callback: bool,
    has_limits: bool,
}

impl Batch<'_> {
    pub(super) fn write_task(&mut self, at: Timestamp, entry: &TaskEntry) -> Result<()> {
        let now = at.as_nanos();
        let task = &entry.task;
        let key = (self.run, task.guid.clone());
        let known = self.lives.get(&key).copied().filter(|life| life.created_at == task.created_at);
        let known = match known {
            Some(life) => Some(life),
            None => self.find_life(task)?,
        };
        let mut life = match known {
            Some(life) => life,
            None => self.begin_life(at, entry)?,
        };
        if let Some(before) = entry.before.as_ref().filter(|before| before.created_at == task.created_at) {
            let version = Version::of(self.db, self.texts, before, now)?;
            if life.version != Some(version) {
                self.write_version(at, life.id, Source::Before, &version, None)?;
                life.learn(before, version.cell, Evidence::LateEvent);
            }
        }
        let version = Version::of(self.db, self.texts, task, now)?;
        let is_listed_only =
            entry.evidence == Evidence::List && entry.before.is_none() && entry.end.is_none();
        if is_listed_only && life.ended.is_none() && life.version == Some(version) {
            // A change has told it while the tasks were being listed.
            return Ok(());
        }
        let end = entry.end.map(Code::code);
        let position = self.write_version(at, life.id, Source::Change(entry.evidence), &version, end)?;
        life.learn(task, version.cell, entry.evidence);
        life.version = Some(version);
        if entry.evidence != Evidence::LateEvent {
            life.ended = entry.end.map(|_| life.ended.unwrap_or(position));
        }
        self.update_life(&mut life, position, entry)?;
        match life.ended {
            Some(_) => self.lives.remove(&key),
            None => self.lives.insert(key, life),
        };
        Ok(())
    }

    fn write_version(
        &mut self,
        at: Timestamp,
        life: i64,
        source: Source,
        version: &Version,
        end: Option<i64>,
    ) -> Result<i64> {
        const INSERT: &str = "INSERT INTO changes (id, life, source, end, state, cell, updated_at, \
             first_completed_at, failed, failure_reason, result, rejection_count, rejection_reason) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let Version { state, cell, updated_at, first_completed_at, failed, failure_reason, result, .. } =
            version;
        let Version { rejection_count, rejection_reason, .. } = version;
        let values: [&dyn ToSql; 12] = [
            &life,
            &source.code(),
            &end,
            &state.number(),
            cell,
            updated_at,
            first_completed_at,
            failed,
            failure_reason,
            result,
            rejection_count,
            rejection_reason,
        ];
        self.insert(at, INSERT, &values)
    }

    /// Finds a life that is not remembered: one that has ended.
    fn find_life(&self, task: &Task) -> Result<Option<Life>> {
        let found = self
            .db
            .prepare_cached(
                "SELECT id, started_at, last_cell, ended, callback, memory_mb IS NOT NULL FROM lives \
                 WHERE guid = ?1 AND run = ?2 AND created_at = ?3",
            )?
            .query_row(params![StoredGuid(&task.guid), self.run.0, task.created_at.as_nanos()], |row| {
                Ok(Life {
                    id: row.get(0)?,
                    created_at: task.created_at,
                    version: None,
                    started_at: Timestamp::from_nanos(row.get(1)?),
                    last_cell: row.get(2)?,
                    ended: row.get(3)?,
                    callback: row.get(4)?,
                    has_limits: row.get(5)?,
                })
            })
            .optional()?;
        let Some(life) = found else { return Ok(None) };
        let sql = format!("SELECT {VERSION_COLUMNS} FROM changes WHERE life = ?1 ORDER BY id DESC LIMIT 1");
        let version =
            self.db.prepare_cached(&sql)?.query_row([life.id], |row| Version::read(row, 0)).optional()?;
        Ok(Some(Life { version, ..life }))
    }

    fn begin_life(&mut self, at: Timestamp, entry: &TaskEntry) -> Result<Life> {
        let (task, now) = (&entry.task, at.as_nanos());
        let domain = self.texts.id(self.db, task.domain.as_str(), now)?;
        let owner = self.owners.id(self.db, &task.owner, now)?;
        let callback = task.definition.names_callback();
        self.db
            .prepare_cached(
                "INSERT INTO lives (run, guid, created_at, domain, owner, callback, memory_mb, disk_mb, \
                 first, last, started_at, failed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, 0, 0)",
            )?
            .execute(params![
                self.run.0,
                StoredGuid(&task.guid),
                task.created_at.as_nanos(),
                domain,
                owner,
                callback,
                entry.limits.map(|limits| limits.memory_mb),
                entry.limits.map(|limits| limits.disk_mb),
            ])?;
        Ok(Life {
            id: self.db.last_insert_rowid(),
            created_at: task.created_at,
            version: None,
            started_at: Timestamp::UNSET,
            last_cell: None,
            ended: None,
            callback,
            has_limits: entry.limits.is_some(),
        })
    }

    /// Brings the row of a life up to date after the change at `position`.
    fn update_life(&self, life: &mut Life, position: i64, entry: &TaskEntry) -> Result<()> {
        let callback = entry.task.definition.names_callback();
        let new_limits = entry.limits.filter(|_| !life.has_limits);
        if let Some(limits) = new_limits {
            self.db
                .prepare_cached("UPDATE lives SET memory_mb = ?2, disk_mb = ?3 WHERE id = ?1")?
                .execute(params![life.id, limits.memory_mb, limits.disk_mb])?;
            life.has_limits = true;
        }
        if callback && !life.callback {
            self.db.prepare_cached("UPDATE lives SET callback = 1 WHERE id = ?1")?.execute([life.id])?;
            life.callback = true;
        }
        let known = params![life.id, position, life.started_at.as_nanos(), life.last_cell];
        if entry.evidence == Evidence::LateEvent {
            self.db
                .prepare_cached(
                    "UPDATE lives SET first = iif(first = 0, ?2, first), last = iif(last = 0, ?2, last), \
                     started_at = ?3, last_cell = ?4 WHERE id = ?1",
                )?
                .execute(known)?;
            return Ok(());
        }
        let cause: Option<Cause> = entry.cause();
        self.db
            .prepare_cached(
                "UPDATE lives SET first = iif(first = 0, ?2, first), last = ?2, started_at = ?3, last_cell = ?4, \
                 failed = ?5, ended = ?6, end = ?7, cause = ?8 WHERE id = ?1",
            )?
            .execute(params![
                life.id,
                position,
                life.started_at.as_nanos(),
                life.last_cell,
                entry.task.failed,
                life.ended,
                entry.end.map(Code::code),
                cause.map(Code::code),
            ])?;
        Ok(())
    }
}

impl Life {
    /// Remembers what this version tells and later ones may no longer tell.
    fn learn(&mut self, task: &Task, cell: Option<i64>, evidence: Evidence) {
        if evidence == Evidence::LateEvent {
            self.last_cell = self.last_cell.or(cell);
            if self.started_at.is_unset() && task.state == State::Running {
                self.started_at = task.updated_at;
            }
        } else {
            self.last_cell = cell.or(self.last_cell);
            self.started_at = started_at(task, self.started_at);
        }
    }
}
