//! From a capital key to a verified outcome.

use super::*;
use crate::app::commands::COMMANDS;
use crate::model::RefusedType;
use crate::model::TaskAction;
use crate::model::lifecycle::Step;
use crate::model::plan::{CANCELLED, Outcome, PlannedTask, Refusal, Reply};

const DOWN: KeyCode = KeyCode::Down;

fn guid(text: &str) -> TaskGuid {
    TaskGuid::from(text)
}

fn act(text: &str, step: Step) -> Effect {
    Effect::Session(FIRST, SessionEffect::Act { guid: guid(text), step })
}

fn acted(text: &str, step: Step) -> SessionMsg {
    SessionMsg::Acted { guid: guid(text), step, result: Ok(()) }
}

fn get_mark(effects: &[Effect]) -> Option<Mark> {
    effects.iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::Get { mark, .. }) => Some(*mark),
        _ => None,
    })
}

#[test]
fn nothing_is_sent_before_a_yes() {
    for answer in ["n", "q", "\u{1b}", "\n", "x"] {
        let mut desk = Desk::live(vec![task("a", State::Running)]);
        assert_eq!(desk.press("C"), Vec::new());
        assert!(
            matches!(desk.app.overlay(), Overlay::Confirm(dialog) if dialog.set.tasks()[0].guid == guid("a"))
        );
        assert_eq!(desk.press(answer), Vec::new(), "{answer:?}");
    }
    let mut desk = Desk::live(vec![task("a", State::Running)]);
    assert_eq!(desk.press("Cy"), [act("a", Step::Cancel)]);
    let mut desk = Desk::live(vec![task("a", State::Running)]);
    assert_eq!(desk.press("C\t\n"), [act("a", Step::Cancel)], "Enter takes what is highlighted");
}

#[test]
fn what_the_state_forbids_is_refused_before_it_is_asked() {
    let table = [
        ("C", State::Completed, "Cannot cancel a: Task has already completed. Delete it instead (D)"),
        ("C", State::Resolving, "already claimed its deletion. Delete it instead (D)"),
        ("R", State::Pending, "Cannot resolve a: Task is still Pending. Cancel it first (C)"),
        ("R", State::Running, "Cancel it first (C)"),
        ("R", State::Resolving, "already claimed its deletion. Delete it instead (D)"),
        ("D", State::Pending, "Cancel it first (C)"),
        ("D", State::Running, "Cancel it first (C)"),
        ("C", State::Other(9), "does not know"),
    ];
    for (key, state, why) in table {
        let mut desk = Desk::live(vec![task("a", state)]);
        assert_eq!(desk.press(key), Vec::new());
        assert!(matches!(desk.app.overlay(), Overlay::None), "{key} {state}");
        assert!(desk.notice().contains(why), "{key} {state}: {}", desk.notice());
    }
}

#[test]
fn a_read_only_target_is_not_even_asked() {
    let mut desk = Desk::with(Target { read_only: true, ..Target::default() });
    desk.go_live(vec![task("a", State::Running)]);
    assert_eq!(desk.press("Cy"), [Effect::Copy("a".into())], "no dialog: y is what it always is");
    assert!(desk.app.pending(&guid("a")).is_none());
}

#[test]
fn the_question_stays_with_its_task_when_rows_move() {
    let mut desk = Desk::new();
    let stream = desk.go_live(vec![task("b", State::Running)]);
    desk.press("C");
    let newer = Task { created_at: desk.now.wall, ..task("a", State::Running) };
    desk.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Created(newer))]));
    assert_eq!(desk.guids(), ["a", "b"]);
    assert_eq!(desk.press("y"), [act("b", Step::Cancel)]);
}

#[test]
fn what_changed_while_it_was_asked_is_not_sent() {
    let mut desk = Desk::new();
    let stream = desk.go_live(vec![task("a", State::Running)]);
    desk.press("C");
    let after = Task { updated_at: desk.now.wall, ..task("a", State::Completed) };
    desk.send(SessionMsg::StreamItems(stream, vec![changed(task("a", State::Running), after)]));
    assert_eq!(desk.press("y"), Vec::new());
    assert!(desk.notice().contains("Nothing was sent for a"), "{}", desk.notice());
    let mut desk = Desk::new();
    let stream = desk.go_live(vec![task("a", State::Completed)]);
    desk.press("D");
    let claimed = Task { updated_at: desk.now.wall, ..task("a", State::Resolving) };
    desk.send(SessionMsg::StreamItems(stream, vec![changed(task("a", State::Completed), claimed)]));
    assert_eq!(desk.press("y"), Vec::new(), "it would be another's claim now");
    assert!(desk.notice().contains("changed while the question was open"), "{}", desk.notice());
}

