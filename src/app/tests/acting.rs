//! From a capital key to a verified outcome.

use super::*;
use crate::app::commands::COMMANDS;
use crate::model::RefusedType;
use crate::model::lifecycle::Step;
use crate::model::plan::{CANCELLED, Outcome, Reply};

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
        let mut harness = Harness::live(vec![task("a", State::Running)]);
        assert_eq!(harness.press("C"), Vec::new());
        assert!(
            matches!(harness.app.overlay(), Overlay::Confirm(question) if question.task.guid == guid("a"))
        );
        assert_eq!(harness.press(answer), Vec::new(), "{answer:?}");
    }
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    assert_eq!(harness.press("Cy"), [act("a", Step::Cancel)]);
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    assert_eq!(harness.press("C\t\n"), [act("a", Step::Cancel)], "Enter takes what is highlighted");
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
        let mut harness = Harness::live(vec![task("a", state)]);
        assert_eq!(harness.press(key), Vec::new());
        assert!(matches!(harness.app.overlay(), Overlay::None), "{key} {state}");
        assert!(harness.notice().contains(why), "{key} {state}: {}", harness.notice());
    }
}

#[test]
fn a_read_only_target_is_not_even_asked() {
    let mut harness = Harness::with(Target { access: crate::model::Access::ReadOnly, ..Target::default() });
    harness.go_live(vec![task("a", State::Running)]);
    assert_eq!(harness.press("Cyy"), [copied("a")], "no dialog: y is what it always is");
    assert!(harness.app.pending(&guid("a")).is_none());
}

#[test]
fn the_question_stays_with_its_task_when_rows_move() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("b", State::Running)]);
    harness.press("C");
    let newer = Task { created_at: harness.now.wall, ..task("a", State::Running) };
    harness.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Created(newer))]));
    assert_eq!(harness.guids(), ["a", "b"]);
    assert_eq!(harness.press("y"), [act("b", Step::Cancel)]);
}

#[test]
fn what_changed_while_it_was_asked_is_not_sent() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Running)]);
    harness.press("C");
    let after = Task { updated_at: harness.now.wall, ..task("a", State::Completed) };
    harness.send(SessionMsg::StreamItems(stream, vec![changed(task("a", State::Running), after)]));
    assert_eq!(harness.press("y"), Vec::new());
    assert!(harness.notice().contains("Nothing was sent for a"), "{}", harness.notice());
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Completed)]);
    harness.press("D");
    let claimed = Task { updated_at: harness.now.wall, ..task("a", State::Resolving) };
    harness.send(SessionMsg::StreamItems(stream, vec![changed(task("a", State::Completed), claimed)]));
    assert_eq!(harness.press("y"), Vec::new(), "it would be another's claim now");
    assert!(harness.notice().contains("changed while the question was open"), "{}", harness.notice());
}

#[test]
fn delete_of_a_completed_task_resolves_first_and_stops_when_that_is_refused() {
    let mut harness = Harness::live(vec![task("a", State::Completed)]);
    assert_eq!(harness.press("Dy"), [act("a", Step::Resolving)]);
    assert_eq!(harness.send(acted("a", Step::Resolving)), [act("a", Step::Delete)]);
    assert!(get_mark(&harness.send(acted("a", Step::Delete))).is_some());

    let mut harness = Harness::live(vec![task("a", State::Completed)]);
    harness.press("Dy");
    let kind = FaultKind::Refused {
        kind: RefusedType::INVALID_STATE_TRANSITION,
        message: "Cannot transition from Resolving to Resolving".into(),
    };
    let result = Err(fault(Call::Resolving, kind));
    let effects = harness.send(SessionMsg::Acted { guid: guid("a"), step: Step::Resolving, result });
    assert!(get_mark(&effects).is_some(), "it looks what the task is now");
    assert!(!effects.contains(&act("a", Step::Delete)), "and deletes nothing");
    assert!(
        harness.notice().contains("Cannot transition from Resolving to Resolving"),
        "{}",
        harness.notice()
    );
    assert!(harness.notice().contains("changed before the request arrived"), "{}", harness.notice());
}

#[test]
fn an_outcome_is_verified_by_a_look_at_the_task() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    harness.press("Cy");
    let mark = get_mark(&harness.send(acted("a", Step::Cancel))).unwrap();
    assert!(matches!(
        harness.app.pending(&guid("a")).unwrap().phase,
        Phase::Verifying { reply: Reply::Acknowledged }
    ));
    let seen = Task { updated_at: harness.now.wall, failed: true, ..task("a", State::Completed) };
    harness.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(Some(seen)) });
    assert_eq!(harness.app.pending(&guid("a")).unwrap().phase, Phase::Ended(Outcome::Done));
    assert_eq!(harness.app.selected().unwrap().task.state, State::Completed);
    assert_eq!(harness.notice(), "a is cancelled.");
    harness.wait(Duration::from_secs(7));
    assert!(harness.app.pending(&guid("a")).is_none(), "the row forgets it after a while");
}

