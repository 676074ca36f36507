//! The stream of changes: one [`Change`] for every difference that the store takes in.
//!
//! The event pane, a task's timeline and every later reader implement [`ChangeReader`]. They must not listen to the
//! event stream themselves: only the store knows which events are late and what a list revealed.
//!
//! A change borrows its tasks, so a reader that skips it costs nothing. Readers copy what they keep.

use crate::model::lifecycle::Step;
use crate::model::{End, Task, TaskEvent, TaskGuid, Timestamp};

use super::Entry;

/// A difference that the store takes in, reported before it is applied.
#[derive(Debug, Clone, Copy)]
pub enum Change<'a> {
    /// One task changed, or an event about it arrived.
    Task(TaskChange<'a>),
    /// The event stream has a gap.
    Gap(Gap<'a>),
}

/// A difference of one task.
///
/// Every event is reported, also one that is late or repeats what a list already revealed. Such a change has the same
/// `before` and `after`.
#[derive(Debug, Clone, Copy)]
pub struct TaskChange<'a> {
    /// Wall time of its arrival.
    pub at: Timestamp,
    /// Where it comes from.
    pub source: Source<'a>,
    /// The task's guid.
    pub guid: &'a TaskGuid,
    /// What the store held until now.
    pub before: Snapshot<'a>,
    /// What the store holds from now on.
    pub after: Snapshot<'a>,
}

/// Where the change of a task comes from.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// The event stream.
    Event {
        /// The event as it arrived. Its own versions differ from `before` and `after` if it is late.
        event: &'a TaskEvent,
        /// Whether a delete of ours was under way. A removal is then ours.
        by_us: bool,
    },
    /// A list.
    List {
        /// Whether it reveals this after events were lost: a [`Gap`] was still open. They would have told it.
        reconciles: bool,
    },
    /// A look-up of this one task.
    Get,
    /// A step of our own action, which explains how the task ended.
    OurAction(Step),
}

/// What the store holds of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Snapshot<'a> {
    /// Nothing. Also the state of a task that left the part of the BBS that lists are limited to.
    Absent,
    /// The BBS holds the task; this is its newest known version.
    Live(&'a Task),
    /// The task left the BBS; this is its last known version.
    Ended(&'a Task, End),
}

impl<'a> Snapshot<'a> {
    pub(super) fn of(entry: Option<&'a Entry>) -> Self {
        match entry {
            None => Self::Absent,
            Some(Entry { task, end: None, .. }) => Self::Live(task),
            Some(Entry { task, end: Some(end), .. }) => Self::Ended(task, end.how),
        }
    }

    /// Returns the task if the BBS holds it.
    pub const fn live(self) -> Option<&'a Task> {
        match self {
            Self::Live(task) => Some(task),
            Self::Absent | Self::Ended(..) => None,
        }
    }
}

/// A stretch of time in which events were lost.
///
/// Reported when the loss is noticed (without an end), and again when a list has closed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap<'a> {
    /// Wall time of the last item before the gap. Every later event may be lost.
    pub start: Timestamp,
    /// Wall time of this report.
    pub at: Timestamp,
    /// Whether a list requested from the new stream on has arrived, so that the store is complete again.
    pub closed: bool,
    /// Why events were lost.
    pub why: &'a str,
}

/// A reader of the stream of changes.
pub trait ChangeReader {
    /// Reads one change.
    fn read(&mut self, change: &Change<'_>);
}

/// Reads nothing.
impl ChangeReader for () {
    fn read(&mut self, _: &Change<'_>) {}
}
