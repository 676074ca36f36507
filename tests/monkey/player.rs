//! The thread that reads a recording, without a file: it answers with parts of the entries, one request at a time.

use std::collections::VecDeque;

use taskdeck::app::{ReadPart, ReadRequest, SeekId};
use taskdeck::model::recording::Entry;

/// Entries in a part.
const PART: usize = 40;

pub(crate) struct Player {
    entries: Vec<Entry>,
    read: usize,
    requests: VecDeque<ReadRequest>,
}

impl Player {
    pub(crate) fn of(entries: Vec<Entry>) -> Self {
        Self { entries, read: 0, requests: VecDeque::new() }
    }

    pub(crate) fn ask(&mut self, request: ReadRequest) {
        self.requests.push_back(request);
        assert!(self.requests.len() <= 200, "parts are asked for again and again");
    }

    /// Answers the oldest request.
    pub(crate) fn answer(&mut self) -> Option<(SeekId, ReadPart)> {
        let request = self.requests.pop_front()?;
        let (ReadRequest::Seek(seek, _) | ReadRequest::Next(seek)) = request;
        if let ReadRequest::Seek(..) = request {
            // The lead-in reaches back to the beginning.
            self.read = 0;
        }
        let part: Vec<_> = self.entries.iter().skip(self.read).take(PART).cloned().collect();
        self.read += part.len();
        Some((seek, if part.is_empty() { ReadPart::End } else { ReadPart::Entries(part) }))
    }
}
