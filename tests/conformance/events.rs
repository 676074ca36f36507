//! Tests the events of a task through our client. Events about one task may arrive out of order.
//!
//! Source: "The event stream" of the API.

use taskdeck::bbs::EventStream;
use taskdeck::model::State::{Completed, Pending, Resolving, Running};
use taskdeck::model::{State, StreamItem, Task, TaskEvent, TaskGuid};

use crate::bbs::Bbs;
use crate::targets::{everywhere, simulated, with_cell_calls};
use crate::tasks::{CELL, definition};

/// Reads `count` events of one task, in order of arrival.
pub(crate) async fn events_of(stream: &mut EventStream, guid: &TaskGuid, count: usize) -> Vec<TaskEvent> {
    let mut events = Vec::new();
    while events.len() < count {
        match stream.next().await.expect("another event").unwrap() {
            StreamItem::Event(event) if event.guid() == guid => events.push(event),
            // A removal without a task cannot be attributed to this task.
            StreamItem::Event(_) | StreamItem::Skipped(_) => {}
        }
    }
    events
}

/// Returns the states before and after an event; `None` if the task does not exist.
fn transition(event: &TaskEvent) -> (Option<State>, Option<State>) {
    match event {
        TaskEvent::Created(task) => (None, Some(task.state)),
        TaskEvent::Changed { before, after } => (Some(before.state), Some(after.state)),
        TaskEvent::Removed(task) => (Some(task.state), None),
    }
}

/// Asserts that the events have exactly these transitions, in any order.
pub(crate) fn assert_transitions(events: &[TaskEvent], transitions: &[(Option<State>, Option<State>)]) {
    let (mut actual, mut expected) =
        (events.iter().map(transition).collect::<Vec<_>>(), transitions.to_vec());
    actual.sort_unstable();
    expected.sort_unstable();
    assert_eq!(actual, expected);
}

fn find(events: &[TaskEvent], to: Option<State>) -> &TaskEvent {
    events.iter().find(|event| transition(event).1 == to).unwrap()
}

#[tokio::test]
async fn events_carry_the_same_task_as_a_get() {
    everywhere(async |bbs| {
        let mut stream = bbs.client.task_events().await.unwrap();
        let guid = bbs.desire("one").await;
        let pending = bbs.task(&guid).await;
        bbs.client.cancel(&guid).await.unwrap();
        let completed = bbs.task(&guid).await;
        bbs.client.resolving(&guid).await.unwrap();
        let resolving = bbs.task(&guid).await;
        bbs.client.delete(&guid).await.unwrap();
        let events = events_of(&mut stream, &guid, 4).await;
        assert_transitions(
            &events,
            &[
                (None, Some(Pending)),
                (Some(Pending), Some(Completed)),
                (Some(Completed), Some(Resolving)),
                (Some(Resolving), None),
            ],
        );
        assert_eq!(*find(&events, Some(Pending)), TaskEvent::Created(pending.clone()));
        let changed = |before: &Task, after: &Task| TaskEvent::Changed {
            before: Box::new(before.clone()),
            after: Box::new(after.clone()),
        };
        assert_eq!(*find(&events, Some(Completed)), changed(&pending, &completed));
        assert_eq!(*find(&events, Some(Resolving)), changed(&completed, &resolving));
        assert_eq!(*find(&events, None), TaskEvent::Removed(resolving));
    })
    .await;
}

#[tokio::test]
async fn cell_calls_cause_events() {
    with_cell_calls(async |bbs| {
        let mut stream = bbs.client.task_events().await.unwrap();
        let guid = bbs.desire("one").await;
        bbs.reject(&guid, "no room").await.unwrap();
        bbs.start(&guid, CELL).await.unwrap();
        bbs.start(&guid, CELL).await.unwrap();
        bbs.complete(&guid, CELL, Err("it failed")).await.unwrap();
        let events = events_of(&mut stream, &guid, 4).await;
        assert_transitions(
            &events,
            &[
                (None, Some(Pending)),
                (Some(Pending), Some(Pending)),
                (Some(Pending), Some(Running)),
                (Some(Running), Some(Completed)),
            ],
        );
        let TaskEvent::Changed { before, after } = find(&events, Some(Completed)) else {
            panic!("{events:?}")
        };
        assert_eq!(
            (&before.cell, &after.cell),
            (&Some(CELL.into()), &None),
            "only `before` still has the cell"
        );
        assert_eq!(&*after.failure_reason, "it failed");
    })
    .await;
}

