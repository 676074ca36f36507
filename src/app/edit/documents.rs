//! The text of tasks: the functions that write and read it, the text itself, and how it comes back from the editor.

use std::fmt;

use crate::model::{DocumentFault, DocumentLine, NewTask, RawDefinition, Task, TaskGuid};

/// Writes and reads the text of tasks. Only `bbs` knows the format.
#[derive(Clone, Copy)]
pub struct TaskDocuments {
    /// Writes a small task with this guid.
    pub template: fn(&TaskGuid) -> String,
    /// Writes a clone of a task with this guid, or says why it cannot.
    pub copy_of: fn(&Task, &TaskGuid) -> Result<String, String>,
    /// Reads a task, or finds its faults.
    pub read: fn(&str) -> Result<NewTask, Vec<DocumentFault>>,
    /// Puts faults into a text as comments, in place of earlier ones.
    pub annotate: fn(&str, &[DocumentFault]) -> String,
    /// Writes a task line by line, without comments.
    pub lines: fn(&NewTask) -> Vec<DocumentLine>,
    /// Names the parts of a definition that the text does not show.
    pub losses: fn(&RawDefinition) -> Vec<String>,
}

impl Default for TaskDocuments {
    /// Writes empty texts and reads none.
    fn default() -> Self {
        Self {
            template: |_| String::new(),
            copy_of: |_, _| Ok(String::new()),
            read: |_| Err(Vec::new()),
            annotate: |text, _| text.to_owned(),
            lines: |_| Vec::new(),
            losses: |_| Vec::new(),
        }
    }
}

/// The text of a task. Holds secrets in clear text.
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentText(String);

impl DocumentText {
    /// Takes a text.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// Returns the text, with its secrets.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether nothing is in it.
    pub(super) fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Debug for DocumentText {
    /// Writes only the size: the text holds secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentText({} bytes)", self.0.len())
    }
}

/// How the editor ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditorEnd {
    /// It closed with this text.
    Closed(DocumentText),
    /// It failed, or could not be started.
    Failed {
        /// Why, as a fragment.
        why: String,
        /// The text that it left, if it can be read.
        text: Option<DocumentText>,
    },
}

/// The fault of a task whose guid is in use.
pub(super) fn guid_in_use(guid: &TaskGuid) -> DocumentFault {
    DocumentFault { line: None, message: format!("task_guid: the BBS already has a task {guid}") }
}
