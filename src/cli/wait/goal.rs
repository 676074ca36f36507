//! The state to wait for, and whether an observed task has reached it. Pure.

use clap::ValueEnum;

use crate::model::{State, Task, TaskEvent};

/// The state to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Goal {
    Running,
    Completed,
    Gone,
}

/// The result of waiting.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Reached,
    /// The task can no longer reach the state, for this reason.
    Missed(String),
}

impl Goal {
    /// Judges an observation of the task, at any time and in any order; `None` if it decides nothing.
    pub(super) fn judge(self, task: &Task) -> Option<Verdict> {
        match (self, task.state) {
            (Self::Running, State::Running) => Some(Verdict::Reached),
            // A task that completed without failing was Running; one that failed may never have been.
            (Self::Running | Self::Completed, State::Completed | State::Resolving) => Some(if task.failed {
                Verdict::Missed(format!("task failed: {}", task.reason()))
            } else {
                Verdict::Reached
            }),
            _ => None,
        }
    }

    /// Judges an event of the task. Both sides of a change count: the end of a task also tells that it was Running.
    pub(super) fn judge_event(self, event: &TaskEvent) -> Option<Verdict> {
        match event {
            TaskEvent::Created(task) => self.judge(task),
            TaskEvent::Changed { before, after } => self.judge(before).or_else(|| self.judge(after)),
            TaskEvent::Removed(task) => Some(self.judge(task).unwrap_or_else(|| self.judge_gone())),
        }
    }

    /// Judges that the BBS no longer holds the task.
    pub(super) fn judge_gone(self) -> Verdict {
        match self {
            Self::Gone => Verdict::Reached,
            Self::Running => Verdict::Missed("task was gone before it was seen Running".to_owned()),
            Self::Completed => Verdict::Missed("task was gone before it was seen Completed".to_owned()),
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
    fn judges_each_state() {
        use State::{Completed, Pending, Resolving, Running};
        let missed = || Some(Verdict::Missed("task failed: no".to_owned()));
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
    fn a_task_that_failed_while_running_was_running() {
        let failed = changed(State::Running, State::Completed, true);
        assert_eq!(Goal::Running.judge_event(&failed), Some(Verdict::Reached));
        let cancelled = changed(State::Pending, State::Completed, true);
        assert!(matches!(Goal::Running.judge_event(&cancelled), Some(Verdict::Missed(_))));
    }

    #[test]
    fn a_removal_tells_how_the_task_ended() {
        let removed = |failed| TaskEvent::Removed(task(State::Resolving, failed));
        assert_eq!(Goal::Completed.judge_event(&removed(false)), Some(Verdict::Reached));
        assert!(matches!(Goal::Completed.judge_event(&removed(true)), Some(Verdict::Missed(_))));
        assert_eq!(Goal::Gone.judge_event(&removed(true)), Some(Verdict::Reached));
    }
}
