//! The state and rules of the BBS: applies each call to the tasks, domains and cells, and records the events.
//!
//! Pure: takes the time as a parameter and does no I/O. [`lifecycle`] decides which step a state allows; `validation`
//! checks desired tasks. Source: "Life of a task" of the API.

mod cell_calls;
mod completion;
mod sweep;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use prost::Message as _;

use super::{database, errors, validation};
use crate::bbs::wire::{self, CellPresence, Task, TaskDefinition};
use crate::model::lifecycle::{self, Outcome, Step};
use crate::model::{State, Timestamp, secret};

use completion::Completion;
pub(super) use completion::REASON_LIMIT;
pub use sweep::Limits;

/// An event of the event stream.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A task was desired.
    Created(Task),
    /// A task changed: before, after.
    Changed(Box<(Task, Task)>),
    /// A task was deleted.
    Removed(Task),
}

/// How completion callbacks end. The simulator never calls the URL, so that a task copied from a real foundation does
/// not notify that foundation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Callbacks {
    /// The callback succeeds at once: the task is resolved and deleted before a poller can see it completed.
    #[default]
    Answered,
    /// The callback fails: the task stays Resolving until a sweep returns it to Completed.
    Unanswered,
}

/// A task with a cache of its encoding, so that a list of 100,000 tasks encodes only those that changed since the last
/// list.
#[derive(Debug)]
struct StoredTask {
    task: Task,
    encoded: Option<Bytes>,
}

impl StoredTask {
    fn encoded(&mut self) -> Bytes {
        self.encoded.get_or_insert_with(|| encode_listed(&self.task)).clone()
    }
}

/// The state of a simulated BBS.
#[derive(Debug, Default)]
pub struct Machine {
    tasks: BTreeMap<Bytes, StoredTask>,
    /// Fresh domains with their expiry (`None`: never).
    domains: BTreeMap<Bytes, Option<Timestamp>>,
    cells: BTreeMap<Bytes, CellPresence>,
    events: Vec<Event>,
    /// Whether changes record no events.
    suppress_events: bool,
    limits: Limits,
    callbacks: Callbacks,
    unavailable_hosts: Vec<String>,
}

impl Machine {
    /// Creates a BBS without tasks, domains and cells.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the time limits of the sweep and the maximum number of rejections.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Sets how completion callbacks end from now on.
    pub fn set_callbacks(&mut self, callbacks: Callbacks) {
        self.callbacks = callbacks;
    }

    /// Sets the hosts of callbacks that answer 503. The BBS tries such a callback three times, and leaves its task Resolving
    /// until a sweep returns it to Completed: to clients it looks like a callback that is not answered.
    pub fn set_unavailable_hosts(&mut self, hosts: impl IntoIterator<Item = impl Into<String>>) {
        self.unavailable_hosts = hosts.into_iter().map(Into::into).collect();
    }

