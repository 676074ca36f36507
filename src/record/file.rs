//! The file of a recording, and the runs in it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Row, params};

use super::{Result, schema};
use crate::model::Timestamp;

/// How long to wait for another program that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Identifies a run in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(pub(super) i64);

/// What kind of program records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// The dashboard.
    Dashboard,
    /// `taskdeck record`.
    Record,
}

impl Program {
    /// Returns its name on disk.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dashboard => "dashboard",
            Self::Record => "record",
        }
    }
}

/// What is written about a run at its start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunInfo {
    /// What operators call the target.
    pub target: String,
    /// The program.
    pub program: Program,
    /// The user that runs it.
    pub user: String,
    /// The machine that it runs on.
    pub host: String,
    /// The process.
    pub pid: u32,
    /// When it began (our wall time).
    pub started: Timestamp,
}

/// A run: one program that recorded one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// What operators call the target.
    pub target: String,
    /// The name of the program: `dashboard` or `record`.
    pub program: String,
    /// The version of taskdeck.
    pub version: String,
    /// The user that ran it.
    pub user: String,
    /// The machine that it ran on.
    pub host: String,
    /// The process.
    pub pid: u32,
    /// When it began.
    pub started: Timestamp,
    /// When it last wrote.
    pub seen: Timestamp,
    /// When it ended; none if it runs, or was killed.
    pub ended: Option<Timestamp>,
}

/// A file with recordings.
#[derive(Debug)]
pub struct Recording {
    pub(super) db: Connection,
    path: PathBuf,
}

impl Recording {
    /// Opens a file to write to it, and creates it if there is none.
    ///
    /// # Errors
    /// If that is not possible, or a newer taskdeck wrote it.
    pub fn create(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.busy_timeout(BUSY_TIMEOUT)?;
        schema::prepare(&mut db)?;
        // A crash of the machine may lose the last transactions, but damages nothing.
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(Self { db, path: path.to_owned() })
    }

    /// Opens a file to read it.
    ///
    /// # Errors
    /// If that is not possible, or a newer taskdeck wrote it.
    pub fn open(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags)?;
        db.busy_timeout(BUSY_TIMEOUT)?;
        db.pragma_update(None, "query_only", true)?;
        schema::check(&db)?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(Self { db, path: path.to_owned() })
    }

    /// Returns where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Begins a run.
    pub fn begin_run(&self, info: &RunInfo) -> Result<RunId> {
        let RunInfo { target, program, user, host, pid, started } = info;
        let started = started.as_nanos();
        self.db
            .prepare_cached(
                "INSERT INTO runs (target, program, version, user, host, pid, started, seen) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
            )?
            .execute(params![target, program.name(), env!("CARGO_PKG_VERSION"), user, host, pid, started])?;
        Ok(RunId(self.db.last_insert_rowid()))
    }

    /// Ends a run.
    pub fn end_run(&self, run: RunId, at: Timestamp) -> Result<()> {
        self.db
            .prepare_cached("UPDATE runs SET seen = max(seen, ?2), ended = ?2 WHERE id = ?1")?
            .execute(params![run.0, at.as_nanos()])?;
        Ok(())
    }

    /// Returns all runs, oldest first.
    pub fn runs(&self) -> Result<Vec<Run>> {
        let mut query = self.db.prepare(
            "SELECT id, target, program, version, user, host, pid, started, seen, ended FROM runs \
             ORDER BY started, id",
        )?;
        let runs = query.query_map([], read_run)?.collect::<rusqlite::Result<_>>()?;
        Ok(runs)
    }
}

fn read_run(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        id: RunId(row.get(0)?),
        target: row.get(1)?,
        program: row.get(2)?,
        version: row.get(3)?,
        user: row.get(4)?,
        host: row.get(5)?,
        pid: row.get(6)?,
        started: Timestamp::from_nanos(row.get(7)?),
        seen: Timestamp::from_nanos(row.get(8)?),
        ended: row.get::<_, Option<i64>>(9)?.map(Timestamp::from_nanos),
    })
}