#[tokio::test]
async fn the_event_of_a_rejection_while_running_keeps_the_cell() {
    with_cell_calls(async |bbs| {
        let mut stream = bbs.client.task_events().await.unwrap();
        let guid = bbs.task_in(Running, "one").await;
        bbs.reject(&guid, "no room").await.unwrap();
        let events = events_of(&mut stream, &guid, 3).await;
        let back = events.iter().find(|event| transition(event) == (Some(Running), Some(Pending)));
        let Some(TaskEvent::Changed { before, after }) = back else { panic!("{events:?}") };
        assert_eq!((&before.cell, &after.cell), (&Some(CELL.into()), &Some(CELL.into())));
    })
    .await;
}

#[tokio::test]
async fn a_failed_call_causes_no_event() {
    everywhere(async |bbs| {
        let mut stream = bbs.client.task_events().await.unwrap();
        let guid = bbs.desire("one").await;
        bbs.client.delete(&guid).await.unwrap_err();
        bbs.client.resolving(&guid).await.unwrap_err();
        bbs.client.cancel(&guid).await.unwrap();
        assert_transitions(
            &events_of(&mut stream, &guid, 2).await,
            &[(None, Some(Pending)), (Some(Pending), Some(Completed))],
        );
    })
    .await;
}

#[tokio::test]
async fn the_stream_does_not_replay_events() {
    everywhere(async |bbs| {
        let before = bbs.desire("before").await;
        let mut stream = bbs.client.task_events().await.unwrap();
        bbs.client.cancel(&before).await.unwrap();
        let events = events_of(&mut stream, &before, 1).await;
        assert_transitions(&events, &[(Some(Pending), Some(Completed))]);
    })
    .await;
}

#[tokio::test]
async fn every_subscription_gets_every_event() {
    everywhere(async |bbs| {
        let mut streams = [bbs.client.task_events().await.unwrap(), bbs.client.task_events().await.unwrap()];
        let guid = bbs.task_in(Completed, "one").await;
        for stream in &mut streams {
            let events = events_of(stream, &guid, 2).await;
            assert_transitions(&events, &[(None, Some(Pending)), (Some(Pending), Some(Completed))]);
        }
    })
    .await;
}

/// Cancels a task with a callback and returns its first `count` events.
async fn complete_with_callback(bbs: &Bbs, name: &str, count: usize) -> (TaskGuid, Vec<TaskEvent>) {
    let mut stream = bbs.client.task_events().await.unwrap();
    let url = "http://callback.invalid/done".into();
    let with_callback = taskdeck::bbs::wire::TaskDefinition { completion_callback_url: url, ..definition() };
    let guid = bbs.desire_as(name, &with_callback).await;
    bbs.client.cancel(&guid).await.unwrap();
    let events = events_of(&mut stream, &guid, count).await;
    (guid, events)
}

#[tokio::test]
async fn a_successful_callback_deletes_the_task_at_once() {
    simulated(async |bbs, _| {
        let (guid, events) = complete_with_callback(bbs, "one", 4).await;
        assert_transitions(
            &events,
            &[
                (None, Some(Pending)),
                (Some(Pending), Some(Completed)),
                (Some(Completed), Some(Resolving)),
                (Some(Resolving), None),
            ],
        );
        assert!(bbs.client.task(&guid).await.unwrap_err().is_not_found());
    })
    .await;
}

#[tokio::test]
async fn a_failed_callback_leaves_the_task_resolving() {
    simulated(async |bbs, sim| {
        sim.with(|machine, _| machine.set_callbacks(taskdeck::sim::Callbacks::Unanswered));
        let (guid, events) = complete_with_callback(bbs, "one", 3).await;
        assert_eq!(transition(&events[2]), (Some(Completed), Some(Resolving)));
        assert_eq!(bbs.state(&guid).await, Resolving);
    })
    .await;
}

#[tokio::test]
async fn reordered_events_and_empty_removals_are_delivered() {
    simulated(async |bbs, sim| {
        sim.faults().reorder_events(true);
        let (_, events) = complete_with_callback(bbs, "one", 4).await;
        assert_eq!(transition(&events[2]), (Some(Resolving), None), "the removal comes before the resolving");
        sim.faults().reorder_events(false);
        sim.faults().empty_removals(true);
        let mut stream = bbs.client.task_events().await.unwrap();
        let guid = bbs.task_in(Resolving, "two").await;
        bbs.client.delete(&guid).await.unwrap();
        let mut items = Vec::new();
        while !matches!(items.last(), Some(StreamItem::Skipped(_))) {
            items.push(stream.next().await.unwrap().unwrap());
        }
        assert_eq!(items.len(), 4);
    })
    .await;
}
