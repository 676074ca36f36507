//! Reads the entries of a run back, in order.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rusqlite::{OptionalExtension, Row, params};

use super::append::MILLISECOND;
use super::codes::{Code, Source, Stage};
use super::guid::ReadGuid;
use super::version::{VERSION_COLUMNS, Version};
use super::{RecordFault, Recording, Result, RunId, owners};
use crate::model::recording::{ActionEntry, Entry, GapEntry, Limits, Progress, Recorded, TaskEntry};
use crate::model::{
    CellId, Domain, Owner, RawDefinition, RequestId, State, Task, TaskGuid, TaskText, Timestamp,
};

/// How many texts are remembered.
const MOST_TEXTS: usize = 65_536;

/// A place between the entries of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position(pub(super) i64);

impl Position {
    /// Before the first entry.
    pub const START: Self = Self(0);
    /// After the last entry. Only a damaged file has one there.
    const END: Self = Self(i64::MAX);

    /// Returns the place before the first entry of this time or later.
    pub const fn at(time: Timestamp) -> Self {
        Self(whole_milliseconds(time.as_nanos()))
    }

    /// Returns the time of the entry after this place, to the millisecond.
    pub const fn time(self) -> Timestamp {
        Timestamp::from_nanos(whole_milliseconds(self.0))
    }
}

/// Rounds nanoseconds down to whole milliseconds, as far as that is possible: a damaged file may hold any number.
const fn whole_milliseconds(nanos: i64) -> i64 {
    nanos.div_euclid(MILLISECOND).saturating_mul(MILLISECOND)
}

/// Reads the entries of a run in order, in parts.
#[derive(Debug)]
pub struct EntryReader<'a> {
    recording: &'a Recording,
    run: RunId,
    next: Position,
    /// The lives of the tasks that have not left, with the last version that was read.
    lives: HashMap<i64, Life, RandomState>,
    texts: Texts<'a>,
}

/// Changes in order, with their positions.
struct Part {
    entries: Vec<(i64, Recorded)>,
    /// The position of the last row, if there may be more after it.
    until: Option<i64>,
}

/// What all versions of a task have in common, with the last one.
#[derive(Debug, Clone)]
struct Life {
    last: Option<Task>,
    blank: Task,
    limits: Option<Limits>,
}

impl Recording {
    /// Reads the entries of a run from this place on.
    pub fn entries(&self, run: RunId, from: Position) -> EntryReader<'_> {
        let texts = Texts::new(self);
        EntryReader { recording: self, run, next: from, lives: HashMap::default(), texts }
    }
}

