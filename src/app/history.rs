//! What the event stream told, in the order of arrival: for the event pane and a task's timeline.

use std::collections::VecDeque;

use crate::model::{CellId, Domain, End, State, TaskEvent, TaskGuid, Timestamp};

/// One line of the event pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Our wall time of its arrival.
    pub at: Timestamp,
    /// What it was.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Something happened to a task.
    Task {
        /// The task.
        guid: TaskGuid,
        /// Its domain.
        domain: Domain,
        /// The cell it was on.
        cell: Option<CellId>,
        /// What it did.
        change: Change,
        /// Whether it is marked failed.
        failed: bool,
        /// Why it failed or was rejected.
        reason: Box<str>,
    },
    /// Events were lost here: the stream ended, and the next list heals what they would have told.
    Lost(String),
}

/// What a task did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was desired.
    Created,
    /// It went from one state to another, or was rejected from Pending to Pending.
    Moved(State, State),
    /// It left the BBS.
    Removed(End),
}

/// The newest happenings, up to a limit.
#[derive(Debug)]
pub struct History {
    all: VecDeque<Happening>,
    limit: usize,
    seen: u64,
}

impl History {
    /// Keeps at most `limit`.
    pub fn new(limit: usize) -> Self {
        Self { all: VecDeque::new(), limit, seen: 0 }
    }

    /// All that are kept, oldest first.
    pub fn all(&self) -> &VecDeque<Happening> {
        &self.all
    }

    /// How many there have been, kept or not.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Those of one task that are kept, oldest first.
    pub fn of<'a>(&'a self, guid: &'a TaskGuid) -> impl Iterator<Item = &'a Happening> {
        self.all.iter().filter(move |happening| match &happening.what {
            What::Task { guid: other, .. } => other == guid,
            What::Lost(_) => false,
        })
    }

    /// `by_us` says that the task, if it was removed, was deleted from here.
    pub(super) fn note_event(&mut self, event: &TaskEvent, by_us: bool, at: Timestamp) {
        let task = event.task();
        let (change, cell) = match event {
            TaskEvent::Created(task) => (Change::Created, &task.cell),
            TaskEvent::Changed { before, after } => (
                Change::Moved(before.state, after.state),
                if after.cell.is_some() { &after.cell } else { &before.cell },
            ),
            TaskEvent::Removed(task) if by_us => (Change::Removed(End::DeletedByUs), &task.cell),
            TaskEvent::Removed(task) => (Change::Removed(End::of_removed(task)), &task.cell),
        };
        let what = What::Task {
            guid: task.guid.clone(),
            domain: task.domain.clone(),
            cell: cell.clone(),
            change,
            failed: task.failed,
            reason: task.reason().into(),
        };
        self.push(Happening { at, what });
    }

    pub(super) fn note_loss(&mut self, why: String, at: Timestamp) {
        self.push(Happening { at, what: What::Lost(why) });
    }

    fn push(&mut self, happening: Happening) {
        self.seen += 1;
        self.all.push_back(happening);
        if self.all.len() > self.limit {
            self.all.pop_front();
        }
    }
}
