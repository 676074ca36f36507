//! Hands what happened to the recorder's thread, and what that thread reports to the app. Never blocks the event loop.

use std::time::Duration;

use tokio::sync::mpsc::Sender;

use crate::app::{Msg, SessionId};
use crate::clock::{Clock, Now, SystemClock};
use crate::model::Figures;
use crate::model::recording::{Entry, RecorderNews};
use crate::record::{Observer, SessionKey, Writer, WriterOptions, WriterStatus};

/// How long the end of the program waits for what is being written.
const FINISH_TIMEOUT: Duration = Duration::from_secs(3);

/// The recorder's thread, if something is recorded, and whoever else takes the entries.
#[derive(Default)]
pub(super) struct Recorder {
    writer: Option<Writer>,
    observers: Vec<Box<dyn Observer>>,
}

impl Recorder {
    /// Starts the thread, if there is a file to write to. Its news go to `sender`.
    pub(super) fn start(
        options: Option<WriterOptions>,
        observers: Vec<Box<dyn Observer>>,
        sender: &Sender<Msg>,
    ) -> Self {
        let writer = options.and_then(|options| {
            let (clock, path) = (SystemClock::start(), options.path.display().to_string());
            let news = {
                let sender = sender.clone();
                // The event loop may have ended.
                move |news| drop(sender.blocking_send(Msg::Recorder(news)))
            };
            let started = Writer::start(options, Box::new(move || clock.now().wall), Box::new(news));
            let fails = |why: String| Msg::Recorder(RecorderNews::Fails { path, why });
            // The queue is empty at the start.
            started.map_err(|error| drop(sender.try_send(fails(error.to_string())))).ok()
        });
        Self { writer, observers }
    }

    /// Begins to record a session.
    pub(super) fn begin(&mut self, session: SessionId, target: &str, now: Now) {
        let key = key(session);
        self.observers.iter_mut().for_each(|observer| observer.begin(key, target));
        if let Some(writer) = &mut self.writer {
            writer.begin(key, target, now.wall);
        }
    }

    /// Records entries of a session.
    pub(super) fn record(&mut self, session: SessionId, entries: Vec<Entry>) {
        let key = key(session);
        self.observers.iter_mut().for_each(|observer| observer.observe(key, &entries));
        if let Some(writer) = &mut self.writer {
            writer.record(key, entries);
        }
    }

    /// Returns whether anybody wants figures.
    pub(super) const fn has_observers(&self) -> bool {
        !self.observers.is_empty()
    }

    /// Tells the observers what a session counts.
    pub(super) fn figures(&mut self, session: SessionId, figures: &Figures) {
        let written = self.status().unwrap_or_default();
        self.observers.iter_mut().for_each(|observer| observer.figures(key(session), figures, written));
    }

    /// Ends the recording of a session.
    pub(super) fn end(&mut self, session: SessionId, now: Now) {
        if let Some(writer) = &mut self.writer {
            writer.end(key(session), now.wall);
        }
    }

    /// Returns how far the writer is.
    pub(super) fn status(&self) -> Option<WriterStatus> {
        self.writer.as_ref().map(Writer::status)
    }

    /// Writes what waits, and ends the thread. Returns how far it came.
    pub(super) fn finish(&mut self) -> Option<WriterStatus> {
        let finished = self.writer.take()?.finish(FINISH_TIMEOUT);
        if finished.is_none() {
            tracing::warn!("quit before the recording was written to its end");
        }
        finished
    }
}

const fn key(session: SessionId) -> SessionKey {
    SessionKey(session.number())
}
