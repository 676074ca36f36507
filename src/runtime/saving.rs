//! Saves what the main view shows: takes its rows in slices between frames, then has them written.

use std::collections::VecDeque;
use std::io;

use super::view_file::{SessionClosed, View};
use super::{Console, Dashboard};
use crate::app::{Msg, SaveFault, SaveFaultCause, SaveReport, ViewToSave};

/// Rows per slice. Taking so many takes a small part of a frame.
const SLICE: usize = 2_048;

/// A save whose rows are being taken.
pub(super) struct SaveBegun {
    view: View,
    file: ViewToSave,
}

/// The saves whose rows are being taken, the oldest first.
pub(super) type SavesBegun = VecDeque<SaveBegun>;

impl<C: Console> Dashboard<'_, C> {
    /// Begins to save what the main view shows now.
    pub(super) fn begin_save(&mut self, file: ViewToSave) {
        let now = self.app.server_now(self.clock.now());
        self.saves_begun.push_back(SaveBegun { view: View::of(&self.app, now), file });
    }

    /// Takes a slice of the oldest save that has begun.
    pub(super) fn go_on_saving(&mut self) -> io::Result<()> {
        self.take_slice().map_or(Ok(()), |fault| self.handle(fault))
    }

    /// Takes a slice. Once all is taken, a thread writes the file. Returns the message of a save that failed.
    fn take_slice(&mut self) -> Option<Msg> {
        let mut begun = self.saves_begun.pop_front()?;
        match begun.view.take(&self.app, SLICE) {
            Ok(false) => self.saves_begun.push_front(begun),
            Ok(true) => {
                let SaveBegun { view, file: ViewToSave { path, if_exists, format } } = begun;
                self.saves.fill(view.what(), path, if_exists, move |out| view.write(format, out));
            }
            Err(SessionClosed) => {
                let cause = SaveFaultCause::Failed("its target was closed".to_owned());
                let result = Err(SaveFault { path: begun.file.path, cause });
                return Some(Msg::FileSaved(SaveReport { what: begun.view.what(), result }));
            }
        }
        None
    }

    /// Takes all that is left of the saves that have begun, before the dashboard ends.
    pub(super) fn finish_saving(&mut self) {
        while !self.saves_begun.is_empty() {
            // There is no screen left to show a fault on.
            self.take_slice();
        }
    }
}