#[test]
fn delete_of_a_completed_task_resolves_first_and_stops_when_that_is_refused() {
    let mut desk = Desk::live(vec![task("a", State::Completed)]);
    assert_eq!(desk.press("Dy"), [act("a", Step::Resolving)]);
    assert_eq!(desk.send(acted("a", Step::Resolving)), [act("a", Step::Delete)]);
    assert!(get_mark(&desk.send(acted("a", Step::Delete))).is_some());

    let mut desk = Desk::live(vec![task("a", State::Completed)]);
    desk.press("Dy");
    let kind = FaultKind::Refused {
        kind: RefusedType::INVALID_STATE_TRANSITION,
        message: "Cannot transition from Resolving to Resolving".into(),
    };
    let result = Err(fault(Call::Resolving, kind));
    let effects = desk.send(SessionMsg::Acted { guid: guid("a"), step: Step::Resolving, result });
    assert!(get_mark(&effects).is_some(), "it looks what the task is now");
    assert!(!effects.contains(&act("a", Step::Delete)), "and deletes nothing");
    assert!(desk.notice().contains("Cannot transition from Resolving to Resolving"), "{}", desk.notice());
    assert!(desk.notice().contains("changed before the request arrived"), "{}", desk.notice());
}

#[test]
fn an_outcome_is_verified_by_a_look_at_the_task() {
    let mut desk = Desk::live(vec![task("a", State::Running)]);
    desk.press("Cy");
    let mark = get_mark(&desk.send(acted("a", Step::Cancel))).unwrap();
    assert!(matches!(
        desk.app.pending(&guid("a")).unwrap().phase,
        Phase::Verifying { reply: Reply::Acknowledged }
    ));
    let seen = Task { updated_at: desk.now.wall, failed: true, ..task("a", State::Completed) };
    desk.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(Some(seen)) });
    assert_eq!(desk.app.pending(&guid("a")).unwrap().phase, Phase::Ended(Outcome::Done));
    assert_eq!(desk.app.selected().unwrap().task.state, State::Completed);
    assert_eq!(desk.notice(), "a is cancelled.");
    desk.wait(Duration::from_secs(7));
    assert!(desk.app.pending(&guid("a")).is_none(), "the row forgets it after a while");
}

#[test]
fn an_unknown_outcome_is_looked_up_and_nothing_is_sent_twice() {
    let mut desk = Desk::live(vec![task("a", State::Running)]);
    desk.press("Cy");
    let timed_out = FaultKind::TimedOut { after: Duration::from_secs(10) };
    let result = Err(fault(Call::Cancel, timed_out.clone()));
    let effects = desk.send(SessionMsg::Acted { guid: guid("a"), step: Step::Cancel, result });
    let mark = get_mark(&effects).unwrap();
    assert!(desk.notice().contains("unknown"), "{}", desk.notice());
    assert!(matches!(
        desk.app.pending(&guid("a")).unwrap().phase,
        Phase::Verifying { reply: Reply::Missing }
    ));
    assert_eq!(desk.press("C"), Vec::new());
    assert!(desk.notice().contains("still in progress"), "{}", desk.notice());
    let result = Err(fault(Call::GetTask, timed_out));
    let effects = desk.send(SessionMsg::Got { guid: guid("a"), mark, result });
    assert_eq!(effects, Vec::new(), "no second request of any kind");
    assert!(desk.notice().contains("Could not confirm that a was cancelled: "), "{}", desk.notice());
    assert_eq!(
        desk.app.pending(&guid("a")).unwrap().phase,
        Phase::Ended(Outcome::Unknown),
        "not the same as not done"
    );
}

