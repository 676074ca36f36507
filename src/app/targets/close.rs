//! `:close`: closes the session of a target, after a question if actions are under way in it.

use crate::clock::Now;
use crate::suggest::did_you_mean;

use super::{Asks, TargetQuestion};
use crate::app::confirmation::Confirmation;
use crate::app::panes::Overlay;
use crate::app::session::SessionId;
use crate::app::{App, Effect, Severity};

impl App {
    /// Closes the target that is named, or the one that is shown.
    pub(in crate::app) fn close_target_by_argument(
        &mut self,
        argument: &str,
        now: Now,
    ) -> Result<Vec<Effect>, String> {
        let session = match argument {
            "" => self.session(),
            name => self.sessions.named(name).ok_or_else(|| {
                let open = self.sessions.iter().map(|session| session.target.label());
                format!("\"{name}\" is not open.{}", did_you_mean(name, open))
            })?,
        };
        if self.sessions.previous().is_none() {
            let label = session.target.label();
            return Err(format!("{label} is the only open target. To quit taskdeck, type :quit"));
        }
        let id = session.id();
        let is_acting = self.tasks_in_flight().keys().any(|(session, _)| *session == id);
        if is_acting || self.tasks_in_run(id) > 0 {
            let question =
                TargetQuestion { session: id, asks: Asks::Close, confirmation: Confirmation::default() };
            self.overlay = Overlay::Target(question);
            return Ok(Vec::new());
        }
        Ok(self.close_session(id, now))
    }

    /// Closes a session. Its writes in flight go on; no step follows them.
    pub(super) fn close_session(&mut self, id: SessionId, now: Now) -> Vec<Effect> {
        let Some(label) = self.sessions.get(id).map(|session| session.target.label().to_owned()) else {
            return Vec::new();
        };
        let save = self.keep_view(id);
        if !self.sessions.close(id, now) {
            return Vec::new();
        }
        self.shown_session_changed();
        self.notices.say(Severity::Info, format!("Closed {label}."), now);
        save.into_iter().chain([Effect::CloseSession(id)]).collect()
    }
}
