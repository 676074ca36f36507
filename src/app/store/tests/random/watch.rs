//! A store that follows the server in miniature over a stream that loses and swaps events, over lists that are overtaken,
//! and over requests of ours; and what reads its changes.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::counters::Recount;
use super::server::{Life, Server, life};
use crate::app::recording::EntryCollector;
use crate::app::store::{Change, ChangeReader, KeepEnded, Mark, Snapshot, Source, Store};
use crate::app::timelines::Timelines;
use crate::model::{End, State, Task, TaskEvent, TaskFilter, TaskGuid, Timestamp};

/// A bound of the timelines that a dozen changes exceed.
const FEW_BYTES: usize = 3 << 10;

/// The stream of changes folded over an empty map.
#[derive(Debug, Default)]
pub(super) struct Fold(pub(super) BTreeMap<TaskGuid, (Task, Option<End>)>);

impl Fold {
    pub(super) fn known(&self, guid: &TaskGuid) -> Snapshot<'_> {
        match self.0.get(guid) {
            None => Snapshot::Absent,
            Some((task, None)) => Snapshot::Live(task),
            Some((task, Some(end))) => Snapshot::Ended(task, *end),
        }
    }
}

/// What the changes tell.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) fold: Fold,
    /// How each life that was seen ended, if it did.
    pub(super) lives: BTreeMap<Life, Option<End>>,
    /// The timelines, if they are wanted: within a small bound, and without one.
    pub(super) timelines: Option<[Timelines; 2]>,
    /// What is recorded, if that is wanted.
    pub(super) recorded: EntryCollector,
    /// What counters should say, if that is wanted.
    pub(super) recount: Option<Recount>,
    /// Whether the store drops ended tasks, which is no change.
    drops: bool,
    /// Whether events were lost that no list has made up for.
    in_gap: bool,
}

impl Seen {
    fn new(drops: bool) -> Self {
        Self {
            fold: Fold::default(),
            lives: BTreeMap::new(),
            timelines: None,
            recorded: EntryCollector::default(),
            recount: None,
            drops,
            in_gap: false,
        }
    }

    /// A life ends once. Later only the explanation of its end may change, and nothing brings it back.
    fn follow_life(&mut self, after: Snapshot<'_>, before: Snapshot<'_>) {
        match after {
            Snapshot::Absent => {}
            Snapshot::Live(task) => {
                let end = self.lives.entry(life(task)).or_default();
                assert_eq!(*end, None, "a task that ended is back: {task:?}");
            }
            Snapshot::Ended(task, end) => {
                let known = self.lives.entry(life(task)).or_default();
                let is_explained = matches!(before, Snapshot::Ended(held, _) if life(held) == life(task));
                assert!(known.is_none() || is_explained, "a second end: {task:?} {known:?} {end:?}");
                *known = Some(end);
            }
        }
    }
}

impl ChangeReader for Seen {
    fn read(&mut self, change: &Change<'_>) {
        self.timelines.iter_mut().flatten().for_each(|timelines| timelines.read(change));
        self.recorded.read(change);
        self.recount.iter_mut().for_each(|recount| recount.read(change));
        let Change::Task(change) = change else { return };
        let is_dropped = self.drops && change.before == Snapshot::Absent;
        let known = self.fold.known(change.guid);
        assert!(is_dropped || known == change.before, "a change continues where the last one ended");
        if let Source::List { reconciles } = change.source {
            assert_eq!(reconciles, self.in_gap, "{change:?}");
        }
        self.follow_life(change.after, change.before);
        let guid = change.guid.clone();
        match change.after {
            Snapshot::Absent => self.fold.0.remove(&guid),
            Snapshot::Live(task) => self.fold.0.insert(guid, (task.clone(), None)),
            Snapshot::Ended(task, end) => self.fold.0.insert(guid, (task.clone(), Some(end))),
        };
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Server(u8, u8),
    /// Delivers the next event, or the one after it first.
    Deliver {
        swapped: bool,
    },
    /// The stream ends, and all that is still to be delivered is lost.
    Lose,
    /// The stream is opened again. What was told meanwhile is lost, too.
    Subscribe,
    AskList,
    /// One task is looked up.
    Get(u8),
    /// We send a delete. The server receives it, its reply arrives, and in the end the outcome is no longer shown.
    Delete(u8),
    Receive(u8),
    Reply(u8),
    Forget(u8),
    /// One end is attributed to our delete, whatever happened.
    Claim(u8),
    /// The BBS refuses that delete.
    Disclaim(u8),
    /// The server takes its snapshot.
    Snapshot,
    /// The snapshot arrives.
    EndList,
    /// Time passes for the ended tasks.
    Wait(u8),
}

impl Step {
    /// Returns whether it tells the store something that the server did not do.
    pub(super) const fn is_untrue(self) -> bool {
        matches!(self, Self::Claim(_) | Self::Disclaim(_))
    }
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (any::<u8>(), any::<u8>()).prop_map(|(which, kind)| Step::Server(which, kind)),
        7 => any::<bool>().prop_map(|swapped| Step::Deliver { swapped }),
        1 => Just(Step::Lose),
        2 => Just(Step::Subscribe),
        2 => Just(Step::AskList),
        1 => any::<u8>().prop_map(Step::Get),
        1 => any::<u8>().prop_map(Step::Delete),
        1 => any::<u8>().prop_map(Step::Receive),
        1 => any::<u8>().prop_map(Step::Reply),
        1 => any::<u8>().prop_map(Step::Forget),
        1 => any::<u8>().prop_map(Step::Claim),
        1 => any::<u8>().prop_map(Step::Disclaim),
        2 => Just(Step::Snapshot),
        2 => Just(Step::EndList),
        1 => any::<u8>().prop_map(Step::Wait),
    ]
}

