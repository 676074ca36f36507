//! Errors of the JSON parser, with their path.

use std::fmt;

use crate::bbs::json::path::{JsonPath, PathSegment};

/// What is wrong, and where.
#[derive(Debug)]
pub(in crate::bbs::json) struct ParseError {
    /// Path of the wrong value.
    pub(in crate::bbs::json) path: JsonPath,
    message: String,
}

impl ParseError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { path: JsonPath::default(), message: message.into() }
    }

    /// Adds the next outer segment to the path.
    pub(super) fn within(self, segment: PathSegment) -> Self {
        Self { path: self.path.within(segment), ..self }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}
