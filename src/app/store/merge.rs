//! The rules of the merge: how lists, events and look-ups change the store.
//!
//! Each rule judges first, reports the [`Change`], and then applies it.

use std::cmp::Ordering;

use crate::model::lifecycle::Step;
use crate::model::{
    End, Ended, RequestId, State, Task, TaskEvent, TaskFilter, TaskGuid, Timestamp, started_at,
};

use super::{Change, ChangeReader, Entry, Known, Mark, Snapshot, Source, Store, TaskChange};

/// Whether the store took in what it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// The store changed.
    Changed,
    /// The store already held it.
    Known,
    /// It was older than what the store holds, or about a task that is gone.
    Late,
}

/// What an event does to the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Nothing.
    Keep(Applied),
    /// Its version becomes the live one.
    Put,
    /// The task ends, with the newer of two last versions.
    End { held_is_newer: bool },
    /// The task has already ended; the event tells how, and maybe a newer last version.
    ExplainEnd { told_is_newer: bool },
}

/// Returns whether `a` is a later version than `b` of one task, as far as the versions themselves can tell.
///
/// `updated_at` orders them, with one exception: the sweep from Resolving back to Completed keeps it. Of two versions
/// with the same `updated_at`, the Completed one is later. Source: "Life of a task" of the API.
pub(super) fn is_newer(a: &Task, b: &Task) -> bool {
    match a.updated_at.cmp(&b.updated_at) {
        Ordering::Equal => (a.state, b.state) == (State::Completed, State::Resolving),
        order => order == Ordering::Greater,
    }
}

fn same_version(a: &Task, b: &Task) -> bool {
    a.state == b.state && a.updated_at == b.updated_at
}

/// Reports one change of a task.
pub(super) fn report<'a>(
    reader: &mut impl ChangeReader,
    (at, source): (Timestamp, Source<'a>),
    guid: &'a TaskGuid,
    (before, after): (Snapshot<'a>, Snapshot<'a>),
) {
    reader.read(&Change::Task(TaskChange { at, source, guid, before, after }));
}

impl Store {
    /// Returns the mark to request a list or a look-up with. Whatever is applied after this call is newer than the
    /// request.
    pub fn mark(&mut self) -> Mark {
        self.tick()
    }

    /// Merges one task from the list request identified by `mark`. `at` is our wall time.
    pub fn apply_listed(
        &mut self,
        mark: Mark,
        task: Task,
        at: Timestamp,
        reader: &mut impl ChangeReader,
    ) -> Applied {
        match self.tombstones.get(&task.guid) {
            Some(tombstone) if tombstone.mark > mark && task.created_at <= tombstone.created_at => {
                return Applied::Late;
            }
            _ => self.tombstones.remove(&task.guid),
        };
        let id = self.find(&task.guid);
        let held = id.and_then(|id| self.entry(id));
        let live = held.filter(|entry| entry.end.is_none());
        let told_since = live.is_some_and(|entry| entry.touched > mark);
        let keep = |entry: &Entry| entry.task == task || (told_since && !is_newer(&task, &entry.task));
        if !live.is_some_and(keep) {
            let touched = live.map(|entry| entry.touched).unwrap_or_default();
            let source = self.list_source();
            report(reader, (at, source), &task.guid, (Snapshot::of(held), Snapshot::Live(&task)));
            self.put(task, touched, mark);
            return Applied::Changed;
        }
        if let Some(entry) = id.and_then(|id| self.entry_mut(id)) {
            entry.listed = mark;
        }
        if told_since { Applied::Late } else { Applied::Known }
    }

    /// Ends the list requested with `mark` for `filter`: tasks that it should contain but does not are gone.
    /// Returns how many tasks ended. `at` is our wall time.
    ///
    /// A cell's list cannot distinguish a task that was deleted from one that completed (which clears the cell).
    /// Tasks that are missing there are dropped, not ended.
    pub fn finish_list(
        &mut self,
        mark: Mark,
        filter: &TaskFilter,
        at: Timestamp,
        reader: &mut impl ChangeReader,
    ) -> usize {
        let missing: Vec<Task> = self
            .entries()
            .map(|(_, entry)| entry)
            .filter(|entry| entry.end.is_none() && entry.listed < mark && entry.touched <= mark)
            .map(|entry| entry.task.clone())
            .collect();
        let mut gone = 0;
        let (source, unseen) = (self.list_source(), self.continuity.unseen());
        for task in missing {
            let before = Snapshot::Live(&task);
            if filter.cell.is_none() && filter.admits(&task) {
                let after = Snapshot::Ended(&task, End::Vanished);
                report(reader, (at, source), &task.guid, (before, after));
                self.end(task, Ended { unseen, ..Ended::new(End::Vanished, at) });
                gone += 1;
            } else if !filter.is_all() {
                report(reader, (at, source), &task.guid, (before, Snapshot::Absent));
                self.take(&task.guid);
            }
        }
        if filter.is_all() {
            self.close_gap(mark, at, reader);
        }
        gone
    }

