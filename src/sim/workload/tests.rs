//! The initial tasks and the operations of every built-in scenario.

mod incidents;

use std::collections::BTreeSet;

use super::*;
use crate::bbs::decode_definition;
use crate::bbs::list::ListDecoder;
use crate::model::TaskKind;
use crate::sim::Event;

const START: Timestamp = Timestamp::from_nanos(1_795_434_074_000_000_000);
const OPERATIONS: u32 = 6_000;

fn scenario(name: &str) -> Scenario {
    Scenario::BUILT_IN.into_iter().find(|one| one.name == name).unwrap().read().unwrap()
}

/// A machine with the initial tasks of a scenario, and the workload that created them.
fn populated(name: &str, tasks: usize, seed: u64) -> (Machine, Workload) {
    let (mut machine, mut workload) = (Machine::new(), Workload::new(scenario(name), seed));
    workload.populate(&mut machine, 6, tasks, START);
    (machine, workload)
}

/// The events of about an hour, with those of the sweeps.
fn events_of(name: &str, seed: u64) -> Vec<Event> {
    let (mut machine, mut workload) = populated(name, 100, seed);
    let mut now = START;
    for operation in 0..OPERATIONS {
        now = now.plus(Duration::from_millis(500));
        workload.step(&mut machine, now);
        if operation % 60 == 0 {
            machine.sweep(now);
        }
    }
    machine.take_events()
}

/// The states and the failure reasons that occur in the events.
fn states_and_reasons(events: &[Event]) -> (BTreeSet<State>, BTreeSet<String>) {
    let after = events.iter().filter_map(|event| match event {
        Event::Created(task) => Some(task),
        Event::Changed(tasks) => Some(&tasks.1),
        Event::Removed(_) => None,
    });
    let (mut states, mut reasons) = (BTreeSet::new(), BTreeSet::new());
    for task in after {
        states.insert(State::from_number(task.state));
        reasons.insert(String::from_utf8(task.failure_reason.to_vec()).unwrap());
    }
    (states, reasons)
}

#[test]
fn the_initial_tasks_match_the_requested_number_and_cover_every_lasting_state() {
    for scenario in Scenario::BUILT_IN {
        let (machine, _) = populated(scenario.name, 1_000, 7);
        let tasks = machine.list("", "").unwrap();
        assert_eq!(tasks.len(), 1_000, "{}", scenario.name);
        // `load` has no completed tasks, since the sweep would delete them, and `storm` has none without a callback.
        let ended = (!matches!(scenario.name, "load" | "storm")).then_some(State::Completed);
        for state in [State::Pending, State::Running].into_iter().chain(ended) {
            assert!(tasks.iter().any(|task| task.state == state.number()), "{} {state}", scenario.name);
        }
    }
}

#[test]
fn every_kind_passes_the_validation_of_the_server() {
    for built_in in Scenario::BUILT_IN {
        let scenario = built_in.read().unwrap();
        let mut random = Random::new(1);
        let apps = Apps::new(&scenario.apps, 100, &mut random);
        for kind in &scenario.kinds {
            let definition = Template::new(kind).instantiate("guid", &apps, &mut random);
            assert_eq!(
                Machine::new().desire("guid", &kind.domain, definition, START),
                Ok(()),
                "{}",
                kind.domain
            );
        }
    }
}

#[test]
fn cloud_controllers_tasks_name_their_app_and_others_do_not() {
    for built_in in Scenario::BUILT_IN {
        let (mut machine, _) = populated(built_in.name, 400, 7);
        let tasks = machine.encoded_list("", "").concat();
        let (mut decoder, mut listed) = (ListDecoder::default(), Vec::new());
        decoder.push(&tasks, &mut listed).unwrap();
        let mut apps = BTreeSet::new();
        for task in &listed {
            let (kind, owner) = (TaskKind::of_domain(task.domain.as_str()), &task.owner);
            let definition = decode_definition(&task.definition).unwrap();
            assert_eq!(kind == TaskKind::Other, owner.is_none(), "{} {}", built_in.name, task.domain);
            if let Some(owner) = owner.get() {
                assert_eq!(owner.app.guid, definition.log_guid);
                assert!(!owner.app.name.is_empty() && !owner.space.name.is_empty(), "{owner:?}");
                assert!(!owner.org.name.is_empty(), "{owner:?}");
                apps.insert(owner.app.guid.clone());
            }
        }
        let distinct = apps.len();
        assert!(distinct > 5, "{} has {distinct} apps", built_in.name);
    }
}

