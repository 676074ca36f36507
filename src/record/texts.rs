//! Interned texts: each is stored once, and rows hold its id.
//!
//! A text has the hour of its last use, so that what is no longer used is deleted with the lives that used it.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rusqlite::{Connection, OptionalExtension, params};

use super::Result;

/// How many texts are remembered, so that they need not be looked up.
const MOST_REMEMBERED: usize = 8_192;
/// How often the use of a text is noted, in nanoseconds.
pub(super) const NOTED_EVERY: i64 = 3_600_000_000_000;

/// The texts that were used last.
#[derive(Debug, Default)]
pub(super) struct Texts(HashMap<Box<str>, Known, RandomState>);

#[derive(Debug, Clone, Copy)]
struct Known {
    id: i64,
    used: i64,
}

impl Texts {
    /// Returns the id of a text that is used now (nanoseconds), none for an empty one.
    pub(super) fn id(&mut self, db: &Connection, text: &str, now: i64) -> Result<Option<i64>> {
        if text.is_empty() {
            return Ok(None);
        }
        if let Some(known) = self.0.get(text)
            && known.used + NOTED_EVERY > now
        {
            return Ok(Some(known.id));
        }
        let id = intern(db, text, now)?;
        if self.0.len() >= MOST_REMEMBERED {
            self.0.clear();
        }
        self.0.insert(text.into(), Known { id, used: now });
        Ok(Some(id))
    }

    /// Forgets the texts: their transaction was rolled back.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

fn intern(db: &Connection, text: &str, now: i64) -> Result<i64> {
    let hash = fnv(text.as_bytes());
    let found = db
        .prepare_cached("UPDATE texts SET used = max(used, ?3) WHERE hash = ?1 AND text = ?2 RETURNING id")?
        .query_row(params![hash, text, now], |row| row.get(0))
        .optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    db.prepare_cached("INSERT INTO texts (hash, used, text) VALUES (?1, ?2, ?3)")?
        .execute(params![hash, now, text])?;
    Ok(db.last_insert_rowid())
}

/// The FNV-1a hash. It is stored, so it must be the same in every version and on every machine.
pub(super) fn fnv(bytes: &[u8]) -> i64 {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    hash.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv(b"").cast_unsigned(), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv(b"foobar").cast_unsigned(), 0x8594_4171_f739_67e8);
    }
}
