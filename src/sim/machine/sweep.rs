//! What the server puts right by itself every half minute. Source: "Life of a task" of the API.

use std::time::Duration;

use bytes::Bytes;

use super::{Machine, state};
use crate::bbs::wire::Task;
use crate::model::{State, Timestamp};

/// The server's settings; the default is the API's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Pending longer than this has failed.
    pub pending: Duration,
    /// Resolving longer than this goes back to Completed.
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

/// What the sweep does to one task.
enum Finding {
    Fail(&'static [u8]),
    GiveBack,
    Delete,
}

impl Machine {
    /// One sweep.
    pub fn sweep(&mut self, now: Timestamp) {
        self.domains.retain(|_, until| until.is_none_or(|until| until > now));
        let found: Vec<(Bytes, Finding)> = self
            .tasks
            .values()
            .filter_map(|held| Some((held.task.task_guid.clone(), self.inspect(&held.task, now)?)))
            .collect();
        for (guid, finding) in found {
            match finding {
                Finding::Fail(reason) => self.fail(&guid, Bytes::from_static(reason), now),
                Finding::GiveBack => self.give_back(&guid),
                Finding::Delete => self.remove(&guid),
            }
        }
    }

    fn inspect(&self, task: &Task, now: Timestamp) -> Option<Finding> {
        let older = |nanos: i64, limit: Duration| now.since(Timestamp::from_nanos(nanos)) > limit;
        match state(task) {
            State::Pending if older(task.created_at, self.limits.pending) => {
                Some(Finding::Fail(b"not started within time limit"))
            }
            State::Running if !self.cells.contains_key(&task.cell_id) => {
                Some(Finding::Fail(b"cell disappeared before completion"))
            }
            State::Resolving if older(task.updated_at, self.limits.resolving) => Some(Finding::GiveBack),
            State::Completed if older(task.first_completed_at, self.limits.completed) => {
                Some(Finding::Delete)
            }
            _ => None,
        }
    }

    /// The server leaves `updated_at` as it was, so that the time alone does not order this event.
    fn give_back(&mut self, guid: &[u8]) {
        self.change(guid, |task| task.state = State::Completed.number());
    }
}
