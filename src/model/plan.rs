//! Actions on tasks: the steps that an action takes from a task's state, or why it is refused, and how it ended.
//!
//! Pure, and shared by the dashboard and the commands. Sends nothing: whoever acts sends each step once and looks the
//! task up afterwards. Source: "Life of a task" of the API.

use std::fmt;

use super::lifecycle::Step;
use super::{State, Task, Timestamp};

/// The failure reason that the BBS gives a cancelled task. Source: "Life of a task" of the API.
pub const CANCELLED: &str = "task was cancelled";

/// What an operator does to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskAction {
    /// Ends the task.
    Cancel,
    /// Claims the deletion of a completed task.
    Resolve,
    /// Deletes the task, claiming its deletion first if nobody has.
    Delete,
}

impl TaskAction {
    /// All actions, in the order of a task's life.
    pub const ALL: [Self; 3] = [Self::Cancel, Self::Resolve, Self::Delete];

    /// The infinitive, as in "cancel 3 tasks".
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Resolve => "resolve",
            Self::Delete => "delete",
        }
    }

    /// The infinitive at the start of a sentence, as in "Cancel task X?".
    pub const fn title(self) -> &'static str {
        match self {
            Self::Cancel => "Cancel",
            Self::Resolve => "Resolve",
            Self::Delete => "Delete",
        }
    }

    /// The participle while the action is in flight.
    pub const fn doing(self) -> &'static str {
        match self {
            Self::Cancel => "cancelling",
            Self::Resolve => "resolving",
            Self::Delete => "deleting",
        }
    }

    /// The participle once the action is done.
    pub const fn done(self) -> &'static str {
        match self {
            Self::Cancel => "cancelled",
            Self::Resolve => "resolved",
            Self::Delete => "deleted",
        }
    }

    /// Returns the steps from `state`, or why the action is refused before anything is sent. A task that is already
    /// Resolving is not claimed again.
    pub const fn plan(self, state: State) -> Result<Plan, Refusal> {
        match (self, state) {
            (Self::Cancel, State::Pending | State::Running) => Ok(Plan(&[Step::Cancel])),
            (Self::Resolve, State::Completed) => Ok(Plan(&[Step::Resolving])),
            (Self::Delete, State::Completed) => Ok(Plan(&[Step::Resolving, Step::Delete])),
            (Self::Delete, State::Resolving) => Ok(Plan(&[Step::Delete])),
            (Self::Cancel, State::Completed) => Err(Refusal::AlreadyCompleted),
            (Self::Cancel | Self::Resolve, State::Resolving) => Err(Refusal::AlreadyClaimed),
            (Self::Resolve | Self::Delete, State::Pending | State::Running) => {
                Err(Refusal::NotCompleted(state))
            }
            (_, State::Invalid | State::Other(_)) => Err(Refusal::UnknownState(state)),
        }
    }

    /// Judges the action by the task that was found after its last step. `answered` says whether the BBS acknowledged
    /// that step; if it did not, only what nobody else does counts as done.
    pub fn judge(self, sent: Sent, found: Found<'_>) -> Outcome {
        let is_another = |task: &Task| task.created_at != sent.created_at;
        match (self, found) {
            (Self::Delete, Found::Gone) => Outcome::Done,
            (Self::Delete, Found::Task(task)) if is_another(task) => Outcome::Done,
            (Self::Cancel | Self::Resolve, Found::Gone) => sent.done_if_answered(),
            (_, Found::Task(task)) if is_another(task) => sent.done_if_answered(),
            (Self::Cancel, Found::Task(task)) if has_ended(task) => {
                if sent.answered || &*task.failure_reason == CANCELLED {
                    Outcome::Done
                } else {
                    Outcome::Unknown
                }
            }
            (Self::Resolve, Found::Task(task)) if task.state == State::Resolving => sent.done_if_answered(),
            (_, Found::Task(_)) if sent.answered => Outcome::NotDone,
            (_, Found::Task(_)) => Outcome::Unknown,
        }
    }
}

const fn has_ended(task: &Task) -> bool {
    matches!(task.state, State::Completed | State::Resolving)
}

/// The steps of one action, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan(&'static [Step]);

impl Plan {
    /// Returns the steps, in order.
    pub const fn steps(self) -> &'static [Step] {
        self.0
    }
}

/// Why an action is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The task has ended: there is nothing to cancel.
    AlreadyCompleted,
    /// A client has claimed the task's deletion.
    AlreadyClaimed,
    /// The task is still pending or running.
    NotCompleted(State),
    /// The state belongs to a newer server.
    UnknownState(State),
}

