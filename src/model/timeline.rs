//! What was seen of a task's course: its changes with the versions before and after, our own requests about it, and the
//! stretches in which events were lost.

use std::sync::Arc;

use super::lifecycle::Step;
use super::{CellId, End, RequestId, State, Task, TaskText, Timestamp};

/// What can differ between two versions of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The state.
    pub state: State,
    /// The cell that runs the task.
    pub cell: Option<CellId>,
    /// When the task first became Completed; unset before that.
    pub first_completed_at: Timestamp,
    /// How often a cell rejected the task.
    pub rejection_count: i32,
    /// Whether the task failed.
    pub failed: bool,
    /// Whether the task has a result. The result itself may be long, and does not change.
    pub has_result: bool,
    /// Why the task failed.
    pub failure_reason: TaskText,
    /// Why a cell last rejected the task.
    pub rejection_reason: TaskText,
}

impl Version {
    /// Returns how many bytes it takes, with its texts.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.failure_reason.len() + self.rejection_reason.len()
    }
}

impl From<&Task> for Version {
    fn from(task: &Task) -> Self {
        Self {
            state: task.state,
            cell: task.cell.clone(),
            first_completed_at: task.first_completed_at,
            rejection_count: task.rejection_count,
            failed: task.failed,
            has_result: !task.result.is_empty(),
            failure_reason: task.failure_reason.clone(),
            rejection_reason: task.rejection_reason.clone(),
        }
    }
}

/// Where a change was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// An event.
    Event,
    /// An event that came after a list or a look-up had shown a later version.
    LateEvent,
    /// A list.
    List,
    /// A list that made up for lost events.
    Reconciled,
    /// A look-up of this one task.
    LookUp,
    /// The reply to our own request.
    OurAction,
}

/// A change of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionChange {
    /// Where it was learnt.
    pub evidence: Evidence,
    /// The version before; none if the task was not known.
    pub before: Option<Arc<Version>>,
    /// The version after, or the last one if the task left.
    pub after: Arc<Version>,
    /// How the task left, if it did.
    pub end: Option<End>,
}

/// Something that is known of a task's course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// The task changed.
    Change(VersionChange),
    /// We sent a request.
    Sent(Step, RequestId),
    /// The BBS did not do what we requested, or did not reply.
    Unanswered(Step, Box<str>),
}

/// A happening with its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// When it was learnt (our wall time).
    pub at: Timestamp,
    /// What happened.
    pub what: Happening,
}

impl Record {
    /// Returns whether the task was not known before. What came earlier belongs to an earlier task with its guid.
    pub const fn is_birth(&self) -> bool {
        matches!(self.what, Happening::Change(VersionChange { before: None, .. }))
    }
}

/// A stretch of time in which events were lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostEvents {
    /// Wall time of the last item before.
    pub start: Timestamp,
    /// Wall time of the list that made up for it; none while it lasts.
    pub end: Option<Timestamp>,
    /// Why events were lost.
    pub why: Box<str>,
}

/// All that is known of a task's course.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline<'a> {
    /// What happened, oldest first.
    pub records: Vec<&'a Record>,
    /// The stretches in which the task may have had other events, oldest first.
    pub gaps: Vec<&'a LostEvents>,
    /// Whether earlier records were dropped to save memory.
    pub is_cut: bool,
}
