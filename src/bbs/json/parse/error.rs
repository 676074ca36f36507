//! What is wrong with a text of JSON, and where: by its keys, and by line and column.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::value::RawValue;

/// A step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Key(String),
    Index(usize),
}

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct ParseError {
    /// The innermost step first.
    path: Vec<Place>,
    what: String,
}

impl ParseError {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { path: Vec::new(), what: what.into() }
    }

    /// The same, one step further out.
    pub(super) fn at(mut self, place: Place) -> Self {
        self.path.push(place);
        self
    }

    /// Line and column of the value in the text that it was read from, counted from 1; none if it is the whole.
    pub(super) fn position(&self, text: &str) -> Option<(usize, usize)> {
        let mut value: &RawValue = serde_json::from_str(text).ok()?;
        for place in self.path.iter().rev() {
            value = match place {
                Place::Key(key) => {
                    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(value.get()).ok()?;
                    let alike =
                        || fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, of)| *of);
                    fields.get(key).copied().or_else(alike)?
                }
                Place::Index(at) => {
                    let elements: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
                    elements.get(*at).copied()?
                }
            };
        }
        let before = value.get().as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        let before = text.get(..before).filter(|_| !self.path.is_empty())?;
        let line = before.rsplit('\n').next().unwrap_or_default();
        Some((before.matches('\n').count() + 1, line.chars().count() + 1))
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, place) in self.path.iter().rev().enumerate() {
            match place {
                Place::Key(key) if at == 0 => f.write_str(key)?,
                Place::Key(key) => write!(f, ".{key}")?,
                Place::Index(index) => write!(f, "[{index}]")?,
            }
        }
        if self.path.is_empty() { f.write_str(&self.what) } else { write!(f, ": {}", self.what) }
    }
}
