//! Reads the JSON form of a task that is to be desired: its guid, its domain and its definition, out of one object.
//!
//! Unknown keys are passed over, so that what `task` prints can be given back. The form is as lenient as Go's: a
//! missing key or a `null` is the empty value; a value of a wrong type is a mistake. Whether a task makes sense is
//! the server's to say.

mod action;
mod definition;
mod fields;

use serde_json::Value;

use crate::bbs::wire::DesireTaskRequest;
use fields::Fields;

/// A task that is to be desired, as it was written down.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskSpec(Box<DesireTaskRequest>);

impl TaskSpec {
    /// Reads a JSON text; the error is what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| said(&error))?;
        let read = Fields::of(&value).and_then(|task| {
            // Its guid, its domain and a definition, which is there once one of its fields is.
            let has_definition = definition::KEYS.iter().any(|key| task.has(key));
            Ok(DesireTaskRequest {
                task_definition: has_definition.then(|| definition::definition(&task)).transpose()?,
                task_guid: task.text("task_guid")?,
                domain: task.text("domain")?,
            })
        });
        read.map(|request| Self(Box::new(request))).map_err(|problem| problem.to_string())
    }

    pub(super) fn into_request(self) -> DesireTaskRequest {
        *self.0
    }
}

/// A text that is cut short is said in Go's words: scripts look for them.
fn said(error: &serde_json::Error) -> String {
    if error.is_eof() { "unexpected end of JSON input".to_owned() } else { error.to_string() }
}
