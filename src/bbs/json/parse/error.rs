//! Errors of the JSON parser, with their path and their line and column.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::value::RawValue;

/// A step of a path into a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PathSegment {
    Key(String),
    Index(usize),
}

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct ParseError {
    /// Innermost segment first.
    path: Vec<PathSegment>,
    message: String,
}

impl ParseError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { path: Vec::new(), message: message.into() }
    }

    /// Adds the next outer segment to the path.
    pub(super) fn within(mut self, segment: PathSegment) -> Self {
        self.path.push(segment);
        self
    }

    /// Returns the line and column of the value in `text`, counted from 1, or `None` if the path is empty.
    pub(super) fn position(&self, text: &str) -> Option<(usize, usize)> {
        let mut value: &RawValue = serde_json::from_str(text).ok()?;
        for segment in self.path.iter().rev() {
            value = match segment {
                PathSegment::Key(key) => {
                    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(value.get()).ok()?;
                    let any_case = || {
                        fields
                            .iter()
                            .find(|(name, _)| name.eq_ignore_ascii_case(key))
                            .map(|(_, value)| *value)
                    };
                    fields.get(key).copied().or_else(any_case)?
                }
                PathSegment::Index(at) => {
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
        for (at, segment) in self.path.iter().rev().enumerate() {
            match segment {
                PathSegment::Key(key) if at == 0 => f.write_str(key)?,
                PathSegment::Key(key) => write!(f, ".{key}")?,
                PathSegment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        if self.path.is_empty() { f.write_str(&self.message) } else { write!(f, ": {}", self.message) }
    }
}
