//! Acts on one task: looks it up, sends each step once, and looks it up again.

use tokio::time::Instant;

use super::outcome::{Word, outcome};
use crate::bbs::Client;
use crate::filter::{Filter, Subject};
use crate::model::lifecycle::Step;
use crate::model::plan::{self, ActionSet, Found, Plan, PlannedTask, Refusal, Reply, Report, Sent};
use crate::model::{Fault, Task, TaskAction, TaskGuid, Timestamp};

/// The server's clock, extrapolated from the time of the list.
#[derive(Debug, Clone, Copy)]
pub(super) struct ServerClock {
    pub(super) then: Timestamp,
    pub(super) when: Instant,
}

impl ServerClock {
    fn now(self) -> Timestamp {
        self.then.plus(self.when.elapsed())
    }
}

/// An action on tasks, one at a time.
pub(super) struct Act<'a> {
    pub(super) client: &'a Client,
    pub(super) set: &'a ActionSet,
    pub(super) filter: Option<(&'a Filter, ServerClock)>,
}

impl Act<'_> {
    /// Returns what would be done. Sends nothing that changes a task.
    pub(super) async fn dry_run(&self, planned: &PlannedTask) -> Report {
        let guid = &planned.guid;
        let (state, plan) = match planned.frozen {
            Some(frozen) => (frozen.state, frozen.plan),
            None => match self.client.task(guid).await {
                Ok(task) => (task.state, planned.replan(self.set.action(), &task)),
                Err(fault) => return not_found(guid, &fault),
            },
        };
        match plan {
            Ok(plan) if plan.steps().len() == 1 => outcome(guid, Word::Planned, &format!("Task is {state}")),
            Ok(_) => outcome(guid, Word::Planned, &format!("Task is {state}; it would be resolved first")),
            Err(refusal) => outcome(guid, Word::Skipped, &refusal.to_string()),
        }
    }

    /// Sends the steps and returns the verified outcome.
    pub(super) async fn execute(&self, planned: &PlannedTask) -> Report {
        let guid = &planned.guid;
        let task = match self.client.task(guid).await {
            Ok(task) => task,
            Err(fault) => return not_found(guid, &fault),
        };
        let steps = match self.steps(planned, &task) {
            Ok(steps) => steps,
            Err(why) => return outcome(guid, Word::Skipped, &why),
        };
        let mut answer = Ok(());
        for step in steps {
            answer = self.client.act(guid, *step).await;
            match &answer {
                Ok(()) => {}
                // The step may have been carried out. Look the task up instead of sending it again.
                Err(fault) if fault.outcome_unknown() => break,
                Err(fault) => return outcome(guid, Word::Failed, &fault.to_string()),
            }
        }
        self.verify(&task, answer).await
    }

    /// Returns the steps for the task's current state, or why the task is skipped.
    fn steps(&self, planned: &PlannedTask, task: &Task) -> Result<&'static [Step], String> {
        let plan = planned.replan(self.set.action(), task);
        if plan == Err(Refusal::Replaced) {
            return Err(Refusal::Replaced.to_string());
        }
        let still_matches =
            |(filter, clock): (&Filter, ServerClock)| filter.admits(&Subject::held(task, clock.now()));
        if !self.filter.is_none_or(still_matches) {
            return Err(format!("Task no longer matches the filter: it is {}", task.state));
        }
        plan.map(Plan::steps).map_err(|refusal| refusal.to_string())
    }

    /// Looks the task up after the last step and derives the outcome from what is found.
    async fn verify(&self, before: &Task, answer: Result<(), Fault>) -> Report {
        let guid = &before.guid;
        let reply = Reply::of(answer.as_ref().copied());
        let sent = Sent { reply, created_at: before.created_at };
        let looked_up = self.client.task(guid).await;
        let found = match &looked_up {
            Ok(task) => Found::Task(task),
            Err(fault) if fault.is_not_found() => Found::Gone,
            Err(fault) => return self.not_verified(guid, &answer, fault),
        };
        let judged = self.set.action().judge(sent, found);
        let word = match judged {
            plan::Outcome::Done => Word::done(self.set.action()),
            plan::Outcome::NotDone | plan::Outcome::Unknown => Word::Unknown,
        };
        let is_same = |task: &Task| task.created_at == before.created_at;
        let reason = match (answer, judged, found) {
            (Err(fault), _, _) => format!("{}; {fault}", now(before, found)),
            (Ok(()), plan::Outcome::Done, Found::Gone) if self.set.action() == TaskAction::Delete => {
                String::new()
            }
            (Ok(()), plan::Outcome::Done, Found::Task(task)) if is_same(task) => String::new(),
            (Ok(()), plan::Outcome::Done, _) => now(before, found),
            (Ok(()), _, _) => format!("The BBS acknowledged it, but: {}", now(before, found)),
        };
        outcome(guid, word, &reason)
    }

    fn not_verified(&self, guid: &TaskGuid, answer: &Result<(), Fault>, look_up: &Fault) -> Report {
        match answer {
            Ok(()) => {
                let reason =
                    format!("The BBS acknowledged it, but the task could not be looked up: {look_up}");
                outcome(guid, Word::done(self.set.action()), &reason)
            }
            Err(fault) => {
                let reason = format!("The task could not be looked up: {look_up}; {fault}");
                outcome(guid, Word::Unknown, &reason)
            }
        }
    }
}

/// Describes the task that the BBS now holds under the guid.
fn now(before: &Task, found: Found<'_>) -> String {
    match found {
        Found::Gone => "Task is gone now".to_owned(),
        Found::Task(task) if task.created_at != before.created_at => Refusal::Replaced.to_string(),
        Found::Task(task) if &*task.failure_reason == plan::CANCELLED => {
            format!("Task is {} now: {}", task.state, plan::CANCELLED)
        }
        Found::Task(task) => format!("Task is {} now", task.state),
    }
}

fn not_found(guid: &TaskGuid, fault: &Fault) -> Report {
    if fault.is_not_found() {
        outcome(guid, Word::Skipped, &Refusal::Gone.to_string())
    } else {
        outcome(guid, Word::Failed, &format!("Nothing was sent: {fault}"))
    }
}
