//! Reads the recording that is played, on a thread of its own. Makes no decisions: `app` decides what to read and when it
//! takes effect.

use std::sync::mpsc::{self, Receiver};
use std::thread;

use tokio::sync::mpsc::Sender;

use crate::app::{Msg, ReadPart, ReadRequest, SeekId};
use crate::model::Timestamp;
use crate::model::recording::Entry;
use crate::record::{Player, RecordFault, Recording, RunId};

/// About how many entries are read at once, and are in one message.
const PART: usize = 1_000;

/// A run of a recording, to be played in place of a BBS.
#[derive(Debug)]
pub struct Reel {
    /// The recording.
    pub recording: Recording,
    /// The run.
    pub run: RunId,
}

/// The thread that reads, if a recording is played. It ends when this is dropped.
#[derive(Default)]
pub(super) struct ReplayThread(Option<mpsc::Sender<ReadRequest>>);

impl ReplayThread {
    /// Starts the thread. What it reads goes to `sender`.
    pub(super) fn start(reel: Option<Reel>, sender: &Sender<Msg>) -> Self {
        let Some(Reel { recording, run }) = reel else { return Self::default() };
        let (requests, due) = mpsc::channel();
        let news = sender.clone();
        let read = move || {
            let reading = Reading { player: recording.play(run), sender: news };
            reading.run(&due);
        };
        let started = thread::Builder::new().name("replay".to_owned()).spawn(read);
        if let Err(error) = started {
            tracing::error!(%error, "could not start the thread that reads the recording");
            return Self::default();
        }
        Self(Some(requests))
    }

    /// Begins to read. Never waits.
    pub(super) fn read(&self, request: ReadRequest) {
        let sent = self.0.as_ref().map(|requests| requests.send(request));
        if !matches!(sent, Some(Ok(()))) {
            tracing::error!(?request, "dropped a request to a recording that is not being read");
        }
    }
}

struct Reading<'a> {
    player: Player<'a>,
    sender: Sender<Msg>,
}

impl Reading<'_> {
    fn run(mut self, requests: &Receiver<ReadRequest>) {
        while let Ok(mut request) = requests.recv() {
            // Of several requests, only the last is still wanted.
            while let Ok(later) = requests.try_recv() {
                request = later;
            }
            let (ReadRequest::Seek(seek, _) | ReadRequest::Next(seek)) = request;
            let read = self.answer(request);
            let is_open = match read {
                Ok(is_open) => is_open,
                Err(fault) => self.send(seek, ReadPart::Failed(fault.to_string())),
            };
            if !is_open {
                return;
            }
        }
    }

    /// Answers a request. Returns whether anybody takes the answers.
    fn answer(&mut self, request: ReadRequest) -> Result<bool, RecordFault> {
        match request {
            ReadRequest::Seek(seek, at) => Ok(self.seek(seek, at)? && self.next(seek)?),
            ReadRequest::Next(seek) => self.next(seek),
        }
    }

    fn seek(&mut self, seek: SeekId, at: Timestamp) -> Result<bool, RecordFault> {
        let mut known: Vec<Entry> = self.player.seek(at)?;
        while !known.is_empty() {
            let rest = known.split_off(known.len().min(PART));
            if !self.send(seek, ReadPart::Known(known)) {
                return Ok(false);
            }
            known = rest;
        }
        Ok(true)
    }

    fn next(&mut self, seek: SeekId) -> Result<bool, RecordFault> {
        let entries = self.player.read(PART)?;
        let part = if entries.is_empty() { ReadPart::End } else { ReadPart::Entries(entries) };
        Ok(self.send(seek, part))
    }

    /// Sends a part. Returns whether anybody takes it.
    fn send(&self, seek: SeekId, part: ReadPart) -> bool {
        self.sender.blocking_send(Msg::Read(seek, part)).is_ok()
    }
}
