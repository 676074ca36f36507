//! Remembers the tasks that a list lacked, for a while: an event that arrives later tells how they left, and their end must
//! not be counted again.

use std::collections::{HashSet, VecDeque};

use crate::model::{Task, TaskGuid, Timestamp};

/// How many are remembered. An event that is later than that many is unheard of.
const MOST: usize = 10_000;

/// One life of a guid.
type LifeKey = (TaskGuid, Timestamp);

/// The tasks that vanished last.
#[derive(Debug, Default)]
pub(super) struct Vanished {
    lives: HashSet<LifeKey>,
    oldest_first: VecDeque<LifeKey>,
}

impl Vanished {
    /// Remembers a task.
    pub(super) fn remember(&mut self, task: &Task) {
        let key = key(task);
        if !self.lives.insert(key.clone()) {
            return;
        }
        self.oldest_first.push_back(key);
        if self.oldest_first.len() > MOST
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.lives.remove(&oldest);
        }
    }

    /// Returns whether this life of the task's guid is remembered.
    pub(super) fn contains(&self, task: &Task) -> bool {
        !self.lives.is_empty() && self.lives.contains(&key(task))
    }
}

fn key(task: &Task) -> LifeKey {
    (task.guid.clone(), task.created_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::State;

    fn task(guid: usize, created_at: i64) -> Task {
        let guid = TaskGuid::from(format!("task-{guid}"));
        Task {
            created_at: Timestamp::from_nanos(created_at),
            ..Task::blank(guid, "d".into(), State::Running)
        }
    }

    #[test]
    fn a_life_is_remembered_until_many_others_have_vanished() {
        let mut vanished = Vanished::default();
        assert!(!vanished.contains(&task(0, 1)));
        vanished.remember(&task(0, 1));
        vanished.remember(&task(0, 1));
        assert!(
            vanished.contains(&task(0, 1)) && !vanished.contains(&task(0, 2)),
            "another life of the guid"
        );
        (1..MOST).for_each(|nth| vanished.remember(&task(nth, 1)));
        assert!(vanished.contains(&task(0, 1)));
        vanished.remember(&task(MOST, 1));
        assert!(!vanished.contains(&task(0, 1)));
        assert_eq!((vanished.lives.len(), vanished.oldest_first.len()), (MOST, MOST));
    }
}
