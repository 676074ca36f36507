//! Parses the JSON form of a new task: guid, domain and definition in one object.
//!
//! The lenient mode ignores unknown keys, as `cfdot` does; the strict mode rejects them. Both accept the output of `task`.
//! As in Go, a missing key or `null` means the empty value, and a value of the wrong type is an error. The server validates
//! the rest.

mod action;
mod definition;
mod environment;
mod error;
mod fields;

use serde_json::Value;

use crate::bbs::wire::DesireTaskRequest;
use crate::model::TaskGuid;
use fields::{Fields, Strictness};

pub(super) use error::ParseError;

/// Keys of an existing task that a new one cannot set.
const RUNTIME_KEYS: [&str; 10] = [
    "created_at",
    "updated_at",
    "first_completed_at",
    "state",
    "cell_id",
    "result",
    "failed",
    "failure_reason",
    "rejection_count",
    "rejection_reason",
];

/// A new task, parsed from JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskSpec(Box<DesireTaskRequest>);

impl TaskSpec {
    /// Parses JSON leniently.
    ///
    /// # Errors
    /// Says what is wrong; for truncated JSON in the words of `cfdot`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| syntax_error(&error))?;
        Self::read(&value, Strictness::Lenient).map_err(|error| error.to_string())
    }

    /// Parses JSON strictly.
    ///
    /// # Errors
    /// Says what is wrong, with line and column.
    pub fn parse_strictly(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Self::read_strictly(&value).map_err(|error| match error.path.position(text) {
            Some((line, column)) => format!("line {line}, column {column}: {error}"),
            None => error.to_string(),
        })
    }

    /// Reads a value strictly.
    pub(super) fn read_strictly(value: &Value) -> Result<Self, ParseError> {
        Self::read(value, Strictness::Strict)
    }

    fn read(value: &Value, strictness: Strictness) -> Result<Self, ParseError> {
        let read = |task: &Fields<'_>| {
            // The task has a definition if any of its keys is present.
            let has_definition = definition::KEYS.iter().any(|key| task.has(key));
            let request = DesireTaskRequest {
                task_definition: has_definition.then(|| definition::definition(task)).transpose()?,
                task_guid: task.text("task_guid")?,
                domain: task.text("domain")?,
            };
            task.ignore(&RUNTIME_KEYS);
            Ok(request)
        };
        Fields::parse(value, strictness, read).map(|request| Self(Box::new(request)))
    }

    /// Returns the guid of the task.
    pub fn guid(&self) -> TaskGuid {
        TaskGuid::from(String::from_utf8_lossy(&self.0.task_guid).as_ref())
    }

    /// Returns the request that creates the task.
    pub fn into_request(self) -> DesireTaskRequest {
        *self.0
    }
}

/// Returns the error message. Truncated JSON gets Go's wording, because scripts look for it.
fn syntax_error(error: &serde_json::Error) -> String {
    if error.is_eof() { "unexpected end of JSON input".to_owned() } else { error.to_string() }
}
