//! The life of a task: which step leads from which state to which.
//!
//! ```text
//! desire ─► Pending ──start──► Running ──complete──► Completed ──resolving──► Resolving ──delete──► gone
//!             ▲ │ ▲──reject───────┘                     ▲ ▲                      │
//!             └─┴── reject    cancel ───────────────────┘ └──── sweep ───────────┘
//! ```
//! One table for the simulated BBS, which refuses by it, and for the dashboard, which refuses before it asks.
//! Source: "Life of a task" of the API.

use std::fmt;

use super::State;

/// A step that an operator or client may ask of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Ends it.
    Cancel,
    /// Claims its deletion.
    Resolving,
    /// The client that claimed it deletes it.
    Delete,
}

/// A step that only a cell asks of a task: our client has no call for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellStep {
    /// Starts it.
    Start,
    /// The cell that runs it reports its end.
    Complete,
}

/// Where a task is after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// In this state.
    Now(State),
    /// No longer in the BBS.
    Gone,
}

/// A step that the state does not allow, as the BBS words it.
///
/// For delete the server names the step that is missing (Resolving), not the one that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forbidden {
    /// The state that the task is in.
    pub from: State,
    /// The state that the server says it cannot go to.
    pub to: State,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cannot transition from {} to {}", self.from, self.to)
    }
}

/// Where `step` leads from `state`, or what the BBS answers instead.
pub const fn check(step: Step, state: State) -> Result<Outcome, Forbidden> {
    match (step, state) {
        (Step::Cancel, State::Pending | State::Running) => Ok(Outcome::Now(State::Completed)),
        (Step::Resolving, State::Completed) => Ok(Outcome::Now(State::Resolving)),
        (Step::Delete, State::Resolving) => Ok(Outcome::Gone),
        (Step::Cancel, from) => Err(Forbidden { from, to: State::Completed }),
        (Step::Resolving | Step::Delete, from) => Err(Forbidden { from, to: State::Resolving }),
    }
}

/// Where a cell's `step` leads from `state`, or what the BBS answers instead.
///
/// That a cell may start again a task that it runs already is not a transition; the server's side of
/// [`CellStep::Start`] looks at the cell first.
pub const fn check_cell(step: CellStep, state: State) -> Result<State, Forbidden> {
    match (step, state) {
        (CellStep::Start, State::Pending) => Ok(State::Running),
        (CellStep::Complete, State::Running) => Ok(State::Completed),
        (CellStep::Start, from) => Err(Forbidden { from, to: State::Running }),
        (CellStep::Complete, from) => Err(Forbidden { from, to: State::Completed }),
    }
}

/// Where a task is when a cell has turned it down; none if it has ended, of which the BBS names no transition.
pub const fn reject(state: State) -> Option<State> {
    match state {
        State::Pending | State::Running => Some(State::Pending),
        _ => None,
    }
}