#[test]
fn a_write_whose_connection_is_dropped_is_looked_up_and_sent_once() {
    let cancelled = Task { failed: true, failure_reason: CANCELLED.into(), ..task("a", State::Completed) };
    for (seen, outcome, notice) in [
        (
            task("a", State::Running),
            Outcome::Unknown,
            "Could not confirm that a was cancelled: the BBS did not reply, and the task is Running now",
        ),
        (cancelled, Outcome::Done, "a is cancelled."),
    ] {
        let mut desk = Desk::live(vec![task("a", State::Running)]);
        assert_eq!(desk.press("Cy"), [act("a", Step::Cancel)]);
        let dropped = FaultKind::Unreachable { cause: "connection closed".into(), sent: true };
        let result = Err(fault(Call::Cancel, dropped));
        let effects = desk.send(SessionMsg::Acted { guid: guid("a"), step: Step::Cancel, result });
        assert!(matches!(effects[..], [Effect::Session(_, SessionEffect::Get { .. })]), "{effects:?}");
        assert!(desk.notice().contains("the outcome is unknown"), "{}", desk.notice());
        let mark = get_mark(&effects).unwrap();
        let effects = desk.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(Some(seen)) });
        assert_eq!(effects, []);
        assert_eq!(desk.app.pending(&guid("a")).unwrap().phase, Phase::Ended(outcome));
        assert_eq!(desk.notice(), notice);
    }
}

#[test]
fn only_a_bare_y_is_a_yes() {
    let y = KeyCode::Char('y');
    for key in [Key { alt: true, ..Key::plain(y) }, Key::ctrl('y'), Key::char('Y')] {
        let mut desk = Desk::live(vec![task("a", State::Running)]);
        desk.press("C");
        assert_eq!(desk.press_key(key), Vec::new(), "{}", key.label());
        assert!(matches!(desk.app.overlay(), Overlay::Confirm(_)), "{}", key.label());
    }
}

/// What arrives together is one read, and nothing of it was typed by somebody who has seen the question.
#[test]
fn a_burst_does_not_answer_its_own_question() {
    for burst in ["Cy", "C\t\n", "Cyyyy", "CnCy"] {
        let mut desk = Desk::live(vec![task("a", State::Running)]);
        let read_at = desk.now.mono;
        for c in burst.chars() {
            let code = match c {
                '\n' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                c => KeyCode::Char(c),
            };
            assert_eq!(desk.app.update(Msg::Key(Key::plain(code), read_at), desk.now), [], "{burst:?}");
        }
        let Overlay::Confirm(dialog) = desk.app.overlay() else { panic!("{burst:?}: no question") };
        assert!(dialog.confirmation.too_soon(), "{burst:?}");
        desk.app.frame_shown(desk.now);
        assert_eq!(desk.press("y"), [act("a", Step::Cancel)], "{burst:?}: somebody has read it now");
    }
}

#[test]
fn a_key_that_waited_in_a_queue_answers_nothing() {
    let mut desk = Desk::live(vec![task("a", State::Running)]);
    let read_at = desk.now.mono;
    desk.press("C");
    desk.now = desk.now.plus(ANSWER_AFTER * 10);
    assert_eq!(desk.send(Msg::Key(Key::char('y'), read_at)), []);
    assert!(matches!(desk.app.overlay(), Overlay::Confirm(dialog) if dialog.confirmation.too_soon()));
}

#[test]
fn quitting_with_a_write_in_flight_asks_first() {
    let in_flight = || {
        let mut desk = Desk::live(vec![task("a", State::Running)]);
        desk.press("Cy");
        desk
    };
    for quit in [Key::char('q'), Key::ctrl('c')] {
        let mut desk = in_flight();
        let burst = [quit, Key::char('y')].map(|key| desk.send(Msg::Key(key, desk.now.mono)));
        assert_eq!(burst, [[], []], "{}", quit.label());
        assert!(matches!(desk.app.overlay(), Overlay::Quit(question) if question.too_soon()));
        assert_eq!(desk.press("n"), []);
        assert!(matches!(desk.app.overlay(), Overlay::None));
        desk.press_key(quit);
        assert_eq!(desk.press("y"), [Effect::Quit], "{}", quit.label());
    }
    let mut desk = in_flight();
    let twice = [Key::ctrl('c'); 2].map(|key| desk.send(Msg::Key(key, desk.now.mono)));
    assert_eq!(twice, [vec![], vec![Effect::Quit]], "the second ^c always works");
    let mut desk = in_flight();
    assert_eq!(desk.press("?q"), [], "from the help too");
    let mut desk = in_flight();
    let mark = get_mark(&desk.send(acted("a", Step::Cancel))).unwrap();
    assert_eq!(desk.press("q"), [], "sent and answered, but not yet looked up");
    desk.press("n");
    desk.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(None) });
    assert_eq!(desk.press("q"), [Effect::Quit]);
}

