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

/// A step that somebody may ask of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A cell starts it.
    Start,
    /// The cell that runs it reports its end.
    Complete,
    /// A cell turns it down.
    Reject,
    /// An operator or client ends it.
    Cancel,
    /// A client claims its deletion.
    Resolving,
    /// The client that claimed it deletes it.
    Delete,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 6] =
        [Self::Start, Self::Complete, Self::Reject, Self::Cancel, Self::Resolving, Self::Delete];
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
///
/// That a cell may start again a task that it runs already is not a transition; the server's side of
/// [`Step::Start`] looks at the cell first.
pub const fn check(step: Step, state: State) -> Result<Outcome, Forbidden> {
    match (step, state) {
        (Step::Start, State::Pending) => Ok(Outcome::Now(State::Running)),
        (Step::Complete, State::Running) | (Step::Cancel, State::Pending | State::Running) => {
            Ok(Outcome::Now(State::Completed))
        }
        (Step::Reject, State::Pending | State::Running) => Ok(Outcome::Now(State::Pending)),
        (Step::Resolving, State::Completed) => Ok(Outcome::Now(State::Resolving)),
        (Step::Delete, State::Resolving) => Ok(Outcome::Gone),
        (Step::Start, from) => Err(Forbidden { from, to: State::Running }),
        (Step::Reject, from) => Err(Forbidden { from, to: State::Pending }),
        (Step::Complete | Step::Cancel, from) => Err(Forbidden { from, to: State::Completed }),
        (Step::Resolving | Step::Delete, from) => Err(Forbidden { from, to: State::Resolving }),
    }
}
