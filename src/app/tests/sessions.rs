//! Two sessions in one app: neither sees, or acts on, what is the other's.

use super::*;
use crate::model::lifecycle::Step;
use crate::model::plan::Outcome;

/// Live sessions of one task each, under the same guid. The first one is shown.
fn two() -> (Harness, SessionId) {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    let target = Target { url: "https://other:8889".into(), ..Target::default() };
    let other = harness.open_session(target);
    let stream = stream_of(&in_session(other, &harness.send(Msg::Tick))).unwrap();
    let effects = harness.send(Msg::Session(other, SessionMsg::StreamOpened(stream)));
    let mark = mark_of(&in_session(other, &effects)).unwrap();
    let tasks = vec![task("a", State::Running)];
    harness.send(Msg::Session(other, SessionMsg::ListPart { mark, tasks, received: 1 }));
    let filter = TaskFilter::default();
    harness.send(Msg::Session(other, SessionMsg::ListDone { mark, filter, received: 1 }));
    (harness, other)
}

fn in_session(id: SessionId, effects: &[Effect]) -> Vec<Effect> {
    let is_of = |effect: &&Effect| matches!(effect, Effect::Session(of, _) if *of == id);
    effects.iter().filter(is_of).cloned().collect()
}

#[test]
fn a_message_changes_its_own_session_only() {
    let (mut harness, other) = two();
    let ended = |harness: &Harness| harness.app.selected().map(|entry| entry.task.state);
    let after = Task { updated_at: harness.now.wall, ..task("a", State::Completed) };
    let items = vec![changed(task("a", State::Running), after)];
    // Streams are numbered by session: both have this one.
    harness.send(Msg::Session(other, SessionMsg::StreamItems(StreamId(1), items)));
    assert_eq!(ended(&harness), Some(State::Running));
    assert!(harness.app.show_session(other, harness.now));
    harness.send(Msg::Tick);
    assert_eq!(ended(&harness), Some(State::Completed));
    assert_eq!(harness.app.target().url, "https://other:8889");
}

#[test]
fn an_action_stays_in_the_session_that_it_was_asked_in() {
    let (mut harness, other) = two();
    harness.press("C");
    harness.app.show_session(other, harness.now);
    let guid = TaskGuid::from("a");
    assert_eq!(harness.app.task_in(FIRST, &guid).unwrap().task.state, State::Running);
    let step = SessionEffect::Act { guid: TaskGuid::from("a"), step: Step::Cancel };
    assert_eq!(harness.press("y"), [Effect::Session(FIRST, step)]);
    assert!(harness.app.pending(&guid).is_none(), "the other session's task of this guid is not acted on");
    assert_eq!(harness.app.actions_in_flight(), 1, "but quitting asks all the same");

    let answer = || SessionMsg::Acted { guid: guid.clone(), step: Step::Cancel, result: Ok(()) };
    assert_eq!(harness.send(Msg::Session(other, answer())), [], "an answer that it does not wait for");
    let effects = harness.send(Msg::Session(FIRST, answer()));
    let [Effect::Session(FIRST, SessionEffect::Get { mark, .. })] = effects[..] else {
        panic!("{effects:?}")
    };
    harness.send(Msg::Session(FIRST, SessionMsg::Got { guid: guid.clone(), mark, result: Ok(None) }));
    harness.app.show_session(FIRST, harness.now);
    assert_eq!(harness.app.pending(&guid).unwrap().phase, Phase::Ended(Outcome::Done));
}

#[test]
fn a_recovery_does_not_replace_the_problem_of_another_session() {
    let (mut harness, other) = two();
    let effects = harness.send(SessionMsg::StreamEnded(StreamId(1), None));
    let cut = Some(fault(Call::TaskEvents, refused()));
    harness.send(Msg::Session(other, SessionMsg::StreamEnded(StreamId(1), cut)));
    let problem = harness.notice().to_owned();
    assert!(problem.contains("connection refused"), "{problem}");
    harness.now = harness.now.plus(Duration::from_secs(1));
    let effects = harness.send(SessionMsg::StreamOpened(stream_of(&effects).unwrap()));
    harness.list(mark_of(&effects).unwrap(), vec![task("a", State::Running)]);
    assert_eq!(harness.app.health(harness.now), Health::Live, "the first session has recovered");
    assert_eq!(harness.notice(), problem);
}

#[test]
fn no_session_has_an_id_that_was_not_opened() {
    let (mut harness, _) = two();
    let mut elsewhere = Harness::new();
    let mut last = FIRST;
    for _ in 0..3 {
        last = elsewhere.open_session(Target::default());
    }
    assert!(!harness.app.show_session(last, harness.now));
    assert_eq!(harness.send(Msg::Session(last, SessionMsg::Pinged(Ok(())))), []);
}
