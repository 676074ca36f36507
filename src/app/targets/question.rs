//! The questions about a target: whether to close it while actions are under way, and whether to open it for actions.

use std::time::Duration;

use crate::clock::Now;

use crate::app::confirmation::{Answer, Confirmation};
use crate::app::key::Key;
use crate::app::msg::effects_of;
use crate::app::panes::Overlay;
use crate::app::session::{SessionId, duration_text};
use crate::app::{App, Effect, Severity};

/// A question about a target. Its session is frozen, like that of a question before an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetQuestion {
    /// The session.
    pub session: SessionId,
    /// What is asked.
    pub asks: Asks,
    /// The answer so far.
    pub confirmation: Confirmation,
}

/// What is asked about a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Whether to close it although actions await their answers.
    Close,
    /// Whether to open it for actions, for this time.
    OpenWrites(Duration),
}

impl App {
    pub(in crate::app) fn press_in_target_question(
        &mut self,
        mut question: TargetQuestion,
        key: Key,
        read_at: Duration,
        now: Now,
    ) -> Vec<Effect> {
        match question.confirmation.press(key, read_at) {
            Some(Answer::Yes) => return self.answer_target_question(&question, now),
            Some(Answer::No) => {}
            None => self.overlay = Overlay::Target(question),
        }
        Vec::new()
    }

    fn answer_target_question(&mut self, question: &TargetQuestion, now: Now) -> Vec<Effect> {
        match question.asks {
            Asks::Close => self.close_session(question.session, now),
            Asks::OpenWrites(time) => {
                let Some(session) = self.sessions.get_mut(question.session) else { return Vec::new() };
                let effects = effects_of(question.session, session.open_writes(time, now)).collect();
                let text =
                    format!("Actions are allowed on {} for {}.", session.target.label(), duration_text(time));
                self.notices.say(Severity::Warn, text, now);
                effects
            }
        }
    }
}
