//! The periodic sweep (Diego: convergence) that fails, returns and deletes overdue tasks.
//!
//! Source: "Life of a task" of the API.

use std::time::Duration;

use bytes::Bytes;

use super::completion::Completion;
use super::{Machine, state};
use crate::bbs::wire::Task;
use crate::model::{State, Timestamp};

/// Limits of the sweep and of rejections. The defaults are the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A task that is Pending longer than this fails.
    pub pending: Duration,
    /// A task that is Resolving longer than this returns to Completed. A Completed task waits as long for its next
    /// callback.
    pub resolving: Duration,
    /// A task that is Completed longer than this is deleted.
    pub completed: Duration,
    /// A task with more rejections than this fails.
    pub rejections: i32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pending: Duration::from_secs(30 * 60),
            resolving: Duration::from_secs(30),
            completed: Duration::from_secs(2 * 60),
            rejections: 3,
        }
    }
}

impl Machine {
    /// Runs one sweep, in the server's order: a task that returns to Completed may be deleted or get its callback in the
    /// same sweep.
    pub fn sweep(&mut self, now: Timestamp) {
        let limits = self.limits;
        let older = |nanos: i64, limit: Duration| now.since(Timestamp::from_nanos(nanos)) > limit;
        self.domains.retain(|_, until| until.is_none_or(|until| until > now));
        for guid in self.guids_where(State::Pending, |task| older(task.created_at, limits.pending)) {
            self.fail_on_cell(&guid, b"not started within time limit", now);
        }
        for guid in self.guids_where(State::Running, |task| !self.cells.contains_key(&task.cell_id)) {
            self.fail_on_cell(&guid, b"cell disappeared before completion", now);
        }
        for guid in self.guids_where(State::Resolving, |task| older(task.updated_at, limits.resolving)) {
            self.return_to_completed(&guid);
        }
        for guid in
            self.guids_where(State::Completed, |task| older(task.first_completed_at, limits.completed))
        {
            self.remove(&guid);
        }
        for guid in self.guids_where(State::Completed, |task| older(task.updated_at, limits.resolving)) {
            self.run_callback(&guid, now);
        }
    }

    fn guids_where(&self, in_state: State, condition: impl Fn(&Task) -> bool) -> Vec<Bytes> {
        let tasks = self.tasks.values().map(|stored| &stored.task);
        let found = tasks.filter(|task| state(task) == in_state && condition(task));
        found.map(|task| task.task_guid.clone()).collect()
    }

    /// Fails a task but keeps its `cell_id`. A later sweep runs its callback.
    fn fail_on_cell(&mut self, guid: &[u8], reason: &[u8], now: Timestamp) {
        self.change(guid, |task| Completion::new(Err(reason)).apply(task, now));
    }

    /// Returns a task to Completed. The server keeps `updated_at`, so clients cannot order this event by time.
    fn return_to_completed(&mut self, guid: &[u8]) {
        self.change(guid, |task| task.state = State::Completed.number());
    }
}
