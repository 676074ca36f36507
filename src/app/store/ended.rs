//! The ended tasks in the order of their end, and what is kept of them: for how long, how many, and how many bytes of
//! definitions.
//!
//! Whoever is next stands at the front, so that time passes at the cost of what is due, not of what is kept. A task whose
//! guid is used again, or whose end is replaced, leaves its place in the queues: it is skipped there when its turn comes.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Entry, Mark, RowId, Store};
use crate::model::{End, Ended, Task, Timestamp};

/// How many bytes of definitions are kept of ended tasks. They are most of what a task takes. Those of the newest 11,000 tasks
/// of Cloud Controller fit: looked at most, while the whole record stays within its bound of memory.
const MOST_DEFINITION_BYTES: usize = 16 << 20;

/// What is kept of ended tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeepEnded {
    /// How many.
    pub number: usize,
    /// For how long after the end.
    pub time: Duration,
    /// For how long after the end one also stands among the tasks that the BBS holds.
    pub linger: Duration,
}

impl KeepEnded {
    /// Keeps this many, for however long, and shows none of them among the tasks that the BBS holds.
    pub const fn number(number: usize) -> Self {
        Self { number, time: Duration::MAX, linger: Duration::ZERO }
    }
}

/// A place in a queue: the row of an ended task, and the mark of its end, which tells whether the row is still its.
type Place = (RowId, Mark);

/// The ended tasks in the order of their end.
#[derive(Debug)]
pub(super) struct EndedTasks {
    keep: KeepEnded,
    order: VecDeque<Place>,
    lingering: VecDeque<Place>,
    defined: VecDeque<Place>,
    definition_bytes: usize,
    count: usize,
}

impl EndedTasks {
    pub(super) fn new(keep: KeepEnded) -> Self {
        Self {
            keep,
            order: VecDeque::new(),
            lingering: VecDeque::new(),
            defined: VecDeque::new(),
            definition_bytes: 0,
            count: 0,
        }
    }

    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// Returns how many places the queues have, taken or not.
    #[cfg(test)]
    pub(super) fn places(&self) -> usize {
        self.order.len() + self.lingering.len() + self.defined.len()
    }

    /// Returns how many bytes of definitions are kept.
    #[cfg(test)]
    pub(super) const fn definition_bytes(&self) -> usize {
        self.definition_bytes
    }

    /// Records that an ended task was removed from its row.
    pub(super) fn left(&mut self, entry: &Entry) {
        self.count -= 1;
        self.definition_bytes -= entry.task.definition.as_bytes().len();
    }

    /// Returns whether a task that ends now is to stay among the held ones for a while: one that was seen to live for at
    /// least that long. So ended tasks cannot outnumber those that live, however many of them come and go.
    pub(super) fn lingers(&self, last: &Task, how: End) -> bool {
        let linger = self.keep.linger;
        // The last version of a task that vanished does not tell how long it lived.
        !linger.is_zero() && (how == End::Vanished || last.updated_at.since(last.created_at) >= linger)
    }
}

impl Store {
    /// Returns how many ended tasks are kept.
    pub fn ended_count(&self) -> usize {
        self.ended.count()
    }

    /// Returns how many bytes of definitions are kept of ended tasks.
    #[cfg(test)]
    pub(in crate::app) const fn ended_definition_bytes(&self) -> usize {
        self.ended.definition_bytes()
    }

    /// Returns what is kept of tasks that are gone: what it is, how many, and how many at most.
    #[cfg(test)]
    pub(in crate::app) fn bounds(&self) -> [(&'static str, usize, usize); 3] {
        let EndedTasks { keep, definition_bytes, count, .. } = &self.ended;
        [
            ("ended tasks", *count, keep.number),
            ("definitions of ended tasks", *definition_bytes, MOST_DEFINITION_BYTES),
            (
                "guids of removed tasks, which late events must not bring back",
                self.buried.len(),
                super::MOST_TOMBSTONES,
            ),
        ]
    }

    /// Returns the rows of the ended tasks that stand among the held ones.
    pub(in crate::app) fn lingering(&self) -> impl Iterator<Item = RowId> {
        self.ended.lingering.iter().filter(|place| self.is_at(**place)).map(|(id, _)| *id)
    }

    /// Lets time pass for the ended tasks. `now` is our wall time.
    pub fn pass_time(&mut self, now: Timestamp) {
        let KeepEnded { time, linger, .. } = self.ended.keep;
        while let Some(place) = self.ended.lingering.front().copied() {
            if self.is_at(place) && !self.is_older(place, linger, now) {
                break;
            }
            self.ended.lingering.pop_front();
            self.stop_lingering(place);
        }
        while let Some(place) = self.ended.order.front().copied() {
            if self.is_at(place) && !self.is_older(place, time, now) {
                break;
            }
            self.ended.order.pop_front();
            self.forget(place);
        }
    }

    /// Puts an ended task at the end of the queues, and drops what exceeds the limits.
    pub(super) fn enqueue(&mut self, place: Place, lingers: bool) {
        let bytes = self.entry(place.0).map_or(0, |entry| entry.task.definition.as_bytes().len());
        self.ended.count += 1;
        self.ended.order.push_back(place);
        if lingers {
            self.ended.lingering.push_back(place);
        }
        if bytes > 0 {
            self.ended.definition_bytes += bytes;
            self.ended.defined.push_back(place);
        }
        while self.ended.count > self.ended.keep.number {
            let Some(oldest) = self.ended.order.pop_front() else { break };
            self.forget(oldest);
        }
        while self.ended.definition_bytes > MOST_DEFINITION_BYTES {
            let Some(oldest) = self.ended.defined.pop_front() else { break };
            self.drop_definition(oldest);
        }
        self.skip_left();
    }

    /// Removes the places that are no longer taken from the queues once they are many: they are skipped at the front, but
    /// may never get there.
    fn skip_left(&mut self) {
        let limit = 2 * self.ended.count + 1_024;
        let queues: [fn(&mut EndedTasks) -> &mut VecDeque<Place>; 3] =
            [|of| &mut of.order, |of| &mut of.lingering, |of| &mut of.defined];
        for queue in queues {
            if queue(&mut self.ended).len() > limit {
                let mut places = std::mem::take(queue(&mut self.ended));
                places.retain(|place| self.is_at(*place));
                *queue(&mut self.ended) = places;
            }
        }
    }

    fn is_at(&self, (id, mark): Place) -> bool {
        self.entry(id).is_some_and(|entry| entry.end.is_some() && entry.touched == mark)
    }

    fn is_older(&self, (id, _): Place, than: Duration, now: Timestamp) -> bool {
        let end = self.entry(id).and_then(|entry| entry.end.as_deref());
        end.is_some_and(|Ended { at, .. }| now.since(*at) >= than)
    }

    fn forget(&mut self, place: Place) {
        if self.is_at(place)
            && let Some(guid) = self.entry(place.0).map(|entry| entry.task.guid.clone())
        {
            self.take(&guid);
        }
    }

    fn stop_lingering(&mut self, place: Place) {
        if self.is_at(place)
            && let Some(entry) = self.entry_mut(place.0)
        {
            entry.lingers = false;
            self.note_changed(place.0);
        }
    }

    fn drop_definition(&mut self, place: Place) {
        if self.is_at(place)
            && let Some(entry) = self.entry_mut(place.0)
        {
            let bytes = entry.task.definition.as_bytes().len();
            entry.task.definition.drop_bytes();
            self.ended.definition_bytes -= bytes;
            self.note_changed(place.0);
        }
    }
}