#[test]
fn an_action_that_did_nothing_is_said() {
    let mut desk = Desk::live(vec![task("a", State::Running)]);
    desk.press("Cy");
    let mark = get_mark(&desk.send(acted("a", Step::Cancel))).unwrap();
    let seen = Some(task("a", State::Running));
    desk.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(seen) });
    assert_eq!(desk.app.pending(&guid("a")).unwrap().phase, Phase::Ended(Outcome::NotDone));
    assert_eq!(desk.notice(), "a is not cancelled: it is Running.");
}

#[test]
fn a_task_that_is_gone_when_it_is_looked_at_was_deleted_or_ran_its_callback() {
    for (key, state, step) in [("C", State::Running, Step::Cancel), ("D", State::Resolving, Step::Delete)] {
        let mut desk = Desk::live(vec![task("a", state)]);
        desk.press(&format!("{key}y"));
        let mark = get_mark(&desk.send(acted("a", step))).unwrap();
        desk.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(None) });
        assert_eq!(desk.app.pending(&guid("a")).unwrap().phase, Phase::Ended(Outcome::Done), "{key}");
        assert!(desk.app.selected().unwrap().end.is_some(), "{key}");
    }
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut desk = Desk::live(vec![task("a", State::Running)]);
    assert_eq!(desk.send(acted("a", Step::Cancel)), Vec::new());
    desk.press("Cy");
    assert_eq!(desk.send(acted("a", Step::Delete)), Vec::new());
}

#[test]
fn a_paste_never_acts() {
    let mut desk = Desk::live(vec![task("a", State::Running)]);
    assert_eq!(desk.send(Msg::Paste("CyDyRy".into())), Vec::new());
    desk.press("C");
    assert_eq!(desk.send(Msg::Paste("y".into())), Vec::new());
    assert!(desk.app.pending(&guid("a")).is_none());
}

#[test]
fn no_key_but_the_three_capitals_leads_to_a_write() {
    for spec in COMMANDS.iter().filter(|spec| !spec.command.acts()) {
        let mut desk = Desk::live(vec![task("a", State::Completed), task("b", State::Running)]);
        let after = [Key::plain(DOWN), Key::char('y'), Key::plain(KeyCode::Enter)];
        for key in spec.default_keys.iter().copied().chain(after) {
            let effects = desk.press_key(key);
            let writes =
                effects.iter().any(|effect| matches!(effect, Effect::Session(_, SessionEffect::Act { .. })));
            assert!(!writes, "{:?}", spec.name);
        }
    }
}

#[test]
fn an_unanswered_resolve_does_not_take_another_clients_claim_for_its_own() {
    let mut desk = Desk::live(vec![task("a", State::Completed)]);
    assert_eq!(desk.press("Ry"), [act("a", Step::Resolving)]);
    let result = Err(fault(Call::Resolving, FaultKind::TimedOut { after: Duration::from_secs(10) }));
    let mark =
        get_mark(&desk.send(SessionMsg::Acted { guid: guid("a"), step: Step::Resolving, result })).unwrap();
    desk.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(Some(task("a", State::Resolving))) });
    assert_eq!(desk.app.pending(&guid("a")).unwrap().phase, Phase::Ended(Outcome::Unknown));
    assert!(desk.notice().contains("Could not confirm that a was resolved"), "{}", desk.notice());
}

#[test]
fn a_refused_cancel_of_a_task_that_has_ended_is_not_done() {
    let mut desk = Desk::live(vec![task("a", State::Running)]);
    desk.press("Cy");
    let kind = FaultKind::Refused { kind: RefusedType::INVALID_STATE_TRANSITION, message: "no".into() };
    let result = Err(fault(Call::Cancel, kind));
    let mark =
        get_mark(&desk.send(SessionMsg::Acted { guid: guid("a"), step: Step::Cancel, result })).unwrap();
    let seen = Task { updated_at: desk.now.wall, ..task("a", State::Completed) };
    desk.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(Some(seen)) });
    assert_eq!(desk.notice(), "a is not cancelled: it is Completed.");
}

