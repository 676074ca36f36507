//! The open detail: which task it shows and which task the keys act on.
//!
//! The detail stays on its task until it is closed. It follows the table's cursor only when the operator moves it: if the
//! row is filtered out or the task ends, the detail shows that, and stays.

use std::sync::Arc;

use crate::model::{RawDefinition, TaskDefinition, TaskGuid};

use super::Session;
use crate::app::Entry;
use crate::app::panes::Detail;

impl Session {
    /// Returns the task that keys act on: that of the open detail, else the selected one.
    pub(in crate::app) fn subject(&self) -> Option<&Entry> {
        match &self.detail {
            Some(detail) => Some(self.store.get(&detail.of).unwrap_or(&detail.last_seen)),
            None => self.selected(),
        }
    }

    /// Returns the task of the open detail: as it is, or as it was last seen.
    pub(in crate::app) fn detail_entry(&self) -> Option<&Entry> {
        self.detail.as_ref().and_then(|_| self.subject())
    }

    /// Returns whether the detail's task is still known: held by the BBS, or kept as ended.
    pub(in crate::app) fn knows_detail(&self) -> bool {
        self.detail.as_ref().is_some_and(|detail| self.store.get(&detail.of).is_some())
    }

    /// Returns whether the detail's task is in the row under the cursor.
    pub(in crate::app) fn selects_detail(&self) -> bool {
        self.detail.as_ref().is_some_and(|detail| self.query.selected() == Some(&detail.of))
    }

    /// Opens the detail of the selected task. Returns whether there is one.
    pub(in crate::app) fn open_detail(&mut self) -> bool {
        let Some(entry) = self.selected() else { return false };
        // Secrets are revealed for one task only.
        if self.detail.as_ref().is_none_or(|detail| detail.of != entry.task.guid) {
            let folded = self.detail.as_ref().map(|detail| detail.folded.clone()).unwrap_or_default();
            self.detail = Some(Detail::new(entry, folded));
        }
        true
    }

    /// Shows or masks one secret of the open detail.
    pub(in crate::app) fn toggle_secret(&mut self, secret: usize) {
        if let Some(detail) = &mut self.detail
            && !detail.revealed.remove(&secret)
        {
            detail.revealed.insert(secret);
        }
    }

    /// Folds or unfolds a section of the open detail.
    pub(in crate::app) fn toggle_section(&mut self, title: &'static str) {
        if let Some(detail) = &mut self.detail
            && !detail.folded.remove(title)
        {
            detail.folded.insert(title);
        }
    }

    /// Takes a decoded definition, or why its bytes cannot be decoded.
    pub(super) fn decoded(&mut self, guid: &TaskGuid, result: Result<Arc<TaskDefinition>, String>) {
        if let Some(detail) = &mut self.detail
            && detail.of == *guid
        {
            detail.definition = Some(result);
        }
    }

    /// Moves an open detail along with the table's cursor, which the operator has moved.
    pub(in crate::app) fn cursor_moved(&mut self) {
        if self.detail.is_some() {
            self.open_detail();
        }
    }

    /// Brings the open detail up to date before a frame. Returns its definition once, to be decoded.
    pub(super) fn refresh_detail(&mut self) -> Option<(TaskGuid, RawDefinition)> {
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
        let definition = detail.last_seen.task.definition.clone();
        if definition.is_dropped() || std::mem::replace(&mut detail.is_asked, true) {
            return None;
        }
        Some((detail.of.clone(), definition))
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

    pub(super) fn row_of(&self, guid: &TaskGuid) -> Option<usize> {
        let id = self.store.find(guid)?;
        self.query.rows().iter().position(|row| *row == id)
    }
}
