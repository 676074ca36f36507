//! The table of what can be copied of a task.

use std::borrow::Cow;

use super::quote::{path_segment, posix_quoted};
use super::{CopyContent, CopyMenu, ToCopy};
use crate::app::Entry;
use crate::app::key::KeyCode;
use crate::model::secret::mask_urls;
use crate::model::{CellId, TaskGuid, TaskKind};
use crate::present::{format, sanitise};

/// Something that can be copied of a task.
pub struct CopyItem {
    /// The letter that copies it. Not one that moves in the menu.
    pub key: &'static str,
    /// Its title in the menu.
    pub title: &'static str,
    /// What it is, in a sentence.
    pub what: &'static str,
    /// Reads it, or says why it is not there.
    pub read: fn(&CopyMenu) -> Result<Source, &'static str>,
}

/// What is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// This text.
    Text(String),
    /// The task as JSON.
    Json,
    /// The columns of the table.
    Row,
    /// So many guids, one per line.
    Guids(usize),
}

impl Source {
    /// Returns what stands in the menu: the text, or what it will be.
    pub fn preview(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => text.into(),
            Self::Json => "every field in one line, secrets masked".into(),
            Self::Row => "the columns of the table".into(),
            Self::Guids(1) => "one guid".into(),
            Self::Guids(number) => format!("{} guids, one per line", format::len(*number)).into(),
        }
    }
}

/// Everything that can be copied, in the order of the menu.
pub const ITEMS: [CopyItem; 8] = [
    CopyItem {
        key: "y",
        title: "Guid",
        what: "the guid",
        // As it is, even if it holds control characters: it is the identity.
        read: |menu| Ok(Source::Text(menu.entry.task.guid.to_string())),
    },
    CopyItem { key: "c", title: "Cell", what: "the cell", read: cell },
    CopyItem { key: "r", title: "Reason", what: "the reason", read: reason },
    CopyItem { key: "t", title: "Task as JSON", what: "the task as JSON", read: |_| Ok(Source::Json) },
    CopyItem { key: "d", title: "cfdot line", what: "the cfdot line", read: cfdot_line },
    CopyItem { key: "f", title: "cf line", what: "the cf line", read: cf_line },
    CopyItem { key: "w", title: "Row", what: "the row", read: |_| Ok(Source::Row) },
    CopyItem { key: "m", title: "Marked guids", what: "the marked guids", read: marked_guids },
];

impl CopyItem {
    pub(super) fn has_key(&self, code: KeyCode) -> bool {
        matches!(code, KeyCode::Char(letter) if self.key.chars().eq([letter]))
    }

    /// Returns what the item copies of an entry.
    pub(super) fn copy(&self, source: Source, menu: CopyMenu) -> ToCopy {
        let CopyMenu { entry, marked, .. } = menu;
        let guid = &entry.task.guid;
        let what = match &source {
            // The guid names itself.
            Source::Text(text) if text == guid.as_str() => guid.to_string(),
            Source::Guids(_) => source.preview().into_owned(),
            _ => format!("{} of {guid}", self.what),
        };
        let content = match source {
            Source::Text(text) => CopyContent::Text(text),
            Source::Json => CopyContent::Json(Box::new(entry.task)),
            Source::Row => CopyContent::Row(entry),
            Source::Guids(_) => CopyContent::Text(lines(&marked)),
        };
        ToCopy { what, content }
    }
}

fn lines(guids: &[TaskGuid]) -> String {
    guids.iter().flat_map(|guid| [guid.as_str(), "\n"]).collect()
}

fn marked_guids(menu: &CopyMenu) -> Result<Source, &'static str> {
    if menu.marked.is_empty() { Err("No task is marked") } else { Ok(Source::Guids(menu.marked.len())) }
}

fn cell(menu: &CopyMenu) -> Result<Source, &'static str> {
    let cell = menu.entry.last_cell.as_ref().map(CellId::to_string);
    cell.map(Source::Text).ok_or("Task has not been seen on a cell")
}

/// Returns the reason on one line, without control characters and credentials: it is pasted into chats and shells.
fn reason(menu: &CopyMenu) -> Result<Source, &'static str> {
    let reason = menu.entry.task.reason();
    if reason.is_empty() {
        return Err("Task has no reason");
    }
    let masked = mask_urls(reason);
    Ok(Source::Text(sanitise::clean(masked.as_deref().unwrap_or(reason)).into_owned()))
}

fn cfdot_line(menu: &CopyMenu) -> Result<Source, &'static str> {
    let guid = menu.entry.task.guid.as_str();
    let quoted = posix_quoted(guid).ok_or("Guid has control characters")?;
    // A guid that begins with a dash must not be read as a flag.
    let end_of_flags = if guid.starts_with('-') { "-- " } else { "" };
    Ok(Source::Text(format!("cfdot task {end_of_flags}{quoted}")))
}

/// Returns the line that asks Cloud Controller about the app's tasks or builds.
fn cf_line(menu: &CopyMenu) -> Result<Source, &'static str> {
    let Entry { task, .. } = menu.entry.as_ref();
    let app = task.owner.app().guid.as_str();
    if app.is_empty() {
        return Err("Task does not name an app");
    }
    let resource = match TaskKind::of_domain(task.domain.as_str()) {
        TaskKind::Task => "/tasks",
        TaskKind::Staging => "/builds",
        TaskKind::Other => "",
    };
    Ok(Source::Text(format!("cf curl /v3/apps/{}{resource}", path_segment(app))))
}
