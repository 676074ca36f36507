//! Tasks as the BBS stores them, in a compact form: a list can have 100,000 of them.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::{CellId, Domain, Owner, TaskGuid, TaskText, Timestamp};

/// State of a task. Failure is not a state but a flag of a Completed or Resolving task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Zero on the wire; a server never stores it.
    Invalid,
    /// Created and waiting for a cell to start it.
    Pending,
    /// Running on a cell.
    Running,
    /// Ended and waiting to be resolved.
    Completed,
    /// Claimed by a client that is about to delete it.
    Resolving,
    /// An unknown state, from a newer release.
    Other(i32),
}

impl State {
    /// The states of a task in lifecycle order.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Running, Self::Completed, Self::Resolving];

    /// Returns the state for a number on the wire.
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

    /// Returns the number on the wire.
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

    /// Returns Diego's name of the state, or `None` if the state is unknown.
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

/// Encoded task definition. Most are never needed, and the encoded form is the smallest; `bbs::wire` decodes the one that
/// is opened.
#[derive(Clone, Default)]
pub struct RawDefinition(Storage);

/// Where the bytes are stored.
#[derive(Clone)]
enum Storage {
    /// In an allocation of their own, if there are any.
    Owned {
        bytes: Option<Arc<[u8]>>,
        /// Whether they are known to name a completion callback.
        names_callback: bool,
        /// Whether there were some that were dropped to save memory.
        is_dropped: bool,
    },
    /// In the chunk of the reply that they arrived in, which stays in memory as a whole.
    Shared(Bytes),
}

impl Default for Storage {
    fn default() -> Self {
        Self::Owned { bytes: None, names_callback: false, is_dropped: false }
    }
}

/// Says that a definition was dropped, without a period.
pub const DROPPED_DEFINITION: &str = "its definition is no longer kept: many tasks have ended since this one";

impl RawDefinition {
    /// Copies an encoded definition. Empty bytes mean a task without a definition.
    pub fn new(bytes: &[u8]) -> Self {
        let bytes = (!bytes.is_empty()).then(|| Arc::from(bytes));
        Self(Storage::Owned { bytes, names_callback: false, is_dropped: false })
    }

    /// Creates a definition without copying, for a task that is used only briefly. [Detach](Self::detach) it to keep it:
    /// otherwise the whole chunk stays in memory.
    pub fn shared(bytes: Bytes) -> Self {
        Self(Storage::Shared(bytes))
    }

    /// Records whether the definition names a completion callback: the BBS then deletes the task by itself.
    #[must_use]
    pub fn with_callback(mut self, names_callback: bool) -> Self {
        self.detach();
        if let Storage::Owned { names_callback: known, .. } = &mut self.0 {
            *known = names_callback;
        }
        self
    }

    /// Returns whether the definition is known to name a completion callback. Only events and single tasks are checked;
    /// checking every task of a list would cost too much.
    pub const fn names_callback(&self) -> bool {
        matches!(self.0, Storage::Owned { names_callback: true, .. })
    }

    /// Drops the bytes.
    pub fn drop_bytes(&mut self) {
        let names_callback = self.names_callback();
        self.0 = Storage::Owned { bytes: None, names_callback, is_dropped: true };
    }

    /// Returns whether the bytes were dropped.
    pub const fn is_dropped(&self) -> bool {
        matches!(self.0, Storage::Owned { is_dropped: true, .. })
    }

    /// Copies the bytes if they are shared.
    pub fn detach(&mut self) {
        if let Storage::Shared(bytes) = &self.0 {
            *self = Self::new(bytes);
        }
    }

    /// Returns the encoded definition.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Storage::Owned { bytes, .. } => bytes.as_deref().unwrap_or_default(),
            Storage::Shared(bytes) => bytes,
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
    /// Writes only the size: definitions contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawDefinition({} bytes)", self.as_bytes().len())
    }
}

/// A task with an encoded definition. Texts are as received, not sanitized for the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Identity of the task.
    pub guid: TaskGuid,
    /// Domain that the task belongs to.
    pub domain: Domain,
    /// Current state.
    pub state: State,
    /// Cell that runs the task; `None` before the start and again once it is Completed.
    pub cell: Option<CellId>,
    /// When the task was created.
    pub created_at: Timestamp,
    /// When the state last changed; the server's sweep from Resolving back to Completed does not update it.
    pub updated_at: Timestamp,
    /// When the task first became Completed; unset before that.
    pub first_completed_at: Timestamp,
    /// Whether the task failed.
    pub failed: bool,
    /// Why the task failed; at most 1,024 bytes.
    pub failure_reason: TaskText,
    /// Content of the result file.
    pub result: TaskText,
    /// How often a cell rejected the task.
    pub rejection_count: i32,
    /// Why a cell last rejected the task; at most 1,024 bytes.
    pub rejection_reason: TaskText,
    /// Encoded definition.
    pub definition: RawDefinition,
    /// The app, space and organization that the definition names.
    pub owner: Owner,
}

impl Task {
    /// Creates a task with all other fields empty.
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
            owner: Owner::default(),
        }
    }

    /// Returns the failure reason or, if there is none, the last rejection reason. A running or successful task has no
    /// reason: its rejections are past.
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

/// Filter of a list request. Both fields apply together; the default matches all tasks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskFilter {
    /// Only tasks of this domain.
    pub domain: Option<Domain>,
    /// Only tasks running on this cell.
    pub cell: Option<CellId>,
}

impl TaskFilter {
    /// Returns whether the filter matches all tasks.
    pub fn is_all(&self) -> bool {
        self.domain.is_none() && self.cell.is_none()
    }

    /// Returns whether the server would include `task` in the list.
    pub fn admits(&self, task: &Task) -> bool {
        self.domain.as_ref().is_none_or(|domain| *domain == task.domain)
            && self.cell.as_ref().is_none_or(|cell| task.cell.as_ref() == Some(cell))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_and_owned_definitions_are_equal() {
        let arrived = Bytes::from_static(b"before definition after");
        let mut shared = RawDefinition::shared(arrived.slice(7..17));
        assert_eq!(shared, RawDefinition::new(b"definition"));
        assert!(arrived.as_ptr_range().contains(&shared.as_bytes().as_ptr()));
        shared.detach();
        assert_eq!(shared, RawDefinition::new(b"definition"));
        assert!(!arrived.as_ptr_range().contains(&shared.as_bytes().as_ptr()));
        assert_eq!(RawDefinition::shared(Bytes::new()), RawDefinition::default());
        assert_eq!(RawDefinition::new(b""), RawDefinition::default());
    }

    #[test]
    fn dropped_bytes_are_gone_and_the_callback_stays_known() {
        for names_callback in [false, true] {
            let mut definition = RawDefinition::new(b"definition").with_callback(names_callback);
            assert!(!definition.is_dropped());
            definition.drop_bytes();
            assert_eq!((definition.as_bytes(), definition.is_dropped()), (&b""[..], true));
            assert_eq!(definition.names_callback(), names_callback);
        }
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
    fn a_task_fits_in_208_bytes() {
        assert!(size_of::<Task>() <= 208, "{}", size_of::<Task>());
    }
}
