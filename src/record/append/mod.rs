//! Appends entries to a recording.

mod action;
mod life;

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rusqlite::{Connection, ToSql, TransactionBehavior, ffi, params};

use super::owners::Owners;
use super::texts::Texts;
use super::{Recording, Result, RunId};
use crate::model::recording::{Entry, GapEntry, Recorded, bounded};
use crate::model::{TaskGuid, Timestamp};
use life::Life;

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

    /// Returns the recording.
    pub(super) const fn recording_mut(&mut self) -> &mut Recording {
        &mut self.recording
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

    fn write_gap(&mut self, at: Timestamp, GapEntry { start, closed, why }: &GapEntry) -> Result<()> {
        let (run, why) = (self.run.0, bounded(why).to_string());
        let values: [&dyn ToSql; 4] = [&run, &start.as_nanos(), closed, &why];
        self.insert(
            at,
            "INSERT INTO gap_entries (id, run, start, closed, why) VALUES (?1, ?2, ?3, ?4, ?5)",
            &values,
        )?;
        Ok(())
    }
}
