//! Logs events in order of arrival, for the event pane and a task's timeline.
//!
//! Reads the store's changes. Keeps events and gaps, but not what a list or a look-up reveals.

use std::collections::VecDeque;

use crate::model::{CellId, Domain, End, State, TaskEvent, TaskGuid, Timestamp};

use super::store::{Change, ChangeReader, Source, TaskChange};

/// One line of the event pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// When it arrived (wall time).
    pub at: Timestamp,
    /// What was logged.
    pub kind: LogKind,
}

/// What a log entry is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogKind {
    /// An event of a task.
    Task {
        /// The task's guid.
        guid: TaskGuid,
        /// Its domain.
        domain: Domain,
        /// Its cell, or its cell before the event.
        cell: Option<CellId>,
        /// What the task did.
        transition: Transition,
        /// Whether it is marked failed.
        failed: bool,
        /// Why it failed or was rejected; otherwise empty.
        reason: Box<str>,
    },
    /// Events were lost, for this reason. The next list shows the result.
    Gap(String),
}

/// What a task did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// It was desired.
    Created,
    /// It went from one state to another, or was rejected (from Pending to Pending).
    Moved(State, State),
    /// It left the BBS.
    Removed(End),
}

/// The newest log entries, up to a limit.
#[derive(Debug)]
pub struct EventLog {
    entries: VecDeque<LogEntry>,
    limit: usize,
    seen: u64,
}

impl EventLog {
    /// Creates an empty log that keeps at most `limit` entries.
    pub fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit, seen: 0 }
    }

    /// Returns the kept entries, oldest first.
    pub fn entries(&self) -> &VecDeque<LogEntry> {
        &self.entries
    }

    /// Returns how many entries were logged, including those no longer kept.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Returns the kept entries of one task, oldest first.
    pub fn of<'a>(&'a self, guid: &'a TaskGuid) -> impl Iterator<Item = &'a LogEntry> {
        self.entries.iter().filter(move |entry| match &entry.kind {
            LogKind::Task { guid: other, .. } => other == guid,
            LogKind::Gap(_) => false,
        })
    }

    fn push(&mut self, at: Timestamp, kind: LogKind) {
        self.seen += 1;
        self.entries.push_back(LogEntry { at, kind });
        if self.entries.len() > self.limit {
            self.entries.pop_front();
        }
    }
}

impl ChangeReader for EventLog {
    fn read(&mut self, change: &Change<'_>) {
        match change {
            Change::Task(TaskChange { at, source: Source::Event { event, by_us }, .. }) => {
                self.push(*at, of_event(event, *by_us));
            }
            Change::Gap(gap) if !gap.closed => self.push(gap.at, LogKind::Gap(gap.why.to_owned())),
            Change::Task(_) | Change::Gap(_) => {}
        }
    }
}

fn of_event(event: &TaskEvent, by_us: bool) -> LogKind {
    let task = event.task();
    let (transition, cell) = match event {
        TaskEvent::Created(task) => (Transition::Created, &task.cell),
        TaskEvent::Changed { before, after } => (
            Transition::Moved(before.state, after.state),
            // Completion blanks the cell.
            if after.cell.is_some() { &after.cell } else { &before.cell },
        ),
        TaskEvent::Removed(task) if by_us => (Transition::Removed(End::DeletedByUs), &task.cell),
        TaskEvent::Removed(task) => (Transition::Removed(End::of_removed(task)), &task.cell),
    };
    LogKind::Task {
        guid: task.guid.clone(),
        domain: task.domain.clone(),
        cell: cell.clone(),
        transition,
        failed: task.failed,
        reason: task.reason().into(),
    }
}
