//! Lets what was read of the recording take effect when its time has come, and asks for more.

use std::time::Duration;

use super::{ReadPart, Reading, Replay, SeekId};
use crate::app::{App, Effect, Severity};
use crate::clock::Now;

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
    pub(in crate::app) fn replay_due(&self) -> Option<Duration> {
        self.replay.as_ref()?.due()
    }

    /// Takes what was read of the recording.
    pub(in crate::app) fn take_read(&mut self, seek: SeekId, part: ReadPart, now: Now) {
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
                let text = format!("The replay stops here because the recording cannot be read: {why}.");
                self.notices.say(Severity::Bad, text, now);
                Vec::new()
            }
        };
        self.session_mut().play_all(entries);
    }

    /// Plays what is due, and returns what to read next. Of all that is requested meanwhile nothing is sent.
    pub(in crate::app) fn advance_replay(&mut self, effects: &mut Vec<Effect>, now: Now) {
        let Some(replay) = &mut self.replay else { return };
        replay.go_on(now.mono);
        let (entries, request) = (replay.due_entries(now), replay.request());
        let says_end = replay.has_played_all(now) && !replay.said_end;
        replay.said_end |= says_end;
        let (is_found, chosen) = (!replay.is_seeking(), replay.chosen.take_if(|_| replay.sought.is_none()));
        let session = self.sessions.shown_mut();
        session.play_all(entries);
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
