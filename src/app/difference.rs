//! What a change of a task tells: where it was learnt, and the versions before and after it.
//!
//! Shared by the readers that keep the course of a task.

use super::store::{Snapshot, Source, TaskChange};
use crate::model::{End, Evidence, Task, TaskEvent, Version};

/// What a change of a task tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Difference<'a> {
    pub(super) evidence: Evidence,
    /// The version before; none if the task was not known.
    pub(super) before: Option<&'a Task>,
    /// The version after, or the last one if the task left.
    pub(super) after: &'a Task,
    /// How the task left, if it did.
    pub(super) end: Option<End>,
}

impl<'a> Difference<'a> {
    /// Returns what a change tells; none if that is nothing.
    pub(super) fn of(change: &TaskChange<'a>) -> Option<Self> {
        let evidence = match change.source {
            Source::Event { event, .. } if change.before == change.after => {
                return Self::of_late(event, change.after);
            }
            Source::Event { .. } => Evidence::Event,
            Source::List { reconciles: true } => Evidence::Reconciled,
            Source::List { .. } => Evidence::List,
            Source::Get => Evidence::LookUp,
            Source::OurAction(_) => Evidence::OurAction,
        };
        let before = match (change.before, change.source) {
            (Snapshot::Absent, Source::Event { event: TaskEvent::Changed { before, .. }, .. }) => {
                Some(&**before)
            }
            (Snapshot::Absent, Source::Event { event: TaskEvent::Removed(last), .. }) => Some(last),
            (Snapshot::Absent, _) => None,
            // The guid was used again.
            (Snapshot::Live(task) | Snapshot::Ended(task, _), _)
                if is_of_another_life(task, change.after) =>
            {
                None
            }
            (Snapshot::Live(task) | Snapshot::Ended(task, _), _) => Some(task),
        };
        match change.after {
            // It only left the part of the BBS that was listed.
            Snapshot::Absent => None,
            Snapshot::Live(after) => Some(Self { evidence, before, after, end: None }),
            Snapshot::Ended(last, end) => Some(Self { evidence, before, after: last, end: Some(end) }),
        }
    }

    /// Returns what a late event tells of a task that is held; none if a list or a look-up has told all of it.
    fn of_late(event: &'a TaskEvent, held: Snapshot<'_>) -> Option<Self> {
        let TaskEvent::Changed { before, after } = event else { return None };
        let (Snapshot::Live(held) | Snapshot::Ended(held, _)) = held else { return None };
        let is_told = held.created_at != after.created_at || Version::from(held) == Version::from(&**after);
        (!is_told).then_some(Self {
            evidence: Evidence::LateEvent,
            before: Some(&**before),
            after: &**after,
            end: None,
        })
    }
}

/// Returns whether a snapshot is of a later task with the guid.
fn is_of_another_life(task: &Task, later: Snapshot<'_>) -> bool {
    match later {
        Snapshot::Absent => false,
        Snapshot::Live(later) | Snapshot::Ended(later, _) => later.created_at != task.created_at,
    }
}
