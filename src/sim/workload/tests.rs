//! What every scenario shows, at first and as it goes on.

use std::collections::BTreeSet;

use super::*;
use crate::sim::Event;

const START: Timestamp = Timestamp::from_nanos(1_795_434_074_000_000_000);
const TURNS: u32 = 6_000;

fn scenario(name: &str) -> Scenario {
    Scenario::BUILT_IN.into_iter().find(|one| one.name == name).unwrap().read().unwrap()
}

/// A foundation after its first population, and its workload.
fn populated(name: &str, tasks: usize, seed: u64) -> (Machine, Workload) {
    let (mut machine, mut workload) = (Machine::new(), Workload::new(scenario(name), seed));
    workload.populate(&mut machine, 6, tasks, START);
    (machine, workload)
}

/// The events of an hour or so, sweeps included.
fn told(name: &str, seed: u64) -> Vec<Event> {
    let (mut machine, mut workload) = populated(name, 100, seed);
    let mut now = START;
    for turn in 0..TURNS {
        now = now.plus(Duration::from_millis(500));
        workload.step(&mut machine, now);
        if turn % 60 == 0 {
            machine.sweep(now);
        }
    }
    machine.take_events()
}

/// The states that a task was in, and why those that failed did.
fn shown(events: &[Event]) -> (BTreeSet<State>, BTreeSet<String>) {
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
fn the_first_population_is_as_large_as_asked_and_in_every_state_that_lasts() {
    for scenario in Scenario::BUILT_IN {
        let (machine, _) = populated(scenario.name, 1_000, 7);
        let tasks = machine.list("", "").unwrap();
        assert_eq!(tasks.len(), 1_000, "{}", scenario.name);
        // Of a load nothing has ended: the sweep would make it smaller.
        let ended = (scenario.name != "load").then_some(State::Completed);
        for state in [State::Pending, State::Running].into_iter().chain(ended) {
            assert!(tasks.iter().any(|task| task.state == state.number()), "{} {state}", scenario.name);
        }
    }
}

#[test]
fn every_kind_is_desired_as_the_server_wants_it() {
    for built_in in Scenario::BUILT_IN {
        let scenario = built_in.read().unwrap();
        let mut random = Random::new(1);
        for kind in &scenario.kinds {
            let definition = Mould::of(kind).cast("guid", &mut random);
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
fn a_foundation_goes_through_every_state() {
    let (states, reasons) = shown(&told("foundation", 3));
    assert_eq!(states, State::ALL.into());
    assert!(reasons.contains("task was cancelled") && reasons.contains("exceeded 1h0m0s timeout"));
}

#[test]
fn in_an_incident_cells_disappear_and_most_tasks_fail() {
    let events = told("failures", 3);
    let (states, reasons) = shown(&events);
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
fn what_is_stuck_is_ended_by_nobody_but_the_servers_sweep() {
    let events = told("stuck", 3);
    let (states, reasons) = shown(&events);
    assert_eq!(states, State::ALL.into());
    assert!(reasons.contains("not started within time limit"), "{reasons:?}");
    let removed = events.iter().filter_map(|event| match event {
        Event::Removed(task) => Some(task.state),
        _ => None,
    });
    assert_eq!(
        removed.collect::<BTreeSet<_>>(),
        [State::Completed.number()].into(),
        "none is deleted by a client"
    );
    let given_back = |event: &Event| {
        matches!(event, Event::Changed(tasks)
            if (tasks.0.state, tasks.1.state) == (State::Resolving.number(), State::Completed.number()))
    };
    assert!(events.iter().any(given_back), "the server takes a claim back");
}

#[test]
fn the_same_seed_gives_the_same_story() {
    assert_eq!(told("foundation", 3), told("foundation", 3));
    assert_ne!(told("foundation", 3), told("foundation", 4));
}

#[test]
fn a_crowded_foundation_does_not_grow() {
    let (mut machine, mut workload) = populated("stuck", 100, 5);
    for _ in 0..3_000 {
        workload.step(&mut machine, START);
    }
    assert!(machine.len() <= 101, "{}", machine.len());
}

#[test]
fn a_load_stays_as_large_as_it_was_asked_for() {
    let (mut machine, mut workload) = populated("load", 1_000, 5);
    let size = machine.encoded_list("", "").concat().len();
    assert!((850_000..950_000).contains(&size), "about 900 bytes a task: {size}");
    let mut now = START;
    for turn in 0..20_000 {
        now = now.plus(Duration::from_millis(50));
        workload.step(&mut machine, now);
        if turn % 600 == 0 {
            machine.sweep(now);
        }
        assert!((990..=1_001).contains(&machine.len()), "{} after {turn} turns", machine.len());
    }
    let events = machine.take_events().len();
    assert!((18_000..30_000).contains(&events), "about an event a turn: {events}");
}
