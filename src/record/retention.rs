//! Keeps a recording within its limits: deletes the oldest lives, a few at a time, and gives their space back.

use std::time::Duration;

use rusqlite::{TransactionBehavior, params};

use super::texts::NOTED_EVERY;
use super::{Appender, Recording, Result};
use crate::model::Timestamp;

/// How much a recording may keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// The most bytes of the file.
    pub max_bytes: u64,
    /// How long a task is kept after its end.
    pub max_age: Duration,
}

/// How many lives are deleted in one transaction.
const MOST_DELETED: usize = 500;
/// How many free pages are given back at once.
const MOST_PAGES: u64 = 1_000;
/// A run that has written nothing for this long is over, even if nobody has ended it. In nanoseconds.
const SILENT: i64 = 3_600_000_000_000;

/// Whether there is more to delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Upkeep {
    Done,
    GoOn,
}

impl Appender {
    /// Deletes some of what exceeds the limits. `now` is our wall time.
    pub(super) fn tidy(&mut self, retention: &Retention, now: Timestamp) -> Result<Upkeep> {
        let pages = |name| self.recording().pragma(name);
        let (all, free, size) = (pages("page_count")?, pages("freelist_count")?, pages("page_size")?.max(1));
        let most = retention.max_bytes / size;
        let max_age = i64::try_from(retention.max_age.as_nanos()).unwrap_or(i64::MAX);
        let oldest = now.as_nanos().saturating_sub(max_age);
        let before = if all.saturating_sub(free) > most { i64::MAX } else { oldest };
        let deleted = self.recording_mut().delete_lives(before, now.as_nanos())?;
        if all > most && free > 0 {
            self.recording().give_back(free.min(MOST_PAGES))?;
        }
        if deleted == MOST_DELETED || (all > most && free > MOST_PAGES) {
            return Ok(Upkeep::GoOn);
        }
        self.recording().forget_unused(oldest)?;
        Ok(Upkeep::Done)
    }
}

impl Recording {
    /// Deletes the oldest lives that last changed before this time. Keeps those that have not ended in a run that goes on.
    /// Returns how many were deleted.
    fn delete_lives(&mut self, before: i64, now: i64) -> Result<usize> {
        let db = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        db.execute_batch("CREATE TEMP TABLE IF NOT EXISTS doomed (life INTEGER PRIMARY KEY)")?;
        db.prepare_cached("DELETE FROM temp.doomed")?.execute([])?;
        let limit = i64::try_from(MOST_DELETED).unwrap_or(i64::MAX);
        let deleted = db
            .prepare_cached(
                "INSERT INTO temp.doomed SELECT lives.id FROM lives JOIN runs ON runs.id = run WHERE last < ?1 \
                 AND (lives.ended IS NOT NULL OR runs.ended IS NOT NULL OR seen < ?2) ORDER BY last LIMIT ?3",
            )?
            .execute(params![before, now.saturating_sub(SILENT), limit])?;
        if deleted > 0 {
            db.execute("DELETE FROM changes WHERE life IN (SELECT life FROM temp.doomed)", [])?;
            db.execute("DELETE FROM lives WHERE id IN (SELECT life FROM temp.doomed)", [])?;
        }
        db.commit()?;
        Ok(deleted)
    }

    /// Gives free pages back to the file system.
    fn give_back(&self, pages: u64) -> Result<()> {
        let mut vacuum = self.db.prepare(&format!("PRAGMA incremental_vacuum({pages})"))?;
        let mut rows = vacuum.query([])?;
        while rows.next()?.is_some() {}
        Ok(())
    }

    /// Deletes gaps and actions from before this time, and texts, owners and runs that nothing refers to. A text that was
    /// used last well before the oldest change that is kept is not used any more.
    fn forget_unused(&self, before: i64) -> Result<()> {
        let db = self.db.unchecked_transaction()?;
        db.execute("DELETE FROM gap_entries WHERE id < ?1", [before])?;
        db.execute("DELETE FROM action_entries WHERE id < ?1", [before])?;
        let oldest: Option<i64> = db.query_row("SELECT min(id) FROM changes", [], |row| row.get(0))?;
        let unused = oldest.unwrap_or(before).saturating_sub(2 * NOTED_EVERY);
        db.execute("DELETE FROM texts WHERE used < ?1", [unused])?;
        db.execute("DELETE FROM owners WHERE used < ?1", [unused])?;
        db.execute(
            "DELETE FROM runs WHERE seen < ?1 AND NOT EXISTS (SELECT 1 FROM lives WHERE run = runs.id) \
             AND NOT EXISTS (SELECT 1 FROM gap_entries WHERE run = runs.id) \
             AND NOT EXISTS (SELECT 1 FROM action_entries WHERE run = runs.id)",
            [unused],
        )?;
        Ok(db.commit()?)
    }
}
