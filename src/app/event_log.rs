//! Logs events in order of arrival, for the event pane and a task's timeline.
//!
//! Reads the store's changes. The pane has events and gaps; what lists reveal after a gap is one line there, and a line of
//! its own in the timeline of each task. Keeps nothing of what other lists and look-ups reveal.

use std::collections::VecDeque;

use crate::model::{CellId, Domain, End, Ended, State, Task, TaskEvent, TaskGuid, Timestamp};

use super::store::{Change, ChangeReader, Entry, Gap, Snapshot, Source, TaskChange};

/// One line of the event pane or of a timeline.
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
    /// A change of a task.
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
        /// Whether a list revealed it after the event was lost.
        reconciled: bool,
    },
    /// Events were lost.
    Gap(LostEvents),
    /// A list has made up for a gap.
    Reconciled(Reconciled),
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

impl LostEvents {
    /// Returns whether some of a task's events may be among them. `created_at` is by our clock.
    fn concerns(&self, created_at: Timestamp, end: Option<&Ended>) -> bool {
        self.end.is_none_or(|end| created_at <= end) && end.is_none_or(|end| end.at > self.start)
    }
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
    /// What lists revealed of single tasks after gaps, up to the same limit. The pane would drown in it.
    reconciled: VecDeque<LogEntry>,
    /// What they have revealed in the gap that is open.
    tally: Reconciled,
    limit: usize,
    seen: u64,
}

impl EventLog {
    /// Creates an empty log that keeps at most `limit` entries.
    pub fn new(limit: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            reconciled: VecDeque::new(),
            tally: Reconciled::default(),
            limit,
            seen: 0,
        }
    }

    /// Returns the kept entries, oldest first.
    pub fn entries(&self) -> &VecDeque<LogEntry> {
        &self.entries
    }

    /// Returns how many entries were logged, including those no longer kept.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Returns the kept entries that concern a task, oldest first: its events, the gaps in which it may have had others, and
    /// what lists revealed after them. `offset_ns` is how far the server's clock is ahead of ours.
    pub fn timeline<'a>(&'a self, entry: &'a Entry, offset_ns: i64) -> Vec<&'a LogEntry> {
        let Entry { task: Task { guid, created_at, .. }, end, .. } = entry;
        let created_at = created_at.shifted(offset_ns.saturating_neg());
        let is_its = |logged: &&LogEntry| match &logged.kind {
            LogKind::Task { guid: other, .. } => other == guid,
            LogKind::Gap(gap) => gap.concerns(created_at, end.as_deref()),
            LogKind::Reconciled(_) => false,
        };
        let mut all: Vec<_> = self.entries.iter().filter(is_its).collect();
        let told = all.len();
        all.extend(self.reconciled.iter().filter(is_its));
        if all.len() > told {
            // Stable: a gap stays before what is revealed at the same time.
            all.sort_by_key(|logged| logged.at);
        }
        all
    }

    fn push(&mut self, at: Timestamp, kind: LogKind) {
        self.seen += 1;
        keep(&mut self.entries, LogEntry { at, kind }, self.limit);
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
            Source::List { reconciles: true } => {
                self.tally.count(change.before, change.after);
                if let Some(kind) = of_list(change) {
                    keep(&mut self.reconciled, LogEntry { at: change.at, kind }, self.limit);
                }
            }
            Source::List { .. } | Source::Get | Source::OurAction(_) => {}
        }
    }
}

fn keep(entries: &mut VecDeque<LogEntry>, entry: LogEntry, limit: usize) {
    entries.push_back(entry);
    if entries.len() > limit {
        entries.pop_front();
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
    log_kind(task, transition, cell.clone(), false)
}

/// Returns what a list revealed of a task; none if it only left the part of the BBS that was listed.
fn of_list(change: &TaskChange<'_>) -> Option<LogKind> {
    let (task, transition) = match (change.before, change.after) {
        (Snapshot::Live(before), Snapshot::Live(after)) => {
            (after, Transition::Moved(before.state, after.state))
        }
        (_, Snapshot::Live(after)) => (after, Transition::Created),
        (_, Snapshot::Ended(last, end)) => (last, Transition::Removed(end)),
        (_, Snapshot::Absent) => return None,
    };
    let before = change.before.live().and_then(|before| before.cell.clone());
    Some(log_kind(task, transition, task.cell.clone().or(before), true))
}

fn log_kind(task: &Task, transition: Transition, cell: Option<CellId>, reconciled: bool) -> LogKind {
    LogKind::Task {
        guid: task.guid.clone(),
        domain: task.domain.clone(),
        cell,
        transition,
        failed: task.failed,
        reason: task.reason().into(),
        reconciled,
    }
}
