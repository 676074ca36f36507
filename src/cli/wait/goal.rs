//! What is waited for, and what it means that a task was seen. Pure.

use clap::ValueEnum;

use crate::model::{State, Task, TaskEvent};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Goal {
    Running,
    Completed,
    Gone,
}

/// What the waiting has come to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Reached,
    /// It cannot be reached any more, and why.
    Missed(String),
}

impl Goal {
    /// What it means that the task was like this at some time; none says nothing yet. That another event came first
    /// changes nothing: what was seen has been.
    pub(super) fn judge(self, task: &Task) -> Option<Verdict> {
        match (self, task.state) {
            (Self::Running, State::Running) => Some(Verdict::Reached),
            // Only a Running task completes without failing; with a failure it may never have run.
            (Self::Running | Self::Completed, State::Completed | State::Resolving) => Some(if task.failed {
                Verdict::Missed(format!("it failed: {}", task.reason()))
            } else {
                Verdict::Reached
            }),
            _ => None,
        }
    }

    /// What an event of the task means. That it was Running is known from its end too, if its start was missed.
    pub(super) fn judge_event(self, event: &TaskEvent) -> Option<Verdict> {
        match event {
            TaskEvent::Created(task) => self.judge(task),
            TaskEvent::Changed { before, after } => self.judge(before).or_else(|| self.judge(after)),
            TaskEvent::Removed(task) => Some(self.judge(task).unwrap_or_else(|| self.judge_gone())),
        }
    }

    /// What it means that the task is gone.
    pub(super) fn judge_gone(self) -> Verdict {
        match self {
            Self::Gone => Verdict::Reached,
            Self::Running => Verdict::Missed("it was gone before it was seen Running".to_owned()),
            Self::Completed => Verdict::Missed("it was gone before it was seen Completed".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bbs::wire::{Interner, LazyTask, task_to_model};

    fn task(state: State, failed: bool) -> Task {
        let task =
            LazyTask { state: state.number(), failed, failure_reason: "no".into(), ..LazyTask::default() };
        task_to_model(&task, &mut Interner::default())
    }

    fn changed(before: State, after: State, failed: bool) -> TaskEvent {
        TaskEvent::Changed { before: Box::new(task(before, false)), after: Box::new(task(after, failed)) }
    }

    #[test]
    fn what_was_seen_decides_or_says_nothing_yet() {
        use State::{Completed, Pending, Resolving, Running};
        let missed = || Some(Verdict::Missed("it failed: no".to_owned()));
        for (goal, state, failed, verdict) in [
            (Goal::Running, Pending, false, None),
            (Goal::Running, Running, false, Some(Verdict::Reached)),
            (Goal::Running, Completed, false, Some(Verdict::Reached)),
            (Goal::Running, Resolving, true, missed()),
            (Goal::Completed, Running, false, None),
            (Goal::Completed, Resolving, false, Some(Verdict::Reached)),
            (Goal::Completed, Completed, true, missed()),
            (Goal::Gone, Resolving, true, None),
        ] {
            assert_eq!(goal.judge(&task(state, failed)), verdict, "{goal:?} {state} {failed}");
        }
    }

    #[test]
    fn a_task_that_fails_while_running_was_running() {
        let failed = changed(State::Running, State::Completed, true);
        assert_eq!(Goal::Running.judge_event(&failed), Some(Verdict::Reached));
        let cancelled = changed(State::Pending, State::Completed, true);
        assert!(matches!(Goal::Running.judge_event(&cancelled), Some(Verdict::Missed(_))));
    }

    #[test]
    fn a_removal_tells_how_it_ended() {
        let removed = |failed| TaskEvent::Removed(task(State::Resolving, failed));
        assert_eq!(Goal::Completed.judge_event(&removed(false)), Some(Verdict::Reached));
        assert!(matches!(Goal::Completed.judge_event(&removed(true)), Some(Verdict::Missed(_))));
        assert_eq!(Goal::Gone.judge_event(&removed(true)), Some(Verdict::Reached));
    }
}
