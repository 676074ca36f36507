//! The incidents that a scenario simulates: what happens to whose tasks, and in which time.

use super::*;
use crate::bbs::wire::Task;

/// The events of some seconds at the scenario's own rate, with a sweep every half a minute.
fn events_within(name: &str, seconds: u32) -> (Machine, Vec<Event>) {
    let (mut machine, mut workload) = populated(name, scenario(name).size.tasks, 3);
    let steps = f64::from(seconds) * workload.rate();
    let pause = Duration::from_secs_f64(1.0 / workload.rate());
    let (mut now, mut swept, mut events) = (START, START, Vec::new());
    while events.len() < 1_000_000 && now.since(START).as_secs_f64() * workload.rate() < steps {
        now = now.plus(pause);
        workload.step(&mut machine, now);
        workload.finish_due(&mut machine, now);
        if now.since(swept) >= Duration::from_secs(30) {
            swept = now;
            machine.sweep(now);
        }
        events.extend(machine.take_events());
    }
    (machine, events)
}

fn removed(events: &[Event]) -> impl Iterator<Item = &Task> {
    events.iter().filter_map(|event| match event {
        Event::Removed(task) => Some(task),
        _ => None,
    })
}

fn changes(events: &[Event]) -> impl Iterator<Item = (&Task, &Task)> {
    events.iter().filter_map(|event| match event {
        Event::Changed(tasks) => Some((&tasks.0, &tasks.1)),
        _ => None,
    })
}

#[test]
fn a_storm_is_a_thousand_tasks_that_run_for_two_seconds_and_vanish_by_their_callback() {
    let (machine, events) = events_within("storm", 20);
    assert!(machine.is_empty(), "{} are left", machine.len());
    assert_eq!(removed(&events).count(), 1_000);
    assert!(removed(&events).all(|task| task.state == State::Resolving.number()));
    let runs = changes(&events).filter(|(before, _)| before.state == State::Running.number());
    let runs: BTreeSet<_> = runs.map(|(before, after)| after.updated_at - before.updated_at).collect();
    assert_eq!(runs, [2_000_000_000].into());
}

#[test]
fn a_lost_cell_stays_away_and_the_sweep_fails_its_tasks() {
    let (machine, events) = events_within("lost-cell", 300);
    assert_eq!(machine.cells().unwrap().len(), 5, "of six");
    let lost =
        changes(&events).filter(|(_, after)| after.failure_reason == "cell disappeared before completion");
    let cells: BTreeSet<_> = lost.map(|(_, after)| after.cell_id.clone()).collect();
    assert_eq!(cells.len(), 1, "one cell, which is kept in its tasks: {cells:?}");
}

#[test]
fn the_tasks_of_an_unavailable_callback_host_loop_until_they_expire() {
    let (_, events) = events_within("callbacks", 400);
    let is_billing = |task: &Task| task.domain == "billing";
    let called = removed(&events).filter(|task| task.domain != "batch");
    let (billing, others): (Vec<_>, Vec<_>) = called.partition(|task| is_billing(task));
    assert!(billing.len() > 5 && billing.iter().all(|task| task.state == State::Completed.number()));
    assert!(others.len() > 50 && others.iter().all(|task| task.state == State::Resolving.number()));
    let demoted = changes(&events).filter(|(before, after)| {
        (before.state, after.state) == (State::Resolving.number(), State::Completed.number())
    });
    let demoted: Vec<_> = demoted.map(|(_, after)| after).collect();
    assert!(demoted.len() > billing.len(), "more than once: {}", demoted.len());
    assert!(demoted.iter().all(|task| is_billing(task)));
}
