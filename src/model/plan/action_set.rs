//! The tasks that one question is about, frozen when it is asked.
//!
//! Whatever changes on the screen or in the BBS afterwards changes neither which tasks are acted on nor the steps that
//! were confirmed.

use std::collections::HashSet;

use super::{Plan, Refusal, TaskAction};
use crate::model::{State, Task, TaskGuid, Timestamp};

/// An action and the tasks that it was asked about, each guid once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionSet {
    action: TaskAction,
    tasks: Vec<PlannedTask>,
}

/// One task of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedTask {
    /// The task.
    pub guid: TaskGuid,
    /// The task when it was chosen; none if only its guid was given.
    pub frozen: Option<Frozen>,
}

/// A task when it was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frozen {
    /// When it was created: a guid may be used again.
    pub created_at: Timestamp,
    /// Its state.
    pub state: State,
    /// The steps that it would take, or why it is refused.
    pub plan: Result<Plan, Refusal>,
}

impl ActionSet {
    /// Returns the set of no tasks.
    pub const fn new(action: TaskAction) -> Self {
        Self { action, tasks: Vec::new() }
    }

    /// Adds a task with the steps that it takes in its state, or with the refusal.
    pub fn add(&mut self, task: &Task) {
        self.push(PlannedTask::frozen(task, self.action.plan(task.state)));
    }

    /// Adds a frozen task.
    pub fn push(&mut self, task: PlannedTask) {
        self.tasks.push(task);
    }

    /// Adds tasks by their guids alone, except for those that the set has.
    pub fn add_guids(&mut self, guids: impl IntoIterator<Item = TaskGuid>) {
        let mut known: HashSet<_> = self.tasks.iter().map(|task| task.guid.clone()).collect();
        let new = guids.into_iter().filter(|guid| known.insert(guid.clone()));
        self.tasks.extend(new.map(|guid| PlannedTask { guid, frozen: None }));
    }

    /// Sorts the tasks by guid.
    pub fn sort(&mut self) {
        self.tasks.sort_by(|one, other| one.guid.cmp(&other.guid));
    }

    /// Returns the action.
    pub const fn action(&self) -> TaskAction {
        self.action
    }

    /// Returns the tasks.
    pub fn tasks(&self) -> &[PlannedTask] {
        &self.tasks
    }

    /// Returns how many tasks are not refused.
    pub fn actionable(&self) -> usize {
        self.tasks.iter().filter(|task| task.refusal().is_none()).count()
    }
}

impl PlannedTask {
    /// Returns a task as it is, with the steps that it would take or why it is refused.
    pub fn frozen(task: &Task, plan: Result<Plan, Refusal>) -> Self {
        let frozen = Frozen { created_at: task.created_at, state: task.state, plan };
        Self { guid: task.guid.clone(), frozen: Some(frozen) }
    }

    /// Returns why the task was refused when it was chosen.
    pub fn refusal(&self) -> Option<Refusal> {
        self.frozen.and_then(|frozen| frozen.plan.err())
    }

    /// Plans the action again for the task as it is `now`. Refuses a new task that uses the old one's guid.
    pub fn replan(&self, action: TaskAction, now: &Task) -> Result<Plan, Refusal> {
        if self.frozen.is_some_and(|frozen| frozen.created_at != now.created_at) {
            return Err(Refusal::Replaced);
        }
        action.plan(now.state)
    }

    /// As [`Self::replan`], but refuses any steps other than those that were frozen.
    pub fn confirm(&self, action: TaskAction, now: &Task) -> Result<Plan, Refusal> {
        let plan = self.replan(action, now)?;
        let is_same = self.frozen.is_none_or(|frozen| frozen.plan == Ok(plan));
        if is_same { Ok(plan) } else { Err(Refusal::Changed) }
    }
}