#[test]
fn an_unknown_outcome_is_looked_up_and_nothing_is_sent_twice() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    harness.press("Cy");
    let timed_out = FaultKind::TimedOut { after: Duration::from_secs(10) };
    let result = Err(fault(Call::Cancel, timed_out.clone()));
    let effects = harness.send(SessionMsg::Acted { guid: guid("a"), step: Step::Cancel, result });
    let mark = get_mark(&effects).unwrap();
    assert!(harness.notice().contains("unknown"), "{}", harness.notice());
    assert!(matches!(
        harness.app.pending(&guid("a")).unwrap().phase,
        Phase::Verifying { reply: Reply::Missing }
    ));
    assert_eq!(harness.press("C"), Vec::new());
    assert!(harness.notice().contains("still in progress"), "{}", harness.notice());
    let result = Err(fault(Call::GetTask, timed_out));
    let effects = harness.send(SessionMsg::Got { guid: guid("a"), mark, result });
    assert_eq!(effects, Vec::new(), "no second request of any kind");
    assert!(harness.notice().contains("Could not confirm that a was cancelled: "), "{}", harness.notice());
    assert_eq!(
        harness.app.pending(&guid("a")).unwrap().phase,
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
        let mut harness = Harness::live(vec![task("a", State::Running)]);
        assert_eq!(harness.press("Cy"), [act("a", Step::Cancel)]);
        let dropped = FaultKind::Unreachable { cause: "connection closed".into(), sent: true };
        let result = Err(fault(Call::Cancel, dropped));
        let effects = harness.send(SessionMsg::Acted { guid: guid("a"), step: Step::Cancel, result });
        assert!(matches!(effects[..], [Effect::Session(_, SessionEffect::Get { .. })]), "{effects:?}");
        assert!(harness.notice().contains("the outcome is unknown"), "{}", harness.notice());
        let mark = get_mark(&effects).unwrap();
        let effects = harness.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(Some(seen)) });
        assert_eq!(effects, []);
        assert_eq!(harness.app.pending(&guid("a")).unwrap().phase, Phase::Ended(outcome));
        assert_eq!(harness.notice(), notice);
    }
}

#[test]
fn only_a_bare_y_is_a_yes() {
    let y = KeyCode::Char('y');
    for key in [Key { alt: true, ..Key::plain(y) }, Key::ctrl('y'), Key::char('Y')] {
        let mut harness = Harness::live(vec![task("a", State::Running)]);
        harness.press("C");
        assert_eq!(harness.press_key(key), Vec::new(), "{}", key.label());
        assert!(matches!(harness.app.overlay(), Overlay::Confirm(_)), "{}", key.label());
    }
}

/// What arrives together is one read, and nothing of it was typed by somebody who has seen the question.
#[test]
fn a_burst_does_not_answer_its_own_question() {
    for burst in ["Cy", "C\t\n", "Cyyyy", "CnCy"] {
        let mut harness = Harness::live(vec![task("a", State::Running)]);
        let read_at = harness.now.mono;
        for c in burst.chars() {
            let code = match c {
                '\n' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                c => KeyCode::Char(c),
            };
            assert_eq!(harness.app.update(Msg::Key(Key::plain(code), read_at), harness.now), [], "{burst:?}");
        }
        let Overlay::Confirm(dialog) = harness.app.overlay() else { panic!("{burst:?}: no question") };
        assert!(dialog.confirmation.too_soon(), "{burst:?}");
        harness.app.frame_shown(harness.now);
        assert_eq!(harness.press("y"), [act("a", Step::Cancel)], "{burst:?}: somebody has read it now");
    }
}

#[test]
fn a_key_that_waited_in_a_queue_answers_nothing() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    let read_at = harness.now.mono;
    harness.press("C");
    harness.now = harness.now.plus(ANSWER_AFTER * 10);
    assert_eq!(harness.send(Msg::Key(Key::char('y'), read_at)), []);
    assert!(matches!(harness.app.overlay(), Overlay::Confirm(dialog) if dialog.confirmation.too_soon()));
}

#[test]
fn quitting_with_a_write_in_flight_asks_first() {
    let in_flight = || {
        let mut harness = Harness::live(vec![task("a", State::Running)]);
        harness.press("Cy");
        harness
    };
    for quit in [Key::char('q'), Key::ctrl('c')] {
        let mut harness = in_flight();
        let burst = [quit, Key::char('y')].map(|key| harness.send(Msg::Key(key, harness.now.mono)));
        assert_eq!(burst, [[], []], "{}", quit.label());
        assert!(matches!(harness.app.overlay(), Overlay::Quit(question) if question.too_soon()));
        assert_eq!(harness.press("n"), []);
        assert!(matches!(harness.app.overlay(), Overlay::None));
        harness.press_key(quit);
        assert_eq!(harness.press("y"), [Effect::Quit], "{}", quit.label());
    }
    let mut harness = in_flight();
    let twice = [Key::ctrl('c'); 2].map(|key| harness.send(Msg::Key(key, harness.now.mono)));
    assert_eq!(twice, [vec![], vec![Effect::Quit]], "the second ^c always works");
    let mut harness = in_flight();
    assert_eq!(harness.press("?q"), [], "from the help too");
    let mut harness = in_flight();
    let mark = get_mark(&harness.send(acted("a", Step::Cancel))).unwrap();
    assert_eq!(harness.press("q"), [], "sent and answered, but not yet looked up");
    harness.press("n");
    harness.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(None) });
    assert_eq!(harness.press("q"), [Effect::Quit]);
}

