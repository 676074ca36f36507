//! What we did: each action on a task with its requests and its outcome.
//!
//! Memory is bounded: of more than [`MAX_ACTIONS`] actions only the counts are kept.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use crate::model::plan::{Outcome, Reply};
use crate::model::recording::{ActionEntry, Intent, Progress, WriteCall};
use crate::model::{RequestId, TaskGuid, Timestamp};
use crate::record::RunId;

/// How many actions are listed each on their own.
pub(super) const MAX_ACTIONS: usize = 1_000;

/// An action on a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Action {
    /// When its first entry was written.
    pub(super) at: Timestamp,
    /// The run, which tells who did it and on which target.
    pub(super) run: RunId,
    /// What the operator wanted.
    pub(super) intent: Intent,
    /// The task.
    pub(super) guid: TaskGuid,
    /// The requests, in their order.
    pub(super) calls: Vec<Call>,
    /// How it ended, and what was found; none if that was not recorded.
    pub(super) outcome: Option<(Outcome, Box<str>)>,
}

/// A request of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    /// What was called.
    pub(super) what: WriteCall,
    /// Its id in the server's log.
    pub(super) request: Option<RequestId>,
    /// The reply, and the fault if it is one; none if that was not recorded.
    pub(super) reply: Option<(Reply, Box<str>)>,
}

/// How often an intent had an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    /// How many were done.
    pub(super) done: u64,
    /// How many were not.
    pub(super) not_done: u64,
    /// Of how many it is not known: the BBS did not reply, or the outcome was not recorded.
    pub(super) unknown: u64,
}

/// What we did.
#[derive(Debug, Default)]
pub(super) struct Actions {
    listed: Vec<Action>,
    /// The actions whose outcome is still to come.
    open: HashMap<(RunId, TaskGuid), Option<usize>, RandomState>,
    tallies: BTreeMap<&'static str, Tally>,
}

impl Actions {
    /// Takes in an entry.
    pub(super) fn read(&mut self, run: RunId, at: Timestamp, entry: &ActionEntry) {
        let key = (run, entry.guid.clone());
        let is_new = match (&entry.progress, self.open.get(&key)) {
            (_, None) | (Progress::Confirmed { .. }, _) => true,
            (_, Some(place)) => self.intent_at(*place).is_some_and(|intent| intent != entry.intent),
        };
        if is_new {
            let place = self.begin(run, at, entry);
            self.open.insert(key.clone(), place);
        }
        let place = self.open.get(&key).copied().flatten();
        if let Some(action) = place.and_then(|place| self.listed.get_mut(place)) {
            action.take(&entry.progress);
        }
        if let Progress::Ended { outcome, .. } = entry.progress {
            self.open.remove(&key);
            let tally = self.tallies.entry(entry.intent.verb()).or_default();
            tally.unknown = tally.unknown.saturating_sub(1);
            match outcome {
                Outcome::Done => tally.done += 1,
                Outcome::NotDone => tally.not_done += 1,
                Outcome::Unknown => tally.unknown += 1,
            }
        }
    }

    fn intent_at(&self, place: Option<usize>) -> Option<Intent> {
        Some(self.listed.get(place?)?.intent)
    }

    /// Lists a new action, and returns its place; none if there are too many.
    fn begin(&mut self, run: RunId, at: Timestamp, entry: &ActionEntry) -> Option<usize> {
        // Until its outcome is known.
        self.tallies.entry(entry.intent.verb()).or_default().unknown += 1;
        if self.listed.len() >= MAX_ACTIONS {
            return None;
        }
        let ActionEntry { guid, intent, .. } = entry;
        self.listed.push(Action {
            at,
            run,
            intent: *intent,
            guid: guid.clone(),
            calls: Vec::new(),
            outcome: None,
        });
        Some(self.listed.len() - 1)
    }

    /// Returns the actions, oldest first: at most [`MAX_ACTIONS`].
    pub(super) fn listed(&self) -> &[Action] {
        &self.listed
    }

    /// Returns how many actions there were.
    pub(super) fn count(&self) -> u64 {
        self.tallies.values().map(|tally| tally.done + tally.not_done + tally.unknown).sum()
    }

