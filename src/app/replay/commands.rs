//! What keys and commands do with the playback: pause, speed, and going to another time.

use jiff::SignedDuration;

use super::{Place, Speed};
use crate::app::prompt::Candidate;
use crate::app::{App, Effect, Severity};
use crate::clock::Now;
use crate::model::Timestamp;

/// How far a key goes.
const STRIDE: SignedDuration = SignedDuration::from_mins(1);

/// Why a command of the playback is refused in a live dashboard.
const NO_REPLAY: &str = "not in a replay; `taskdeck replay FILE` starts one";

/// Returns what can be typed as a place.
pub(in crate::app) fn place_candidates() -> Vec<Candidate> {
    let places = [
        ("start", "the beginning of the recording"),
        ("end", "its end"),
        ("+5m", "five minutes later"),
        ("-5m", "five minutes earlier"),
    ];
    places.map(|(text, note)| Candidate::with_help(text, note)).into()
}

impl App {
    /// Pauses the playback or resumes it. Returns whether there is one.
    pub(in crate::app) fn toggle_playback(&mut self, now: Now) -> bool {
        let Some(replay) = &mut self.replay else { return false };
        let paused = !replay.clock.is_paused();
        replay.clock.pause(paused, now.mono);
        true
    }

    /// Plays faster or slower.
    pub(in crate::app) fn change_speed(&mut self, change: impl FnOnce(Speed) -> Speed, now: Now) {
        let Some(replay) = &mut self.replay else { return };
        let speed = change(replay.speed());
        replay.clock.set_speed(speed, now.mono);
    }

    /// Goes back or forward a minute.
    pub(in crate::app) fn stride(&mut self, forward: bool, now: Now) {
        let by = if forward { STRIDE } else { -STRIDE };
        if let Ok(at) = self.resolve(Place::By(by), now) {
            self.seek(at, now);
        }
    }

    /// Goes to the place that was typed.
    pub(in crate::app) fn seek_by_argument(
        &mut self,
        argument: &str,
        now: Now,
    ) -> Result<Vec<Effect>, String> {
        let at = self.resolve(Place::parse(argument)?, now)?;
        self.seek(at, now);
        Ok(Vec::new())
    }

    /// Plays at the speed that was typed.
    pub(in crate::app) fn set_speed_by_argument(
        &mut self,
        argument: &str,
        now: Now,
    ) -> Result<Vec<Effect>, String> {
        if self.replay.is_none() {
            return Err(NO_REPLAY.to_owned());
        }
        let speed = Speed::parse(argument)?;
        self.change_speed(|_| speed, now);
        Ok(Vec::new())
    }

    fn resolve(&self, place: Place, now: Now) -> Result<Timestamp, String> {
        let replay = self.replay.as_ref().ok_or(NO_REPLAY)?;
        place.resolve(replay.clock.now(now.mono), replay.stretch())
    }

    /// Goes to a time. What is shown is built again from the recording; filter, sort, selection and the open task stay.
    fn seek(&mut self, at: Timestamp, now: Now) {
        let Some(replay) = &mut self.replay else { return };
        replay.seek(at, self.sessions.shown().query.chosen().cloned());
        if self.notices.current(now).is_some_and(|notice| notice.severity == Severity::Info) {
            // What was said last is about another time.
            self.notices.dismiss(now);
        }
        self.sessions.begin_again(now);
        self.place_changed();
    }
}
