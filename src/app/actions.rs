//! The question before an action on a task: refused, asked, answered. What follows is the session's.

use std::time::Duration;

use crate::clock::Now;
use crate::model::plan::{PlannedTask, Refusal};
use crate::model::{TaskAction, TaskGuid};

use super::bulk::counted;
use super::commands::with_remedy;
use super::confirmation::{Answer, Confirmation};
use super::key::Key;
use super::msg::effects_of;
use super::panes::ActionQuestion;
use super::{App, ConfirmPolicy, Effect, Overlay, SessionId, Severity, Target};

impl App {
    /// Asks for confirmation of an action on the marked tasks. Without any, it is about the task of the open detail, else
    /// about the selected one.
    pub(super) fn ask(&mut self, action: TaskAction, now: Now) {
        self.finish_range(now);
        if self.mark_count() > 0 {
            return self.ask_about_marks(action, now);
        }
        let session = self.session();
        match session.subject() {
            Some(entry) => self.ask_about(session.id(), action, session.plan(action, entry), now),
            None => self.notices.say(Severity::Info, "No task is selected.", now),
        }
    }

    /// Asks for confirmation, or says why the task is refused.
    fn ask_about(&mut self, session: SessionId, action: TaskAction, task: PlannedTask, now: Now) {
        if let Some(why) = task.refusal() {
            return self.say_refused(&format!("Cannot {}", action.verb()), &[(&task.guid, why)], now);
        }
        let confirmation = self.confirmation_in(session, 1);
        self.overlay = Overlay::Confirm(ActionQuestion { session, action, task, confirmation });
    }

    /// Returns the question that a session's target wants before an action on so many tasks.
    pub(super) fn confirmation_in(&self, session: SessionId, tasks: usize) -> Confirmation {
        let target = self.sessions.get(session).map(|session| &session.target);
        let named = target.filter(|target| target.confirm == ConfirmPolicy::TypeName).map(Target::label);
        match (named, tasks > self.number_typed_above) {
            (None, false) => Confirmation::default(),
            (None, true) => Confirmation::by_typing("the number of tasks", tasks.to_string()),
            (Some(name), false) => Confirmation::by_typing("the target's name", name),
            (Some(name), true) => Confirmation::by_typing(
                "the target's name and the number of tasks",
                format!("{name} {tasks}"),
            ),
        }
    }

    /// Says in one notice why nothing was sent for these tasks: for one with its guid, for many with how many each reason
    /// is for.
    pub(super) fn say_refused(&mut self, intro: &str, refused: &[(&TaskGuid, Refusal)], now: Now) {
        let text = match refused {
            [] => return,
            [(guid, why)] => format!("{intro} {guid}: {}", with_remedy(*why, &self.keymap)),
            many => format!("{intro} {} tasks: {}", many.len(), reasons(many)),
        };
        self.notices.say(Severity::Warn, text, now);
    }

    pub(super) fn press_in_question(
        &mut self,
        mut question: ActionQuestion,
        key: Key,
        read_at: Duration,
        now: Now,
    ) -> Vec<Effect> {
        if let Some(answer) = question.confirmation.press(key, read_at) {
            return self.answer(&question, answer, now);
        }
        self.overlay = Overlay::Confirm(question);
        Vec::new()
    }

    /// Takes the answer to the question: yes acts in the session that it was asked in, whichever is shown now.
    fn answer(&mut self, question: &ActionQuestion, answer: Answer, now: Now) -> Vec<Effect> {
        let ActionQuestion { session: id, action, task, .. } = question;
        let session = self.sessions.get_mut(*id);
        let (Answer::Yes, Some(session)) = (answer, session) else { return Vec::new() };
        match session.act(*action, task, now) {
            Ok(effect) => effects_of(*id, effect.into_iter().collect()).collect(),
            Err(why) => {
                self.say_refused("Nothing was sent for", &[(&task.guid, why)], now);
                Vec::new()
            }
        }
    }
}

/// Returns each reason once, with how many tasks it is for.
fn reasons(refused: &[(&TaskGuid, Refusal)]) -> String {
    match counted(refused.iter().map(|(_, why)| *why)).as_slice() {
        [(why, _)] => why.to_string(),
        many => many.iter().map(|(why, times)| format!("{why} ({times})")).collect::<Vec<_>>().join("; "),
    }
}
