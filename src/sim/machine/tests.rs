//! Tests of task calls and the sweep.
//!
//! Source: "Life of a task" and "What desire refuses" of the API.

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

/// Returns a BBS with the task `a` in the state.
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

fn error_of(result: Result<(), wire::Error>) -> (i32, String) {
    let error = result.unwrap_err();
    (error.r#type, wire::text(&error.message))
}

#[test]
fn cancel_completes_the_task_as_failed_and_clears_its_cell() {
    let mut machine = with_task(State::Running);
    machine.cancel("a", NOW).unwrap();
    let task = machine.task("a").unwrap();
    assert!(task.failed && task.cell_id.is_empty());
    assert_eq!(task.failure_reason, "task was cancelled");
    assert_eq!(task.first_completed_at, NOW.as_nanos());
}

#[test]
fn start_on_the_same_cell_again_succeeds_but_should_not_start() {
    let mut machine = with_task(State::Running);
    assert_eq!(machine.start("a", "cell-a", NOW), Ok(false));
}

#[test]
fn only_the_cell_that_runs_the_task_can_complete_it() {
    let mut machine = with_task(State::Running);
    let result = machine.complete("a", "cell-b", Ok(b""), NOW);
    assert_eq!(error_of(result), (24, "Running on cell cell-a not cell-b".to_owned()));
}

#[test]
fn a_reason_of_1024_bytes_or_more_is_truncated_to_1024() {
    for (length, kept) in [(1023, 1023), (1024, 1024), (2000, 1024)] {
        let mut machine = with_task(State::Running);
        machine.complete("a", "cell-a", Err(&vec![b'x'; length]), NOW).unwrap();
        let reason = machine.task("a").unwrap().failure_reason;
        assert_eq!(reason.len(), kept);
        assert_eq!(reason.ends_with(b"x(truncated)"), length > 1023, "{length}");
    }
}

#[test]
fn text_that_the_database_cannot_store_changes_nothing() {
    let cut_inside_char = "é".repeat(600);
    let mut machine = with_task(State::Running);
    let before = machine.task("a").unwrap();
    let results = [
        machine.complete("a", "cell-a", Err(cut_inside_char.as_bytes()), NOW),
        machine.complete("a", "cell-a", Err(b"a\0b"), NOW),
        machine.complete("a", "cell-a", Ok(b"a\0b"), NOW),
        machine.reject("a", &cut_inside_char, NOW),
        machine.reject("a", "a\0b", NOW),
        machine.desire("b", "a\0b", definition(), NOW),
        machine.upsert_domain("a\0b", 0, NOW),
    ];
    for result in results {
        let (kind, message) = error_of(result);
        assert_eq!(kind, 0);
        assert!(message.starts_with("ERROR: invalid byte sequence for encoding \"UTF8\": 0x"), "{message}");
    }
    assert_eq!(machine.task("a").unwrap(), before);
    assert_eq!(machine.take_events(), []);
    let definition = TaskDefinition { annotation: "a\0b".into(), ..definition() };
    machine.desire("c", "domain", definition, NOW).unwrap();
}

#[test]
fn a_task_rejected_while_running_keeps_its_cell_until_it_starts_or_is_cancelled() {
    let mut machine = with_task(State::Running);
    machine.reject("a", "no room", NOW).unwrap();
    let task = machine.task("a").unwrap();
    assert_eq!((task.state, &*task.cell_id), (State::Pending.number(), &b"cell-a"[..]));
    assert_eq!(machine.list("", "cell-a").unwrap().len(), 1);
    // The task is Pending, so a start by the same cell is a real start.
    assert_eq!(machine.start("a", "cell-a", NOW), Ok(true));
    machine.reject("a", "no room", NOW).unwrap();
    machine.start("a", "cell-b", NOW).unwrap();
    assert_eq!(machine.list("", "cell-a").unwrap().len(), 0);
    machine.reject("a", "no room", NOW).unwrap();
    machine.cancel("a", NOW).unwrap();
    assert!(machine.task("a").unwrap().cell_id.is_empty());
}

#[test]
fn cell_calls_without_a_required_value_fail_before_the_task_is_looked_up() {
    let mut machine = with_task(State::Completed);
    let no_cell = (4, "Invalid field: cell_id".to_owned());
    assert_eq!(error_of(machine.start("a", "", NOW).map(drop)), no_cell);
    assert_eq!(error_of(machine.complete("a", "", Ok(b""), NOW)), no_cell);
    assert_eq!(error_of(machine.reject("a", "", NOW)), (4, "Invalid field: failure_reason".to_owned()));
    let both = (4, "Invalid field: task_guid, Invalid field: cell_id".to_owned());
    assert_eq!(error_of(machine.start("a b", "", NOW).map(drop)), both);
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
fn the_fourth_rejection_sends_one_event_and_the_fifth_is_an_invalid_transition() {
    let mut machine = with_task(State::Running);
    for _ in 0..3 {
        machine.reject("a", "no room", NOW).unwrap();
    }
    machine.take_events();
    machine.reject("a", "no room", NOW).unwrap();
    let events = machine.take_events();
    let [Event::Changed(tasks)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((tasks.0.state, tasks.1.state), (State::Pending.number(), State::Completed.number()));
    assert_eq!((tasks.0.rejection_count, tasks.1.rejection_count), (4, 4));
    assert!(tasks.1.cell_id.is_empty());
    let expected = (9, "Cannot transition from Completed to Completed".to_owned());
    assert_eq!(error_of(machine.reject("a", "no room", NOW)), expected);
}

#[test]
fn only_events_show_a_task_with_a_callback_as_completed() {
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
fn unknown_and_empty_guids_give_different_errors() {
    let mut machine = Machine::new();
    let not_found = (13, "the requested resource could not be found".to_owned());
    assert_eq!(error_of(machine.cancel("nope", NOW)), not_found);
    assert_eq!(error_of(machine.cancel("", NOW)), (4, "Invalid field: task_guid".to_owned()));
}

#[test]
fn desire_returns_all_validation_errors_in_the_servers_order() {
    let mut machine = Machine::new();
    let invalid = TaskDefinition {
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
    assert_eq!(error_of(machine.desire("a", "d", invalid, NOW)), (4, recorded.to_owned()));
    let all_missing = "Invalid field: task_guid, Invalid field: domain, Invalid field: task_definition";
    assert_eq!(error_of(machine.desire("a b", "", None, NOW)), (4, all_missing.to_owned()));
}

#[test]
fn desire_fails_if_the_guid_is_in_use() {
    let mut machine = with_task(State::Pending);
    let result = machine.desire("a", "domain", definition(), NOW);
    assert_eq!(error_of(result), (12, "the requested resource already exists".to_owned()));
}

#[test]
fn a_list_filters_by_domain_and_cell_together() {
    let machine = with_task(State::Running);
    assert_eq!(machine.list("domain", "cell-a").unwrap().len(), 1);
    assert_eq!(machine.list("domain", "cell-b").unwrap().len(), 0);
    assert_eq!(machine.list("other", "").unwrap().len(), 0);
}

#[test]
fn the_sweep_fails_tasks_that_were_not_started_in_time() {
    let mut machine = with_task(State::Pending);
    machine.sweep(NOW.plus(Duration::from_secs(1800)));
    assert_eq!(machine.take_events(), []);
    machine.sweep(NOW.plus(Duration::from_secs(1801)));
    assert_eq!(machine.task("a").unwrap().failure_reason, "not started within time limit");
}

#[test]
fn the_sweep_fails_tasks_whose_cell_is_gone() {
    let mut machine = with_task(State::Running);
    machine.sweep(NOW);
    assert_eq!(machine.take_events(), []);
    machine.remove_cell("cell-a");
    machine.sweep(NOW);
    assert_eq!(machine.task("a").unwrap().failure_reason, "cell disappeared before completion");
}

#[test]
fn a_task_that_the_sweep_fails_keeps_its_cell_while_completed_and_resolving() {
    let mut machine = with_task(State::Running);
    machine.remove_cell("cell-a");
    machine.sweep(NOW);
    assert_eq!(machine.task("a").unwrap().cell_id, "cell-a");
    machine.resolving("a", NOW).unwrap();
    assert_eq!(machine.list("", "cell-a").unwrap().len(), 1);
    let mut machine = with_task(State::Running);
    machine.reject("a", "no room", NOW).unwrap();
    machine.sweep(NOW.plus(Duration::from_secs(1801)));
    let task = machine.task("a").unwrap();
    assert_eq!((task.state, &*task.cell_id), (State::Completed.number(), &b"cell-a"[..]));
}

#[test]
fn a_task_that_the_sweep_fails_gets_its_callback_from_a_later_sweep() {
    let mut machine = Machine::new();
    let definition = TaskDefinition { completion_callback_url: "http://cc/done".into(), ..definition() };
    machine.desire("a", "domain", definition, NOW).unwrap();
    machine.start("a", "cell-a", NOW).unwrap();
    machine.sweep(NOW);
    assert_eq!(machine.task("a").unwrap().state, State::Completed.number());
    machine.sweep(NOW.plus(Duration::from_secs(30)));
    assert_eq!(machine.len(), 1);
    machine.sweep(NOW.plus(Duration::from_secs(31)));
    assert!(machine.is_empty());
}

#[test]
fn the_sweep_retries_a_failed_callback_when_it_returns_the_task_to_completed() {
    let mut machine = Machine::new();
    machine.set_callbacks(Callbacks::Unanswered);
    let definition = TaskDefinition { completion_callback_url: "http://cc/done".into(), ..definition() };
    machine.desire("a", "domain", definition, NOW).unwrap();
    machine.cancel("a", NOW).unwrap();
    machine.take_events();
    let later = NOW.plus(Duration::from_secs(31));
    machine.sweep(later);
    let events = machine.take_events();
    let [Event::Changed(back), Event::Changed(again)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((back.1.state, back.1.updated_at), (State::Completed.number(), NOW.as_nanos()));
    assert_eq!((again.1.state, again.1.updated_at), (State::Resolving.number(), later.as_nanos()));
}

#[test]
fn the_sweep_returns_resolving_tasks_to_completed_and_keeps_updated_at() {
    let mut machine = with_task(State::Resolving);
    machine.sweep(NOW.plus(Duration::from_secs(31)));
    let task = machine.task("a").unwrap();
    assert_eq!((task.state, task.updated_at), (State::Completed.number(), NOW.as_nanos()));
}

#[test]
fn the_sweep_deletes_tasks_completed_for_two_minutes() {
    let mut machine = with_task(State::Completed);
    machine.sweep(NOW.plus(Duration::from_secs(121)));
    assert!(machine.is_empty());
    assert!(matches!(machine.take_events().as_slice(), [Event::Removed(_)]));
}

#[test]
fn a_domain_is_fresh_until_its_ttl_ends() {
    let mut machine = Machine::new();
    machine.upsert_domain("short", 10, NOW).unwrap();
    machine.upsert_domain("ever", 0, NOW).unwrap();
    assert_eq!(machine.domains(NOW).unwrap().len(), 2);
    assert_eq!(machine.domains(NOW.plus(Duration::from_secs(10))).unwrap(), ["ever"]);
}
