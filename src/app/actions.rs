//! The question before an action: refused, asked, answered. What follows is the session's.

use crate::clock::Now;
use crate::model::TaskAction;
use crate::model::plan::ActionSet;

use super::commands::with_remedy;
use super::confirmation::{Answer, Confirmation};
use super::msg::effects_of;
use super::panes::Dialog;
use super::{App, Effect, Overlay, SessionId, Severity};

impl App {
    /// Asks for confirmation of an action on the task of the open detail, else on the selected one.
    pub(super) fn ask(&mut self, action: TaskAction, now: Now) {
        let session = self.session();
        match session.subject() {
            Some(entry) => self.ask_about(session.id(), session.freeze(action, [entry]), now),
            None => self.notices.say(Severity::Info, "No task is selected.", now),
        }
    }

    /// Asks for confirmation, or says why all tasks of the set are refused.
    pub(super) fn ask_about(&mut self, session: SessionId, set: ActionSet, now: Now) {
        if set.actionable() > 0 {
            self.overlay = Overlay::Confirm(Dialog { session, set, confirmation: Confirmation::default() });
            return;
        }
        for (planned, why) in set.tasks().iter().filter_map(|task| Some((task, task.refusal()?))) {
            let text = format!(
                "Cannot {} {}: {}",
                set.action().verb(),
                planned.guid,
                with_remedy(why, &self.keymap)
            );
            self.notices.say(Severity::Warn, text, now);
        }
    }

    /// Takes the answer to the question: yes acts in the session that it was asked in, whichever is shown now.
    pub(super) fn answer(&mut self, dialog: &Dialog, answer: Answer, now: Now) -> Vec<Effect> {
        let session = self.sessions.get_mut(dialog.session);
        let (Answer::Yes, Some(session)) = (answer, session) else { return Vec::new() };
        let started = session.act(&dialog.set, now);
        for (guid, why) in started.refused {
            let text = format!("Nothing was sent for {guid}: {}", with_remedy(why, &self.keymap));
            self.notices.say(Severity::Warn, text, now);
        }
        effects_of(dialog.session, started.effects).collect()
    }
}
