//! Replay: plays a recording in place of a BBS.
//!
//! The state of the playback, and when what is read takes effect. `runtime` reads the recording on a thread of its own; it
//! knows neither the played time nor the speed. While a recording is played, the wall time of the app is the played time,
//! and nothing is sent to any BBS.

mod clock;
mod commands;
mod place;
mod playing;

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::Now;
use crate::model::recording::Entry;
use crate::model::{TaskGuid, Timestamp};

use clock::PlayedClock;
pub use clock::Speed;
pub(super) use commands::place_candidates;
pub use place::Place;

/// Entries are asked for when fewer than this are left.
const FEW_AHEAD: usize = 2_000;
/// The most entries that take effect in one update, so that keys are not kept waiting.
const MOST_AT_ONCE: usize = 2_000;
/// The shortest time between two updates that play entries. A frame shows all of them at once.
const SHORTEST_WAIT: Duration = Duration::from_millis(30);

/// How a recording is to be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplaySettings {
    /// When the recording begins.
    pub first: Timestamp,
    /// When it ends.
    pub last: Timestamp,
    /// Where to begin.
    pub from: Timestamp,
    /// How fast.
    pub speed: Speed,
}

/// Identifies a search for a place, so that what was read for an earlier one is not taken for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeekId(u64);

/// A request to the thread that reads the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadRequest {
    /// Go to a time, and read what is known there.
    Seek(SeekId, Timestamp),
    /// Read some of what comes next.
    Next(SeekId),
}

/// What was read of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadPart {
    /// Some of what was known at the place that was sought, or a while before it.
    Known(Vec<Entry>),
    /// What happened next.
    Entries(Vec<Entry>),
    /// There is nothing more.
    End,
    /// The recording cannot be read. The text follows a colon.
    Failed(String),
}

/// How far reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// The place is to be sought.
    Due,
    /// An answer is under way.
    Asked,
    /// Part of the recording was read.
    Waits,
    /// All of it was.
    Ended,
}

/// The playback of a recording.
#[derive(Debug)]
pub struct Replay {
    first: Timestamp,
    last: Timestamp,
    clock: PlayedClock,
    /// The time that is being sought; none once it was found.
    sought: Option<Timestamp>,
    seek: SeekId,
    reading: Reading,
    ahead: VecDeque<Entry>,
    /// The task to select once the place was found.
    chosen: Option<TaskGuid>,
    /// When entries took effect last.
    played_at: Duration,
    said_end: bool,
}

impl Replay {
    pub(super) fn new(settings: ReplaySettings) -> Self {
        let ReplaySettings { first, last, from, speed } = settings;
        Self {
            first,
            last,
            clock: PlayedClock::at(from, speed, false),
            sought: Some(from),
            seek: SeekId(0),
            reading: Reading::Due,
            ahead: VecDeque::new(),
            chosen: None,
            played_at: Duration::ZERO,
            said_end: false,
        }
    }

    /// Returns the speed.
    pub const fn speed(&self) -> Speed {
        self.clock.speed()
    }

    /// Returns whether it is paused.
    pub const fn is_paused(&self) -> bool {
        self.clock.is_paused()
    }

    /// Returns which search was the last.
    #[cfg(test)]
    pub(super) const fn place(&self) -> SeekId {
        self.seek
    }

    /// Returns whether a place is being sought.
    pub const fn is_seeking(&self) -> bool {
        self.sought.is_some()
    }

    /// Returns whether all of it was played.
    pub fn is_over(&self, now: Now) -> bool {
        !self.is_seeking() && self.clock.now(now.mono) >= self.last
    }

    /// Returns whether all of it was played and has taken effect. A recording that grows has more after its end.
    fn has_played_all(&self, now: Now) -> bool {
        self.is_over(now) && self.ahead.front().is_none_or(|next| next.at > self.last)
    }

    /// Returns when the recording begins and ends.
    pub const fn stretch(&self) -> (Timestamp, Timestamp) {
        (self.first, self.last)
    }

    /// Returns the time that is played.
    pub(super) fn now(&self, now: Now) -> Now {
        Now { wall: self.clock.now(now.mono), ..now }
    }

    /// Goes to a time of the recording, and selects the task that was `chosen` once that is found.
    fn seek(&mut self, at: Timestamp, chosen: Option<TaskGuid>) {
        // A key that is pressed again before the place was found must not lose it.
        self.chosen = chosen.or(self.chosen.take());
        self.clock = PlayedClock::at(at, self.clock.speed(), self.clock.is_paused());
        self.sought = Some(at);
        self.seek = SeekId(self.seek.0 + 1);
        self.reading = Reading::Due;
        self.ahead.clear();
        self.said_end = false;
    }

    /// Takes entries that were read. Returns those that take effect at once: what was known or happened before the time
    /// that is sought.
    fn take(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let Some(sought) = self.sought else {
            self.ahead.extend(entries);
            return Vec::new();
        };
        let (before, after) = entries.into_iter().partition(|entry| entry.at <= sought);
        self.ahead.extend::<Vec<_>>(after);
        before
    }

    /// Lets the time run once the place was found, up to what was read.
    fn go_on(&mut self, mono: Duration) {
        let is_found = !self.ahead.is_empty() || self.reading == Reading::Ended;
        if is_found {
            self.sought = None;
        }
        let read_up_to = match (self.reading, self.ahead.back()) {
            (Reading::Ended, _) => Some(self.last),
            (_, back) => back.map(|entry| entry.at.min(self.last)),
        };
        if let Some(limit) = read_up_to.filter(|_| self.sought.is_none()) {
            self.clock.set_limit(limit, mono);
        }
    }

    /// Returns the entries whose time has come, as many as take effect at once.
    fn due_entries(&mut self, now: Now) -> Vec<Entry> {
        let at = self.clock.now(now.mono);
        let due = self.ahead.iter().take(MOST_AT_ONCE).take_while(|entry| entry.at <= at).count();
        if due > 0 {
            self.played_at = now.mono;
        }
        self.ahead.drain(..due).collect()
    }

    /// Returns what to request, if anything.
    fn request(&mut self) -> Option<ReadRequest> {
        let request = match (self.reading, self.sought) {
            (Reading::Due, Some(at)) => ReadRequest::Seek(self.seek, at),
            (Reading::Waits, _) if self.ahead.len() < FEW_AHEAD => ReadRequest::Next(self.seek),
            _ => return None,
        };
        self.reading = Reading::Asked;
        Some(request)
    }

    /// Returns when the next entries take effect.
    fn due(&self) -> Option<Duration> {
        let next = self.clock.when(self.ahead.front()?.at)?;
        Some(next.max(self.played_at + SHORTEST_WAIT))
    }
}
