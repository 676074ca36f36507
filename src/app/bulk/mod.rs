//! Actions on many tasks: the question about the marked ones, the run that sends the calls at the target's pace, and its
//! outcomes.
//!
//! Nothing is sent without a yes to the question. The run belongs to the session that the question was asked in.

mod outcomes;
mod pane;
mod question;
mod run;
mod tally;

use std::time::Duration;

use super::confirmation::Answer;
use super::key::Key;
use super::session::{FrozenTasks, Session};
use super::{App, Effect, Entry, Overlay, SessionId, Severity};
use crate::clock::Now;
use crate::model::plan::{ActionSet, Refusal};
use crate::model::{TaskAction, TaskGuid, Timestamp};

pub use outcomes::{Ending, Outcomes, TaskOutcome};
pub use pane::OutcomePane;
pub use question::{BulkQuestion, ChosenBy};
pub use run::{BulkRun, Stop};
pub(super) use run::{Next, Steps};
pub use tally::Tally;
pub(super) use tally::counted;

impl App {
    /// Asks for confirmation of an action on the marked tasks.
    pub(super) fn ask_about_marks(&mut self, action: TaskAction, now: Now) {
        let session = self.session_mut();
        // Which rows are hidden may have changed since the last frame.
        session.query.refresh(&mut session.store, true);
        let marks: Vec<_> = session.store.marked().collect();
        let id = session.id();
        self.ask_about_many(id, action, &marks, ChosenBy::Marks, now);
    }

    /// Freezes tasks and asks for confirmation, or says why all of them are refused.
    fn ask_about_many(
        &mut self,
        id: SessionId,
        action: TaskAction,
        tasks: &[(TaskGuid, Timestamp)],
        chosen_by: ChosenBy,
        now: Now,
    ) {
        let Some(session) = self.sessions.get(id) else { return };
        if session.active_run().is_some() {
            let text = "Another run is still in progress. Wait until it ends, or stop it (:outcomes)";
            self.notices.say(Severity::Warn, text, now);
            return;
        }
        let FrozenTasks { set, hidden, lost } = session.freeze_tasks(action, tasks);
        if set.actionable() == 0 {
            self.refuse_all(id, &set, &lost, now);
            return;
        }
        let allowed: Vec<&Entry> = set
            .tasks()
            .iter()
            .filter(|task| task.refusal().is_none())
            .filter_map(|task| session.store.get(&task.guid))
            .collect();
        let question = BulkQuestion {
            session: id,
            chosen_by,
            hidden,
            lost,
            tallies: tally::tally(&allowed),
            calls: question::calls(&set),
            refusals: question::refusals(&set),
            confirmation: self.confirmation_in(id, set.actionable()),
            scroll: 0,
            set,
        };
        self.overlay = Overlay::BulkQuestion(Box::new(question));
    }

    /// Says why no task of a set can be acted on. Tasks that are no longer known lose their marks.
    fn refuse_all(&mut self, id: SessionId, set: &ActionSet, lost: &[TaskGuid], now: Now) {
        if let Some(session) = self.sessions.get_mut(id) {
            for guid in lost {
                session.store.unmark(guid);
            }
        }
        let refused = set.tasks().iter().filter_map(|task| Some((&task.guid, task.refusal()?)));
        let lost = lost.iter().map(|guid| (guid, Refusal::NotListed));
        let refused: Vec<_> = refused.chain(lost).collect();
        self.say_refused(&format!("Cannot {}", set.action().verb()), &refused, now);
    }

    /// Handles a key in the question: movement scrolls the list, anything else is for the answer.
    pub(super) fn press_in_bulk_question(
        &mut self,
        mut question: Box<BulkQuestion>,
        key: Key,
        read_at: Duration,
        now: Now,
    ) -> Vec<Effect> {
        if let Some(by) = self.scrolls_list(key) {
            question.scroll = question.scroll.saturating_add_signed(by);
        } else if let Some(answer) = question.confirmation.press(key, read_at) {
            return self.answer_bulk(*question, answer, now);
        }
        self.overlay = Overlay::BulkQuestion(question);
        Vec::new()
    }

    /// Takes the answer: yes begins the run and shows it.
    fn answer_bulk(&mut self, question: BulkQuestion, answer: Answer, now: Now) -> Vec<Effect> {
        let BulkQuestion { session: id, set, lost, .. } = question;
        let Some(session) = self.sessions.get_mut(id).filter(|_| answer == Answer::Yes) else {
            return Vec::new();
        };
        for guid in &lost {
            session.store.unmark(guid);
        }
        session.begin_run(set, now);
        self.overlay = Overlay::Outcomes(OutcomePane::new(id));
        Vec::new()
    }

    /// Returns when there is something to do, such as a call of a run. `runtime` then wakes the state up.
    pub fn due(&self) -> Option<Duration> {
        if self.sessions.iter().any(Session::lists_for_recording) {
            return Some(Duration::ZERO);
        }
        self.sessions.iter().filter_map(Session::run_due).chain(self.replay_due()).min()
    }

    /// Returns the last run of a session, also after its end.
    pub fn run_in(&self, session: SessionId) -> Option<&BulkRun> {
        self.sessions.get(session)?.run.as_deref()
    }

    /// Returns the run of the session that is shown, if it is not over.
    pub fn active_run(&self) -> Option<&BulkRun> {
        self.session().active_run()
    }

    /// Returns how many tasks of runs in all sessions have no outcome yet.
    pub fn tasks_in_runs(&self) -> usize {
        self.sessions.iter().map(Session::tasks_in_run).sum()
    }

    /// Returns how many tasks of the run in a session have no outcome yet.
    pub fn tasks_in_run(&self, session: SessionId) -> usize {
        self.sessions.get(session).map_or(0, Session::tasks_in_run)
    }
}

impl Session {
    /// Returns how many tasks of the run have no outcome yet.
    fn tasks_in_run(&self) -> usize {
        self.active_run().map_or(0, |run| run.total() - run.finished())
    }
}
