//! What the store reports of each difference.

use crate::app::store::{Change, ChangeReader, Snapshot, Source, Store};
use crate::app::{EventLog, LogKind, Reconciled};
use crate::model::{CellId, End, LostEvents, State, Task, TaskEvent, TaskFilter, Timestamp};

use super::{NOW, changed, list_to, task};

const LATER: Timestamp = Timestamp::from_nanos(2);

/// Keeps one line for each change.
#[derive(Default)]
struct Lines(Vec<String>);

impl Lines {
    fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.0)
    }
}

impl ChangeReader for Lines {
    fn read(&mut self, change: &Change<'_>) {
        let known = |snapshot| match snapshot {
            Snapshot::Absent => "absent".to_owned(),
            Snapshot::Live(Task { state, .. }) => state.to_string(),
            Snapshot::Ended(_, end) => format!("{end:?}"),
        };
        self.0.push(match change {
            Change::Task(change) => {
                let source = match change.source {
                    Source::Event { .. } => "event".to_owned(),
                    Source::List { reconciles: false } => "List".to_owned(),
                    Source::List { reconciles: true } => "Reconciling list".to_owned(),
                    source => format!("{source:?}"),
                };
                format!("{source} {}: {} > {}", change.guid, known(change.before), known(change.after))
            }
            Change::Gap(gap) => format!(
                "gap from {} at {}{}: {}",
                gap.start.as_nanos(),
                gap.at.as_nanos(),
                if gap.closed { " closed" } else { "" },
                gap.why,
            ),
        });
    }
}

#[test]
fn each_source_is_named_and_nothing_new_is_no_change() {
    let (mut store, mut lines) = (Store::new(10), Lines::default());
    let (pending, running) = (task("a", 1, 1, State::Pending), task("a", 1, 2, State::Running));
    store.apply_event(TaskEvent::Created(pending), false, NOW, &mut lines);
    let mark = store.mark();
    list_to(&mut lines, &mut store, mark, &[running.clone(), task("b", 1, 1, State::Pending)]);
    assert_eq!(
        lines.take(),
        ["event a: absent > Pending", "List a: Pending > Running", "List b: absent > Pending"]
    );
    let mark = store.mark();
    list_to(&mut lines, &mut store, mark, std::slice::from_ref(&running));
    assert_eq!(lines.take(), ["List b: Pending > Vanished"], "a is as it was");
    let mark = store.mark();
    store.apply_got(mark, &"a".into(), Some(task("a", 1, 3, State::Completed)), NOW, &mut lines);
    store.apply_got(mark, &"a".into(), Some(task("a", 1, 3, State::Completed)), NOW, &mut lines);
    let mark = store.mark();
    store.apply_got(mark, &"a".into(), None, NOW, &mut lines);
    store.claim_end(&"a".into(), Timestamp::from_nanos(1), None, NOW, &mut lines);
    store.claim_end(&"a".into(), Timestamp::from_nanos(1), None, NOW, &mut lines);
    let get = ["Get a: Running > Completed", "Get a: Completed > Vanished"];
    assert_eq!(lines.take(), [get[0], get[1], "OurAction(Delete) a: Vanished > DeletedByUs"]);
}

#[test]
fn a_late_event_is_reported_and_changes_nothing() {
    let (mut store, mut lines) = (Store::new(10), Lines::default());
    let (pending, running) = (task("a", 1, 1, State::Pending), task("a", 1, 2, State::Running));
    let event = changed(&pending, &running);
    store.apply_event(event.clone(), false, NOW, &mut lines);
    store.apply_event(event.clone(), false, NOW, &mut lines);
    store.apply_event(TaskEvent::Removed(running), true, NOW, &mut lines);
    store.apply_event(event, false, NOW, &mut lines);
    assert_eq!(
        lines.take(),
        [
            "event a: absent > Running",
            "event a: Running > Running",
            "event a: Running > DeletedByUs",
            "event a: DeletedByUs > DeletedByUs",
        ]
    );
}

#[test]
fn what_leaves_a_cells_list_is_absent_and_not_ended() {
    let (mut store, mut lines) = (Store::new(10), Lines::default());
    store.apply_event(TaskEvent::Created(task("a", 1, 2, State::Running)), false, NOW, &mut ());
    let filter = TaskFilter { domain: None, cell: Some(CellId::from("cell-a")) };
    let mark = store.mark();
    store.finish_list(mark, &filter, NOW, &mut lines);
    assert_eq!(lines.take(), ["List a: Running > absent"]);
}

#[test]
fn a_gap_starts_with_the_last_item_and_closes_with_a_list_requested_after_the_stream_resumed() {
    let (mut store, mut lines) = (Store::new(10), Lines::default());
    store.resume_stream(NOW);
    store.open_gap("broken", LATER, &mut lines);
    assert_eq!(lines.take(), ["gap from 1 at 2: broken"]);
    let early = store.mark();
    store.resume_stream(LATER);
    let finish = |store: &mut Store, mark, filter, lines: &mut Lines| {
        store.finish_list(mark, &filter, LATER, lines);
        lines.take()
    };
    assert!(finish(&mut store, early, TaskFilter::default(), &mut lines).is_empty(), "requested before it");
    let partial = TaskFilter { domain: Some("d".into()), cell: None };
    let mark = store.mark();
    assert!(finish(&mut store, mark, partial, &mut lines).is_empty(), "not all tasks");
    store.open_gap("broken again", LATER, &mut lines);
    assert_eq!(lines.take(), ["gap from 1 at 2: broken again"], "it was still open");
    store.resume_stream(LATER);
    let mark = store.mark();
    assert_eq!(
        finish(&mut store, mark, TaskFilter::default(), &mut lines),
        ["gap from 1 at 2 closed: broken again"]
    );
    let mark = store.mark();
    assert!(finish(&mut store, mark, TaskFilter::default(), &mut lines).is_empty(), "once");
}

#[test]
fn the_event_log_keeps_events_and_gaps_and_sums_up_what_a_list_reveals_after_one() {
    let (mut store, mut log) = (Store::new(10), EventLog::new(10));
    let mark = store.mark();
    list_to(&mut log, &mut store, mark, &[task("a", 1, 1, State::Resolving)]);
    assert_eq!(log.seen(), 0, "the first list is no flood of events");
    store.apply_event(TaskEvent::Removed(task("a", 1, 1, State::Resolving)), true, NOW, &mut log);
    store.open_gap("broken", NOW, &mut log);
    store.resume_stream(NOW);
    let mark = store.mark();
    list_to(&mut log, &mut store, mark, &[task("b", 1, 1, State::Pending)]);
    let kinds: Vec<_> = log.entries().iter().map(|entry| &entry.kind).collect();
    let [LogKind::Task { transition, .. }, LogKind::Gap(lost), LogKind::Reconciled(found)] = kinds.as_slice()
    else {
        panic!("{kinds:?}");
    };
    assert_eq!(*transition, crate::app::Transition::Removed(End::DeletedByUs));
    assert_eq!(*lost, LostEvents { start: NOW, end: Some(NOW), why: "broken".into() });
    assert_eq!(*found, Reconciled { new: 1, changed: 0, gone: 0 });
}
