//! The open detail: which task it is about, and what that means for the keys.
//!
//! The detail stays on its task until it is closed. It follows the table's cursor only where the operator moves it;
//! a row that is filtered away, or a task that ends, changes what the detail says, not whose it is.

use crate::model::TaskGuid;

use super::panes::Detail;
use super::{App, Effect, Entry, Pane};

impl App {
    /// The task that a key acts on: that of the open detail, else the selected one.
    pub(super) fn subject(&self) -> Option<&Entry> {
        match &self.detail {
            Some(detail) => Some(self.store.get(&detail.of).unwrap_or(&detail.last_seen)),
            None => self.selected(),
        }
    }

    /// The task of the open detail: as it is, or as it was last seen.
    pub fn detail_entry(&self) -> Option<&Entry> {
        self.detail.as_ref().and_then(|_| self.subject())
    }

    /// Whether the detail's task is still known: held by the BBS, or kept as ended.
    pub fn knows_detail(&self) -> bool {
        self.detail.as_ref().is_some_and(|detail| self.store.get(&detail.of).is_some())
    }

    /// Whether the detail's task is in the row under the cursor.
    pub fn selects_detail(&self) -> bool {
        self.detail.as_ref().is_some_and(|detail| self.query.selected() == Some(&detail.of))
    }

    /// Opens the detail of the selected task. Returns whether there is one.
    pub(super) fn open_detail(&mut self) -> bool {
        let Some(entry) = self.selected() else { return false };
        // Secrets are revealed for one task only.
        if self.detail.as_ref().is_none_or(|detail| detail.of != entry.task.guid) {
            let folded = self.detail.as_ref().map(|detail| detail.folded.clone()).unwrap_or_default();
            self.detail = Some(Detail::new(entry, folded));
        }
        true
    }

    /// Closes the detail.
    pub(super) fn close_detail(&mut self) {
        self.detail = None;
        if self.focus == Pane::Detail {
            self.focus = Pane::Tasks;
        }
    }

    /// The operator moved the table's cursor: an open detail goes with it.
    pub(super) fn cursor_moved(&mut self) {
        if self.detail.is_some() {
            self.open_detail();
        }
    }

    /// Brings the open detail up to date before a frame, and asks for its definition once.
    pub(super) fn refresh_detail(&mut self) -> Option<Effect> {
        self.select_detail();
        let detail = self.detail.as_mut()?;
        match self.store.get(&detail.of) {
            // Another life of the guid: another definition, and other secrets.
            Some(entry) if entry.task.created_at != detail.last_seen.task.created_at => {
                *detail = Detail::new(entry, std::mem::take(&mut detail.folded));
            }
            Some(entry) => detail.last_seen.clone_from(entry),
            None => {}
        }
        if std::mem::replace(&mut detail.is_asked, true) {
            return None;
        }
        let definition = detail.last_seen.task.definition.clone();
        Some(Effect::Decode { guid: detail.of.clone(), definition })
    }

    /// Puts the cursor back on the detail's task once its row is shown again.
    fn select_detail(&mut self) {
        if self.selects_detail() {
            return;
        }
        if let Some(at) = self.detail.as_ref().and_then(|detail| self.row_of(&detail.of)) {
            self.query.go_to(&self.store, at);
        }
    }

    fn row_of(&self, guid: &TaskGuid) -> Option<usize> {
        let id = self.store.find(guid)?;
        self.query.rows().iter().position(|row| *row == id)
    }
}
