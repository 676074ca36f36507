//! Recording: collects what happened in a session as entries, and says how the writer of the recording is doing.
//!
//! Keeps nothing while nothing is recorded. Does not write: `runtime` hands the entries to the writer.

use std::time::Duration;

use crate::clock::Now;
use crate::model::recording::{
    Entry, FeedStatus, GapEntry, Limits, Recorded, RecorderNews, TaskEntry, bounded, recorded,
};
use crate::model::{DefinitionSummary, Evidence, ReadSummary, Task, Timestamp};

use super::difference::Difference;
use super::session::duration_text;
use super::store::{Change, ChangeReader, RowId, Store, TaskChange};
use super::{App, Effect, Severity};

/// How many tasks are taken at once when a session that has tasks begins to be recorded.
const TASKS_AT_ONCE: usize = 2_000;

/// How many notices are remembered.
const MOST_SAID: usize = 32;

/// Collects the entries of a session.
#[derive(Debug)]
pub(super) struct EntryCollector {
    is_on: bool,
    entries: Vec<Entry>,
    /// The index of the next row to take, while the tasks that are there already are being taken.
    next_row: Option<usize>,
    read_summary: ReadSummary,
}

impl Default for EntryCollector {
    fn default() -> Self {
        Self {
            is_on: false,
            entries: Vec::new(),
            next_row: None,
            read_summary: |_| DefinitionSummary::default(),
        }
    }
}

impl EntryCollector {
    /// Reads summaries of definitions with `read`.
    pub(super) fn read_summaries_with(&mut self, read: ReadSummary) {
        self.read_summary = read;
    }

    pub(super) const fn is_on(&self) -> bool {
        self.is_on
    }

    /// Begins to collect; the tasks that are there already come first, a part at a time.
    pub(super) fn begin(&mut self) {
        self.is_on = true;
        self.entries.clear();
        self.next_row = Some(0);
    }

    /// Ends collecting.
    pub(super) fn end(&mut self) {
        self.is_on = false;
        self.entries = Vec::new();
        self.next_row = None;
    }

    /// Returns whether there are tasks left to take.
    pub(super) const fn has_rows_left(&self) -> bool {
        self.next_row.is_some()
    }

    /// Takes some of the tasks that are there already.
    pub(super) fn take_rows(&mut self, store: &Store, at: Timestamp) {
        let Some(first) = self.next_row else { return };
        let end = (first + TASKS_AT_ONCE).min(store.slots());
        let held = (first..end).filter_map(|index| store.entry(RowId::at(index)?));
        for entry in held.filter(|entry| entry.end.is_none()) {
            let what = TaskEntry {
                evidence: Evidence::List,
                before: None,
                task: recorded(&entry.task),
                limits: self.limits(&entry.task),
                end: None,
            };
            self.push(at, Recorded::Task(Box::new(what)));
        }
        self.next_row = (end < store.slots()).then_some(end);
    }

    /// Adds an entry.
    pub(super) fn push(&mut self, at: Timestamp, what: Recorded) {
        if self.is_on {
            self.entries.push(Entry { at, what });
        }
    }

    /// Returns the entries since the last call.
    pub(super) fn take(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    /// Returns the limits in the definition of a task, if it is at hand.
    fn limits(&self, task: &Task) -> Option<Limits> {
        let is_known = !task.definition.as_bytes().is_empty();
        is_known.then(|| Limits::from(&(self.read_summary)(&task.definition)))
    }

    fn read_task(&mut self, change: &TaskChange<'_>) {
        let Some(Difference { evidence, before, after, end }) = Difference::of(change) else { return };
        // The file keeps the limits of a task once, so they are read once.
        let is_new = change.before.live().is_none();
        let limits = is_new.then(|| self.limits(after)).flatten();
        let entry = TaskEntry { evidence, before: before.map(recorded), task: recorded(after), limits, end };
        self.push(change.at, Recorded::Task(Box::new(entry)));
    }
}

impl ChangeReader for EntryCollector {
    fn read(&mut self, change: &Change<'_>) {
        if !self.is_on {
            return;
        }
        match change {
            Change::Task(change) => self.read_task(change),
            Change::Gap(gap) => {
                let entry = GapEntry { start: gap.start, closed: gap.closed, why: bounded(&gap.why.into()) };
                self.push(gap.at, Recorded::Gap(entry));
            }
        }
    }
}

/// How the writer of the recording is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecordingState {
    /// Nothing is to be recorded.
    #[default]
    Off,
    /// The file is being opened.
    Starts,
    /// It works.
    Works,
    /// Another program has locked the file. Entries wait.
    Waits,
    /// Nothing can be recorded.
    Fails,
}

