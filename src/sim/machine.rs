//! The BBS's state and rules: what each call does to the tasks, domains and cells, and which events follow.
//!
//! Pure: the time is handed in, nothing is read or sent, and the same calls give the same state. Which step is
//! allowed from which state is [`lifecycle`]'s; what desire refuses is `validation`'s.

mod cell;
mod ending;
mod sweep;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use prost::Message as _;

use super::{database, refusal, validation};
use crate::bbs::wire::{self, CellPresence, Task, TaskDefinition};
use crate::model::lifecycle::{self, Outcome, Step};
use crate::model::{State, Timestamp};

use ending::Ending;
pub(super) use ending::REASON_LIMIT;
pub use sweep::Limits;

/// What the event stream tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A task was desired.
    Created(Task),
    /// A task changed: before, after.
    Changed(Box<(Task, Task)>),
    /// A task was deleted.
    Removed(Task),
}

/// How the BBS's calls to completion callbacks end. They are pretended: whatever the URL is, nobody is called, so that
/// a task that was copied from a real foundation tells that foundation nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Callbacks {
    /// They are answered at once: the task is resolved and deleted before a poller can see it completed.
    #[default]
    Answered,
    /// Nobody answers: the task stays Resolving until the sweep gives it back.
    Unanswered,
}

/// A task, and how a list has it for as long as it does not change: encoding anew what a hundred thousand tasks were
/// before would make every list cost as much as the first.
#[derive(Debug)]
struct Held {
    task: Task,
    encoded: Option<Bytes>,
}

impl Held {
    fn encoded(&mut self) -> Bytes {
        self.encoded.get_or_insert_with(|| encode_listed(&self.task)).clone()
    }
}

/// The state of a simulated BBS.
#[derive(Debug, Default)]
pub struct Machine {
    tasks: BTreeMap<Bytes, Held>,
    /// Fresh domains, and when each stops to be (`None`: never).
    domains: BTreeMap<Bytes, Option<Timestamp>>,
    cells: BTreeMap<Bytes, CellPresence>,
    events: Vec<Event>,
    /// What happens is not told, and need not be kept to be told.
    silent: bool,
    limits: Limits,
    callbacks: Callbacks,
}

impl Machine {
    /// A BBS without tasks, domains and cells.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the times of the sweep and the number of rejections.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Says how completion callbacks end from now on.
    pub fn set_callbacks(&mut self, callbacks: Callbacks) {
        self.callbacks = callbacks;
    }

