//! Parses the columns of the task table and its sort.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::app::{BadColumn, TableColumns, column_keys, sort_by};
use crate::model::Sort;

/// Columns, left to right: `["guid", "state", "reason+20"]`.
#[derive(Debug, Clone)]
pub(super) struct Columns(pub(super) TableColumns);

/// A sort: the key of a column, with `-` in front of it for the opposite order.
#[derive(Debug, Clone, Copy)]
pub(super) struct FirstSort(pub(super) Sort);

impl<'de> Deserialize<'de> for Columns {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(from)?;
        let columns = TableColumns::parse(names.iter().map(String::as_str));
        columns.map(Self).map_err(|bad| match bad {
            BadColumn::Unknown(key) => unknown(&key),
            bad => D::Error::custom(bad),
        })
    }
}

impl<'de> Deserialize<'de> for FirstSort {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        let (key, reversed) = match name.strip_prefix('-') {
            Some(key) => (key, true),
            None => (name.as_str(), false),
        };
        let sort = sort_by(key).ok_or_else(|| unknown::<D::Error>(key))?;
        Ok(Self(Sort { reversed, ..sort }))
    }
}

/// In the form of serde's own messages, for which the configuration suggests the closest name.
fn unknown<E: Error>(key: &str) -> E {
    let keys: Vec<_> = column_keys().map(|key| format!("`{key}`")).collect();
    E::custom(format!("unknown column `{key}`, expected one of {}", keys.join(", ")))
}