impl EntryReader<'_> {
    /// Returns where the next part begins.
    pub const fn position(&self) -> Position {
        self.next
    }

    /// Returns the next entries, about `most` of them; none at the end. What is written later can then be read by calling
    /// this again.
    pub fn read(&mut self, most: usize) -> Result<Vec<Entry>> {
        // What is behind the last number would be read again and again.
        while self.next < Position::END {
            let Part { mut entries, until } = self.changes(most)?;
            let end = until.unwrap_or(i64::MAX);
            entries.extend(self.gaps(end)?);
            entries.extend(self.actions(end)?);
            entries.sort_by_key(|(position, _)| *position);
            if let Some(last) = until.or_else(|| entries.last().map(|(position, _)| *position)) {
                self.next = Position(last.saturating_add(1));
            }
            // A part can consist of versions before changes, which come with the next part.
            if until.is_none() || !entries.is_empty() {
                let entry = |(position, what)| Entry { at: Position(position).time(), what };
                return Ok(entries.into_iter().map(entry).collect());
            }
        }
        Ok(Vec::new())
    }

    fn changes(&mut self, most: usize) -> Result<Part> {
        let sql = format!(
            "SELECT changes.id, life, source, changes.end, {VERSION_COLUMNS} FROM changes \
             JOIN lives ON lives.id = life WHERE changes.id >= ?1 AND run = ?2 ORDER BY changes.id LIMIT ?3"
        );
        let mut query = self.recording.db.prepare_cached(&sql)?;
        let most = most.max(1);
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows = query.query(params![self.next.0, self.run.0, limit])?;
        let (mut entries, mut count, mut last) = (Vec::new(), 0, None);
        while let Some(row) = rows.next()? {
            let position = row.get(0)?;
            (count, last) = (count + 1, Some(position));
            if let Some(entry) = self.change(position, row)? {
                entries.push((position, Recorded::Task(Box::new(entry))));
            }
        }
        Ok(Part { entries, until: last.filter(|_| count == most) })
    }

    /// Reads one change; none for a version before a change, which belongs to the change that follows.
    fn change(&mut self, position: i64, row: &Row<'_>) -> Result<Option<TaskEntry>> {
        let life_id: i64 = row.get(1)?;
        let source = Source::of_code(row.get(2)?).ok_or_else(|| unknown("source"))?;
        let end = row.get::<_, Option<i64>>(3)?.map(|end| Code::of_code(end).ok_or_else(|| unknown("end")));
        let mut life = match self.lives.remove(&life_id) {
            Some(life) => life,
            None => self.life(life_id, position)?,
        };
        let task = self.texts.task(&life.blank, Version::read(row, 4)?)?;
        let before = life.last.replace(task.clone());
        let end = end.transpose()?;
        let limits = life.limits;
        if end.is_none() {
            self.lives.insert(life_id, life);
        }
        Ok(match source {
            Source::Before => None,
            Source::Change(evidence) => Some(TaskEntry { evidence, before, task, limits, end }),
        })
    }

    /// Reads a life as it was before this position.
    fn life(&mut self, id: i64, position: i64) -> Result<Life> {
        let (blank, limits) = self.blank(id)?;
        let sql = format!(
            "SELECT {VERSION_COLUMNS} FROM changes WHERE life = ?1 AND id < ?2 ORDER BY id DESC LIMIT 1"
        );
        let mut query = self.recording.db.prepare_cached(&sql)?;
        let last = query.query_row([id, position], |row| Version::read(row, 0)).optional()?;
        let last = last.map(|version| self.texts.task(&blank, version)).transpose()?;
        Ok(Life { last, blank, limits })
    }

    /// Reads what all versions of a life have in common.
    pub(super) fn blank(&mut self, id: i64) -> Result<(Task, Option<Limits>)> {
        let mut query = self.recording.db.prepare_cached(
            "SELECT guid, created_at, domain, callback, memory_mb, disk_mb, owners.id IS NOT NULL, app_guid, app, \
             space_guid, space, org_guid, org FROM lives LEFT JOIN owners ON owners.id = owner \
             WHERE lives.id = ?1",
        )?;
        let (blank, domain, limits) = query.query_row([id], |row| {
            let guid: TaskGuid = row.get::<_, ReadGuid>(0)?.0;
            let mut definition = RawDefinition::default().with_callback(row.get(3)?);
            definition.drop_bytes();
            let owner = if row.get(6)? { owners::read(row, 7)? } else { Owner::default() };
            let limits = match (row.get(4)?, row.get(5)?) {
                (Some(memory_mb), Some(disk_mb)) => Some(Limits { memory_mb, disk_mb }),
                _ => None,
            };
            let created_at = Timestamp::from_nanos(row.get(1)?);
            let task = Task::blank(guid, "".into(), State::Invalid);
            Ok((Task { created_at, definition, owner, ..task }, row.get(2)?, limits))
        })?;
        let domain = Domain::from(&*self.texts.get(domain)?);
        Ok((Task { domain, ..blank }, limits))
    }

    /// Returns a task with this version.
    pub(super) fn task(&mut self, blank: &Task, version: Version) -> Result<Task> {
        self.texts.task(blank, version)
    }

    fn gaps(&self, until: i64) -> Result<Vec<(i64, Recorded)>> {
        let mut query = self.recording.db.prepare_cached(
            "SELECT id, start, closed, why FROM gap_entries WHERE id BETWEEN ?1 AND ?2 AND run = ?3 ORDER BY id",
        )?;
        let found = query.query_map([self.next.0, until, self.run.0], |row| {
            let start = Timestamp::from_nanos(row.get(1)?);
            let why = TaskText::from(row.get::<_, String>(3)?);
            Ok((row.get(0)?, Recorded::Gap(GapEntry { start, closed: row.get(2)?, why })))
        })?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    fn actions(&self, until: i64) -> Result<Vec<(i64, Recorded)>> {
        let mut query = self.recording.db.prepare_cached(
            "SELECT id, guid, intent, stage, tasks, call, request, reply, outcome, message FROM action_entries \
             WHERE id BETWEEN ?1 AND ?2 AND run = ?3 ORDER BY id",
        )?;
        let mut rows = query.query([self.next.0, until, self.run.0])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push((row.get(0)?, Recorded::Action(action(row)?)));
        }
        Ok(found)
    }
}

