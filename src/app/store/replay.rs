//! Takes in what was recorded, so that the store becomes what that of the recording program was.
//!
//! A recorded change has been judged already: it is reported and applied as it is.

use crate::model::lifecycle::Step;
use crate::model::recording::{GapEntry, TaskEntry};
use crate::model::{End, Ended, Evidence, Task, TaskEvent, Timestamp};

use super::merge::report;
use super::{Change, ChangeReader, Gap, Snapshot, Source, Store};

impl Store {
    /// Takes in a recorded change of a task, which was learnt at the wall time `at`.
    pub(in crate::app) fn replay(&mut self, entry: TaskEntry, at: Timestamp, reader: &mut impl ChangeReader) {
        let TaskEntry { evidence, before, task, end, .. } = entry;
        let event = event_of(before, task, end);
        let held = self.get(event.guid());
        let is_known = held.is_some_and(|held| held.end.is_none() && held.task == *event.task());
        if evidence == Evidence::List && end.is_none() && is_known {
            // It was there when the recording began.
            return;
        }
        let old = Snapshot::of(held);
        let new = match (evidence, end) {
            (Evidence::LateEvent, _) => old,
            (_, Some(how)) => Snapshot::Ended(event.task(), how),
            (_, None) => Snapshot::Live(event.task()),
        };
        report(reader, (at, source_of(evidence, &event, end)), event.guid(), (old, new));
        match end {
            _ if evidence == Evidence::LateEvent => {}
            None => self.put_version(event),
            Some(how) => self.replay_end(event.into_task(), how, evidence, at),
        }
    }

    fn replay_end(&mut self, last: Task, how: End, evidence: Evidence, at: Timestamp) {
        let held = self.get(&last.guid).filter(|held| held.task.created_at == last.created_at);
        let told = Ended { without_us: without_us(&last, how), ..Ended::new(how, at) };
        let Some(known) = held.and_then(|held| held.end.as_deref().copied()) else {
            let is_listed = matches!(evidence, Evidence::List | Evidence::Reconciled);
            let unseen = self.continuity.unseen().filter(|_| is_listed);
            return self.end(last, Ended { unseen, ..told });
        };
        let is_newer = held.is_some_and(|held| held.task != last);
        let explained = match (evidence, how) {
            (Evidence::OurAction, End::DeletedByUs) => known.by_us(),
            (Evidence::OurAction, how) => Ended { how, request: None, ..known },
            _ => known.explained_by(told),
        };
        self.explain_end(&last.guid.clone(), |_| explained);
        if is_newer {
            self.replace_last(last);
        }
    }

    /// Takes in a recorded gap, which was noticed or closed at the wall time `at`.
    pub(in crate::app) fn replay_gap(
        &mut self,
        gap: &GapEntry,
        at: Timestamp,
        reader: &mut impl ChangeReader,
    ) {
        let GapEntry { start, closed, why } = gap;
        reader.read(&Change::Gap(Gap { start: *start, at, closed: *closed, why }));
        self.continuity.replay(*start, why, *closed, at);
    }

    /// Returns whether events were lost that no list has made up for yet.
    pub const fn has_gap(&self) -> bool {
        self.continuity.has_gap()
    }
}

/// Returns the event that tells a recorded change.
fn event_of(before: Option<Task>, task: Task, end: Option<End>) -> TaskEvent {
    match (end, before) {
        (Some(_), _) => TaskEvent::Removed(task),
        (None, Some(before)) => TaskEvent::Changed { before: Box::new(before), after: Box::new(task) },
        (None, None) => TaskEvent::Created(task),
    }
}

fn source_of(evidence: Evidence, event: &TaskEvent, end: Option<End>) -> Source<'_> {
    match evidence {
        Evidence::Event | Evidence::LateEvent => {
            Source::Event { event, by_us: end == Some(End::DeletedByUs) }
        }
        Evidence::List => Source::List { reconciles: false },
        Evidence::Reconciled => Source::List { reconciles: true },
        Evidence::LookUp => Source::Get,
        Evidence::OurAction => Source::OurAction(Step::Delete),
    }
}

fn without_us(last: &Task, how: End) -> End {
    if how == End::DeletedByUs { End::of_removed(last) } else { how }
}
