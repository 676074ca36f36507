//! What the event stream tells of a task, through our client. Two events about one task may come in the wrong order.

use taskdeck::bbs::EventStream;
use taskdeck::model::State::{Completed, Pending, Resolving, Running};
use taskdeck::model::{State, StreamItem, Task, TaskEvent, TaskGuid};

use crate::bbs::Bbs;
use crate::targets::{everywhere, simulated, with_a_cell};
use crate::tasks::{CELL, definition};

/// What is told of one task, in the order of telling.
pub(crate) async fn told_of(stream: &mut EventStream, guid: &TaskGuid, count: usize) -> Vec<TaskEvent> {
    let mut told = Vec::new();
    while told.len() < count {
        match stream.next().await.expect("not the end").unwrap() {
            StreamItem::Event(event) if event.guid() == guid => told.push(event),
            // A removal may come without its task; the tests' own wait for theirs.
            StreamItem::Event(_) | StreamItem::Skipped(_) => {}
        }
    }
    told
}

/// The states that an event tells of; none is before the task and after it.
fn step(event: &TaskEvent) -> (Option<State>, Option<State>) {
    match event {
        TaskEvent::Created(task) => (None, Some(task.state)),
        TaskEvent::Changed { before, after } => (Some(before.state), Some(after.state)),
        TaskEvent::Removed(task) => (Some(task.state), None),
    }
}

/// Asserts that the events tell of exactly these steps, in whatever order.
pub(crate) fn tell(events: &[TaskEvent], steps: &[(Option<State>, Option<State>)]) {
    let (mut told, mut wanted) = (events.iter().map(step).collect::<Vec<_>>(), steps.to_vec());
    told.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(told, wanted);
}

fn find(events: &[TaskEvent], to: Option<State>) -> &TaskEvent {
    events.iter().find(|event| step(event).1 == to).unwrap()
}

#[tokio::test]
async fn the_life_of_a_task_is_told_as_it_was_got() {
    everywhere(async |bbs| {
        let mut stream = bbs.client.task_events().await.unwrap();
        let guid = bbs.desire("one").await;
        let pending = bbs.task(&guid).await;
        bbs.client.cancel(&guid).await.unwrap();
        let completed = bbs.task(&guid).await;
        bbs.client.resolving(&guid).await.unwrap();
        let resolving = bbs.task(&guid).await;
        bbs.client.delete(&guid).await.unwrap();
        let told = told_of(&mut stream, &guid, 4).await;
        tell(
            &told,
            &[
                (None, Some(Pending)),
                (Some(Pending), Some(Completed)),
                (Some(Completed), Some(Resolving)),
                (Some(Resolving), None),
            ],
        );
        assert_eq!(*find(&told, Some(Pending)), TaskEvent::Created(pending.clone()));
        let changed = |before: &Task, after: &Task| TaskEvent::Changed {
            before: Box::new(before.clone()),
            after: Box::new(after.clone()),
        };
        assert_eq!(*find(&told, Some(Completed)), changed(&pending, &completed));
        assert_eq!(*find(&told, Some(Resolving)), changed(&completed, &resolving));
        assert_eq!(*find(&told, None), TaskEvent::Removed(resolving));
    })
    .await;
}

#[tokio::test]
async fn what_a_cell_does_is_told() {
    with_a_cell(async |bbs| {
        let mut stream = bbs.client.task_events().await.unwrap();
        let guid = bbs.desire("one").await;
        bbs.reject(&guid, "no room").await.unwrap();
        bbs.start(&guid, CELL).await.unwrap();
        bbs.start(&guid, CELL).await.unwrap();
        bbs.complete(&guid, CELL, Err("it failed")).await.unwrap();
        let told = told_of(&mut stream, &guid, 4).await;
        tell(
            &told,
            &[
                (None, Some(Pending)),
                (Some(Pending), Some(Pending)),
                (Some(Pending), Some(Running)),
                (Some(Running), Some(Completed)),
            ],
        );
        let TaskEvent::Changed { before, after } = find(&told, Some(Completed)) else { panic!("{told:?}") };
        assert_eq!(
            (&before.cell, &after.cell),
            (&Some(CELL.into()), &None),
            "only here its cell is still known"
        );
        assert_eq!(&*after.failure_reason, "it failed");
    })
    .await;
}