    /// Does something of which no event tells.
    pub fn in_silence<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let was_silent = std::mem::replace(&mut self.silent, true);
        let done = f(self);
        self.silent = was_silent;
        done
    }

    /// The events since the last call, in order.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Desires a task, or says everything that is wrong with it.
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
        database::check(&domain)?;
        if self.tasks.contains_key(&guid) {
            return Err(refusal::exists());
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
        if !self.silent {
            self.events.push(Event::Created(task.clone()));
        }
        self.tasks.insert(guid, Held { task, encoded: None });
        Ok(())
    }

    /// Ends a task that has not ended.
    pub fn cancel(&mut self, guid: impl AsRef<[u8]>, now: Timestamp) -> Result<(), wire::Error> {
        self.fail(guid.as_ref(), b"task was cancelled", now)
    }

    /// Claims the deletion of a completed task.
    pub fn resolving(&mut self, guid: impl AsRef<[u8]>, now: Timestamp) -> Result<(), wire::Error> {
        let guid = guid.as_ref();
        if let Outcome::Now(to) = self.allowed(Step::Resolving, guid)? {
            self.enter(guid, to, now, |_| ());
        }
        Ok(())
    }

    /// Deletes a task whose deletion was claimed.
    pub fn delete(&mut self, guid: impl AsRef<[u8]>) -> Result<(), wire::Error> {
        self.allowed(Step::Delete, guid.as_ref())?;
        self.remove(guid.as_ref());
        Ok(())
    }

    /// The task of this guid.
    pub fn task(&self, guid: impl AsRef<[u8]>) -> Result<Task, wire::Error> {
        self.find(guid.as_ref()).cloned()
    }

    /// The tasks of the domain and on the cell; an empty one admits all.
    pub fn list(&self, domain: impl AsRef<[u8]>, cell: impl AsRef<[u8]>) -> Result<Vec<Task>, wire::Error> {
        let tasks = self.tasks.values().map(|held| &held.task);
        Ok(tasks.filter(|task| admits(task, domain.as_ref(), cell.as_ref())).cloned().collect())
    }

    /// The same list as the parts of an encoded `TasksResponse`, one a task.
    pub fn encoded_list(&mut self, domain: impl AsRef<[u8]>, cell: impl AsRef<[u8]>) -> Vec<Bytes> {
        let tasks = self.tasks.values_mut();
        let admitted = tasks.filter(|held| admits(&held.task, domain.as_ref(), cell.as_ref()));
        admitted.map(Held::encoded).collect()
    }

    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether there is no task.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Keeps the domain fresh for `ttl_seconds`, for ever when that is 0.
    pub fn upsert_domain(
        &mut self,
        domain: impl AsRef<[u8]>,
        ttl_seconds: u32,
        now: Timestamp,
    ) -> Result<(), wire::Error> {
        let domain = bytes(domain);
        if domain.is_empty() {
            return Err(refusal::invalid("domain"));
        }
        database::check(&domain)?;
        let until = (ttl_seconds > 0).then(|| now.plus(Duration::from_secs(u64::from(ttl_seconds))));
        self.domains.insert(domain, until);
        Ok(())
    }

    /// The domains that are fresh.
    pub fn domains(&self, now: Timestamp) -> Result<Vec<Bytes>, wire::Error> {
        let fresh = self.domains.iter().filter(|(_, until)| until.is_none_or(|until| until > now));
        Ok(fresh.map(|(domain, _)| domain.clone()).collect())
    }

    /// The cells that are there.
    pub fn cells(&self) -> Result<Vec<CellPresence>, wire::Error> {
        Ok(self.cells.values().cloned().collect())
    }

    /// A cell registers its presence.
    pub fn add_cell(&mut self, cell: CellPresence) {
        self.cells.insert(cell.cell_id.clone(), cell);
    }

    /// A cell is gone; the next sweep fails what ran on it.
    pub fn remove_cell(&mut self, cell: impl AsRef<[u8]>) -> Option<CellPresence> {
        self.cells.remove(cell.as_ref())
    }

    fn find(&self, guid: &[u8]) -> Result<&Task, wire::Error> {
        if guid.is_empty() {
            return Err(refusal::invalid("task_guid"));
        }
        self.tasks.get(guid).map(|held| &held.task).ok_or_else(refusal::not_found)
    }

    fn allowed(&self, step: Step, guid: &[u8]) -> Result<Outcome, wire::Error> {
        lifecycle::check(step, state(self.find(guid)?)).map_err(|no| refusal::transition(&no))
    }

    fn enter(&mut self, guid: &[u8], to: State, now: Timestamp, change: impl FnOnce(&mut Task)) {
        self.change(guid, |task| {
            task.state = to.number();
            task.updated_at = now.as_nanos();
            change(task);
        });
    }

    fn change(&mut self, guid: &[u8], change: impl FnOnce(&mut Task)) {
        let Some(held) = self.tasks.get_mut(guid) else { return };
        held.encoded = None;
        let before = (!self.silent).then(|| held.task.clone());
        change(&mut held.task);
        if let Some(before) = before {
            self.events.push(Event::Changed(Box::new((before, held.task.clone()))));
        }
    }

    /// Fails a task that has not ended, wherever it is.
    fn fail(&mut self, guid: &[u8], reason: &[u8], now: Timestamp) -> Result<(), wire::Error> {
        self.allowed(Step::Cancel, guid)?;
        self.end(guid, Ending::of(Err(reason)), now)
    }

    /// Completes a task and clears its cell, unless the database refuses the end.
    fn end(&mut self, guid: &[u8], ending: Ending, now: Timestamp) -> Result<(), wire::Error> {
        ending.check()?;
        self.change(guid, |task| {
            ending.put_on(task, now);
            task.cell_id = Bytes::new();
        });
        self.call_back(guid, now);
        Ok(())
    }

    fn remove(&mut self, guid: &[u8]) {
        let removed = self.tasks.remove(guid).filter(|_| !self.silent);
        self.events.extend(removed.map(|held| Event::Removed(held.task)));
    }

    /// What the BBS does with a completed task that names a callback: claim it, call, delete it.
    fn call_back(&mut self, guid: &[u8], now: Timestamp) {
        let wanted = self
            .tasks
            .get(guid)
            .and_then(|held| held.task.task_definition.as_ref())
            .is_some_and(|definition| !definition.completion_callback_url.is_empty());
        if !wanted || self.resolving(guid, now).is_err() {
            return;
        }
        if self.callbacks == Callbacks::Answered {
            self.remove(guid);
        }
    }
}

fn admits(task: &Task, domain: &[u8], cell: &[u8]) -> bool {
    (domain.is_empty() || task.domain == domain) && (cell.is_empty() || task.cell_id == cell)
}

/// The task as field 2 of a `TasksResponse`.
fn encode_listed(task: &Task) -> Bytes {
    let mut field = BytesMut::with_capacity(task.encoded_len() + 8);
    prost::encoding::message::encode(2, task, &mut field);
    field.freeze()
}

fn state(task: &Task) -> State {
    State::from_number(task.state)
}

fn bytes(of: impl AsRef<[u8]>) -> Bytes {
    Bytes::copy_from_slice(of.as_ref())
}
