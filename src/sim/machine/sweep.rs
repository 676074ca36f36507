//! What the server puts right by itself every half minute. Source: "Life of a task" of the API.

use std::time::Duration;

use bytes::Bytes;

use super::ending::Ending;
use super::{Machine, state};
use crate::bbs::wire::Task;
use crate::model::{State, Timestamp};

/// The server's settings; the default is the API's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Pending longer than this has failed.
    pub pending: Duration,
    /// Resolving longer than this goes back to Completed; Completed longer than this is called back again.
    pub resolving: Duration,
    /// Completed longer than this is deleted.
    pub completed: Duration,
    /// More rejections than this and the task has failed.
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
    /// One sweep, in the server's order: what is given back may be deleted or called back at once.
    pub fn sweep(&mut self, now: Timestamp) {
        let limits = self.limits;
        let older = |nanos: i64, limit: Duration| now.since(Timestamp::from_nanos(nanos)) > limit;
        self.domains.retain(|_, until| until.is_none_or(|until| until > now));
        for guid in self.those(State::Pending, |task| older(task.created_at, limits.pending)) {
            self.expire(&guid, b"not started within time limit", now);
        }
        for guid in self.those(State::Running, |task| !self.cells.contains_key(&task.cell_id)) {
            self.expire(&guid, b"cell disappeared before completion", now);
        }
        for guid in self.those(State::Resolving, |task| older(task.updated_at, limits.resolving)) {
            self.give_back(&guid);
        }
        for guid in self.those(State::Completed, |task| older(task.first_completed_at, limits.completed)) {
            self.remove(&guid);
        }
        for guid in self.those(State::Completed, |task| older(task.updated_at, limits.resolving)) {
            self.call_back(&guid, now);
        }
    }

    fn those(&self, is_in: State, is: impl Fn(&Task) -> bool) -> Vec<Bytes> {
        let tasks = self.tasks.values().map(|held| &held.task);
        let found = tasks.filter(|task| state(task) == is_in && is(task));
        found.map(|task| task.task_guid.clone()).collect()
    }

    /// Fails a task, and leaves it the cell that it had. Its callback waits for a later sweep.
    fn expire(&mut self, guid: &[u8], reason: &[u8], now: Timestamp) {
        self.change(guid, |task| Ending::of(Err(reason)).put_on(task, now));
    }

    /// The server leaves `updated_at` as it was, so that the time alone does not order this event.
    fn give_back(&mut self, guid: &[u8]) {
        self.change(guid, |task| task.state = State::Completed.number());
    }
}
