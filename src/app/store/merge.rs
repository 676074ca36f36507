//! The rules of the merge: what a list, an event and a get do to the store.

use std::cmp::Ordering;

use crate::model::{End, State, Task, TaskEvent, TaskFilter, TaskGuid, Timestamp};

use super::{Entry, Mark, Store};

/// What became of a piece of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// The store changed.
    Changed,
    /// It told nothing new.
    Known,
    /// It was older than what we hold, or about a task that is gone.
    Late,
}

/// Whether `a` is a later version than `b` of one task, as far as the versions themselves can tell.
///
/// `updated_at` orders them but for one step: the sweep from Resolving back to Completed keeps it, so that of two
/// versions with one `updated_at` the Completed one is the later. Source: "Life of a task" of the API.
pub(super) fn is_newer(a: &Task, b: &Task) -> bool {
    let sweep = |state| match state {
        State::Resolving => 0,
        State::Completed => 1,
        _ => 2,
    };
    match a.updated_at.cmp(&b.updated_at) {
        Ordering::Equal => {
            let swept = [State::Resolving, State::Completed];
            swept.contains(&a.state) && swept.contains(&b.state) && sweep(a.state) > sweep(b.state)
        }
        order => order == Ordering::Greater,
    }
}

fn same_version(a: &Task, b: &Task) -> bool {
    a.state == b.state && a.updated_at == b.updated_at
}

impl Store {
    /// The mark to ask a list or a get under. What is applied after this call is newer than the asking.
    pub fn mark(&mut self) -> Mark {
        self.tick()
    }

    /// Takes in one task of the list that was asked under `mark`.
    pub fn apply_listed(&mut self, mark: Mark, task: Task) -> Applied {
        match self.tombstones.get(&task.guid) {
            Some(tombstone) if tombstone.mark > mark && task.created_at <= tombstone.created_at => {
                return Applied::Late;
            }
            _ => self.tombstones.remove(&task.guid),
        };
        let Some((id, entry)) = self.live(&task.guid) else {
            self.put(task, Mark::default(), mark);
            return Applied::Changed;
        };
        let told_since = entry.touched > mark;
        let keep = entry.task == task || (told_since && !is_newer(&task, &entry.task));
        if !keep {
            let touched = entry.touched;
            self.put(task, touched, mark);
            return Applied::Changed;
        }
        if let Some(entry) = self.slots.get_mut(id.index()).and_then(Option::as_mut) {
            entry.listed = mark;
        }
        if told_since { Applied::Late } else { Applied::Known }
    }

    /// Ends the list that was asked under `mark` for `filter`: what it should have held and did not is gone.
    /// Returns how many tasks went. `at` is our wall time.
    ///
    /// A cell's list cannot tell a task that was deleted from one that completed (which clears the cell), so
    /// what left it is only forgotten, not ended.
    pub fn finish_list(&mut self, mark: Mark, filter: &TaskFilter, at: Timestamp) -> usize {
        let missing: Vec<Task> = self
            .entries()
            .map(|(_, entry)| entry)
            .filter(|entry| entry.end.is_none() && entry.listed < mark && entry.touched <= mark)
            .map(|entry| entry.task.clone())
            .collect();
        let mut gone = 0;
        for task in missing {
            if filter.cell.is_none() && filter.admits(&task) {
                self.end(task, End::Vanished, at);
                gone += 1;
            } else if !filter.is_all() {
                self.take(&task.guid);
            }
        }
        gone
    }

    /// Takes in one event of the stream. `at` is our wall time.
    pub fn apply_event(&mut self, event: TaskEvent, at: Timestamp) -> Applied {
        if let TaskEvent::Removed(task) = &event {
            self.learn_end(task);
        }
        if self.is_late(event.task()) {
            return Applied::Late;
        }
        match event {
            TaskEvent::Created(task) => self.apply_version(None, task),
            TaskEvent::Changed { before, after } => self.apply_version(Some(&before), *after),
            TaskEvent::Removed(task) => self.apply_removed(task, at),
        }
    }

