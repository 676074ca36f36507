//! Plays a run back: the tasks that were known at a time, and what happened from there on, in parts.
//!
//! A time is found with SQL: nothing is read from the beginning. What happened a while before it is read too, so that
//! ended tasks, failures and statistics show what they showed then.

use std::time::Duration;

use rusqlite::{OptionalExtension, params};

use super::codes::{Code, Source};
use super::read::{EntryReader, Position};
use super::version::{VERSION_COLUMNS, Version};
use super::{Recording, Result, Run, RunId};
use crate::model::recording::{Entry, GapEntry, Recorded, TaskEntry};
use crate::model::{Evidence, TaskText, Timestamp};

/// How long before a time reading begins, at most.
const LEAD_IN: Duration = Duration::from_secs(60 * 60);
/// How many changes before a time are read, at most. They take some tenths of a second.
const MOST_LEAD_IN: u32 = 20_000;

const LATE: Source = Source::Change(Evidence::LateEvent);

/// Plays a run.
#[derive(Debug)]
pub struct Player<'a> {
    recording: &'a Recording,
    run: RunId,
    reader: EntryReader<'a>,
}

impl Recording {
    /// Plays a run, from its beginning unless another time is sought.
    pub fn play(&self, run: RunId) -> Player<'_> {
        Player { recording: self, run, reader: self.entries(run, Position::START) }
    }

    /// Returns the stretch of time that a run has recorded and that is kept; none if it holds nothing.
    pub fn stretch(&self, run: &Run) -> Result<Option<(Timestamp, Timestamp)>> {
        let from = Position::at(run.started);
        let first: Option<i64> = self
            .db
            .prepare_cached(
                "SELECT changes.id FROM changes JOIN lives ON lives.id = life WHERE changes.id >= ?1 AND run = ?2 \
                 ORDER BY changes.id LIMIT 1",
            )?
            .query_row(params![from.0, run.id.0], |row| row.get(0))
            .optional()?;
        Ok(first.map(|first| {
            let first = Position(first).time();
            (first, run.seen.max(run.ended.unwrap_or(run.seen)).max(first))
        }))
    }
}

impl Player<'_> {
    /// Goes to a time, or some while before it. Returns what was known there: the tasks, and the gap that was open. What
    /// [`read`](Self::read) returns goes on from there.
    pub fn seek(&mut self, at: Timestamp) -> Result<Vec<Entry>> {
        let from = self.lead_in(at)?;
        self.reader = self.recording.entries(self.run, from);
        let mut known = Vec::new();
        for life in self.lives_at(from)? {
            known.extend(self.task_at(life, from)?);
        }
        known.extend(self.gap_at(from)?);
        Ok(known.into_iter().map(|what| Entry { at: from.time(), what }).collect())
    }

    /// Returns the next entries, about `most` of them; none at the end.
    pub fn read(&mut self, most: usize) -> Result<Vec<Entry>> {
        self.reader.read(most)
    }

    /// Returns where to begin to read for a time.
    fn lead_in(&self, at: Timestamp) -> Result<Position> {
        let lead_in = i64::try_from(LEAD_IN.as_nanos()).unwrap_or(i64::MAX);
        let earliest = Position::at(at.shifted(lead_in.saturating_neg()));
        let limit: Option<i64> = self
            .recording
            .db
            .prepare_cached(
                "SELECT id FROM changes WHERE id >= ?1 AND id < ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3",
            )?
            .query_row(params![earliest.0, Position::at(at).0, MOST_LEAD_IN], |row| row.get(0))
            .optional()?;
        // A whole millisecond: a version before a change must not be parted from the change.
        Ok(limit.map_or(earliest, |limit| Position::at(Position(limit).time())))
    }

    /// Returns the lives that may not have ended before this place.
    fn lives_at(&self, from: Position) -> Result<Vec<i64>> {
        let mut query = self.recording.db.prepare_cached(
            "SELECT id FROM lives WHERE run = ?1 AND first > 0 AND first < ?2 AND (ended IS NULL OR ended >= ?2)",
        )?;
        let lives = query.query_map(params![self.run.0, from.0], |row| row.get(0))?;
        Ok(lives.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the task of a life as it was known at this place; none if it had ended.
    fn task_at(&mut self, life: i64, from: Position) -> Result<Option<Recorded>> {
        // What a change tells of the version before it, and what late events tell, is older than what was known.
        let is_known = format!("source NOT IN ({}, {})", Source::Before.code(), LATE.code());
        let Some((version, None)) = self.version_at(life, from, &is_known)? else { return Ok(None) };
        // A change to Completed blanks the cell and the start, which this version still tells.
        let before = if version.cell.is_none() {
            self.version_at(life, from, "cell IS NOT NULL")?.map(|(version, _)| version)
        } else {
            None
        };
        let (blank, limits) = self.reader.blank(life)?;
        let task = self.reader.task(&blank, version)?;
        let before = before.map(|version| self.reader.task(&blank, version)).transpose()?;
        let entry = TaskEntry { evidence: Evidence::List, before, task, limits, end: None };
        Ok(Some(Recorded::Task(Box::new(entry))))
    }

    /// Returns the last version of a life before this place that fulfils a condition, and how the task left, if it did.
    fn version_at(
        &self,
        life: i64,
        from: Position,
        condition: &str,
    ) -> Result<Option<(Version, Option<i64>)>> {
        let sql = format!(
            "SELECT changes.end, {VERSION_COLUMNS} FROM changes WHERE life = ?1 AND id < ?2 \
             AND {condition} ORDER BY id DESC LIMIT 1"
        );
        let mut query = self.recording.db.prepare_cached(&sql)?;
        let found = query.query_row(params![life, from.0], |row| Ok((Version::read(row, 1)?, row.get(0)?)));
        Ok(found.optional()?)
    }

    /// Returns the gap that is open at this place.
    fn gap_at(&self, from: Position) -> Result<Option<Recorded>> {
        let mut query = self.recording.db.prepare_cached(
            "SELECT start, closed, why FROM gap_entries WHERE run = ?1 AND id < ?2 ORDER BY id DESC LIMIT 1",
        )?;
        let last = query.query_row(params![self.run.0, from.0], |row| {
            let why = TaskText::from(row.get::<_, String>(2)?);
            Ok(GapEntry { start: Timestamp::from_nanos(row.get(0)?), closed: row.get(1)?, why })
        });
        Ok(last.optional()?.filter(|gap| !gap.closed).map(Recorded::Gap))
    }
}
