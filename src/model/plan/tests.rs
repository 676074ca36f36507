//! Tests of plans, refusals and judgements.

use super::*;
use crate::model::TaskGuid;
use crate::model::lifecycle::{self, Outcome as Next};

#[test]
fn each_plan_is_allowed_step_by_step() {
    for (action, state) in
        TaskAction::ALL.into_iter().flat_map(|action| State::ALL.map(|state| (action, state)))
    {
        let Ok(plan) = action.plan(state) else { continue };
        let mut at = state;
        for step in plan.steps() {
            match lifecycle::check(*step, at) {
                Ok(Next::Now(next)) => at = next,
                Ok(Next::Gone) => {}
                Err(no) => panic!("{action:?} from {state}: {no}"),
            }
        }
    }
}

#[test]
fn a_refusal_names_an_action_that_is_possible() {
    for (action, state) in
        TaskAction::ALL.into_iter().flat_map(|action| State::ALL.map(|state| (action, state)))
    {
        if let Err(refusal) = action.plan(state)
            && let Some(remedy) = refusal.remedy()
        {
            assert!(remedy.plan(state).is_ok(), "{action:?} from {state}: {refusal}");
        }
    }
    assert!(TaskAction::Delete.plan(State::Other(9)).is_err());
}

fn task(state: State, reason: &str) -> Task {
    let mut task = Task::blank(TaskGuid::from("guid"), "domain".into(), state);
    task.failure_reason = reason.into();
    task
}

#[test]
fn without_a_reply_only_what_nobody_else_does_is_done() {
    use Outcome::{Done, NotDone, Unknown};
    use TaskAction::{Cancel, Delete, Resolve};
    let (running, ended) = (task(State::Running, ""), task(State::Completed, "exit 1"));
    let (cancelled, resolving) = (task(State::Completed, CANCELLED), task(State::Resolving, ""));
    let mut another = task(State::Pending, "");
    another.created_at = Timestamp::from_nanos(7);
    for (action, found, acknowledged, refused, missing) in [
        (Cancel, Found::Task(&running), NotDone, NotDone, Unknown),
        (Cancel, Found::Task(&ended), Done, NotDone, Unknown),
        (Cancel, Found::Task(&cancelled), Done, NotDone, Done),
        (Cancel, Found::Gone, Done, NotDone, Unknown),
        (Resolve, Found::Task(&resolving), Done, NotDone, Unknown),
        (Resolve, Found::Task(&ended), NotDone, NotDone, Unknown),
        (Delete, Found::Task(&resolving), NotDone, NotDone, Unknown),
        (Delete, Found::Task(&another), Done, Done, Done),
        (Delete, Found::Gone, Done, Done, Done),
    ] {
        let created_at = running.created_at;
        let judge = |reply| action.judge(Sent { reply, created_at }, found);
        let judged = [Reply::Acknowledged, Reply::Refused, Reply::Missing].map(judge);
        assert_eq!(judged, [acknowledged, refused, missing], "{action:?} {found:?}");
    }
}

#[test]
fn only_the_steps_that_were_asked_about_are_confirmed() {
    let (action, asked) = (TaskAction::Delete, task(State::Completed, ""));
    let planned = PlannedTask::frozen(&asked, action.plan(asked.state));
    assert_eq!(planned.confirm(action, &asked), action.plan(State::Completed));
    let claimed = task(State::Resolving, "");
    assert_eq!(planned.replan(action, &claimed), action.plan(State::Resolving));
    assert_eq!(planned.confirm(action, &claimed), Err(Refusal::Changed));
    let another = Task { created_at: Timestamp::from_nanos(7), ..asked };
    assert_eq!(planned.confirm(action, &another), Err(Refusal::Replaced));
}

#[test]
fn a_set_knows_which_of_its_tasks_are_refused() {
    let mut set = ActionSet::new(TaskAction::Cancel);
    set.add(&task(State::Running, ""));
    set.add(&task(State::Completed, ""));
    set.push(PlannedTask::frozen(&task(State::Running, ""), Err(Refusal::InProgress)));
    let refusals: Vec<_> = set.tasks().iter().map(PlannedTask::refusal).collect();
    assert_eq!(refusals, [None, Some(Refusal::AlreadyCompleted), Some(Refusal::InProgress)]);
    assert_eq!(set.actionable(), 1);
    let mut named = ActionSet::new(TaskAction::Cancel);
    named.add_guids(["a", "b", "a"].map(TaskGuid::from));
    named.add_guids(["b", "c"].map(TaskGuid::from));
    assert_eq!(named.tasks().len(), 3, "each guid once");
}
