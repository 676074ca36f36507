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
fn a_reason_of_1024_bytes_or_more_is_cut_to_1024() {
    for (length, kept) in [(1023, 1023), (1024, 1024), (2000, 1024)] {
        let mut machine = with_task(State::Running);
        machine.complete("a", "cell-a", Err(&vec![b'x'; length]), NOW).unwrap();
        let reason = machine.task("a").unwrap().failure_reason;
        assert_eq!(reason.len(), kept);
        assert_eq!(reason.ends_with(b"x(truncated)"), length > 1023, "{length}");
    }
}

#[test]
fn text_that_the_database_does_not_take_changes_nothing() {
    let cut_inside = "é".repeat(600);
    let mut machine = with_task(State::Running);
    let before = machine.task("a").unwrap();
    let refused = [
        machine.complete("a", "cell-a", Err(cut_inside.as_bytes()), NOW),
        machine.complete("a", "cell-a", Err(b"a\0b"), NOW),
        machine.complete("a", "cell-a", Ok(b"a\0b"), NOW),
        machine.reject("a", &cut_inside, NOW),
        machine.reject("a", "a\0b", NOW),
        machine.desire("b", "a\0b", definition(), NOW),
        machine.upsert_domain("a\0b", 0, NOW),
    ];
    for refused in refused {
        let (kind, said) = message(refused);
        assert_eq!(kind, 0);
        assert!(said.starts_with("ERROR: invalid byte sequence for encoding \"UTF8\": 0x"), "{said}");
    }
    assert_eq!(machine.task("a").unwrap(), before);
    assert_eq!(machine.take_events(), []);
    let definition = TaskDefinition { annotation: "a\0b".into(), ..definition() };
    machine.desire("c", "domain", definition, NOW).unwrap();
}

#[test]
fn a_task_that_was_rejected_while_it_ran_keeps_its_cell_until_it_starts_or_ends() {
    let mut machine = with_task(State::Running);
    machine.reject("a", "no room", NOW).unwrap();
    let task = machine.task("a").unwrap();
    assert_eq!((task.state, &*task.cell_id), (State::Pending.number(), &b"cell-a"[..]));
    assert_eq!(machine.list("", "cell-a").unwrap().len(), 1);
    // The same cell starts it again, and that is a start.
    assert_eq!(machine.start("a", "cell-a", NOW), Ok(true));
    machine.reject("a", "no room", NOW).unwrap();
    machine.start("a", "cell-b", NOW).unwrap();
    assert_eq!(machine.list("", "cell-a").unwrap().len(), 0);
    machine.reject("a", "no room", NOW).unwrap();
    machine.cancel("a", NOW).unwrap();
    assert!(machine.task("a").unwrap().cell_id.is_empty());
}

#[test]
fn a_report_without_what_it_must_say_is_refused_before_anything_is_looked_up() {
    let mut machine = with_task(State::Completed);
    let no_cell = (4, "Invalid field: cell_id".to_owned());
    assert_eq!(message(machine.start("a", "", NOW).map(drop)), no_cell);
    assert_eq!(message(machine.complete("a", "", Ok(b""), NOW)), no_cell);
    assert_eq!(message(machine.reject("a", "", NOW)), (4, "Invalid field: failure_reason".to_owned()));
    let both = (4, "Invalid field: task_guid, Invalid field: cell_id".to_owned());
    assert_eq!(message(machine.start("a b", "", NOW).map(drop)), both);
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
fn the_fourth_rejection_is_told_as_a_failure_alone_and_a_fifth_is_no_transition() {
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
    let refused = (9, "Cannot transition from Completed to Completed".to_owned());
    assert_eq!(message(machine.reject("a", "no room", NOW)), refused);
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
fn what_the_sweep_fails_keeps_its_cell_while_it_is_completed_and_resolving() {
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
fn the_callback_of_what_the_sweep_failed_waits_for_a_later_sweep() {
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
fn a_callback_that_nobody_answers_is_called_again_by_the_sweep_that_gives_its_task_back() {
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
