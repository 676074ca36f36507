//! A server in miniature: it moves tasks through their life, tells of it, and remembers the truth.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::store::tests::{changed, task};
use crate::model::{
    Cause, CellId, Entity, Owner, Ownership, RawDefinition, State, Task, TaskEvent, TaskGuid, Timestamp,
};

/// A life of a guid, by its creation.
pub(super) type Life = (TaskGuid, Timestamp);

/// The server. Its clock is also ours, and counts its steps.
#[derive(Default)]
pub(super) struct Server {
    clock: i64,
    pub(super) tasks: BTreeMap<TaskGuid, Task>,
    pub(super) told: Vec<TaskEvent>,
    /// Why the server failed a task.
    failed: BTreeMap<Life, Cause>,
    /// Why each life ended.
    pub(super) ended: BTreeMap<Life, Cause>,
    /// The cells that each life ran on.
    pub(super) cells: BTreeMap<Life, BTreeSet<CellId>>,
}

pub(super) fn life(task: &Task) -> Life {
    (task.guid.clone(), task.created_at)
}

impl Server {
    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_nanos(self.clock)
    }

    pub(super) fn tick(&mut self) {
        self.clock += 1;
    }

    /// Makes a task of one of six guids take a step, which depends on its state and on `kind`.
    pub(super) fn step(&mut self, guid: &TaskGuid, kind: u8) {
        self.tick();
        let Some(before) = self.tasks.get(guid).cloned() else { return self.create(guid, kind) };
        match (before.state, kind % 4) {
            (State::Pending | State::Running, 0) => self.reject(&before),
            (State::Pending | State::Running, 3) if kind > 128 => self.fail(&before, kind),
            (State::Pending, _) => {
                let cell = CellId::from(if kind < 128 { "cell-a" } else { "cell-b" });
                self.enter(State::Running, &before, |task| task.cell = Some(cell));
            }
            (State::Running, _) => self.complete(&before, kind),
            // The sweep.
            (State::Completed, 3) => self.remove(before, Cause::Expired),
            (State::Resolving, 0) => {
                let after = Task { state: State::Completed, ..before.clone() };
                self.change(&before, after);
            }
            (State::Resolving, _) if before.definition.names_callback() => {
                self.remove(before, Cause::CalledBack);
            }
            (State::Resolving, _) => self.remove(before, Cause::DeletedByOther),
            _ => self.enter(State::Resolving, &before, |_| ()),
        }
    }

    /// Deletes a task for us. Returns whether the server did: somebody else may have been faster.
    pub(super) fn delete_for_us(&mut self, (guid, created_at): &Life) -> bool {
        let held = self.tasks.get(guid).filter(|task| task.created_at == *created_at);
        let Some(last) = held.filter(|task| task.state == State::Resolving).cloned() else { return false };
        self.tick();
        self.remove(last, Cause::DeletedByUs);
        true
    }

    pub(super) fn listed(&self) -> Vec<Task> {
        self.tasks.values().cloned().collect()
    }

    fn create(&mut self, guid: &TaskGuid, kind: u8) {
        let app = Entity { guid: format!("app-{}", kind % 3), name: String::new() };
        let created = Task {
            owner: Owner::new(Ownership { app, ..Ownership::default() }),
            definition: RawDefinition::default().with_callback(kind & 64 != 0),
            ..task(guid.as_str(), self.clock, self.clock, State::Pending)
        };
        self.tasks.insert(guid.clone(), created.clone());
        self.told.push(TaskEvent::Created(created));
    }

    /// The fourth rejection fails the task. One that ran keeps its cell while it is Pending again.
    fn reject(&mut self, before: &Task) {
        let reason = format!("no room on cell-{}", self.clock);
        if before.rejection_count < 3 {
            return self.enter(State::Pending, before, |task| {
                task.rejection_count += 1;
                task.rejection_reason = reason.into();
            });
        }
        self.failed.insert(life(before), Cause::Rejected);
        self.enter(State::Completed, before, |task| {
            (task.failed, task.cell) = (true, None);
            (task.failure_reason, task.rejection_reason) = (reason.clone().into(), reason.into());
        });
    }

    /// A client cancels a task, or the sweep fails it.
    fn fail(&mut self, before: &Task, kind: u8) {
        let (cause, reason, cell) = match before.state {
            _ if kind < 192 => (Cause::Cancelled, "task was cancelled", None),
            State::Pending => (Cause::Unstarted, "not started within time limit", before.cell.clone()),
            _ => (Cause::CellGone, "cell disappeared before completion", before.cell.clone()),
        };
        self.failed.insert(life(before), cause);
        self.enter(State::Completed, before, |task| {
            (task.failed, task.failure_reason, task.cell) = (true, reason.into(), cell);
        });
    }

    fn complete(&mut self, before: &Task, kind: u8) {
        let reason = if kind & 32 == 0 { "" } else { "Exited with status 1" };
        self.enter(State::Completed, before, |task| {
            (task.failed, task.failure_reason, task.cell) = (!reason.is_empty(), reason.into(), None);
        });
    }

    fn enter(&mut self, state: State, before: &Task, change: impl FnOnce(&mut Task)) {
        let mut after = Task { state, updated_at: self.now(), ..before.clone() };
        change(&mut after);
        self.change(before, after);
    }

    fn change(&mut self, before: &Task, after: Task) {
        if let (State::Running, Some(cell)) = (after.state, &after.cell) {
            self.cells.entry(life(&after)).or_default().insert(cell.clone());
        }
        self.told.push(changed(before, &after));
        self.tasks.insert(after.guid.clone(), after);
    }

    fn remove(&mut self, last: Task, left: Cause) {
        self.tasks.remove(&last.guid);
        let cause = self.failed.get(&life(&last)).copied().unwrap_or(left);
        self.ended.insert(life(&last), cause);
        self.told.push(TaskEvent::Removed(last));
    }
}
