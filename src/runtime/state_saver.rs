//! Saves the state on a thread that may block: a home directory on a slow network must not stop the event loop.
//!
//! Decides nothing: `app` says what is saved and when.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;

use crate::app::Msg;
use crate::state::{SavedState, StateFile};

/// The file of the saved state, and the saves in flight.
pub(super) struct StateSaver {
    /// Locked while it is written, on the writing thread only.
    file: Arc<Mutex<StateFile>>,
    /// The newest state that no thread has begun to write. The lock is never held for longer than a move.
    newest: Arc<Mutex<Option<SavedState>>>,
    is_kept: bool,
    in_flight: JoinSet<()>,
    sender: Sender<Msg>,
}

impl StateSaver {
    /// Returns a saver to this file. Warnings go to `sender`.
    pub(super) fn new(file: StateFile, sender: Sender<Msg>) -> Self {
        Self {
            is_kept: file.is_kept(),
            file: Arc::new(Mutex::new(file)),
            newest: Arc::default(),
            in_flight: JoinSet::new(),
            sender,
        }
    }

    /// Starts to save a state. It replaces one that still waits for the disk.
    pub(super) fn save(&mut self, state: SavedState) {
        if !self.is_kept {
            return;
        }
        while self.in_flight.try_join_next().is_some() {}
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
        let (file, newest, sender) = (Arc::clone(&self.file), Arc::clone(&self.newest), self.sender.clone());
        self.in_flight.spawn_blocking(move || {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // Taken under the file's lock, so that no older state is written over a newer one.
            let state = newest.lock().unwrap_or_else(PoisonError::into_inner).take();
            let warning = state.and_then(|state| file.save(&state));
            drop(file);
            if let Some(warning) = warning {
                // The event loop may have ended.
                let _ = sender.blocking_send(Msg::Note(warning));
            }
        });
    }

    /// Waits for the saves in flight.
    pub(super) async fn finish(&mut self, timeout: Duration) {
        let saves = async { while self.in_flight.join_next().await.is_some() {} };
        if tokio::time::timeout(timeout, saves).await.is_err() {
            tracing::warn!("quit before the state was saved; the filters and views of this run are lost");
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    fn with_filter(filter: &str) -> SavedState {
        let mut state = SavedState::default();
        assert!(state.add_filter(filter));
        state
    }

    /// While the disk is slow, `save` returns at once, and the newest state wins.
    #[tokio::test]
    async fn a_slow_disk_holds_nobody_up() {
        let directory = tempfile::tempdir().unwrap();
        let (sender, _messages) = mpsc::channel(1);
        let mut saver = StateSaver::new(StateFile::in_directory(Some(directory.path())), sender);
        let file = Arc::clone(&saver.file);
        let disk = file.lock().unwrap();
        saver.save(with_filter("older"));
        let mut newer = with_filter("older");
        newer.add_filter("newer");
        saver.save(newer);
        drop(disk);
        saver.finish(Duration::from_secs(60)).await;
        let (stored, warning) = StateFile::in_directory(Some(directory.path())).load();
        assert_eq!((stored.filters(), warning), (&["newer".to_owned(), "older".to_owned()][..], None));
    }

    #[tokio::test]
    async fn a_failure_is_reported_once() {
        let directory = tempfile::tempdir().unwrap();
        let blocked = directory.path().join("blocked");
        std::fs::write(&blocked, "a file where the directory should be").unwrap();
        let (sender, mut messages) = mpsc::channel(4);
        let mut saver = StateSaver::new(StateFile::in_directory(Some(&blocked)), sender);
        for filter in ["first", "second"] {
            saver.save(with_filter(filter));
            saver.finish(Duration::from_secs(60)).await;
        }
        let Some(Msg::Note(warning)) = messages.recv().await else { panic!("no warning") };
        assert!(warning.starts_with("Could not save the state"), "{warning}");
        assert!(messages.try_recv().is_err(), "the second failure says nothing new");
    }
}