/// Reads an action from its row.
pub(super) fn action(row: &Row<'_>) -> Result<ActionEntry> {
    let guid = row.get::<_, ReadGuid>(1)?.0;
    let intent = read_code(row, 2, "action")?;
    let message = TaskText::from(row.get::<_, Option<String>>(9)?.unwrap_or_default());
    let progress = match read_code(row, 3, "stage")? {
        Stage::Confirmed => Progress::Confirmed { tasks: row.get::<_, Option<u32>>(4)?.unwrap_or(1) },
        Stage::Sent => {
            let request: String = row.get(6)?;
            let request = u128::from_str_radix(&request, 16).map_err(|_| unknown("request id"))?;
            Progress::Sent { call: read_code(row, 5, "call")?, request: RequestId(request) }
        }
        Stage::Answered => Progress::Answered {
            call: read_code(row, 5, "call")?,
            reply: read_code(row, 7, "reply")?,
            message,
        },
        Stage::Ended => Progress::Ended { outcome: read_code(row, 8, "outcome")?, found: message },
    };
    Ok(ActionEntry { guid, intent, progress })
}

fn read_code<T: Code>(row: &Row<'_>, column: usize, name: &str) -> Result<T> {
    let code = row.get::<_, Option<i64>>(column)?.unwrap_or_default();
    T::of_code(code).ok_or_else(|| unknown(name))
}

fn unknown(what: &str) -> RecordFault {
    RecordFault::Damaged(format!("a row has an unknown {what}"))
}

/// The texts that were read last.
#[derive(Debug)]
pub(super) struct Texts<'a> {
    recording: &'a Recording,
    known: HashMap<i64, Shared, RandomState>,
}

/// A text in the forms in which tasks share it.
#[derive(Debug, Clone)]
struct Shared {
    text: TaskText,
    cell: CellId,
}

impl<'a> Texts<'a> {
    pub(super) fn new(recording: &'a Recording) -> Self {
        Self { recording, known: HashMap::default() }
    }

    fn shared(&mut self, id: i64) -> Result<Shared> {
        if let Some(shared) = self.known.get(&id) {
            return Ok(shared.clone());
        }
        let mut query = self.recording.db.prepare_cached("SELECT text FROM texts WHERE id = ?1")?;
        let text: String = query.query_row([id], |row| row.get(0)).optional()?.unwrap_or_default();
        let shared = Shared { cell: text.as_str().into(), text: text.into() };
        if self.known.len() >= MOST_TEXTS {
            self.known.clear();
        }
        self.known.insert(id, shared.clone());
        Ok(shared)
    }

    pub(super) fn cell(&mut self, id: i64) -> Result<CellId> {
        Ok(self.shared(id)?.cell)
    }

    pub(super) fn get(&mut self, id: Option<i64>) -> Result<TaskText> {
        Ok(id.map(|id| self.shared(id)).transpose()?.map(|shared| shared.text).unwrap_or_default())
    }

    /// Returns the task with this version.
    pub(super) fn task(&mut self, blank: &Task, version: Version) -> Result<Task> {
        Ok(Task {
            state: version.state,
            cell: version.cell.map(|cell| self.shared(cell)).transpose()?.map(|shared| shared.cell),
            updated_at: Timestamp::from_nanos(version.updated_at),
            first_completed_at: Timestamp::from_nanos(version.first_completed_at),
            failed: version.failed,
            failure_reason: self.get(version.failure_reason)?,
            result: self.get(version.result)?,
            rejection_count: version.rejection_count,
            rejection_reason: self.get(version.rejection_reason)?,
            ..blank.clone()
        })
    }
}