impl Refusal {
    /// Returns the action that makes the refused one possible, or serves its purpose.
    pub const fn remedy(self) -> Option<TaskAction> {
        match self {
            Self::AlreadyCompleted | Self::AlreadyClaimed => Some(TaskAction::Delete),
            Self::NotCompleted(_) => Some(TaskAction::Cancel),
            Self::UnknownState(_) => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyCompleted => f.write_str("Task has already completed"),
            Self::AlreadyClaimed => {
                f.write_str("Task is Resolving: a client has already claimed its deletion")
            }
            Self::NotCompleted(state) => write!(f, "Task is still {state}. Cancel it first"),
            Self::UnknownState(state) => {
                write!(f, "Task is in a state that this version does not know ({state})")
            }
        }
    }
}

/// The last step of an action, as far as its outcome depends on it.
#[derive(Debug, Clone, Copy)]
pub struct Sent {
    /// Whether the BBS acknowledged the step.
    pub answered: bool,
    /// When the task was created that the step was meant for: a guid may be used again.
    pub created_at: Timestamp,
}

impl Sent {
    const fn done_if_answered(self) -> Outcome {
        if self.answered { Outcome::Done } else { Outcome::Unknown }
    }
}

/// What the BBS had under the guid after the last step.
#[derive(Debug, Clone, Copy)]
pub enum Found<'a> {
    /// No task.
    Gone,
    /// This task.
    Task(&'a Task),
}

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The task is as the action wanted it.
    Done,
    /// The BBS acknowledged the action, but the task does not show it.
    NotDone,
    /// The BBS did not answer, and the task does not tell.
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::super::TaskGuid;
    use super::super::lifecycle::{self, Outcome as Next};
    use super::*;

    #[test]
    fn each_plan_is_allowed_step_by_step() {
        for (action, state) in
            TaskAction::ALL.into_iter().flat_map(|action| State::ALL.map(|state| (action, state)))
        {
            let Ok(plan) = action.plan(state) else { continue };
            let mut at = state;
            for step in plan.steps() {
                match lifecycle::check(*step, at) {
                    Ok(Next::Now(next)) => at = next,
                    Ok(Next::Gone) => {}
                    Err(no) => panic!("{action:?} from {state}: {no}"),
                }
            }
        }
    }

    #[test]
    fn a_refusal_names_an_action_that_is_possible() {
        for (action, state) in
            TaskAction::ALL.into_iter().flat_map(|action| State::ALL.map(|state| (action, state)))
        {
            if let Err(refusal) = action.plan(state)
                && let Some(remedy) = refusal.remedy()
            {
                assert!(remedy.plan(state).is_ok(), "{action:?} from {state}: {refusal}");
            }
        }
        assert!(TaskAction::Delete.plan(State::Other(9)).is_err());
    }

    fn task(state: State, reason: &str) -> Task {
        let mut task = Task::blank(TaskGuid::from("guid"), "domain".into(), state);
        task.failure_reason = reason.into();
        task
    }

    #[test]
    fn without_an_answer_only_what_nobody_else_does_is_done() {
        use Outcome::{Done, NotDone, Unknown};
        use TaskAction::{Cancel, Delete, Resolve};
        let (running, ended) = (task(State::Running, ""), task(State::Completed, "exit 1"));
        let (cancelled, resolving) = (task(State::Completed, CANCELLED), task(State::Resolving, ""));
        let mut another = task(State::Pending, "");
        another.created_at = Timestamp::from_nanos(7);
        for (action, found, answered, unanswered) in [
            (Cancel, Found::Task(&running), NotDone, Unknown),
            (Cancel, Found::Task(&ended), Done, Unknown),
            (Cancel, Found::Task(&cancelled), Done, Done),
            (Cancel, Found::Gone, Done, Unknown),
            (Resolve, Found::Task(&resolving), Done, Unknown),
            (Resolve, Found::Task(&ended), NotDone, Unknown),
            (Delete, Found::Task(&resolving), NotDone, Unknown),
            (Delete, Found::Task(&another), Done, Done),
            (Delete, Found::Gone, Done, Done),
        ] {
            let created_at = running.created_at;
            let judge = |answered| action.judge(Sent { answered, created_at }, found);
            assert_eq!((judge(true), judge(false)), (answered, unanswered), "{action:?} {found:?}");
        }
    }
}
