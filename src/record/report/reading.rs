//! Reads the runs of a recording as one stream of entries, in order of time.

use std::collections::VecDeque;
use std::ops::Range;

use super::Source;
use crate::model::Timestamp;
use crate::model::recording::Entry;
use crate::record::{EntryReader, Position, RecordFault, Recording, Result, Run, RunId};

/// How many entries are read at once.
const PART: usize = 1_000;

/// The entries of some runs of a recording, within a span.
#[derive(Debug)]
pub struct Entries<'a> {
    recording: &'a Recording,
    runs: &'a [Run],
    span: Range<Timestamp>,
}

impl<'a> Entries<'a> {
    /// Returns the entries of these runs within a span.
    pub fn new(recording: &'a Recording, runs: &'a [Run], span: Range<Timestamp>) -> Self {
        Self { recording, runs, span }
    }
}

impl Source for Entries<'_> {
    type Fault = RecordFault;

    fn read(&self, take: &mut dyn FnMut(RunId, &Entry)) -> Result<()> {
        let mut runs: Vec<_> = self.runs.iter().collect();
        runs.sort_by_key(|run| (run.started, run.id));
        let mut waiting = runs.into_iter().peekable();
        let mut open: Vec<Stream<'_>> = Vec::new();
        loop {
            let earliest =
                open.iter().enumerate().filter_map(|(nth, stream)| Some((stream.next_at()?, nth))).min();
            // A run has no entry from before it began.
            let is_due = |run: &&Run| earliest.is_none_or(|(at, _)| run.started <= at);
            if let Some(run) = waiting.next_if(is_due) {
                open.push(Stream::open(self.recording, run.id, self.span.start)?);
                continue;
            }
            let next = earliest.filter(|(at, _)| *at < self.span.end);
            let Some(stream) = next.and_then(|(_, nth)| open.get_mut(nth)) else { return Ok(()) };
            if let Some(entry) = stream.next()? {
                take(stream.run, &entry);
            }
        }
    }
}

/// The entries of a run.
struct Stream<'a> {
    run: RunId,
    reader: EntryReader<'a>,
    part: VecDeque<Entry>,
}

impl<'a> Stream<'a> {
    fn open(recording: &'a Recording, run: RunId, from: Timestamp) -> Result<Self> {
        let mut reader = recording.entries(run, Position::at(from));
        let part = reader.read(PART)?.into();
        Ok(Self { run, reader, part })
    }

    /// Returns when the next entry was; none at the end.
    fn next_at(&self) -> Option<Timestamp> {
        self.part.front().map(|entry| entry.at)
    }

    fn next(&mut self) -> Result<Option<Entry>> {
        let entry = self.part.pop_front();
        if self.part.is_empty() {
            self.part = self.reader.read(PART)?.into();
        }
        Ok(entry)
    }
}
