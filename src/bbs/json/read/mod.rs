//! Reads the JSON form of a task that is to be desired: its guid, its domain and its definition, out of one object.
//!
//! Read leniently, unknown keys are passed over, as `cfdot` does; read strictly, they are mistakes. What `task` prints
//! can be given back either way. The form is as lenient as Go's: a missing key or a `null` is the empty value; a value
//! of a wrong type is a mistake. Whether a task makes sense is
//! the server's to say.

mod action;
mod definition;
mod fields;
mod problem;

use serde_json::Value;

use crate::bbs::wire::DesireTaskRequest;
use crate::model::TaskGuid;
use fields::Fields;
use fields::Reading;
use problem::Problem;

/// The keys of a task that say what became of it: of no use to one that is to be desired.
const OF_THE_TASK: [&str; 10] = [
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

/// A task that is to be desired, as it was written down.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskSpec(Box<DesireTaskRequest>);

impl TaskSpec {
    /// Reads a JSON text leniently; the error is what is wrong with it, in `cfdot`'s words where it has some.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| said(&error))?;
        Self::read(&value, Reading::Lenient).map_err(|problem| problem.to_string())
    }

    /// Reads a JSON text strictly; the error is what is wrong with it, and in which line and column.
    pub fn parse_strictly(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Self::read(&value, Reading::Strict).map_err(|problem| match problem.position(text) {
            Some((line, column)) => format!("line {line}, column {column}: {problem}"),
            None => problem.to_string(),
        })
    }

    fn read(value: &Value, reading: Reading) -> Result<Self, Problem> {
        let read = |task: &Fields<'_>| {
            // Its guid, its domain and a definition, which is there once one of its fields is.
            let has_definition = definition::KEYS.iter().any(|key| task.has(key));
            let request = DesireTaskRequest {
                task_definition: has_definition.then(|| definition::definition(task)).transpose()?,
                task_guid: task.text("task_guid")?,
                domain: task.text("domain")?,
            };
            task.pass_over(&OF_THE_TASK);
            Ok(request)
        };
        Fields::whole(value, reading, read).map(|request| Self(Box::new(request)))
    }

    /// The guid of the task.
    pub fn guid(&self) -> TaskGuid {
        TaskGuid::from(String::from_utf8_lossy(&self.0.task_guid).as_ref())
    }

    pub(super) fn into_request(self) -> DesireTaskRequest {
        *self.0
    }
}

/// A text that is cut short is said in Go's words: scripts look for them.
fn said(error: &serde_json::Error) -> String {
    if error.is_eof() { "unexpected end of JSON input".to_owned() } else { error.to_string() }
}
