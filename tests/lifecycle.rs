//! The life of a task as one table: every step from every state, held against the table of the model and against
//! the simulated BBS. Source: "Life of a task" of the API.
#![expect(clippy::expect_used, reason = "test helpers")]

use taskdeck::bbs::wire::{Action, Error, RunAction, TaskDefinition, action::Kind};
use taskdeck::model::lifecycle::{self, Outcome, Step};
use taskdeck::model::{State, Timestamp};
use taskdeck::sim::Machine;

const NOW: Timestamp = Timestamp::from_nanos(1_780_315_200_000_000_000);
const STATES: [State; 4] = [State::Pending, State::Running, State::Completed, State::Resolving];

/// What a step leads to: a state, nothing left, or the state that the server says it cannot go to.
#[derive(Debug, Clone, Copy, PartialEq)]
enum To {
    Is(State),
    Gone,
    Not(State),
}
use To::{Gone, Is, Not};

/// A row a step, a column a state: Pending, Running, Completed, Resolving.
const TABLE: [(Step, [To; 4]); 6] = {
    use State::{Completed, Pending, Resolving, Running};
    [
        (Step::Start, [Is(Running), Not(Running), Not(Running), Not(Running)]),
        (Step::Complete, [Not(Completed), Is(Completed), Not(Completed), Not(Completed)]),
        (Step::Reject, [Is(Pending), Is(Pending), Not(Pending), Not(Pending)]),
        (Step::Cancel, [Is(Completed), Is(Completed), Not(Completed), Not(Completed)]),
        (Step::Resolving, [Not(Resolving), Not(Resolving), Is(Resolving), Not(Resolving)]),
        (Step::Delete, [Not(Resolving), Not(Resolving), Not(Resolving), Gone]),
    ]
};

fn cases() -> impl Iterator<Item = (Step, State, To)> {
    TABLE
        .into_iter()
        .flat_map(|(step, row)| STATES.into_iter().zip(row).map(move |(state, to)| (step, state, to)))
}

#[test]
fn the_model_is_the_table() {
    assert_eq!(TABLE.map(|(step, _)| step), Step::ALL);
    for (step, state, to) in cases() {
        let found = match lifecycle::check(step, state) {
            Ok(Outcome::Now(state)) => Is(state),
            Ok(Outcome::Gone) => Gone,
            Err(forbidden) => {
                assert_eq!(forbidden.from, state);
                Not(forbidden.to)
            }
        };
        assert_eq!(found, to, "{step:?} from {state}");
    }
}

#[test]
fn the_simulated_bbs_is_the_table() {
    for (step, state, to) in cases() {
        let mut machine = holding(state);
        let answer = ask(&mut machine, step);
        let found = machine.task("a").ok().map(|task| task.state);
        match to {
            Is(state) => {
                assert_eq!(answer, Ok(()), "{step:?} from {state}");
                assert_eq!(found, Some(state.number()), "{step:?}");
            }
            Gone => assert_eq!((answer, found), (Ok(()), None)),
            Not(other) => {
                let error = answer.expect_err("refused");
                assert_eq!(error.r#type, 9, "{step:?} from {state}: {error:?}");
                let message = format!("Cannot transition from {state} to {other}");
                assert_eq!(error.message, message.as_bytes(), "{step:?} from {state}");
                assert_eq!(found, Some(state.number()), "nothing changed");
            }
        }
    }
}

#[test]
fn a_task_that_is_not_there_is_not_found_by_any_step() {
    for step in Step::ALL {
        assert_eq!(ask(&mut Machine::new(), step).map_err(|error| error.r#type), Err(13), "{step:?}");
    }
}

fn ask(machine: &mut Machine, step: Step) -> Result<(), Error> {
    match step {
        // Another cell: the one that runs it may start it again, which is no transition.
        Step::Start => machine.start("a", "cell-2", NOW).map(|_| ()),
        Step::Complete => machine.complete("a", "cell-1", Ok(b""), NOW),
        Step::Reject => machine.reject("a", "no room", NOW),
        Step::Cancel => machine.cancel("a", NOW),
        Step::Resolving => machine.resolving("a", NOW),
        Step::Delete => machine.delete("a"),
    }
}

/// A BBS whose one task is in this state.
fn holding(state: State) -> Machine {
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
