//! State machine of a task: which step leads from which state to which.
//!
//! ```text
//! desire ─► Pending ──start──► Running ──complete──► Completed ──resolving──► Resolving ──delete──► gone
//!             ▲ │ ▲──reject───────┘                     ▲ ▲                      │
//!             └─┴── reject    cancel ───────────────────┘ └──── sweep ───────────┘
//! ```
//!
//! The simulated BBS rejects calls by this table; the dashboard refuses actions by it before it asks for confirmation.
//! Source: "Life of a task" of the API.

use std::fmt;

use super::State;

/// A step that a client may request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Ends the task.
    Cancel,
    /// Claims the deletion of the task.
    Resolving,
    /// Deletes a claimed task.
    Delete,
}

impl Step {
    /// Returns the word for the call.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Resolving => "resolve",
            Self::Delete => "delete",
        }
    }
}

/// A step that only cells request; the client has no call for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellStep {
    /// The cell starts the task.
    Start,
    /// The cell reports that the task has ended.
    Complete,
}

/// State of a task after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The task is in this state.
    Now(State),
    /// The task is deleted.
    Gone,
}

/// A transition that the state does not allow; displays as the BBS's error message.
///
/// For delete the server names the missing state (Resolving) as the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forbidden {
    /// State of the task.
    pub from: State,
    /// Target state that the server's error names.
    pub to: State,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cannot transition from {} to {}", self.from, self.to)
    }
}

/// Returns the outcome of `step` in `state`.
///
/// # Errors
/// Returns the error of the BBS if the state does not allow the step.
pub const fn check(step: Step, state: State) -> Result<Outcome, Forbidden> {
    match (step, state) {
        (Step::Cancel, State::Pending | State::Running) => Ok(Outcome::Now(State::Completed)),
        (Step::Resolving, State::Completed) => Ok(Outcome::Now(State::Resolving)),
        (Step::Delete, State::Resolving) => Ok(Outcome::Gone),
        (Step::Cancel, from) => Err(Forbidden { from, to: State::Completed }),
        (Step::Resolving | Step::Delete, from) => Err(Forbidden { from, to: State::Resolving }),
    }
}

/// Returns the outcome of a cell's `step` in `state`.
///
/// A cell may start a task again that it already runs. That is not a transition: the simulated BBS checks the cell before
/// [`CellStep::Start`].
///
/// # Errors
/// Returns the error of the BBS if the state does not allow the step.
pub const fn check_cell(step: CellStep, state: State) -> Result<State, Forbidden> {
    match (step, state) {
        (CellStep::Start, State::Pending) => Ok(State::Running),
        (CellStep::Complete, State::Running) => Ok(State::Completed),
        (CellStep::Start, from) => Err(Forbidden { from, to: State::Running }),
        (CellStep::Complete, from) => Err(Forbidden { from, to: State::Completed }),
    }
}

/// Returns the state after a cell rejects the task; none if the task has ended, which is an invalid request and not a
/// transition.
pub const fn reject(state: State) -> Option<State> {
    match state {
        State::Pending | State::Running => Some(State::Pending),
        _ => None,
    }
}