#[test]
fn a_new_task_under_the_guid_is_not_acted_on() {
    let mut desk = Desk::new();
    let stream = desk.go_live(vec![task("a", State::Running)]);
    desk.press("C");
    let gone = StreamItem::Event(TaskEvent::Removed(task("a", State::Completed)));
    let at = desk.now.wall;
    let newer = Task { created_at: at, updated_at: at, ..task("a", State::Running) };
    desk.send(SessionMsg::StreamItems(stream, vec![gone, StreamItem::Event(TaskEvent::Created(newer))]));
    assert_eq!(desk.press("y"), []);
    assert_eq!(desk.notice(), "Nothing was sent for a: A new task has this guid now");
}

#[test]
fn many_tasks_take_the_path_of_one() {
    let tasks =
        [("a", State::Running), ("b", State::Completed), ("c", State::Pending), ("d", State::Running)];
    let mut desk = Desk::new();
    let stream = desk.go_live(tasks.iter().map(|(guid, state)| task(guid, *state)).collect());
    let set = {
        let entries = ["a", "b", "c", "d"].map(|text| desk.app.store().get(&guid(text)).unwrap());
        desk.app.session().freeze(TaskAction::Cancel, entries)
    };
    let refusals: Vec<_> = set.tasks().iter().map(PlannedTask::refusal).collect();
    assert_eq!(refusals, [None, Some(Refusal::AlreadyCompleted), None, None]);
    desk.app.ask_about(FIRST, set, desk.now);
    desk.app.frame_shown(desk.now);
    let ended = Task { updated_at: desk.now.wall, ..task("d", State::Completed) };
    desk.send(SessionMsg::StreamItems(stream, vec![changed(task("d", State::Running), ended)]));
    assert_eq!(desk.press("y"), [act("a", Step::Cancel), act("c", Step::Cancel)]);
    assert!(desk.notice().starts_with("Nothing was sent for d: "), "{}", desk.notice());
}

#[test]
fn tasks_that_are_all_refused_make_one_notice() {
    let states = [("a", State::Completed), ("b", State::Completed), ("c", State::Resolving)];
    let mut desk = Desk::live(states.map(|(guid, state)| task(guid, state)).to_vec());
    let freeze = |desk: &Desk, guids: &[&str]| {
        let entries = guids.iter().filter_map(|guid| desk.app.store().get(&TaskGuid::from(*guid)));
        desk.app.session().freeze(TaskAction::Cancel, entries)
    };
    let set = freeze(&desk, &["a", "b", "c"]);
    desk.app.ask_about(FIRST, set, desk.now);
    assert!(matches!(desk.app.overlay(), Overlay::None));
    assert_eq!(
        desk.notice(),
        "Cannot cancel 3 tasks: Task has already completed (2); \
         Task is Resolving: a client has already claimed its deletion (1)"
    );
    let set = freeze(&desk, &["a", "b"]);
    desk.app.ask_about(FIRST, set, desk.now);
    assert_eq!(desk.notice(), "Cannot cancel 2 tasks: Task has already completed");
    let set = freeze(&desk, &["a"]);
    desk.app.ask_about(FIRST, set, desk.now);
    assert_eq!(desk.notice(), "Cannot cancel a: Task has already completed. Delete it instead (D)");
}

#[test]
fn tasks_that_changed_before_the_answer_make_one_notice() {
    let mut desk = Desk::new();
    let guids = ["a", "b", "c", "d"];
    let stream = desk.go_live(guids.map(|guid| task(guid, State::Running)).to_vec());
    let entries = guids.iter().filter_map(|guid| desk.app.store().get(&TaskGuid::from(*guid)));
    let set = desk.app.session().freeze(TaskAction::Cancel, entries);
    desk.app.ask_about(FIRST, set, desk.now);
    for guid in ["a", "b"] {
        let gone = StreamItem::Event(TaskEvent::Removed(task(guid, State::Running)));
        desk.send(SessionMsg::StreamItems(stream, vec![gone]));
    }
    let before = task("c", State::Running);
    let after = Task { updated_at: before.updated_at.shifted(1), ..task("c", State::Completed) };
    let changed = TaskEvent::Changed { before: Box::new(before), after: Box::new(after) };
    desk.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(changed)]));
    let effects = desk.press("y");
    assert_eq!(effects.len(), 1, "only d is cancelled: {effects:?}");
    assert_eq!(
        desk.notice(),
        "Nothing was sent for 3 tasks: There is no such task (2); Task has already completed (1)"
    );
}
