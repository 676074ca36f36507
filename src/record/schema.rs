//! The schema of a recording, and its migrations.
//!
//! # Tables
//! - `runs`: one program that recorded one target.
//! - `lives`: one task in one run, with what its last version does not tell: when it started, its last cell, its end.
//! - `changes`: the versions of a life, in order.
//! - `gap_entries`: events were lost, or a list has made up for them.
//! - `action_entries`: the steps of our own actions.
//! - `texts`, `owners`: what rows share.
//!
//! # Positions
//! The ids of `changes`, `gap_entries` and `action_entries` are the time at which the entry was learnt: nanoseconds since
//! the epoch, rounded down to the millisecond, plus a number that makes them unique. So the order of the ids is the order
//! of time, and no index by time is needed. `first`, `last` and `ended` of a life are such ids.
//!
//! All other times are nanoseconds since the epoch, 0 if unset. The views have texts joined and times in ISO 8601.

use rusqlite::Connection;

use super::codes::{Code, Source, Stage};
use super::{RecordFault, Result};
use crate::model::plan::{Outcome, Reply};
use crate::model::recording::{Intent, WriteCall};
use crate::model::{Cause, End, State};

/// Tells recordings from the databases of other programs.
const APPLICATION_ID: i64 = 0x7461_736b;

/// The scripts that lead from one version to the next. The first one creates the file.
const MIGRATIONS: &[fn() -> String] = &[first];

/// Returns the newest version of the schema.
pub fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Creates the schema in an empty file, and brings an older one up to date.
pub(super) fn prepare(db: &mut Connection) -> Result<()> {
    if check(db)? == newest() {
        return Ok(());
    }
    // Only takes effect before the first table is created.
    db.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;")?;
    let change = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another program may have done it meanwhile.
    let version = usize::try_from(version(&change)?).unwrap_or(0);
    for migration in MIGRATIONS.iter().skip(version) {
        change.execute_batch(&migration())?;
    }
    change.pragma_update(None, "application_id", APPLICATION_ID)?;
    change.pragma_update(None, "user_version", newest())?;
    change.commit()?;
    Ok(())
}

/// Returns the version of the schema, 0 for an empty file.
///
/// # Errors
/// If the file is not a recording, or one of a newer version.
pub(super) fn check(db: &Connection) -> Result<i64> {
    let application: i64 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID && tables > 0 {
        return Err(RecordFault::Foreign);
    }
    let (found, known) = (version(db)?, newest());
    if found > known { Err(RecordFault::Newer { found, known }) } else { Ok(found) }
}

fn version(db: &Connection) -> Result<i64> {
    Ok(db.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn first() -> String {
    [TABLES, &views()].concat()
}

/// No `STRICT` and no other word that the `sqlite3` of an older system does not know.
const TABLES: &str = "\
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    target TEXT NOT NULL,
    program TEXT NOT NULL,
    version TEXT NOT NULL,
    user TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    ended INTEGER
);
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    used INTEGER NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX texts_by_hash ON texts (hash);
CREATE TABLE owners (
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    used INTEGER NOT NULL,
    app_guid TEXT NOT NULL,
    app TEXT NOT NULL,
    space_guid TEXT NOT NULL,
    space TEXT NOT NULL,
    org_guid TEXT NOT NULL,
    org TEXT NOT NULL
);
CREATE INDEX owners_by_hash ON owners (hash);
CREATE TABLE lives (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    guid BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    domain INTEGER,
    owner INTEGER,
    callback INTEGER NOT NULL,
    memory_mb INTEGER,
    disk_mb INTEGER,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    last_cell INTEGER,
    failed INTEGER NOT NULL,
    ended INTEGER,
    end INTEGER,
    cause INTEGER
);
CREATE INDEX lives_by_guid ON lives (guid);
CREATE INDEX lives_by_last ON lives (last);
CREATE INDEX failed_lives ON lives (last) WHERE failed = 1;
CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    life INTEGER NOT NULL,
    source INTEGER NOT NULL,
    state INTEGER NOT NULL,
    cell INTEGER,
    updated_at INTEGER NOT NULL,
    first_completed_at INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    failure_reason INTEGER,
    result INTEGER,
    rejection_count INTEGER NOT NULL,
    rejection_reason INTEGER,
    end INTEGER
);
CREATE INDEX changes_by_life ON changes (life);
CREATE TABLE gap_entries (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    start INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    why TEXT NOT NULL
);
CREATE TABLE action_entries (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    guid BLOB NOT NULL,
    intent INTEGER NOT NULL,
    stage INTEGER NOT NULL,
    tasks INTEGER,
    call INTEGER,
    request TEXT,
    reply INTEGER,
    outcome INTEGER,
    message TEXT
);
";

/// Returns a SQL expression for the time of a position, as text.
fn time_of(position: &str) -> String {
    format!("strftime('%Y-%m-%dT%H:%M:%fZ', {position} / 1000000 / 1000.0, 'unixepoch')")
}

/// Returns a SQL expression for a time that may be unset, as text.
fn time(column: &str) -> String {
    time_of(&format!("nullif({column}, 0)"))
}

/// Returns a SQL expression for a guid, as text.
fn guid(column: &str) -> String {
    let part = |from: u8, length: u8| format!("substr(hex({column}), {from}, {length})");
    let parts = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)].join(" || '-' || ");
    format!("CASE typeof({column}) WHEN 'blob' THEN lower({parts}) ELSE {column} END")
}