    fn list_source(&self) -> Source<'static> {
        Source::List { reconciles: self.continuity.has_gap() }
    }

    /// Applies one event of the stream. `by_us` says that we sent a delete for its task, so a removal is ours. `at` is
    /// our wall time.
    pub fn apply_event(
        &mut self,
        event: TaskEvent,
        by_us: bool,
        at: Timestamp,
        reader: &mut impl ChangeReader,
    ) -> Applied {
        self.continuity.heard(at);
        let guid = event.guid();
        let held = self.get(guid);
        let end = Ended::new(End::of_removed(event.task()), at);
        let end = if by_us { end.by_us() } else { end };
        let verdict = self.judge(&event, held);
        let end = match (verdict, held.and_then(|entry| entry.end.as_deref())) {
            (Verdict::ExplainEnd { .. }, Some(known)) => known.explained_by(end),
            _ => end,
        };
        let how = end.how;
        let before = Snapshot::of(held);
        let after = match (verdict, held) {
            (Verdict::Keep(_), _) => before,
            (Verdict::Put, _) => Snapshot::Live(event.task()),
            (
                Verdict::End { held_is_newer: true } | Verdict::ExplainEnd { told_is_newer: false },
                Some(held),
            ) => Snapshot::Ended(&held.task, how),
            (Verdict::End { .. } | Verdict::ExplainEnd { .. }, _) => Snapshot::Ended(event.task(), how),
        };
        report(reader, (at, Source::Event { event: &event, by_us }), guid, (before, after));
        match verdict {
            Verdict::Keep(applied) => return applied,
            Verdict::Put => self.put_version(event),
            Verdict::ExplainEnd { told_is_newer } => {
                self.explain_end(&event.task().guid.clone(), |_| end);
                if told_is_newer {
                    self.replace_last(event.into_task());
                }
            }
            Verdict::End { held_is_newer } => {
                let held = held_is_newer.then(|| self.get(event.guid()).map(|entry| entry.task.clone()));
                self.end(held.flatten().unwrap_or_else(|| event.into_task()), end);
            }
        }
        Applied::Changed
    }

    fn judge(&self, event: &TaskEvent, held: Option<&Entry>) -> Verdict {
        let task = event.task();
        let live = held.filter(|entry| entry.end.is_none());
        // A removal can arrive after a list or a look-up has found the task missing. It then tells how the task ended.
        if let (TaskEvent::Removed(_), Some(entry)) = (event, held)
            && entry.end.as_ref().is_some_and(|end| end.without_us == End::Vanished)
            && entry.task.created_at == task.created_at
        {
            return Verdict::ExplainEnd { told_is_newer: is_newer(task, &entry.task) };
        }
        if self.is_late(task) {
            return Verdict::Keep(Applied::Late);
        }
        match (event, live) {
            (TaskEvent::Removed(_), Some(held)) if held.task.created_at > task.created_at => {
                Verdict::Keep(Applied::Late)
            }
            (TaskEvent::Removed(_), held) => {
                Verdict::End { held_is_newer: held.is_some_and(|held| is_newer(&held.task, task)) }
            }
            (_, None) => Verdict::Put,
            (_, Some(held)) if held.task == *task => Verdict::Keep(Applied::Known),
            (TaskEvent::Changed { before, .. }, Some(held)) if same_version(before, &held.task) => {
                Verdict::Put
            }
            (_, Some(held)) if is_newer(task, &held.task) => Verdict::Put,
            (_, Some(_)) => Verdict::Keep(Applied::Late),
        }
    }

    /// Applies the answer to a look-up requested with `mark`; `None` says that the BBS has no such task.
    pub fn apply_got(
        &mut self,
        mark: Mark,
        guid: &TaskGuid,
        got: Option<Task>,
        at: Timestamp,
        reader: &mut impl ChangeReader,
    ) -> Applied {
        let held = self.get(guid);
        let before = Snapshot::of(held);
        let live = held.filter(|entry| entry.end.is_none());
        let told_since = live.is_some_and(|entry| entry.touched > mark);
        match (got, live) {
            (Some(task), Some(held)) if task == held.task || (told_since && !is_newer(&task, &held.task)) => {
                Applied::Known
            }
            (Some(task), _) if self.is_late(&task) => Applied::Late,
            (Some(task), _) => {
                report(reader, (at, Source::Get), guid, (before, Snapshot::Live(&task)));
                let touched = self.tick();
                self.put(task, touched, Mark::default());
                Applied::Changed
            }
            (None, Some(held)) if !told_since => {
                // An event that is still under way may tell how it left.
                report(reader, (at, Source::Get), guid, (before, Snapshot::Ended(&held.task, End::Vanished)));
                let last = held.task.clone();
                self.end(last, Ended::new(End::Vanished, at));
                Applied::Changed
            }
            (None, Some(_)) => Applied::Late,
            (None, None) => Applied::Known,
        }
    }

    /// Attributes the end of a task to our own delete, if it has ended. `request` is the id of the delete, if it is known.
    /// `created_at` says for which life of the guid it was meant; `at` is our wall time.
    pub fn claim_end(
        &mut self,
        guid: &TaskGuid,
        created_at: Timestamp,
        request: Option<RequestId>,
        at: Timestamp,
        reader: &mut impl ChangeReader,
    ) {
        let Some(Entry { task, end: Some(end), .. }) = self.get(guid) else { return };
        if task.created_at != created_at {
            return;
        }
        let claimed = Ended { request, ..end.by_us() };
        match end.how {
            End::DeletedByUs if end.request == request => {}
            End::DeletedByUs => self.explain_end(guid, |known| Ended { request, ..known }),
            how => {
                let (before, after) = (Snapshot::Ended(task, how), Snapshot::Ended(task, End::DeletedByUs));
                report(reader, (at, Source::OurAction(Step::Delete)), guid, (before, after));
                self.explain_end(guid, |_| claimed);
            }
        }
    }

    /// Takes back that our own delete ended a task: the BBS has refused it, so that somebody else was faster. `at` is our
    /// wall time.
    pub fn disclaim_end(&mut self, guid: &TaskGuid, at: Timestamp, reader: &mut impl ChangeReader) {
        let Some(Entry { task, end: Some(end), .. }) = self.get(guid) else { return };
        if end.how != End::DeletedByUs {
            return;
        }
        let (before, after) = (Snapshot::Ended(task, end.how), Snapshot::Ended(task, end.without_us));
        report(reader, (at, Source::OurAction(Step::Delete)), guid, (before, after));
        self.explain_end(guid, |known| Ended { how: known.without_us, request: None, ..known });
    }

    /// Returns whether `task` is a version of a life that is over.
    fn is_late(&self, task: &Task) -> bool {
        self.tombstones.get(&task.guid).is_some_and(|tombstone| task.created_at <= tombstone.created_at)
    }

    /// Puts in the version that a Created or Changed event tells.
    pub(super) fn put_version(&mut self, event: TaskEvent) {
        let (before, task) = match event {
            TaskEvent::Changed { before, after } => (Known::of(&before), *after),
            event => (Known::default(), event.into_task()),
        };
        let listed = self.live(&task.guid).map(|(_, held)| held.listed).unwrap_or_default();
        self.tombstones.remove(&task.guid);
        let guid = task.guid.clone();
        let touched = self.tick();
        self.put(task, touched, listed);
        self.remember(&guid, before);
    }

    /// Changes what is known about the end of a task.
    pub(super) fn explain_end(&mut self, guid: &TaskGuid, explain: impl FnOnce(Ended) -> Ended) {
        self.change_entry(guid, |entry| {
            if let Some(end) = entry.end.as_deref_mut() {
                *end = explain(*end);
            }
        });
    }

    /// Replaces the last version of an ended task by a newer one.
    pub(super) fn replace_last(&mut self, last: Task) {
        let guid = last.guid.clone();
        self.change_entry(&guid, |entry| {
            let definition = std::mem::take(&mut entry.task.definition);
            entry.last_cell = last.cell.clone().or(entry.last_cell.take());
            entry.started_at = started_at(&last, entry.started_at);
            entry.task = Task { definition, ..last };
        });
    }

    /// Changes what filters and groups know of an entry.
    fn change_entry(&mut self, guid: &TaskGuid, change: impl FnOnce(&mut Entry)) {
        let Some(id) = self.find(guid) else { return };
        let Some(entry) = self.slots.get_mut(id.index()).and_then(Option::as_mut) else { return };
        self.facets.remove(id);
        change(entry);
        self.facets.add(id, entry);
        self.note_changed(id);
    }

    /// Remembers what the version before tells: a change to Completed blanks the cell and overwrites the start.
    fn remember(&mut self, guid: &TaskGuid, before: Known) {
        let Some(id) = self.find(guid) else { return };
        let Some(entry) = self.slots.get_mut(id.index()).and_then(Option::as_mut) else { return };
        if entry.started_at.is_unset() {
            entry.started_at = started_at(&entry.task, before.started_at);
        }
        if entry.last_cell.is_none() && before.cell.is_some() {
            self.facets.remove(id);
            entry.last_cell = before.cell;
            self.facets.add(id, entry);
        }
    }
}
