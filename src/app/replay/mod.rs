//! Replay: plays a recording in place of a BBS.
//!
//! The state of the playback, and when what is read takes effect. `runtime` reads the recording on a thread of its own; it
//! knows neither the played time nor the speed. While a recording is played, the wall time of the app is the played time,
//! and nothing is sent to any BBS.

mod clock;
mod commands;
mod place;

use std::collections::VecDeque;
use std::time::Duration;

use super::{App, Effect, Severity};
use crate::clock::Now;
use crate::model::{TaskGuid, Timestamp};
use crate::model::recording::Entry;

use clock::PlayedClock;
pub use clock::Speed;
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

    /// Returns whether a place is being sought.
    pub const fn is_seeking(&self) -> bool {
        self.sought.is_some()
    }

    /// Returns whether all of it was played.
    pub fn is_over(&self, now: Now) -> bool {
        !self.is_seeking() && self.clock.now(now.mono) >= self.last
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

impl App {
    /// Returns the playback, if a recording is played.
    pub const fn replay(&self) -> Option<&Replay> {
        self.replay.as_ref()
    }

    /// Returns the time as the app takes it: if a recording is played, the wall time is that of the recording.
    pub fn now(&self, now: Now) -> Now {
        self.replay.as_ref().map_or(now, |replay| replay.now(now))
    }

    /// Returns when the next entries of the recording take effect.
    pub(super) fn replay_due(&self) -> Option<Duration> {
        self.replay.as_ref()?.due()
    }

    /// Takes what was read of the recording.
    pub(super) fn take_read(&mut self, seek: SeekId, part: ReadPart, now: Now) {
        let Some(replay) = self.replay.as_mut().filter(|replay| replay.seek == seek) else { return };
        let entries = match part {
            ReadPart::Known(entries) => entries,
            ReadPart::Entries(entries) => {
                replay.reading = Reading::Waits;
                replay.take(entries)
            }
            ReadPart::End => {
                replay.reading = Reading::Ended;
                Vec::new()
            }
            ReadPart::Failed(why) => {
                replay.reading = Reading::Ended;
                replay.last = replay.ahead.back().map_or(now.wall, |entry| entry.at);
                replay.said_end = true;
                let text = format!("The replay ends here, as the recording cannot be read: {why}.");
                self.notices.say(Severity::Bad, text, now);
                Vec::new()
            }
        };
        entries.into_iter().for_each(|entry| self.session_mut().play(entry));
    }

    /// Plays what is due, and returns what to read next. Of all that is requested meanwhile nothing is sent.
    pub(super) fn advance_replay(&mut self, effects: &mut Vec<Effect>, now: Now) {
        let Some(replay) = &mut self.replay else { return };
        replay.go_on(now.mono);
        let (entries, request) = (replay.due_entries(now), replay.request());
        let says_end = replay.is_over(now) && replay.ahead.is_empty() && !replay.said_end;
        replay.said_end |= says_end;
        let (is_found, chosen) = (!replay.is_seeking(), replay.chosen.take_if(|_| replay.sought.is_none()));
        let session = self.sessions.shown_mut();
        entries.into_iter().for_each(|entry| session.play(entry));
        if is_found && !session.feed.has_listed() {
            session.begin_playing(chosen.as_ref(), now);
        }
        if says_end {
            self.notices.say(Severity::Info, "The recording ends here.".to_owned(), now);
        }
        effects.retain(|effect| !is_for_a_server(effect));
        effects.extend(request.map(Effect::Read));
    }
}

/// Returns whether an effect concerns a BBS, or records what happens there.
const fn is_for_a_server(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Session(..) | Effect::OpenTarget { .. } | Effect::BeginRecording { .. } | Effect::Record(..)
    )
}