/// Returns a SQL expression for a state's name.
fn state(column: &str) -> String {
    let named = State::ALL.map(|state| format!(" WHEN {} THEN '{state}'", state.number())).concat();
    format!("CASE {column}{named} ELSE 'State ' || {column} END")
}

/// Returns a SQL expression for an interned text; empty if there is none.
fn text(column: &str) -> String {
    format!("ifnull((SELECT text FROM texts WHERE texts.id = {column}), '')")
}

/// Returns the part of a view that it selects: names with their expressions.
fn columns(named: &[(&str, String)]) -> String {
    named.iter().map(|(name, column)| format!("    {column} AS {name}")).collect::<Vec<_>>().join(",\n")
}

fn plain(column: &str) -> String {
    column.to_owned()
}

fn views() -> String {
    let tasks = columns(&task_columns());
    let from_lives = "FROM lives JOIN changes ON changes.id = lives.last JOIN runs ON runs.id = lives.run \
                      LEFT JOIN owners ON owners.id = lives.owner";
    let changes = columns(&change_columns());
    let gaps = columns(&gap_columns());
    let actions = columns(&action_columns());
    format!(
        "CREATE VIEW tasks AS SELECT\n{tasks}\n{from_lives};\n\
         CREATE VIEW failures AS SELECT\n{tasks}\n{from_lives}\nWHERE lives.failed = 1;\n\
         CREATE VIEW task_changes AS SELECT\n{changes}\nFROM changes JOIN lives ON lives.id = changes.life \
         JOIN runs ON runs.id = lives.run;\n\
         CREATE VIEW gaps AS SELECT\n{gaps}\nFROM gap_entries JOIN runs ON runs.id = gap_entries.run \
         WHERE closed = 0;\n\
         CREATE VIEW actions AS SELECT\n{actions}\nFROM action_entries JOIN runs ON runs.id = action_entries.run;\n"
    )
}

fn task_columns() -> Vec<(&'static str, String)> {
    vec![
        ("life", plain("lives.id")),
        ("run", plain("lives.run")),
        ("target", plain("runs.target")),
        ("guid", guid("lives.guid")),
        ("domain", text("lives.domain")),
        ("app", plain("owners.app")),
        ("space", plain("owners.space")),
        ("org", plain("owners.org")),
        ("app_guid", plain("owners.app_guid")),
        ("space_guid", plain("owners.space_guid")),
        ("org_guid", plain("owners.org_guid")),
        ("memory_mb", plain("lives.memory_mb")),
        ("disk_mb", plain("lives.disk_mb")),
        ("state", state("changes.state")),
        ("cell", text("lives.last_cell")),
        ("failed", plain("changes.failed")),
        ("failure_reason", text("changes.failure_reason")),
        ("result", text("changes.result")),
        ("rejection_count", plain("changes.rejection_count")),
        ("rejection_reason", text("changes.rejection_reason")),
        ("created_at", time("lives.created_at")),
        ("started_at", time("lives.started_at")),
        ("first_completed_at", time("changes.first_completed_at")),
        ("updated_at", time("changes.updated_at")),
        ("first_seen", time_of("lives.first")),
        ("last_changed", time_of("lives.last")),
        ("ended_at", time_of("lives.ended")),
        ("how_it_ended", End::words("lives.end")),
        ("cause", Cause::words("lives.cause")),
    ]
}

fn change_columns() -> Vec<(&'static str, String)> {
    vec![
        ("id", plain("changes.id")),
        ("at", time_of("changes.id")),
        ("life", plain("changes.life")),
        ("run", plain("lives.run")),
        ("target", plain("runs.target")),
        ("guid", guid("lives.guid")),
        ("source", Source::words("changes.source")),
        ("state", state("changes.state")),
        ("cell", text("changes.cell")),
        ("failed", plain("changes.failed")),
        ("failure_reason", text("changes.failure_reason")),
        ("result", text("changes.result")),
        ("rejection_count", plain("changes.rejection_count")),
        ("rejection_reason", text("changes.rejection_reason")),
        ("updated_at", time("changes.updated_at")),
        ("first_completed_at", time("changes.first_completed_at")),
        ("how_it_ended", End::words("changes.end")),
    ]
}

fn gap_columns() -> Vec<(&'static str, String)> {
    let closing = "(SELECT min(later.id) FROM gap_entries AS later WHERE later.run = gap_entries.run \
                   AND later.closed = 1 AND later.id > gap_entries.id)";
    vec![
        ("id", plain("gap_entries.id")),
        ("run", plain("gap_entries.run")),
        ("target", plain("runs.target")),
        ("start_at", time("gap_entries.start")),
        ("noticed_at", time_of("gap_entries.id")),
        ("end_at", time_of(closing)),
        ("why", plain("gap_entries.why")),
    ]
}

fn action_columns() -> Vec<(&'static str, String)> {
    vec![
        ("id", plain("action_entries.id")),
        ("at", time_of("action_entries.id")),
        ("run", plain("action_entries.run")),
        ("user", plain("runs.user")),
        ("host", plain("runs.host")),
        ("target", plain("runs.target")),
        ("guid", guid("action_entries.guid")),
        ("action", Intent::words("action_entries.intent")),
        ("stage", Stage::words("action_entries.stage")),
        ("tasks", plain("action_entries.tasks")),
        ("call", WriteCall::words("action_entries.call")),
        ("request", plain("action_entries.request")),
        ("reply", Reply::words("action_entries.reply")),
        ("outcome", Outcome::words("action_entries.outcome")),
        ("message", plain("action_entries.message")),
    ]
}
