//! Every step from every state as one table, compared with the model and with the simulated BBS. Source: "Life of a task"
//! of the API.
#![expect(clippy::expect_used, reason = "test helpers")]

use taskdeck::bbs::wire::{Action, Error, RunAction, TaskDefinition, action::Kind};
use taskdeck::model::lifecycle::{self, CellStep, Forbidden, Outcome, Step};
use taskdeck::model::{State, Timestamp};
use taskdeck::sim::Machine;

const NOW: Timestamp = Timestamp::from_nanos(1_780_315_200_000_000_000);
const STATES: [State; 4] = [State::Pending, State::Running, State::Completed, State::Resolving];

/// Outcome of a step: a state, deletion, or an error with the state that the server names.
#[derive(Debug, Clone, Copy, PartialEq)]
enum To {
    Is(State),
    Gone,
    Not(State),
    /// Refused without naming a transition.
    Bad,
}
use To::{Bad, Gone, Is, Not};

/// A step in the model, its request to the simulated BBS, and its outcome for each of `STATES`.
struct Row {
    name: &'static str,
    check: fn(State) -> Result<Outcome, Option<Forbidden>>,
    ask: fn(&mut Machine) -> Result<(), Error>,
    leads: [To; 4],
}

static TABLE: [Row; 6] = {
    use State::{Completed, Pending, Resolving, Running};
    [
        Row {
            name: "start",
            check: |state| Ok(Outcome::Now(lifecycle::check_cell(CellStep::Start, state)?)),
            // Another cell: the cell that runs the task may start it again, which is not a transition.
            ask: |machine| machine.start("a", "cell-2", NOW).map(|_| ()),
            leads: [Is(Running), Not(Running), Not(Running), Not(Running)],
        },
        Row {
            name: "complete",
            check: |state| Ok(Outcome::Now(lifecycle::check_cell(CellStep::Complete, state)?)),
            ask: |machine| machine.complete("a", "cell-1", Ok(b""), NOW),
            leads: [Not(Completed), Is(Completed), Not(Completed), Not(Completed)],
        },
        Row {
            name: "reject",
            check: |state| lifecycle::reject(state).map(Outcome::Now).ok_or(None),
            ask: |machine| machine.reject("a", "no room", NOW),
            leads: [Is(Pending), Is(Pending), Bad, Bad],
        },
        Row {
            name: "cancel",
            check: |state| Ok(lifecycle::check(Step::Cancel, state)?),
            ask: |machine| machine.cancel("a", NOW),
            leads: [Is(Completed), Is(Completed), Not(Completed), Not(Completed)],
        },
        Row {
            name: "resolving",
            check: |state| Ok(lifecycle::check(Step::Resolving, state)?),
            ask: |machine| machine.resolving("a", NOW),
            leads: [Not(Resolving), Not(Resolving), Is(Resolving), Not(Resolving)],
        },
        Row {
            name: "delete",
            check: |state| Ok(lifecycle::check(Step::Delete, state)?),
            ask: |machine| machine.delete("a"),
            leads: [Not(Resolving), Not(Resolving), Not(Resolving), Gone],
        },
    ]
};

fn cases() -> impl Iterator<Item = (&'static Row, State, To)> {
    TABLE.iter().flat_map(|row| STATES.into_iter().zip(row.leads).map(move |(state, to)| (row, state, to)))
}

#[test]
fn the_model_matches_the_table() {
    for (row, state, to) in cases() {
        let found = match (row.check)(state) {
            Ok(Outcome::Now(state)) => Is(state),
            Ok(Outcome::Gone) => Gone,
            Err(Some(forbidden)) => {
                assert_eq!(forbidden.from, state);
                Not(forbidden.to)
            }
            Err(None) => Bad,
        };
        assert_eq!(found, to, "{} from {state}", row.name);
    }
}

#[test]
fn the_simulated_bbs_matches_the_table() {
    for (row, state, to) in cases() {
        let mut machine = machine_with(state);
        let asked = format!("{} from {state}", row.name);
        machine.take_events();
        let answer = (row.ask)(&mut machine);
        let found = machine.task("a").ok().map(|task| task.state);
        match to {
            Is(state) => {
                assert_eq!(answer, Ok(()), "{asked}");
                assert_eq!(found, Some(state.number()), "{asked}");
            }
            Gone => assert_eq!((answer, found), (Ok(()), None)),
            Not(other) => {
                let error = answer.expect_err("refused");
                assert_eq!(error.r#type, 9, "{asked}: {error:?}");
                let message = format!("Cannot transition from {state} to {other}");
                assert_eq!(error.message, message.as_bytes(), "{asked}");
                nothing_happened(&mut machine, state);
            }
            Bad => {
                let error = answer.expect_err("refused");
                assert_eq!(error.r#type, 4, "{asked}: {error:?}");
                assert_eq!(error.message, "the request received is invalid", "{asked}");
                nothing_happened(&mut machine, state);
            }
        }
    }
}

fn nothing_happened(machine: &mut Machine, state: State) {
    assert_eq!(machine.task("a").expect("there").state, state.number(), "nothing changed");
    assert_eq!(machine.take_events(), [], "nothing is told");
}

#[test]
fn every_step_reports_a_missing_task() {
    for row in &TABLE {
        assert_eq!((row.ask)(&mut Machine::new()).map_err(|error| error.r#type), Err(13), "{}", row.name);
    }
}

/// Creates a machine with one task in this state.
fn machine_with(state: State) -> Machine {
    let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
    let definition = TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".into(),
        action: Some(Action { kind: Some(Kind::RunAction(run)) }),
        log_guid: "log".into(),
        ..TaskDefinition::default()
    };
    let mut machine = Machine::new();
    machine.desire("a", "domain", definition, NOW).expect("desired");
    let reached = STATES.into_iter().position(|each| each == state).expect("a state of the table");
    if reached >= 1 {
        machine.start("a", "cell-1", NOW).expect("started");
    }
    if reached >= 2 {
        machine.complete("a", "cell-1", Ok(b""), NOW).expect("completed");
    }
    if reached >= 3 {
        machine.resolving("a", NOW).expect("resolving");
    }
    assert_eq!(machine.task("a").expect("there").state, state.number());
    machine
}
