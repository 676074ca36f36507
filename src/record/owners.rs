//! Owners of tasks, stored once each.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Result;
use super::texts::{NOTED_EVERY, fnv};
use crate::model::{Entity, Owner, Ownership};

/// How many owners are remembered.
const MOST_REMEMBERED: usize = 8_192;

/// The owners that were used last, with the time of the noted use.
#[derive(Debug, Default)]
pub(super) struct Owners(HashMap<[String; 6], (i64, i64), RandomState>);

impl Owners {
    /// Returns the id of an owner that is used now (nanoseconds), none for a task without one.
    pub(super) fn id(&mut self, db: &Connection, owner: &Owner, now: i64) -> Result<Option<i64>> {
        let Some(owner) = owner.get() else { return Ok(None) };
        let texts = texts_of(owner);
        if let Some((id, used)) = self.0.get(&texts)
            && used + NOTED_EVERY > now
        {
            return Ok(Some(*id));
        }
        let id = intern(db, &texts, now)?;
        if self.0.len() >= MOST_REMEMBERED {
            self.0.clear();
        }
        self.0.insert(texts, (id, now));
        Ok(Some(id))
    }

    /// Forgets the owners: their transaction was rolled back.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

fn texts_of(Ownership { app, space, org }: &Ownership) -> [String; 6] {
    [&app.guid, &app.name, &space.guid, &space.name, &org.guid, &org.name].map(Clone::clone)
}

fn intern(db: &Connection, texts: &[String; 6], now: i64) -> Result<i64> {
    let hash = fnv(texts.join("\0").as_bytes());
    let [app_guid, app, space_guid, space, org_guid, org] = texts;
    let found = db
        .prepare_cached(
            "UPDATE owners SET used = max(used, ?8) WHERE hash = ?1 AND app_guid = ?2 AND app = ?3 AND \
             space_guid = ?4 AND space = ?5 AND org_guid = ?6 AND org = ?7 RETURNING id",
        )?
        .query_row(params![hash, app_guid, app, space_guid, space, org_guid, org, now], |row| row.get(0))
        .optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    db.prepare_cached(
        "INSERT INTO owners (hash, app_guid, app, space_guid, space, org_guid, org, used) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![hash, app_guid, app, space_guid, space, org_guid, org, now])?;
    Ok(db.last_insert_rowid())
}

/// Reads an owner from six columns, the first of which is `first`.
pub(super) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Owner> {
    let entity =
        |at: usize| -> rusqlite::Result<Entity> { Ok(Entity { guid: row.get(at)?, name: row.get(at + 1)? }) };
    Ok(Owner::new(Ownership { app: entity(first)?, space: entity(first + 2)?, org: entity(first + 4)? }))
}