#[test]
fn a_large_foundation_has_more_apps() {
    let foundation = scenario("foundation").apps;
    for (tasks, apps) in [(60, 60), (10_000, 200), (1_000_000, 2_000)] {
        assert_eq!(Apps::new(&foundation, tasks, &mut Random::new(1)).len(), apps, "{tasks} tasks");
    }
}

#[test]
fn foundation_reaches_every_state() {
    let (states, reasons) = states_and_reasons(&events_of("foundation", 3));
    assert_eq!(states, State::ALL.into());
    assert!(reasons.contains("task was cancelled") && reasons.contains("exceeded 1h0m0s timeout"));
}

#[test]
fn in_failures_cells_disappear_and_most_tasks_fail() {
    let events = events_of("failures", 3);
    let (states, reasons) = states_and_reasons(&events);
    assert_eq!(states, State::ALL.into());
    assert!(reasons.contains("cell disappeared before completion"), "{reasons:?}");
    assert!(reasons.contains("insufficient resources: memory"), "the fourth rejection fails: {reasons:?}");
    let ends = events.iter().filter_map(|event| match event {
        Event::Changed(tasks) if tasks.1.state == State::Completed.number() => Some(tasks.1.failed),
        _ => None,
    });
    let (failed, well): (Vec<_>, Vec<_>) = ends.partition(|failed| *failed);
    assert!(failed.len() > 2 * well.len(), "{} failed, {} did not", failed.len(), well.len());
}

#[test]
fn in_stuck_only_the_sweep_deletes_tasks() {
    let events = events_of("stuck", 3);
    let (states, reasons) = states_and_reasons(&events);
    assert_eq!(states, State::ALL.into());
    assert!(reasons.contains("not started within time limit"), "{reasons:?}");
    let removed = events.iter().filter_map(|event| match event {
        Event::Removed(task) => Some(task.state),
        _ => None,
    });
    assert_eq!(
        removed.collect::<BTreeSet<_>>(),
        [State::Completed.number()].into(),
        "no client deletes a task"
    );
    let reverted = |event: &Event| {
        matches!(event, Event::Changed(tasks)
            if (tasks.0.state, tasks.1.state) == (State::Resolving.number(), State::Completed.number()))
    };
    assert!(events.iter().any(reverted), "the sweep reverts Resolving to Completed");
}

#[test]
fn the_same_seed_gives_the_same_events() {
    assert_eq!(events_of("foundation", 3), events_of("foundation", 3));
    assert_ne!(events_of("foundation", 3), events_of("foundation", 4));
}

#[test]
fn the_number_of_tasks_stays_within_its_limit() {
    let (mut machine, mut workload) = populated("stuck", 100, 5);
    for _ in 0..3_000 {
        workload.step(&mut machine, START);
    }
    assert!(machine.len() <= 101, "{}", machine.len());
}

#[test]
fn load_keeps_the_requested_number_of_tasks() {
    let (mut machine, mut workload) = populated("load", 1_000, 5);
    let size = machine.encoded_list("", "").concat().len();
    assert!((1_350_000..1_450_000).contains(&size), "about 1,400 bytes a task: {size}");
    let mut now = START;
    for operation in 0..20_000 {
        now = now.plus(Duration::from_millis(50));
        workload.step(&mut machine, now);
        if operation % 600 == 0 {
            machine.sweep(now);
        }
        assert!((990..=1_001).contains(&machine.len()), "{} after {operation} operations", machine.len());
    }
    let events = machine.take_events().len();
    assert!((18_000..30_000).contains(&events), "about one event per operation: {events}");
}

#[test]
fn a_prefix_numbers_the_guids() {
    let mut machine = Machine::new();
    let numbered = Scenario { guid_prefix: Some("load-".to_owned()), ..scenario("load") };
    Workload::new(numbered, 7).populate(&mut machine, 6, 12, START);
    let guids: BTreeSet<_> = machine.list("", "").unwrap().into_iter().map(|task| task.task_guid).collect();
    let expected = (1..=12).map(|nth| Bytes::from(format!("load-{nth:06}")));
    assert_eq!(guids, expected.collect());
}
