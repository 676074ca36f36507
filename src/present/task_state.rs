//! The tone and the sign of a task, by its state.

use crate::model::{Clocks, State, Task, Timestamp};

use super::Tone;
use super::deadline;

/// Returns the tone of a task. Failure outweighs everything else, even the end of the task.
pub fn of_task(task: &Task, ended: bool, clocks: &Clocks, now: Timestamp) -> Tone {
    if task.failed {
        return Tone::Bad;
    }
    if ended {
        return Tone::Ended;
    }
    match task.state {
        State::Running => Tone::Quiet,
        State::Completed => Tone::Good,
        State::Invalid | State::Other(_) => Tone::Warn,
        State::Pending | State::Resolving => deadline::urgency(task, clocks, now),
    }
}

/// Returns one sign for a task's state, so that states differ in more than colour.
pub const fn sign(task: &Task) -> &'static str {
    match task.state {
        _ if task.failed => "✗",
        State::Pending => "○",
        State::Running => "▸",
        State::Completed => "✓",
        State::Resolving => "◌",
        State::Invalid | State::Other(_) => "?",
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{Domain, TaskGuid};

    pub(in super::super) fn task(state: State, at: Timestamp) -> Task {
        let blank = Task::blank(TaskGuid::from("guid-1"), Domain::from("cf-tasks"), state);
        Task { created_at: at, updated_at: at, ..blank }
    }

    #[test]
    fn failure_outweighs_the_state_and_the_end() {
        let at = Timestamp::from_nanos(1);
        let failed = Task { failed: true, ..task(State::Completed, at) };
        assert_eq!(of_task(&failed, false, &Clocks::DEFAULT, at), Tone::Bad);
        assert_eq!(of_task(&failed, true, &Clocks::DEFAULT, at), Tone::Bad);
        assert_eq!(of_task(&task(State::Completed, at), true, &Clocks::DEFAULT, at), Tone::Ended);
        assert_eq!(of_task(&task(State::Running, at), false, &Clocks::DEFAULT, at), Tone::Quiet);
    }

    #[test]
    fn every_state_has_a_sign_of_its_own() {
        let signs: std::collections::HashSet<_> =
            State::ALL.iter().map(|state| sign(&task(*state, Timestamp::UNSET))).collect();
        assert_eq!(signs.len(), State::ALL.len());
    }
}
