//! The life of a task and the sweep, against the API page.

use std::time::Duration;

use super::*;
use crate::bbs::wire::{Action, RunAction, action::Kind};

const NOW: Timestamp = Timestamp::from_nanos(1_000_000_000_000);

fn definition() -> TaskDefinition {
    let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
    TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".into(),
        action: Some(Action { kind: Some(Kind::RunAction(run)) }),
        ..TaskDefinition::default()
    }
}

/// A BBS with the task `a` in the state.
fn with_task(state: State) -> Machine {
    let mut machine = Machine::new();
    machine.add_cell(CellPresence { cell_id: "cell-a".into(), ..CellPresence::default() });
    machine.desire("a", "domain", definition(), NOW).unwrap();
    if state != State::Pending {
        machine.start("a", "cell-a", NOW).unwrap();
    }
    if matches!(state, State::Completed | State::Resolving) {
        machine.complete("a", "cell-a", Ok(b"result"), NOW).unwrap();
    }
    if state == State::Resolving {
        machine.resolving("a", NOW).unwrap();
    }
    machine.take_events();
    machine
}

fn message(refused: Result<(), wire::Error>) -> (i32, String) {
    let error = refused.unwrap_err();
    (error.r#type, wire::text(&error.message))
}

#[test]
fn a_cancelled_task_is_completed_failed_and_without_its_cell() {
    let mut machine = with_task(State::Running);
    machine.cancel("a", NOW).unwrap();
    let task = machine.task("a").unwrap();
    assert!(task.failed && task.cell_id.is_empty());
    assert_eq!(task.failure_reason, "task was cancelled");
    assert_eq!(task.first_completed_at, NOW.as_nanos());
}

#[test]
fn starting_again_on_the_same_cell_is_no_error_but_should_not_start() {
    let mut machine = with_task(State::Running);
    assert_eq!(machine.start("a", "cell-a", NOW), Ok(false));
}

#[test]
fn only_the_cell_that_runs_it_completes_it() {
    let mut machine = with_task(State::Running);
    let refused = machine.complete("a", "cell-b", Ok(b""), NOW);
    assert_eq!(message(refused), (24, "Running on cell cell-a not cell-b".to_owned()));
}

#[test]
fn a_long_reason_is_cut_to_1024_bytes() {
    let mut machine = with_task(State::Running);
    machine.complete("a", "cell-a", Err(&[b'x'; 2000]), NOW).unwrap();
    let reason = machine.task("a").unwrap().failure_reason;
    assert_eq!(reason.len(), 1024);
    assert!(reason.ends_with(b"x(truncated)"));
}

#[test]
fn the_fourth_rejection_fails_the_task() {
    let mut machine = with_task(State::Pending);
    for count in 1..=3 {
        machine.reject("a", "insufficient resources: memory", NOW).unwrap();
        let task = machine.task("a").unwrap();
        assert_eq!((task.state, task.rejection_count), (State::Pending.number(), count));
    }
    machine.reject("a", "insufficient resources: memory", NOW).unwrap();
    let task = machine.task("a").unwrap();
    assert_eq!((task.state, task.failed), (State::Completed.number(), true));
    assert_eq!(task.failure_reason, "insufficient resources: memory");
}

#[test]
fn a_task_with_a_callback_is_seen_completed_by_events_only() {
    let mut machine = Machine::new();
    let definition = TaskDefinition { completion_callback_url: "http://cc/done".into(), ..definition() };
    machine.desire("a", "domain", definition, NOW).unwrap();
    machine.start("a", "cell-a", NOW).unwrap();
    machine.take_events();
    machine.complete("a", "cell-a", Ok(b""), NOW).unwrap();
    let states: Vec<i32> = machine
        .take_events()
        .iter()
        .map(|event| match event {
            Event::Changed(tasks) => tasks.1.state,
            Event::Created(_) | Event::Removed(_) => 0,
        })
        .collect();
    assert_eq!(states, [3, 4, 0]);
    assert!(machine.is_empty());
}

#[test]
fn an_unknown_and_an_empty_guid_are_refused_differently() {
    let mut machine = Machine::new();
    let not_found = (13, "the requested resource could not be found".to_owned());
    assert_eq!(message(machine.cancel("nope", NOW)), not_found);
    assert_eq!(message(machine.cancel("", NOW)), (4, "Invalid field: task_guid".to_owned()));
}

#[test]
fn desire_says_everything_that_is_wrong_in_the_servers_order() {
    let mut machine = Machine::new();
    let wrong = TaskDefinition {
        root_fs: "no-scheme".into(),
        memory_mb: -1,
        disk_mb: -1,
        max_pids: -1,
        annotation: vec![b'a'; 10_241].into(),
        image_username: "somebody".into(),
        ..TaskDefinition::default()
    };
    let recorded = "Invalid field: rootfs, invalid action type, Invalid field: memory_mb, \
                    Invalid field: disk_mb, Invalid field: max_pids, Invalid field: annotation, \
                    Invalid field: image_password";
    assert_eq!(message(machine.desire("a", "d", wrong, NOW)), (4, recorded.to_owned()));
    let nothing = "Invalid field: task_guid, Invalid field: domain, Invalid field: task_definition";
    assert_eq!(message(machine.desire("a b", "", None, NOW)), (4, nothing.to_owned()));
}

#[test]
fn a_guid_in_use_is_refused() {
    let mut machine = with_task(State::Pending);
    let refused = machine.desire("a", "domain", definition(), NOW);
    assert_eq!(message(refused), (12, "the requested resource already exists".to_owned()));
}

#[test]
fn a_list_takes_domain_and_cell_together() {
    let machine = with_task(State::Running);
    assert_eq!(machine.list("domain", "cell-a").unwrap().len(), 1);
    assert_eq!(machine.list("domain", "cell-b").unwrap().len(), 0);
    assert_eq!(machine.list("other", "").unwrap().len(), 0);
}

#[test]
fn the_sweep_fails_what_was_not_started_in_time() {
    let mut machine = with_task(State::Pending);
    machine.sweep(NOW.plus(Duration::from_secs(1800)));
    assert_eq!(machine.take_events(), []);
    machine.sweep(NOW.plus(Duration::from_secs(1801)));
    assert_eq!(machine.task("a").unwrap().failure_reason, "not started within time limit");
}

#[test]
fn the_sweep_fails_what_ran_on_a_cell_that_is_gone() {
    let mut machine = with_task(State::Running);
    machine.sweep(NOW);
    assert_eq!(machine.take_events(), []);
    machine.remove_cell("cell-a");
    machine.sweep(NOW);
    assert_eq!(machine.task("a").unwrap().failure_reason, "cell disappeared before completion");
}

#[test]
fn the_sweep_gives_back_what_was_not_deleted_and_keeps_its_time() {
    let mut machine = with_task(State::Resolving);
    machine.sweep(NOW.plus(Duration::from_secs(31)));
    let task = machine.task("a").unwrap();
    assert_eq!((task.state, task.updated_at), (State::Completed.number(), NOW.as_nanos()));
}

#[test]
fn the_sweep_deletes_what_has_been_completed_for_two_minutes() {
    let mut machine = with_task(State::Completed);
    machine.sweep(NOW.plus(Duration::from_secs(121)));
    assert!(machine.is_empty());
    assert!(matches!(machine.take_events().as_slice(), [Event::Removed(_)]));
}

#[test]
fn a_domain_is_fresh_for_its_time() {
    let mut machine = Machine::new();
    machine.upsert_domain("short", 10, NOW).unwrap();
    machine.upsert_domain("ever", 0, NOW).unwrap();
    assert_eq!(machine.domains(NOW).unwrap().len(), 2);
    assert_eq!(machine.domains(NOW.plus(Duration::from_secs(10))).unwrap(), ["ever"]);
}