    /// Runs `f` without recording events.
    pub fn without_events<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let suppressed = std::mem::replace(&mut self.suppress_events, true);
        let result = f(self);
        self.suppress_events = suppressed;
        result
    }

    /// Returns the events since the last call, in order.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Creates a Pending task.
    ///
    /// # Errors
    /// Returns all validation errors in one error, or an error if the guid is in use.
    pub fn desire(
        &mut self,
        guid: impl AsRef<[u8]>,
        domain: impl AsRef<[u8]>,
        definition: impl Into<Option<TaskDefinition>>,
        now: Timestamp,
    ) -> Result<(), wire::Error> {
        let (guid, domain) = (bytes(guid), bytes(domain));
        let definition = definition.into();
        validation::check(&guid, &domain, definition.as_ref())?;
        database::check_text(&domain)?;
        if self.tasks.contains_key(&guid) {
            return Err(errors::already_exists());
        }
        let task = Task {
            task_definition: definition,
            task_guid: guid.clone(),
            domain,
            created_at: now.as_nanos(),
            updated_at: now.as_nanos(),
            state: State::Pending.number(),
            ..Task::default()
        };
        if !self.suppress_events {
            self.events.push(Event::Created(task.clone()));
        }
        self.tasks.insert(guid, StoredTask { task, encoded: None });
        Ok(())
    }

    /// Cancels a Pending or Running task.
    ///
    /// # Errors
    /// Returns the BBS's error if the task is unknown or its state does not allow the step.
    pub fn cancel(&mut self, guid: impl AsRef<[u8]>, now: Timestamp) -> Result<(), wire::Error> {
        self.fail(guid.as_ref(), b"task was cancelled", now)
    }

    /// Claims the deletion of a Completed task.
    ///
    /// # Errors
    /// Returns the BBS's error if the task is unknown or its state does not allow the step.
    pub fn resolving(&mut self, guid: impl AsRef<[u8]>, now: Timestamp) -> Result<(), wire::Error> {
        let guid = guid.as_ref();
        if let Outcome::Now(to) = self.check_step(Step::Resolving, guid)? {
            self.enter(guid, to, now, |_| ());
        }
        Ok(())
    }

    /// Deletes a Resolving task.
    ///
    /// # Errors
    /// Returns the BBS's error if the task is unknown or its state does not allow the step.
    pub fn delete(&mut self, guid: impl AsRef<[u8]>) -> Result<(), wire::Error> {
        self.check_step(Step::Delete, guid.as_ref())?;
        self.remove(guid.as_ref());
        Ok(())
    }

    /// Returns the task with this guid.
    ///
    /// # Errors
    /// Returns the BBS's error if the guid is empty or unknown.
    pub fn task(&self, guid: impl AsRef<[u8]>) -> Result<Task, wire::Error> {
        self.find(guid.as_ref()).cloned()
    }

    /// Returns the tasks in the domain and on the cell; an empty value matches all tasks.
    pub fn list(&self, domain: impl AsRef<[u8]>, cell: impl AsRef<[u8]>) -> Result<Vec<Task>, wire::Error> {
        let tasks = self.tasks.values().map(|stored| &stored.task);
        Ok(tasks.filter(|task| matches(task, domain.as_ref(), cell.as_ref())).cloned().collect())
    }

    /// Returns the same list as the parts of an encoded `TasksResponse`, one part per task.
    pub fn encoded_list(&mut self, domain: impl AsRef<[u8]>, cell: impl AsRef<[u8]>) -> Vec<Bytes> {
        let tasks = self.tasks.values_mut();
        let matching = tasks.filter(|stored| matches(&stored.task, domain.as_ref(), cell.as_ref()));
        matching.map(StoredTask::encoded).collect()
    }

    /// Returns the number of tasks.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Returns whether there are no tasks.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Keeps the domain fresh for `ttl_seconds`; 0 means forever.
    ///
    /// # Errors
    /// Returns the BBS's error if the domain is empty or the database cannot store it.
    pub fn upsert_domain(
        &mut self,
        domain: impl AsRef<[u8]>,
        ttl_seconds: u32,
        now: Timestamp,
    ) -> Result<(), wire::Error> {
        let domain = bytes(domain);
        if domain.is_empty() {
            return Err(errors::invalid_field("domain"));
        }
        database::check_text(&domain)?;
        let until = (ttl_seconds > 0).then(|| now.plus(Duration::from_secs(u64::from(ttl_seconds))));
        self.domains.insert(domain, until);
        Ok(())
    }

    /// Returns the fresh domains.
    pub fn domains(&self, now: Timestamp) -> Result<Vec<Bytes>, wire::Error> {
        let fresh = self.domains.iter().filter(|(_, until)| until.is_none_or(|until| until > now));
        Ok(fresh.map(|(domain, _)| domain.clone()).collect())
    }

    /// Returns the cells that are present.
    pub fn cells(&self) -> Result<Vec<CellPresence>, wire::Error> {
        Ok(self.cells.values().cloned().collect())
    }

    /// Registers a cell's presence.
    pub fn add_cell(&mut self, cell: CellPresence) {
        self.cells.insert(cell.cell_id.clone(), cell);
    }

    /// Removes a cell's presence and returns it. The next sweep fails the tasks that run on the cell.
    pub fn remove_cell(&mut self, cell: impl AsRef<[u8]>) -> Option<CellPresence> {
        self.cells.remove(cell.as_ref())
    }

    fn find(&self, guid: &[u8]) -> Result<&Task, wire::Error> {
        if guid.is_empty() {
            return Err(errors::invalid_field("task_guid"));
        }
        self.tasks.get(guid).map(|stored| &stored.task).ok_or_else(errors::not_found)
    }

    fn check_step(&self, step: Step, guid: &[u8]) -> Result<Outcome, wire::Error> {
        lifecycle::check(step, state(self.find(guid)?))
            .map_err(|forbidden| errors::invalid_transition(&forbidden))
    }

    fn enter(&mut self, guid: &[u8], to: State, now: Timestamp, change: impl FnOnce(&mut Task)) {
        self.change(guid, |task| {
            task.state = to.number();
            task.updated_at = now.as_nanos();
            change(task);
        });
    }

    fn change(&mut self, guid: &[u8], change: impl FnOnce(&mut Task)) {
        let Some(stored) = self.tasks.get_mut(guid) else { return };
        stored.encoded = None;
        let before = (!self.suppress_events).then(|| stored.task.clone());
        change(&mut stored.task);
        if let Some(before) = before {
            self.events.push(Event::Changed(Box::new((before, stored.task.clone()))));
        }
    }

    /// Completes a Pending or Running task as failed.
    fn fail(&mut self, guid: &[u8], reason: &[u8], now: Timestamp) -> Result<(), wire::Error> {
        self.check_step(Step::Cancel, guid)?;
        self.finish(guid, Completion::new(Err(reason)), now)
    }

    /// Completes a task, clears its cell and runs its callback.
    fn finish(&mut self, guid: &[u8], completion: Completion, now: Timestamp) -> Result<(), wire::Error> {
        completion.check()?;
        self.change(guid, |task| {
            completion.apply(task, now);
            task.cell_id = Bytes::new();
        });
        self.run_callback(guid, now);
        Ok(())
    }

    fn remove(&mut self, guid: &[u8]) {
        let removed = self.tasks.remove(guid).filter(|_| !self.suppress_events);
        self.events.extend(removed.map(|stored| Event::Removed(stored.task)));
    }

    /// Resolves a Completed task that has a callback URL, and deletes it if the callback succeeds.
    fn run_callback(&mut self, guid: &[u8], now: Timestamp) {
        let definition = self.tasks.get(guid).and_then(|stored| stored.task.task_definition.as_ref());
        let url =
            definition.map(|definition| wire::text(&definition.completion_callback_url)).unwrap_or_default();
        if url.is_empty() || self.resolving(guid, now).is_err() {
            return;
        }
        let is_available =
            !self.unavailable_hosts.iter().any(|unavailable| unavailable == secret::host(&url));
        if self.callbacks == Callbacks::Answered && is_available {
            self.remove(guid);
        }
    }
}

fn matches(task: &Task, domain: &[u8], cell: &[u8]) -> bool {
    (domain.is_empty() || task.domain == domain) && (cell.is_empty() || task.cell_id == cell)
}

/// Encodes the task as field 2 of a `TasksResponse`.
fn encode_listed(task: &Task) -> Bytes {
    let mut field = BytesMut::with_capacity(task.encoded_len() + 8);
    prost::encoding::message::encode(2, task, &mut field);
    field.freeze()
}

fn state(task: &Task) -> State {
    State::from_number(task.state)
}

fn bytes(text: impl AsRef<[u8]>) -> Bytes {
    Bytes::copy_from_slice(text.as_ref())
}
