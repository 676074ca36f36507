//! One task: looked up before it is touched, each step sent once, and looked up again.

use tokio::time::Instant;

use super::outcome::{Outcome, Word};
use super::plan::Verb;
use crate::bbs::Client;
use crate::filter::{Filter, Subject};
use crate::model::lifecycle::Step;
use crate::model::{Fault, State, Task, TaskGuid, Timestamp};

/// What the BBS says of a task that was cancelled. Source: "Life of a task" of the API.
const CANCELLED: &str = "task was cancelled";

/// A task that was chosen.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) guid: TaskGuid,
    /// As it was in the list; none if it was named by its guid.
    pub(super) listed: Option<Listed>,
}

/// What the list said of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed {
    pub(super) created_at: Timestamp,
    pub(super) state: State,
}

/// The server's clock, as the list told it.
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

/// What is done to each.
pub(super) struct Act<'a> {
    pub(super) client: &'a Client,
    pub(super) verb: Verb,
    pub(super) filter: Option<(&'a Filter, ServerClock)>,
}

impl Act<'_> {
    /// What would be done, by what is known of it.
    pub(super) async fn rehearse(&self, chosen: &Chosen) -> Outcome {
        let guid = &chosen.guid;
        let state = match chosen.listed {
            Some(listed) => listed.state,
            None => match self.client.task(guid).await {
                Ok(task) => task.state,
                Err(fault) => return not_found(guid, &fault),
            },
        };
        match self.verb.plan(state) {
            Ok([_]) => Outcome::of(guid, Word::Planned, &format!("it is {state}")),
            Ok(_) => Outcome::of(guid, Word::Planned, &format!("it is {state}: it would be resolved first")),
            Err(why) => Outcome::of(guid, Word::Skipped, &why),
        }
    }

    /// Does it, and says what became of it.
    pub(super) async fn carry_out(&self, chosen: &Chosen) -> Outcome {
        let guid = &chosen.guid;
        let task = match self.client.task(guid).await {
            Ok(task) => task,
            Err(fault) => return not_found(guid, &fault),
        };
        let steps = match self.steps(chosen, &task) {
            Ok(steps) => steps,
            Err(why) => return Outcome::of(guid, Word::Skipped, &why),
        };
        for step in steps {
            match self.client.act(guid, *step).await {
                Ok(()) => {}
                Err(fault) if fault.outcome_unknown() => return self.in_doubt(&task, *step, &fault).await,
                Err(fault) => return Outcome::of(guid, Word::Failed, &fault.to_string()),
            }
        }
        self.done(&task).await
    }

    /// The steps from where it is now, or why it is left alone.
    fn steps(&self, chosen: &Chosen, task: &Task) -> Result<&'static [Step], String> {
        if chosen.listed.is_some_and(|listed| listed.created_at != task.created_at) {
            return Err("another task has its guid by now".to_owned());
        }
        let still_matches =
            |(filter, clock): (&Filter, ServerClock)| filter.admits(&Subject::held(task, clock.now()));
        if !self.filter.is_none_or(still_matches) {
            return Err(format!("it no longer matches the filter: it is {}", task.state));
        }
        self.verb.plan(task.state)
    }

    /// The BBS took every step; the look-up should find it so.
    async fn done(&self, before: &Task) -> Outcome {
        let guid = &before.guid;
        let (word, reason) = match (self.verb, self.client.task(guid).await) {
            (Verb::Cancel, Ok(task)) if has_ended(&task) => (Word::Cancelled, String::new()),
            (Verb::Cancel, Err(fault)) if fault.is_not_found() => {
                (Word::Cancelled, "it is gone by now".to_owned())
            }
            (Verb::Delete, Err(fault)) if fault.is_not_found() => (Word::Deleted, String::new()),
            (Verb::Delete, Ok(task)) if task.created_at != before.created_at => {
                (Word::Deleted, "another task has its guid by now".to_owned())
            }
            (_, Ok(task)) => (Word::Unknown, format!("the BBS took it, but it is {} still", task.state)),
            (verb, Err(fault)) => {
                let word = if verb == Verb::Cancel { Word::Cancelled } else { Word::Deleted };
                (word, format!("the BBS took it; it could not be looked up: {fault}"))
            }
        };
        Outcome::of(guid, word, &reason)
    }

    /// A step may have been done or not. It is not sent again: the task is looked up.
    async fn in_doubt(&self, before: &Task, step: Step, fault: &Fault) -> Outcome {
        let guid = &before.guid;
        let (word, found) = match self.client.task(guid).await {
            Ok(task) if step == Step::Cancel && has_ended(&task) && &*task.failure_reason == CANCELLED => {
                (Word::Cancelled, format!("it is {} and {CANCELLED}", task.state))
            }
            Ok(task) => (Word::Unknown, format!("it is {} now", task.state)),
            Err(gone) if gone.is_not_found() && step == Step::Delete => {
                (Word::Deleted, "it is gone".to_owned())
            }
            Err(gone) if gone.is_not_found() => (Word::Unknown, "it is gone".to_owned()),
            Err(again) => (Word::Unknown, format!("it could not be looked up: {again}")),
        };
        Outcome::of(guid, word, &format!("{found}; {fault}"))
    }
}

fn has_ended(task: &Task) -> bool {
    matches!(task.state, State::Completed | State::Resolving)
}

fn not_found(guid: &TaskGuid, fault: &Fault) -> Outcome {
    if fault.is_not_found() {
        Outcome::of(guid, Word::Skipped, "there is no such task")
    } else {
        Outcome::of(guid, Word::Failed, &format!("nothing was sent: {fault}"))
    }
}
