//! Appends entries to a recording.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rusqlite::{Connection, OptionalExtension, ToSql, TransactionBehavior, ffi, params};

use super::codes::{Code, Source, Stage};
use super::guid::StoredGuid;
use super::owners::Owners;
use super::texts::Texts;
use super::version::{VERSION_COLUMNS, Version};
use super::{Recording, Result, RunId};
use crate::model::recording::{ActionEntry, Entry, GapEntry, Progress, Recorded, TaskEntry, bounded};
use crate::model::{Cause, Evidence, State, Task, TaskGuid, Timestamp, started_at};

/// The part of a position that is the time.
pub(super) const MILLISECOND: i64 = 1_000_000;

/// Writes entries to a recording.
///
/// Remembers the tasks that live, so that a change costs no look-up.
#[derive(Debug)]
pub struct Appender {
    recording: Recording,
    lives: HashMap<(RunId, TaskGuid), Life, RandomState>,
    texts: Texts,
    owners: Owners,
    /// The position of the last entry.
    last: i64,
}

/// What is remembered of a life.
#[derive(Debug, Clone, Copy)]
struct Life {
    id: i64,
    created_at: Timestamp,
    version: Option<Version>,
    started_at: Timestamp,
    last_cell: Option<i64>,
    ended: Option<i64>,
    callback: bool,
    has_limits: bool,
}

impl Appender {
    /// Appends to this recording.
    pub fn new(recording: Recording) -> Self {
        Self {
            recording,
            lives: HashMap::default(),
            texts: Texts::default(),
            owners: Owners::default(),
            last: 0,
        }
    }

    /// Returns the recording.
    pub const fn recording(&self) -> &Recording {
        &self.recording
    }

    /// Appends entries in one transaction, all or none of them. Their times must not decrease; one that does is taken as
    /// that of the entry before.
    pub fn append(&mut self, run: RunId, entries: &[Entry]) -> Result<()> {
        let Some(last) = entries.last() else { return Ok(()) };
        let Self { recording, lives, texts, owners, last: position } = self;
        let transaction = recording.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut batch = Batch { db: &transaction, run, lives, texts, owners, last: position };
        let written = batch.write(entries).and_then(|()| {
            transaction
                .prepare_cached("UPDATE runs SET seen = max(seen, ?2) WHERE id = ?1")?
                .execute(params![run.0, last.at.as_nanos()])?;
            Ok(transaction.commit()?)
        });
        if written.is_err() {
            // They may name rows that are not there.
            self.lives.clear();
            self.texts.forget();
            self.owners.forget();
        }
        written
    }
}

/// Returns whether there is a row with this primary key already.
fn is_taken(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_CONSTRAINT_PRIMARYKEY)
}

/// One transaction.
struct Batch<'a> {
    db: &'a Connection,
    run: RunId,
    lives: &'a mut HashMap<(RunId, TaskGuid), Life, RandomState>,
    texts: &'a mut Texts,
    owners: &'a mut Owners,
    last: &'a mut i64,
}

impl Batch<'_> {
    fn write(&mut self, entries: &[Entry]) -> Result<()> {
        entries.iter().try_for_each(|Entry { at, what }| match what {
            Recorded::Task(change) => self.write_task(*at, change),
            Recorded::Gap(gap) => self.write_gap(*at, gap),
            Recorded::Action(action) => self.write_action(*at, action),
        })
    }

    /// Inserts a row at the next free position of this time, and returns the position. `?1` is the position.
    fn insert(&mut self, at: Timestamp, sql: &str, values: &[&dyn ToSql]) -> Result<i64> {
        let mut position = (at.as_nanos().div_euclid(MILLISECOND) * MILLISECOND).max(*self.last + 1);
        let mut insert = self.db.prepare_cached(sql)?;
        loop {
            let row: Vec<&dyn ToSql> =
                std::iter::once(&position as &dyn ToSql).chain(values.iter().copied()).collect();
            match insert.execute(row.as_slice()) {
                // Another program has an entry there.
                Err(error) if is_taken(&error) => position += 1,
                written => {
                    written?;
                    *self.last = position;
                    return Ok(position);
                }
            }
        }
    }

    fn write_task(&mut self, at: Timestamp, entry: &TaskEntry) -> Result<()> {
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

    fn write_gap(&mut self, at: Timestamp, GapEntry { start, closed, why }: &GapEntry) -> Result<()> {
        let run = self.run.0;
        let values: [&dyn ToSql; 4] = [&run, &start.as_nanos(), closed, &&**why];
        self.insert(
            at,
            "INSERT INTO gap_entries (id, run, start, closed, why) VALUES (?1, ?2, ?3, ?4, ?5)",
            &values,
        )?;
        Ok(())
    }

    fn write_action(&mut self, at: Timestamp, entry: &ActionEntry) -> Result<()> {
        const INSERT: &str = "INSERT INTO action_entries (id, run, guid, intent, stage, tasks, call, request, reply, \
             outcome, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        let ActionEntry { guid, intent, progress } = entry;
        let row = ActionRow::of(progress);
        let run = self.run.0;
        let ActionRow { stage, tasks, call, request, reply, outcome, message } = &row;
        let values: [&dyn ToSql; 10] = [
            &run,
            &StoredGuid(guid),
            &intent.code(),
            &stage.code(),
            tasks,
            call,
            request,
            reply,
            outcome,
            message,
        ];
        self.insert(at, INSERT, &values)?;
        Ok(())
    }
}

/// The columns of an action that depend on how far it is.
struct ActionRow {
    stage: Stage,
    tasks: Option<u32>,
    call: Option<i64>,
    request: Option<String>,
    reply: Option<i64>,
    outcome: Option<i64>,
    message: Option<String>,
}

impl ActionRow {
    fn of(progress: &Progress) -> Self {
        let none = Self {
            stage: Stage::Confirmed,
            tasks: None,
            call: None,
            request: None,
            reply: None,
            outcome: None,
            message: None,
        };
        match progress {
            Progress::Confirmed { tasks } => Self { tasks: Some(*tasks), ..none },
            Progress::Sent { call, request } => Self {
                stage: Stage::Sent,
                call: Some(call.code()),
                request: Some(request.to_string()),
                ..none
            },
            Progress::Answered { call, reply, message } => Self {
                stage: Stage::Answered,
                call: Some(call.code()),
                reply: Some(reply.code()),
                message: Some(bounded(message).to_string()),
                ..none
            },
            Progress::Ended { outcome, found } => Self {
                stage: Stage::Ended,
                outcome: Some(outcome.code()),
                message: Some(bounded(found).to_string()),
                ..none
            },
        }
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