#[tokio::test]
async fn a_rejection_while_it_runs_is_told_with_the_cell_that_is_kept() {
    with_a_cell(async |bbs| {
        let mut stream = bbs.client.task_events().await.unwrap();
        let guid = bbs.task_in(Running, "one").await;
        bbs.reject(&guid, "no room").await.unwrap();
        let told = told_of(&mut stream, &guid, 3).await;
        let back = told.iter().find(|event| step(event) == (Some(Running), Some(Pending)));
        let Some(TaskEvent::Changed { before, after }) = back else { panic!("{told:?}") };
        assert_eq!((&before.cell, &after.cell), (&Some(CELL.into()), &Some(CELL.into())));
    })
    .await;
}

#[tokio::test]
async fn a_refusal_is_not_told() {
    everywhere(async |bbs| {
        let mut stream = bbs.client.task_events().await.unwrap();
        let guid = bbs.desire("one").await;
        bbs.client.delete(&guid).await.unwrap_err();
        bbs.client.resolving(&guid).await.unwrap_err();
        bbs.client.cancel(&guid).await.unwrap();
        tell(
            &told_of(&mut stream, &guid, 2).await,
            &[(None, Some(Pending)), (Some(Pending), Some(Completed))],
        );
    })
    .await;
}

#[tokio::test]
async fn nothing_is_told_again() {
    everywhere(async |bbs| {
        let before = bbs.desire("before").await;
        let mut stream = bbs.client.task_events().await.unwrap();
        bbs.client.cancel(&before).await.unwrap();
        let told = told_of(&mut stream, &before, 1).await;
        tell(&told, &[(Some(Pending), Some(Completed))]);
    })
    .await;
}

#[tokio::test]
async fn every_subscription_is_told_everything() {
    everywhere(async |bbs| {
        let mut streams = [bbs.client.task_events().await.unwrap(), bbs.client.task_events().await.unwrap()];
        let guid = bbs.task_in(Completed, "one").await;
        for stream in &mut streams {
            let told = told_of(stream, &guid, 2).await;
            tell(&told, &[(None, Some(Pending)), (Some(Pending), Some(Completed))]);
        }
    })
    .await;
}

/// A task with a callback, completed, as the stream tells it: nobody who polls sees it completed.
async fn called_back(bbs: &Bbs, name: &str, count: usize) -> (TaskGuid, Vec<TaskEvent>) {
    let mut stream = bbs.client.task_events().await.unwrap();
    let url = "http://callback.invalid/done".into();
    let with_callback = taskdeck::bbs::wire::TaskDefinition { completion_callback_url: url, ..definition() };
    let guid = bbs.desire_as(name, &with_callback).await;
    bbs.client.cancel(&guid).await.unwrap();
    let told = told_of(&mut stream, &guid, count).await;
    (guid, told)
}

#[tokio::test]
async fn a_callback_that_is_answered_takes_the_task_away_at_once() {
    simulated(async |bbs, _| {
        let (guid, told) = called_back(bbs, "one", 4).await;
        tell(
            &told,
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
async fn a_callback_that_nobody_answers_leaves_the_task_resolving() {
    simulated(async |bbs, sim| {
        sim.with(|machine, _| machine.set_callbacks(taskdeck::sim::Callbacks::Unanswered));
        let (guid, told) = called_back(bbs, "one", 3).await;
        assert_eq!(step(&told[2]), (Some(Completed), Some(Resolving)));
        assert_eq!(bbs.state(&guid).await, Resolving);
    })
    .await;
}

#[tokio::test]
async fn events_in_the_wrong_order_and_removals_of_nothing_are_told_all_the_same() {
    simulated(async |bbs, sim| {
        sim.faults().reorder_events(true);
        let (_, told) = called_back(bbs, "one", 4).await;
        assert_eq!(step(&told[2]), (Some(Resolving), None), "the removal before the claim");
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