    /// Iterates over the verbs with their outcomes.
    pub(super) fn tallies(&self) -> impl Iterator<Item = (&'static str, Tally)> {
        self.tallies.iter().map(|(verb, tally)| (*verb, *tally))
    }
}

impl Action {
    fn take(&mut self, progress: &Progress) {
        match progress {
            Progress::Confirmed { .. } => {}
            Progress::Sent { call, request } => {
                self.calls.push(Call { what: *call, request: Some(*request), reply: None });
            }
            Progress::Answered { call, reply, message } => {
                let reply = Some((*reply, (&**message).into()));
                let is_open = |one: &&mut Call| one.what == *call && one.reply.is_none();
                match self.calls.iter_mut().rev().find(is_open) {
                    Some(open) => open.reply = reply,
                    None => self.calls.push(Call { what: *call, request: None, reply }),
                }
            }
            Progress::Ended { outcome, found } => self.outcome = Some((*outcome, (&**found).into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TaskAction;
    use crate::model::lifecycle::Step;

    const RUN: RunId = RunId(1);
    const DELETE: Intent = Intent::Act(TaskAction::Delete);
    const RESOLVING: WriteCall = WriteCall::Step(Step::Resolving);
    const DELETING: WriteCall = WriteCall::Step(Step::Delete);

    fn read(actions: &mut Actions, guid: &str, intent: Intent, steps: impl IntoIterator<Item = Progress>) {
        for progress in steps {
            let entry = ActionEntry { guid: guid.into(), intent, progress };
            actions.read(RUN, Timestamp::from_nanos(1), &entry);
        }
    }

    fn sent(call: WriteCall, request: u128) -> Progress {
        Progress::Sent { call, request: RequestId(request) }
    }

    fn answered(call: WriteCall, reply: Reply) -> Progress {
        Progress::Answered { call, reply, message: "".into() }
    }

    fn ended(outcome: Outcome) -> Progress {
        Progress::Ended { outcome, found: "".into() }
    }

    #[test]
    fn an_action_has_its_requests_and_its_outcome() {
        let mut actions = Actions::default();
        let steps = [
            Progress::Confirmed { tasks: 1 },
            sent(RESOLVING, 1),
            answered(RESOLVING, Reply::Acknowledged),
            sent(DELETING, 2),
            answered(DELETING, Reply::Missing),
            ended(Outcome::Unknown),
        ];
        read(&mut actions, "a", DELETE, steps);
        read(&mut actions, "a", DELETE, [sent(DELETING, 3), ended(Outcome::Done)]);
        let [first, second] = actions.listed() else { panic!("{actions:?}") };
        let requests = |action: &Action| {
            let reply = |call: &Call| call.reply.as_ref().map(|(reply, _)| *reply);
            action.calls.iter().map(|call| (call.request, reply(call))).collect::<Vec<_>>()
        };
        let replies = [Some(Reply::Acknowledged), Some(Reply::Missing)];
        assert_eq!(
            requests(first),
            [1, 2].map(|id| Some(RequestId(id))).into_iter().zip(replies).collect::<Vec<_>>()
        );
        assert_eq!(requests(second), [(Some(RequestId(3)), None)]);
        let tally = Tally { done: 1, not_done: 0, unknown: 1 };
        assert_eq!(actions.tallies().collect::<Vec<_>>(), [("delete", tally)]);
    }

    #[test]
    fn an_action_without_an_outcome_is_unknown_and_another_intent_is_another_action() {
        let mut actions = Actions::default();
        let cancel = WriteCall::Step(Step::Cancel);
        read(&mut actions, "a", Intent::Act(TaskAction::Cancel), [sent(cancel, 1)]);
        read(&mut actions, "a", DELETE, [sent(RESOLVING, 2)]);
        assert_eq!(actions.listed().len(), 2);
        assert!(actions.tallies().all(|(_, tally)| tally.unknown == 1));
    }

    #[test]
    fn too_many_actions_are_counted_and_not_listed() {
        let mut actions = Actions::default();
        for task in 0..MAX_ACTIONS + 10 {
            read(&mut actions, &task.to_string(), DELETE, [sent(DELETING, 1), ended(Outcome::Done)]);
        }
        assert_eq!((actions.listed().len(), actions.count()), (MAX_ACTIONS, 1_010));
        assert!(actions.open.is_empty());
    }
}