    /// Takes in the answer to a get that was asked under `mark`; `None` says that there is no such task.
    pub fn apply_got(&mut self, mark: Mark, guid: &TaskGuid, got: Option<Task>, at: Timestamp) -> Applied {
        let held = self.live(guid).map(|(_, entry)| (entry.touched > mark, entry.task.clone()));
        match (got, held) {
            (Some(task), Some((told_since, held)))
                if task == held || (told_since && !is_newer(&task, &held)) =>
            {
                Applied::Known
            }
            (Some(task), _) if self.is_late(&task) => Applied::Late,
            (Some(task), _) => {
                let touched = self.tick();
                self.put(task, touched, Mark::default());
                Applied::Changed
            }
            (None, Some((false, held))) => {
                let how = End::of_missing(&held);
                self.end(held, how, at);
                Applied::Changed
            }
            (None, Some((true, _))) => Applied::Late,
            (None, None) => Applied::Known,
        }
    }

    /// Whether `task` is a version of a life that is over.
    fn is_late(&self, task: &Task) -> bool {
        self.tombstones.get(&task.guid).is_some_and(|tombstone| task.created_at <= tombstone.created_at)
    }

    fn apply_version(&mut self, before: Option<&Task>, task: Task) -> Applied {
        let held = self.live(&task.guid).map(|(_, entry)| entry);
        if let Some(held) = held {
            let follows = before.is_some_and(|before| same_version(before, &held.task));
            if held.task == task {
                return Applied::Known;
            }
            if !follows && !is_newer(&task, &held.task) {
                return Applied::Late;
            }
        }
        let listed = held.map(|held| held.listed).unwrap_or_default();
        self.tombstones.remove(&task.guid);
        let cell_before = before.and_then(|before| before.cell.clone());
        let guid = task.guid.clone();
        let touched = self.tick();
        self.put(task, touched, listed);
        self.remember_cell(&guid, cell_before);
        Applied::Changed
    }

    fn apply_removed(&mut self, task: Task, at: Timestamp) -> Applied {
        let how = End::of_removed(&task);
        let last = match self.live(&task.guid) {
            Some((_, held)) if held.task.created_at > task.created_at => return Applied::Late,
            Some((_, held)) if is_newer(&held.task, &task) => held.task.clone(),
            _ => task,
        };
        self.end(last, how, at);
        Applied::Changed
    }

    /// A removal may be told after a list or a get has found the task missing: then it tells how.
    fn learn_end(&mut self, removed: &Task) {
        let is_its = |entry: &Entry| {
            matches!(entry.end, Some((End::Vanished, _))) && entry.task.created_at == removed.created_at
        };
        if self.get(&removed.guid).is_some_and(is_its) {
            self.attribute_end(&removed.guid, End::of_removed(removed));
        }
    }

    /// Says how a task ended that has ended: whoever calls this knows more than what the store was told.
    pub fn attribute_end(&mut self, guid: &TaskGuid, how: End) {
        let Some(id) = self.find(guid) else { return };
        let end = self.slots.get_mut(id.index()).and_then(|slot| slot.as_mut()?.end.as_mut());
        if let Some((known, _)) = end
            && *known != how
        {
            *known = how;
            self.note_changed(id);
        }
    }

    /// A change to Completed blanks the cell; the version before it had it.
    fn remember_cell(&mut self, guid: &TaskGuid, cell: Option<crate::model::CellId>) {
        let Some(id) = self.find(guid) else { return };
        if let Some(entry) = self.slots.get_mut(id.index()).and_then(Option::as_mut)
            && entry.last_cell.is_none()
            && cell.is_some()
        {
            self.counts.remove(entry);
            self.facets.remove(id);
            entry.last_cell = cell;
            self.facets.add(id, entry);
            self.counts.add(entry);
        }
    }
}