pub(super) fn guid(which: u8) -> TaskGuid {
    TaskGuid::from(format!("task-{}", which % 6))
}

/// A delete of ours.
#[derive(Debug, Clone, Copy)]
struct Deletion {
    created_at: Timestamp,
    /// Whether the server did it, once it has received it.
    done: Option<bool>,
    /// Whether its reply has arrived.
    is_answered: bool,
}

/// A store that watches a [`Server`], with a list in flight at times.
pub(super) struct Watch {
    pub(super) server: Server,
    pub(super) store: Store,
    pub(super) seen: Seen,
    undelivered: usize,
    is_open: bool,
    /// The list in flight: its mark, its snapshot, and whether the stream was open when it was asked.
    list: Option<(Mark, Option<Vec<Task>>, bool)>,
    ours: BTreeMap<TaskGuid, Deletion>,
    /// The lives that lost an event, and when the loss was noticed.
    pub(super) lost: Vec<(Life, Timestamp)>,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self::keeping(KeepEnded::number(100))
    }

    pub(super) fn with_timelines() -> Self {
        let mut watch = Self::new();
        watch.seen.timelines = Some([FEW_BYTES, usize::MAX].map(Timelines::within));
        watch
    }

    pub(super) fn keeping(keep: KeepEnded) -> Self {
        let drops = keep != KeepEnded::number(100);
        let (server, store, seen) = (Server::default(), Store::keeping(keep), Seen::new(drops));
        let (undelivered, is_open) = (0, true);
        let ours = BTreeMap::new();
        Self { server, store, seen, undelivered, is_open, list: None, ours, lost: Vec::new() }
    }

    pub(super) fn apply(&mut self, step: Step) {
        let now = self.server.now();
        match step {
            Step::Server(which, kind) => self.server.step(&guid(which), kind),
            Step::Deliver { swapped } if self.is_open => self.deliver(swapped),
            Step::Lose => self.lose(),
            Step::Subscribe => self.subscribe(),
            Step::AskList if self.list.is_none() => {
                self.list = Some((self.store.mark(), None, self.is_open));
            }
            Step::Snapshot => {
                if let Some((_, snapshot @ None, _)) = &mut self.list {
                    *snapshot = Some(self.server.listed());
                }
            }
            Step::EndList => self.end_list(),
            Step::AskList | Step::Deliver { .. } => {}
            Step::Get(which) => self.look_up(&guid(which)),
            Step::Delete(which) => self.send_delete(guid(which)),
            Step::Receive(which) => self.receive_delete(&guid(which)),
            Step::Reply(which) => self.reply_to_delete(&guid(which)),
            Step::Forget(which) => {
                let guid = guid(which);
                if self.ours.get(&guid).is_some_and(|deletion| deletion.is_answered) {
                    self.ours.remove(&guid);
                }
            }
            Step::Claim(which) => {
                let guid = guid(which);
                if let Some(created_at) = self.store.get(&guid).map(|entry| entry.task.created_at) {
                    self.store.claim_end(&guid, created_at, None, now, &mut self.seen);
                }
            }
            Step::Disclaim(which) => self.store.disclaim_end(&guid(which), now, &mut self.seen),
            Step::Wait(ticks) => {
                (0..ticks).for_each(|_| self.server.tick());
                self.store.pass_time(self.server.now());
            }
        }
        self.claim_ours();
    }

    /// Lets everything that is under way arrive, and then asks for one more list.
    pub(super) fn heal(&mut self) {
        for which in 0..6 {
            self.apply(Step::Receive(which));
            self.apply(Step::Reply(which));
        }
        self.apply(Step::Snapshot);
        self.apply(Step::EndList);
        self.apply(Step::Subscribe);
        self.deliver_all();
        self.apply(Step::AskList);
        self.apply(Step::Snapshot);
        self.apply(Step::EndList);
    }

    pub(super) fn deliver_all(&mut self) {
        while self.is_open && self.undelivered < self.server.told.len() {
            self.deliver(false);
            self.claim_ours();
        }
    }

    fn deliver(&mut self, swapped: bool) {
        let rest = self.server.told.get_mut(self.undelivered..).unwrap_or_default();
        if swapped && rest.len() > 1 {
            rest.swap(0, 1);
        }
        if let Some(event) = rest.first().cloned() {
            self.undelivered += 1;
            let by_us = self.is_deleting(event.task());
            self.store.apply_event(event, by_us, self.server.now(), &mut self.seen);
        }
    }

    fn lose(&mut self) {
        self.skip_undelivered();
        self.is_open = false;
        // A list that was asked before does not make up for what is lost from now on.
        if let Some((.., was_open)) = &mut self.list {
            *was_open = false;
        }
        self.seen.in_gap = true;
        self.store.open_gap("lost", self.server.now(), &mut self.seen);
    }

    fn subscribe(&mut self) {
        if !self.is_open {
            self.skip_undelivered();
            self.is_open = true;
            self.store.resume_stream(self.server.now());
        }
    }

    fn skip_undelivered(&mut self) {
        let now = self.server.now();
        let rest = self.server.told.get(self.undelivered..).unwrap_or_default();
        self.lost.extend(rest.iter().map(|event| (life(TaskEvent::task(event)), now)));
        self.undelivered = self.server.told.len();
    }

    fn end_list(&mut self) {
        let arrived = self.list.take_if(|(_, snapshot, _)| snapshot.is_some());
        let Some((mark, Some(snapshot), was_open)) = arrived else { return };
        let now = self.server.now();
        for task in snapshot {
            self.store.apply_listed(mark, task, now, &mut self.seen);
        }
        self.store.finish_list(mark, &TaskFilter::default(), now, &mut self.seen);
        self.seen.in_gap &= !was_open;
    }

    fn send_delete(&mut self, guid: TaskGuid) {
        let held = self.store.get(&guid).filter(|entry| entry.end.is_none());
        if let Some(entry) = held.filter(|entry| entry.task.state == State::Resolving) {
            let deletion = Deletion { created_at: entry.task.created_at, done: None, is_answered: false };
            self.ours.entry(guid).or_insert(deletion);
        }
    }

    fn receive_delete(&mut self, guid: &TaskGuid) {
        if let Some(deletion @ Deletion { done: None, .. }) = self.ours.get_mut(guid) {
            deletion.done = Some(self.server.delete_for_us(&(guid.clone(), deletion.created_at)));
        }
    }

    /// What the BBS refuses is not ours, whoever ended it. What it acknowledges is looked up.
    fn reply_to_delete(&mut self, guid: &TaskGuid) {
        let Some(deletion) = self.ours.get_mut(guid).filter(|deletion| !deletion.is_answered) else { return };
        match deletion.done {
            None => {}
            Some(true) => {
                deletion.is_answered = true;
                self.look_up(guid);
            }
            Some(false) => {
                self.ours.remove(guid);
                self.store.disclaim_end(guid, self.server.now(), &mut self.seen);
            }
        }
    }

    fn look_up(&mut self, guid: &TaskGuid) {
        let mark = self.store.mark();
        let got = self.server.tasks.get(guid).cloned();
        self.store.apply_got(mark, guid, got, self.server.now(), &mut self.seen);
    }

    fn is_deleting(&self, task: &Task) -> bool {
        self.ours.get(&task.guid).is_some_and(|deletion| deletion.created_at == task.created_at)
    }

    /// As the session does after each message.
    fn claim_ours(&mut self) {
        for (guid, Deletion { created_at, .. }) in &self.ours {
            self.store.claim_end(guid, *created_at, None, self.server.now(), &mut self.seen);
        }
    }
}
