//! Turns a question into SQL: chooses the index, and lets SQL decide what it can.
//!
//! The SQL admits every life that the question asks for. It may admit more, since the filter decides at the end.

use rusqlite::ToSql;

use super::LifeQuery;
use crate::model::{State, Timestamp};
use crate::record::append::MILLISECOND;
use crate::record::guid::stored;
use crate::record::texts::fnv;
use crate::record::{Position, RunId};

/// The indexes of lives.
const BY_GUID: &str = "lives_by_guid";
const BY_LAST: &str = "lives_by_last";
const FAILED: &str = "failed_lives";

/// The conditions of a question, with the index that serves them.
pub(super) struct Plan {
    pub(super) index: &'static str,
    conditions: Vec<String>,
    pub(super) values: Vec<Box<dyn ToSql>>,
}

impl Plan {
    /// Returns the plan for a question about these runs.
    pub(super) fn new(query: &LifeQuery<'_>, runs: &[RunId]) -> Self {
        let required = query.filter.required();
        let index = match (required.guid, required.failed) {
            (Some(_), _) => BY_GUID,
            (None, Some(true)) => FAILED,
            _ => BY_LAST,
        };
        let mut plan = Self { index, conditions: Vec::new(), values: Vec::new() };
        if let Some(guid) = required.guid {
            plan.add("lives.guid = ?", stored(guid));
        }
        if let Some(failed) = required.failed {
            // As a literal: SQLite must see that a partial index has all of these lives.
            plan.conditions.push(format!("lives.failed = {}", i32::from(failed)));
        }
        if let Some(since) = query.since {
            plan.add("lives.last >= ?", Position::at(since).0);
        }
        if let Some(until) = query.until {
            plan.add("lives.first < ?", before(until));
        }
        if let Some(ended) = required.ended {
            plan.conditions.push(format!("lives.ended IS {}NULL", if ended { "NOT " } else { "" }));
        }
        for (column, text) in [("domain", required.domain), ("last_cell", required.cell)] {
            if let Some(text) = text {
                plan.add_text(column, text);
            }
        }
        if let Some(states) = required.states {
            let numbers = list(states.into_iter().map(State::number));
            plan.conditions.push(format!("changes.state IN ({numbers})"));
        }
        if query.target.is_some() {
            let runs = list(runs.iter().map(|run| run.0));
            plan.conditions.push(format!("lives.run IN ({runs})"));
        }
        plan
    }

    fn add(&mut self, condition: &str, value: impl ToSql + 'static) {
        self.conditions.push(condition.to_owned());
        self.values.push(Box::new(value));
    }

    fn add_text(&mut self, column: &str, text: &str) {
        let ids = "SELECT id FROM texts WHERE hash = ? AND text = ?";
        self.conditions.push(format!("lives.{column} IN ({ids})"));
        self.values.push(Box::new(fnv(text.as_bytes())));
        self.values.push(Box::new(text.to_owned()));
    }

    /// Returns the query for these columns, oldest change first.
    pub(super) fn sql(&self, columns: &str) -> String {
        let Self { index, conditions, .. } = self;
        let conditions = if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") };
        // A cross join keeps this order of the tables.
        format!(
            "SELECT {columns} FROM lives INDEXED BY {index} CROSS JOIN changes ON changes.id = lives.last \
             WHERE {conditions} ORDER BY lives.last"
        )
    }
}

/// Returns the first position that is not before this time.
pub(super) const fn before(until: Timestamp) -> i64 {
    // Within a millisecond, the order is not known.
    until.as_nanos().saturating_add(MILLISECOND - 1).div_euclid(MILLISECOND).saturating_mul(MILLISECOND)
}

fn list<T: ToString>(values: impl Iterator<Item = T>) -> String {
    values.map(|value| value.to_string()).collect::<Vec<_>>().join(",")
}
