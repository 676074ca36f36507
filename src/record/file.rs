//! The file of a recording, and the runs in it.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Row, params};

use super::{RecordFault, Result, schema};
use crate::model::Timestamp;
use crate::platform::files;

/// How long to wait for another program that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Identifies a run in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(pub(super) i64);

impl RunId {
    /// Returns its number, as operators type it.
    pub const fn number(self) -> i64 {
        self.0
    }
}

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
    /// Device and inode: the path may name another file by now.
    identity: Option<files::Identity>,
}

impl Recording {
    /// Opens a file to write to it, and creates it if there is none, for its owner alone.
    ///
    /// # Errors
    /// If that is not possible, or a newer taskdeck wrote it.
    pub fn create(path: &Path) -> Result<Self> {
        create_private(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db = Connection::open_with_flags(path, flags)?;
        db.busy_timeout(BUSY_TIMEOUT)?;
        schema::prepare(&mut db)?;
        // A crash of the machine may lose the last transactions, but damages nothing.
        db.execute_batch(
            "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY;",
        )?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(Self { db, path: path.to_owned(), identity: identity(path) })
    }

    /// Opens a file to read it.
    ///
    /// # Errors
    /// If that is not possible, or a newer taskdeck wrote it.
    pub fn open(path: &Path) -> Result<Self> {
        let db = match open_shared(path) {
            // Others may write to the file, which takes a file beside it. Where none can be created, nobody writes.
            Err(RecordFault::ReadOnly | RecordFault::Io(_)) if path.is_file() => open_alone(path)?,
            opened => opened?,
        };
        db.busy_timeout(BUSY_TIMEOUT)?;
        if schema::check(&db)? == 0 {
            return Err(RecordFault::NoDatabase);
        }
        db.set_prepared_statement_cache_capacity(64);
        Ok(Self { db, path: path.to_owned(), identity: identity(path) })
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

    /// Notes that a run goes on.
    pub(super) fn touch_run(&self, run: RunId, at: Timestamp) -> Result<()> {
        self.db
            .prepare_cached("UPDATE runs SET seen = max(seen, ?2) WHERE id = ?1")?
            .execute(params![run.0, at.as_nanos()])?;
        Ok(())
    }

    /// Ends a run.
    pub fn end_run(&self, run: RunId, at: Timestamp) -> Result<()> {
        self.db
            .prepare_cached("UPDATE runs SET seen = max(seen, ?2), ended = ?2 WHERE id = ?1")?
            .execute(params![run.0, at.as_nanos()])?;
        Ok(())
    }

    /// Returns whether the file was renamed or deleted: its path names another one, or none.
    pub(super) fn is_moved(&self) -> bool {
        self.identity != identity(&self.path)
    }

    /// Returns how many bytes the file has, without what is not moved into it yet.
    pub fn bytes(&self) -> Result<u64> {
        Ok(self.pragma("page_count")? * self.pragma("page_size")?)
    }

    /// Returns the value of a pragma that is a number.
    pub(super) fn pragma(&self, name: &str) -> Result<u64> {
        let value: i64 = self.db.pragma_query_value(None, name, |row| row.get(0))?;
        Ok(u64::try_from(value).unwrap_or(0))
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

/// Returns what tells a file from others.
fn identity(path: &Path) -> Option<files::Identity> {
    Some(files::identity(&fs::metadata(path).ok()?))
}

/// Opens a file that others may write to.
fn open_shared(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.pragma_update(None, "query_only", true)?;
    // Reads the first page.
    db.pragma_query_value(None, "schema_version", |_| Ok(()))?;
    Ok(db)
}

/// Opens a file that nobody writes to.
fn open_alone(path: &Path) -> Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let escaped = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Ok(Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags)?)
}

/// Creates a file that only its owner can read, and its directory, unless they are there.
fn create_private(path: &Path) -> Result<()> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        files::create_private_directory(directory)?;
    }
    files::private(OpenOptions::new().append(true).create(true)).open(path)?;
    Ok(())
}

/// Renames a damaged file and what belongs to it, so that a new one can be begun. Returns its new name.
///
/// # Errors
/// If it cannot be renamed.
pub(super) fn set_aside(path: &Path) -> Result<PathBuf> {
    let beside = |path: &Path, suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let aside = beside(path, ".broken");
    fs::rename(path, &aside)?;
    for suffix in ["-wal", "-shm"] {
        // Without the file that it belongs to, it would be taken for that of the new one.
        let _ = fs::rename(beside(path, suffix), beside(&aside, suffix));
    }
    Ok(aside)
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