/// The state of the recording, and what the operator was told of it.
#[derive(Debug, Default)]
pub(super) struct Recording {
    state: RecordingState,
    /// Since when nothing has been recorded, by the monotonic clock.
    failing_since: Option<Duration>,
    /// The notices, so that each is said once.
    said: Vec<String>,
}

impl Recording {
    pub(super) fn new(is_on: bool) -> Self {
        let state = if is_on { RecordingState::Starts } else { RecordingState::Off };
        Self { state, ..Self::default() }
    }
}

impl App {
    /// Returns how the recording is doing.
    pub const fn recording(&self) -> RecordingState {
        self.recording.state
    }

    /// Returns how current the session is that is shown.
    pub fn feed_status(&self) -> FeedStatus {
        let session = self.session();
        FeedStatus {
            health: session.state_word(),
            is_live: session.feed.is_live(),
            held: session.store.counts().total(),
            last_list: self.list_cost().map(|cost| (cost.bytes, cost.took)),
        }
    }

    /// Takes news of the writer.
    pub(super) fn hear_recorder(&mut self, news: RecorderNews, now: Now) {
        match news {
            RecorderNews::Works => {
                self.recording.state = RecordingState::Works;
                if let Some(since) = self.recording.failing_since.take() {
                    let lasted = duration_text(now.mono.saturating_sub(since));
                    let text = format!(
                        "Recording again after {lasted}. The recording lacks what happened meanwhile."
                    );
                    self.notices.say(Severity::Good, text, now);
                }
            }
            RecorderNews::SetAside { path, aside } => {
                let text =
                    format!("The recording {path} was damaged. Renamed it to {aside} and started a new one.");
                self.say_of_recording(text, now);
            }
            RecorderNews::Waits { path } => {
                self.recording.state = RecordingState::Waits;
                let text = format!(
                    "Another program has locked the recording {path}. Changes are kept in memory until it is unlocked."
                );
                self.say_of_recording(text, now);
            }
            RecorderNews::Fails { path, why } => {
                self.recording.state = RecordingState::Fails;
                self.recording.failing_since.get_or_insert(now.mono);
                let text = format!(
                    "Cannot record to {path}: {why}. taskdeck keeps running and retries automatically."
                );
                self.say_of_recording(text, now);
            }
            RecorderNews::Lost(entries) => {
                let text = format!(
                    "The disk is too slow for the recording: {} lost. The recording shows a gap.",
                    crate::present::format::counted(usize::try_from(entries).unwrap_or(usize::MAX), "change")
                );
                self.say_of_recording(text, now);
            }
            RecorderNews::BeginAgain => {
                self.sessions.iter_mut().for_each(|session| session.recorder.entries.end());
            }
        }
    }

    fn say_of_recording(&mut self, text: String, now: Now) {
        if self.recording.said.len() >= MOST_SAID {
            self.recording.said.clear();
        }
        if !self.recording.said.contains(&text) {
            self.recording.said.push(text.clone());
            self.notices.say(Severity::Warn, text, now);
        }
    }

    /// Requests that what happened in all sessions be recorded.
    pub(super) fn record(&mut self, effects: &mut Vec<Effect>, now: Now) {
        if self.recording.state == RecordingState::Off {
            return;
        }
        for session in self.sessions.iter_mut() {
            let id = session.id();
            if !session.recorder.entries.is_on() {
                session.recorder.entries.begin();
                let target = session.target.label().to_owned();
                effects.push(Effect::BeginRecording { session: id, target });
            }
            session.recorder.entries.take_rows(&session.store, now.wall);
            let entries = session.recorder.entries.take();
            if !entries.is_empty() {
                effects.push(Effect::Record(id, entries));
            }
        }
    }
}
