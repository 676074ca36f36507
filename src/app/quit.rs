//! Quitting: at once, or after a question while actions are under way.

use std::time::Duration;

use crate::clock::Now;

use super::confirmation::{Answer, Confirmation};
use super::key::Key;
use super::{App, Effect, Overlay};

impl App {
    /// Quits, or asks first while an action awaits its answer or a run is in progress: after quitting, nobody sees the
    /// outcome.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        if self.actions_in_flight() == 0 && self.tasks_in_runs() == 0 {
            return vec![Effect::Quit];
        }
        self.keep_open_draft();
        self.overlay = Overlay::Quit(Confirmation::default());
        Vec::new()
    }

    /// Quits. Runs stop, so that nothing more is sent.
    pub(super) fn quit_now(&mut self, now: Now) -> Vec<Effect> {
        for session in self.sessions.iter_mut() {
            session.stop_run(now);
        }
        vec![Effect::Quit]
    }

    pub(super) fn press_in_quit(
        &mut self,
        mut confirmation: Confirmation,
        key: Key,
        read_at: Duration,
        now: Now,
    ) -> Vec<Effect> {
        match confirmation.press(key, read_at) {
            Some(Answer::Yes) => return self.quit_now(now),
            Some(Answer::No) => {}
            None => self.overlay = Overlay::Quit(confirmation),
        }
        Vec::new()
    }
}