#[test]
fn an_action_that_did_nothing_is_said() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    harness.press("Cy");
    let mark = get_mark(&harness.send(acted("a", Step::Cancel))).unwrap();
    let seen = Some(task("a", State::Running));
    harness.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(seen) });
    assert_eq!(harness.app.pending(&guid("a")).unwrap().phase, Phase::Ended(Outcome::NotDone));
    assert_eq!(harness.notice(), "a is not cancelled: it is Running.");
}

#[test]
fn a_task_that_is_gone_when_it_is_looked_at_was_deleted_or_ran_its_callback() {
    for (key, state, step) in [("C", State::Running, Step::Cancel), ("D", State::Resolving, Step::Delete)] {
        let mut harness = Harness::live(vec![task("a", state)]);
        harness.press(&format!("{key}y"));
        let mark = get_mark(&harness.send(acted("a", step))).unwrap();
        harness.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(None) });
        assert_eq!(harness.app.pending(&guid("a")).unwrap().phase, Phase::Ended(Outcome::Done), "{key}");
        assert!(harness.app.selected().unwrap().end.is_some(), "{key}");
    }
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    assert_eq!(harness.send(acted("a", Step::Cancel)), Vec::new());
    harness.press("Cy");
    assert_eq!(harness.send(acted("a", Step::Delete)), Vec::new());
}

#[test]
fn a_paste_never_acts() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    assert_eq!(harness.send(Msg::Paste("CyDyRy".into())), Vec::new());
    harness.press("C");
    assert_eq!(harness.send(Msg::Paste("y".into())), Vec::new());
    assert!(harness.app.pending(&guid("a")).is_none());
}

#[test]
fn no_key_but_the_three_capitals_leads_to_a_write() {
    for spec in COMMANDS.iter().filter(|spec| !spec.command.acts()) {
        let mut harness = Harness::live(vec![task("a", State::Completed), task("b", State::Running)]);
        let after = [Key::plain(DOWN), Key::char('y'), Key::plain(KeyCode::Enter)];
        for key in spec.default_keys.iter().copied().chain(after) {
            let effects = harness.press_key(key);
            let writes =
                effects.iter().any(|effect| matches!(effect, Effect::Session(_, SessionEffect::Act { .. })));
            assert!(!writes, "{:?}", spec.name);
        }
    }
}

#[test]
fn an_unanswered_resolve_does_not_take_another_clients_claim_for_its_own() {
    let mut harness = Harness::live(vec![task("a", State::Completed)]);
    assert_eq!(harness.press("Ry"), [act("a", Step::Resolving)]);
    let result = Err(fault(Call::Resolving, FaultKind::TimedOut { after: Duration::from_secs(10) }));
    let mark = get_mark(&harness.send(SessionMsg::Acted { guid: guid("a"), step: Step::Resolving, result }))
        .unwrap();
    harness.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(Some(task("a", State::Resolving))) });
    assert_eq!(harness.app.pending(&guid("a")).unwrap().phase, Phase::Ended(Outcome::Unknown));
    assert!(harness.notice().contains("Could not confirm that a was resolved"), "{}", harness.notice());
}

#[test]
fn a_refused_cancel_of_a_task_that_has_ended_is_not_done() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    harness.press("Cy");
    let kind = FaultKind::Refused { kind: RefusedType::INVALID_STATE_TRANSITION, message: "no".into() };
    let result = Err(fault(Call::Cancel, kind));
    let mark =
        get_mark(&harness.send(SessionMsg::Acted { guid: guid("a"), step: Step::Cancel, result })).unwrap();
    let seen = Task { updated_at: harness.now.wall, ..task("a", State::Completed) };
    harness.send(SessionMsg::Got { guid: guid("a"), mark, result: Ok(Some(seen)) });
    assert_eq!(harness.notice(), "a is not cancelled: it is Completed.");
}

#[test]
fn a_new_task_under_the_guid_is_not_acted_on() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("a", State::Running)]);
    harness.press("C");
    let gone = StreamItem::Event(TaskEvent::Removed(task("a", State::Completed)));
    let at = harness.now.wall;
    let newer = Task { created_at: at, updated_at: at, ..task("a", State::Running) };
    harness.send(SessionMsg::StreamItems(stream, vec![gone, StreamItem::Event(TaskEvent::Created(newer))]));
    assert_eq!(harness.press("y"), []);
    assert_eq!(harness.notice(), "Nothing was sent for a: A new task has this guid now");
}
