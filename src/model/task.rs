//! A task as the BBS holds it, shaped for holding a hundred thousand of them.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::{CellId, Domain, TaskGuid, TaskText, Timestamp};

/// A task's state. That it failed is a flag of a Completed (or Resolving) task, not a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The wire's zero: a server never stores it.
    Invalid,
    /// Desired, and waiting for a cell to start it.
    Pending,
    /// Started on a cell.
    Running,
    /// Ended, and waiting for somebody to resolve it.
    Completed,
    /// Claimed by the client that is about to delete it.
    Resolving,
    /// A state of a release newer than this program.
    Other(i32),
}

impl State {
    /// The states that a task can be in, in the order of its life.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Running, Self::Completed, Self::Resolving];

    /// The state of a number on the wire.
    pub const fn from_number(number: i32) -> Self {
        match number {
            0 => Self::Invalid,
            1 => Self::Pending,
            2 => Self::Running,
            3 => Self::Completed,
            4 => Self::Resolving,
            other => Self::Other(other),
        }
    }

    /// The number on the wire.
    pub const fn number(self) -> i32 {
        match self {
            Self::Invalid => 0,
            Self::Pending => 1,
            Self::Running => 2,
            Self::Completed => 3,
            Self::Resolving => 4,
            Self::Other(other) => other,
        }
    }

    /// Diego's word for it; `None` for a state that this program does not know.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Invalid => Some("Invalid"),
            Self::Pending => Some("Pending"),
            Self::Running => Some("Running"),
            Self::Completed => Some("Completed"),
            Self::Resolving => Some("Resolving"),
            Self::Other(_) => None,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.pad(name),
            None => f.pad(&format!("State {}", self.number())),
        }
    }
}

/// A task's definition as it was received, undecoded: most are never looked at, and the bytes are the smallest
/// form. `bbs::wire` decodes the one that is opened.
#[derive(Clone, Default)]
pub struct RawDefinition(Held);

/// Where the bytes are.
#[derive(Clone)]
enum Held {
    /// In memory of their own, if there are any.
    Own(Option<Arc<[u8]>>),
    /// In what they arrived in, all of which is kept for them.
    Lent(Bytes),
}

impl Default for Held {
    fn default() -> Self {
        Self::Own(None)
    }
}

impl RawDefinition {
    /// From the bytes of the protobuf message; none at all is a task without a definition.
    pub fn new(bytes: &[u8]) -> Self {
        Self(Held::Own((!bytes.is_empty()).then(|| Arc::from(bytes))))
    }

    /// As [`Self::new`], without copying them: for a task that is looked at and let go. One that is kept should be
    /// [settled](Self::settle), or all that it arrived with is kept too.
    pub fn lent(bytes: Bytes) -> Self {
        Self(Held::Lent(bytes))
    }

    /// Gives it memory of its own, if it has none.
    pub fn settle(&mut self) {
        if let Held::Lent(bytes) = &self.0 {
            *self = Self::new(bytes);
        }
    }

    /// The bytes of the protobuf message.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Held::Own(bytes) => bytes.as_deref().unwrap_or_default(),
            Held::Lent(bytes) => bytes,
        }
    }
}

impl PartialEq for RawDefinition {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for RawDefinition {}

impl fmt::Debug for RawDefinition {
    /// Says the size only: definitions hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawDefinition({} bytes)", self.as_bytes().len())
    }
}

/// A task, all but its definition decoded. Texts are the server's, not made safe for a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its identity.
    pub guid: TaskGuid,
    /// Whose work it is.
    pub domain: Domain,
    /// Where it is in its life.
    pub state: State,
    /// The cell that runs it: none before it starts, and none again once it is Completed.
    pub cell: Option<CellId>,
    /// When it was desired.
    pub created_at: Timestamp,
    /// When its state last changed; the server's sweep from Resolving back to Completed leaves it alone.
    pub updated_at: Timestamp,
    /// When it first became Completed; unset before that.
    pub first_completed_at: Timestamp,
    /// Whether it ended badly.
    pub failed: bool,
    /// Why it failed; at most 1,024 bytes.
    pub failure_reason: TaskText,
    /// What it left in its result file.
    pub result: TaskText,
    /// How often a cell turned it down.
    pub rejection_count: i32,
    /// Why a cell last turned it down; at most 1,024 bytes.
    pub rejection_reason: TaskText,
    /// What it was asked to do, undecoded.
    pub definition: RawDefinition,
}

