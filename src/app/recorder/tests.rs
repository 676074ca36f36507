//! How much a full record takes, by its own account: ended tasks, their definitions and their timelines.

use super::*;
use crate::app::Settings;
use crate::app::store::Store;
use crate::model::{RawDefinition, State, Task, TaskEvent, Timestamp};

/// More than are kept.
const ENDED: usize = 21_000;
/// More than fits if all are kept.
const DEFINITION: [u8; 1_700] = [7; 1_700];

fn version(nth: usize, state: State, at: i64) -> Task {
    Task {
        created_at: Timestamp::from_nanos(1),
        updated_at: Timestamp::from_nanos(at),
        cell: (state == State::Running).then(|| "cell-a".into()),
        failed: matches!(state, State::Completed | State::Resolving),
        failure_reason: if at > 2 { format!("Exited with status {nth}").into() } else { "".into() },
        definition: RawDefinition::new(&DEFINITION).with_callback(true),
        ..Task::blank(format!("task-{nth}").into(), "cf-tasks".into(), state)
    }
}

#[test]
fn a_full_record_stays_within_its_bounds() {
    let settings = Settings::default();
    let (mut store, mut recorder) = (Store::new(settings.ended_kept), Recorder::new(settings.events_kept));
    let mut tell = |event, at| store.apply_event(event, false, Timestamp::from_nanos(at), &mut recorder);
    for nth in 0..ENDED {
        let states = [State::Pending, State::Running, State::Completed, State::Resolving];
        let versions: Vec<_> = (1..).zip(states).map(|(at, state)| version(nth, state, at)).collect();
        tell(TaskEvent::Created(versions[0].clone()), 1);
        for pair in versions.windows(2) {
            let (before, after) = (Box::new(pair[0].clone()), Box::new(pair[1].clone()));
            tell(TaskEvent::Changed { before, after }, 2);
        }
        tell(TaskEvent::Removed(versions[3].clone()), 3);
    }
    assert_eq!(store.ended_count(), 20_000);
    assert_eq!(store.entries().count(), 20_000);
    let definitions = store.ended_definition_bytes();
    assert!((15 << 20..=16 << 20).contains(&definitions), "{definitions} bytes");
    let timelines = recorder.timelines.bytes();
    assert!((23 << 20..=24 << 20).contains(&timelines), "{timelines} bytes");
    let dropped = store.entries().filter(|(_, entry)| entry.task.definition.is_dropped()).count();
    assert_eq!(dropped, 20_000 - definitions / DEFINITION.len());
    let newest = store.get(&format!("task-{}", ENDED - 1).into()).unwrap();
    assert_eq!(recorder.timelines.of(newest, 0).records.len(), 5);
    assert!(recorder.event_log.entries().len() <= settings.events_kept);
}
