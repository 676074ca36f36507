//! Logs events in order of arrival, for the event pane.
//!
//! Reads the store's changes. The pane has events and gaps; what lists reveal after a gap is one line there. Keeps nothing of
//! what other lists and look-ups reveal: that is in the [timelines](super::timelines) of the tasks.

use std::collections::VecDeque;

use crate::model::{CellId, Domain, End, LostEvents, State, TaskEvent, TaskGuid, Timestamp};

use super::store::{Change, ChangeReader, Gap, Snapshot, Source, TaskChange};

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
    /// An event about a task.
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
    /// Events were lost.
    Gap(LostEvents),
    /// A list has made up for a gap.
    Reconciled(Reconciled),
}

/// What lists revealed after a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reconciled {
    /// Tasks that were not known.
    pub new: usize,
    /// Tasks that had changed. One that changed several times counts each time that a list noticed it.
    pub changed: usize,
    /// Tasks that were gone.
    pub gone: usize,
}

impl Reconciled {
    /// Returns how many tasks these are.
    pub const fn total(self) -> usize {
        self.new + self.changed + self.gone
    }

    fn count(&mut self, before: Snapshot<'_>, after: Snapshot<'_>) {
        match (before, after) {
            (Snapshot::Live(_), Snapshot::Live(_)) => self.changed += 1,
            (_, Snapshot::Live(_)) => self.new += 1,
            (_, Snapshot::Ended(..)) => self.gone += 1,
            // It left the part of the BBS that was listed.
            (_, Snapshot::Absent) => {}
        }
    }
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
    /// What lists have revealed in the gap that is open.
    tally: Reconciled,
    limit: usize,
    seen: u64,
}

impl EventLog {
    /// Creates an empty log that keeps at most `limit` entries.
    pub fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), tally: Reconciled::default(), limit, seen: 0 }
    }

    /// Returns the kept entries, oldest first.
    pub fn entries(&self) -> &VecDeque<LogEntry> {
        &self.entries
    }

    /// Returns how many entries were logged, including those no longer kept.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Returns what is kept, how many, and how many at most.
    #[cfg(test)]
    pub(super) fn bound(&self) -> (&'static str, usize, usize) {
        ("lines of the event pane", self.entries.len(), self.limit)
    }

    fn push(&mut self, at: Timestamp, kind: LogKind) {
        self.seen += 1;
        self.entries.push_back(LogEntry { at, kind });
        if self.entries.len() > self.limit {
            self.entries.pop_front();
        }
    }

    fn read_gap(&mut self, gap: &Gap<'_>) {
        if !gap.closed {
            let lost = LostEvents { start: gap.start, end: None, why: gap.why.into() };
            return self.push(gap.at, LogKind::Gap(lost));
        }
        for entry in self.entries.iter_mut().rev() {
            // Each loss that was noticed in this gap has a line of its own.
            match &mut entry.kind {
                LogKind::Gap(lost) if lost.end.is_some() => break,
                LogKind::Gap(lost) => lost.end = Some(gap.at),
                _ => {}
            }
        }
        let tally = std::mem::take(&mut self.tally);
        self.push(gap.at, LogKind::Reconciled(tally));
    }

    fn read_task(&mut self, change: &TaskChange<'_>) {
        match change.source {
            Source::Event { event, by_us } => self.push(change.at, of_event(event, by_us)),
            Source::List { reconciles: true } => self.tally.count(change.before, change.after),
            Source::List { .. } | Source::Get | Source::OurAction(_) => {}
        }
    }
}

impl ChangeReader for EventLog {
    fn read(&mut self, change: &Change<'_>) {
        match change {
            Change::Task(change) => self.read_task(change),
            Change::Gap(gap) => self.read_gap(gap),
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