impl Task {
    /// A task of which nothing else is known: no cell, no times, no texts, not failed.
    pub fn blank(guid: TaskGuid, domain: Domain, state: State) -> Self {
        Self {
            guid,
            domain,
            state,
            cell: None,
            created_at: Timestamp::UNSET,
            updated_at: Timestamp::UNSET,
            first_completed_at: Timestamp::UNSET,
            failed: false,
            failure_reason: TaskText::default(),
            result: TaskText::default(),
            rejection_count: 0,
            rejection_reason: TaskText::default(),
            definition: RawDefinition::default(),
        }
    }

    /// Why it is not where it should be: the failure reason, or else the last rejection reason. A task that runs or has
    /// succeeded has none: that a cell turned it down before is past.
    pub fn reason(&self) -> &str {
        let is_past = match self.state {
            State::Running => true,
            State::Completed | State::Resolving => !self.failed,
            State::Pending | State::Invalid | State::Other(_) => false,
        };
        match &*self.failure_reason {
            "" if is_past => "",
            "" => &self.rejection_reason,
            reason => reason,
        }
    }
}

/// Which tasks a list asks for; both parts apply together, an empty one asks for all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskFilter {
    /// Only this domain's.
    pub domain: Option<Domain>,
    /// Only those running on this cell.
    pub cell: Option<CellId>,
}

impl TaskFilter {
    /// Whether it asks for every task.
    pub fn is_all(&self) -> bool {
        self.domain.is_none() && self.cell.is_none()
    }

    /// Whether `task` is one that the list would hold.
    pub fn admits(&self, task: &Task) -> bool {
        self.domain.as_ref().is_none_or(|domain| *domain == task.domain)
            && self.cell.as_ref().is_none_or(|cell| task.cell.as_ref() == Some(cell))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_is_the_same_wherever_its_bytes_are() {
        let arrived = Bytes::from_static(b"before definition after");
        let mut lent = RawDefinition::lent(arrived.slice(7..17));
        assert_eq!(lent, RawDefinition::new(b"definition"));
        assert!(arrived.as_ptr_range().contains(&lent.as_bytes().as_ptr()));
        lent.settle();
        assert_eq!(lent, RawDefinition::new(b"definition"));
        assert!(!arrived.as_ptr_range().contains(&lent.as_bytes().as_ptr()));
        assert_eq!(RawDefinition::lent(Bytes::new()), RawDefinition::default());
        assert_eq!(RawDefinition::new(b""), RawDefinition::default());
    }

    #[test]
    fn a_past_rejection_is_no_reason_of_a_task_that_runs_or_has_succeeded() {
        let table = [
            (State::Pending, false, "", "no room"),
            (State::Running, false, "", ""),
            (State::Completed, false, "", ""),
            (State::Resolving, false, "", ""),
            (State::Completed, true, "", "no room"),
            (State::Completed, true, "out of memory", "out of memory"),
            (State::Resolving, true, "out of memory", "out of memory"),
            (State::Other(9), false, "", "no room"),
        ];
        for (state, failed, failure, reason) in table {
            let task = Task {
                failed,
                failure_reason: failure.into(),
                rejection_reason: "no room".into(),
                ..Task::blank("a".into(), "cf-tasks".into(), state)
            };
            assert_eq!(task.reason(), reason, "{state} {failed} {failure}");
        }
    }

    #[test]
    fn a_task_is_as_small_as_it_may_be() {
        assert!(size_of::<Task>() <= 200, "{}", size_of::<Task>());
    }
}
