//! Copying: the menu of what can be copied of a task, and what is said afterwards.
//!
//! Decides what is copied. `runtime` hands it to the terminal (OSC 52) and to the desktop's clipboard, and reports how
//! each copy ended. Secrets never go there: other programs read clipboards and keep their history.

mod items;
mod quote;
mod report;

use crate::clock::Now;
use crate::model::{Task, TaskGuid};

use super::key::{Key, KeyCode};
use super::{App, Effect, Entry, Overlay, Severity};

pub use items::{CopyItem, ITEMS, Source};
pub use report::{CopyReport, ProgramCopy, TerminalCopy};

/// Something to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToCopy {
    /// What it is, for the notices: "the reason of GUID".
    pub what: String,
    /// Where it comes from.
    pub content: CopyContent,
}

/// A text, or what one is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopyContent {
    /// The text itself.
    Text(String),
    /// The task as JSON, secrets masked.
    Json(Box<Task>),
    /// The task's row: the columns of the table.
    Row(Box<Entry>),
}

/// The menu of what can be copied. It keeps the task that it was opened on and the marks, whatever happens to the rows
/// meanwhile.
#[derive(Debug, Clone)]
pub struct CopyMenu {
    /// The task.
    pub entry: Box<Entry>,
    /// The guids of the marked tasks.
    pub marked: Vec<TaskGuid>,
    /// The index of the highlighted item.
    pub at: usize,
}

impl App {
    /// Opens the menu on the selected task or the open detail's. With marks, their guids are highlighted.
    pub(super) fn open_copy_menu(&mut self) {
        let Some(entry) = self.session().subject() else { return };
        let marked = self.session().marked_guids();
        let at = if marked.is_empty() { 0 } else { ITEMS.len() - 1 };
        self.overlay = Overlay::Copy(CopyMenu { entry: Box::new(entry.clone()), marked, at });
    }

    pub(super) fn press_in_copy_menu(&mut self, mut menu: CopyMenu, key: Key, now: Now) -> Vec<Effect> {
        match key.code {
            KeyCode::Esc | KeyCode::Char('q') => return Vec::new(),
            KeyCode::Enter => return self.copy_item(menu, now),
            KeyCode::Char('g') => menu.at = 0,
            code => {
                if let Some(at) = self.moved(key, menu.at, ITEMS.len()) {
                    menu.at = at;
                } else if let Some(at) = ITEMS.iter().position(|item| item.has_key(code)) {
                    return self.copy_item(CopyMenu { at, ..menu }, now);
                }
            }
        }
        self.overlay = Overlay::Copy(menu);
        Vec::new()
    }

    /// Copies the highlighted item, or says why it is not there and stays.
    fn copy_item(&mut self, menu: CopyMenu, now: Now) -> Vec<Effect> {
        let Some(item) = ITEMS.get(menu.at) else { return Vec::new() };
        match (item.read)(&menu) {
            Ok(source) => vec![Effect::Copy(item.copy(source, menu))],
            Err(why) => {
                self.notices.say(Severity::Info, format!("Cannot copy {}: {why}.", item.what), now);
                self.overlay = Overlay::Copy(menu);
                Vec::new()
            }
        }
    }

    /// Copies the guid of the selected task or the open detail's, without the menu.
    pub(super) fn copy_guid(&self) -> Vec<Effect> {
        let guid = self.session().subject().map(|entry| entry.task.guid.to_string());
        guid.map(|guid| Effect::Copy(ToCopy::text(guid.clone(), guid))).into_iter().collect()
    }
}

impl ToCopy {
    /// Returns a text to copy.
    pub(super) fn text(what: impl Into<String>, text: impl Into<String>) -> Self {
        Self { what: what.into(), content: CopyContent::Text(text.into()) }
    }
}
